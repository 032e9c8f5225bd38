#include "core/request/check_subjects.h"

#include "core/request/check_pictures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace likeness {

namespace {

using Embeds = std::vector<std::vector<float>>;

constexpr std::size_t kFewest = 4;
constexpr std::size_t kNearest = 3; // others whose likeness tells how a picture fits in
// How much less likeness than usual in the set still links two pictures: so many deviations, and no
// less than so much. In the starter's world ten pictures of one thing in other scenes stay
// together in 399 of 400 sets, and one of another thing among them is found in 399.
constexpr double kDeviations = 4, kLeastGap = 0.15, kLeastDeviation = 0.02;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

// Cosines between all of them.
std::vector<std::vector<double>> similarities(const Embeds& embeds) {
    std::vector<double> lengths;
    for (const std::vector<float>& e : embeds) {
        lengths.push_back(std::sqrt(std::inner_product(e.begin(), e.end(), e.begin(), 0.0)));
    }
    std::vector<std::vector<double>> all(embeds.size(), std::vector<double>(embeds.size()));
    for (std::size_t i = 0; i < embeds.size(); ++i) {
        for (std::size_t j = i + 1; j < embeds.size(); ++j) {
            const double dot =
                std::inner_product(embeds[i].begin(), embeds[i].end(), embeds[j].begin(), 0.0);
            const double length = lengths[i] * lengths[j];
            all[i][j] = all[j][i] = length > 0 ? dot / length : 0;
        }
    }
    return all;
}

// How like each picture is to those it is most like.
std::vector<double> fits(const std::vector<std::vector<double>>& alike) {
    std::vector<double> fit;
    for (std::size_t i = 0; i < alike.size(); ++i) {
        std::vector<double> others = alike[i];
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        const std::size_t count = std::min(kNearest, others.size());
        std::ranges::partial_sort(others, others.begin() + static_cast<std::ptrdiff_t>(count),
                                  std::greater<>());
        fit.push_back(std::accumulate(others.begin(),
                                      others.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
                      static_cast<double>(count));
    }
    return fit;
}

double mean_of(const std::vector<double>& values, const std::vector<std::size_t>& which) {
    double sum = 0;
    for (const std::size_t i : which) {
        sum += values[i];
    }
    return sum / static_cast<double>(which.size());
}

} // namespace

std::vector<std::size_t> strangers_among(const Embeds& embeds) {
    const std::size_t count = embeds.size();
    if (count < kFewest) {
        return {};
    }
    const auto alike = similarities(embeds);
    const std::vector<double> fit = fits(alike);
    const double usual = median(fit);
    std::vector<double> off;
    for (const double each : fit) {
        off.push_back(std::abs(each - usual));
    }
    constexpr double kToDeviation = 1.4826; // of a normal distribution's median difference
    const double deviation = kToDeviation * median(off) + kLeastDeviation;
    const double linked = usual - std::max(kDeviations * deviation, kLeastGap);

    std::vector<std::size_t> group(count);
    std::iota(group.begin(), group.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i + 1; j < count; ++j) {
            if (alike[i][j] >= linked && group[i] != group[j]) {
                std::ranges::replace(group, std::max(group[i], group[j]),
                                     std::min(group[i], group[j]));
            }
        }
    }
    const auto size = [&group](std::size_t i) { return std::ranges::count(group, i); };
    const std::size_t largest = *std::ranges::max_element(group, {}, size);
    std::vector<std::size_t> strangers;
    for (std::size_t i = 0; i < count; ++i) {
        if (group[i] != largest) {
            strangers.push_back(i);
        }
    }
    return strangers;
}

TrainingFinding check_subjects(const TrainingRequest& request, const Embeds& embeds) {
    std::vector<std::size_t> readable;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        if (request.pictures[i].image) {
            readable.push_back(i);
        }
    }
    TrainingFinding finding{.kind = TrainingFindingKind::subjects};
    if (embeds.size() < 2) {
        finding.title = message("One subject");
        finding.detail = message("a single picture has nothing to be compared with");
        return finding;
    }
    const std::vector<std::size_t> strangers = strangers_among(embeds);
    const std::vector<double> fit = fits(similarities(embeds));
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < embeds.size(); ++i) {
        if (!std::ranges::binary_search(strangers, i)) {
            own.push_back(i);
        }
    }
    const auto number = [&fit](const std::vector<std::size_t>& which) {
        return fmt::format("{:.2f}", mean_of(fit, which));
    };
    if (strangers.empty()) {
        finding.title = message("One subject");
        finding.detail = message("likeness among the pictures {}", number(own));
        return finding;
    }
    for (const std::size_t i : strangers) {
        finding.pictures.push_back(readable.at(i));
    }
    finding.is_fine = false;
    finding.title = message("{} of something else", strangers.size());
    finding.detail =
        message("{}: likeness to the others {}, among them {}; it would be learned too",
                picture_names(request, finding.pictures), number(strangers), number(own));
    return finding;
}

} // namespace likeness
