#include "app/starter/bench/scores.h"

#include "core/base/check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace likeness::starter::bench {

namespace {

constexpr double kPeak = 4.0; // the square of the range -1..1

std::map<int, double> subject_means(std::span<const SubjectScore> scores) {
    std::map<int, std::pair<double, int>> sums;
    for (const auto& score : scores) {
        auto& [sum, count] = sums[score.subject];
        sum += score.value;
        ++count;
    }
    std::map<int, double> means;
    for (const auto& [subject, sum] : sums) {
        means[subject] = sum.first / sum.second;
    }
    return means;
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> ranks(std::span<const double> values) {
    std::vector<double> of(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto below = std::ranges::count_if(values, [&](double v) { return v < values[i]; });
        const auto equal = std::ranges::count(values, values[i]);
        of[i] = static_cast<double>(below) + (static_cast<double>(equal) - 1) / 2;
    }
    return of;
}

} // namespace

std::optional<Estimate> mean_of(std::span<const double> values) {
    if (values.empty()) {
        return std::nullopt;
    }
    const double middle = mean(values);
    const auto n = static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values) {
        squares += (value - middle) * (value - middle);
    }
    return Estimate{.value = middle,
                    .standard_error = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0.0,
                    .subjects = static_cast<int>(values.size())};
}

std::optional<Estimate> macro_average(std::span<const SubjectScore> scores) {
    std::vector<double> values;
    for (const auto& [subject, value] : subject_means(scores)) {
        values.push_back(value);
    }
    return mean_of(values);
}

std::optional<Estimate> paired_difference(std::span<const SubjectScore> a,
                                          std::span<const SubjectScore> b) {
    const auto of_a = subject_means(a), of_b = subject_means(b);
    std::vector<double> values;
    for (const auto& [subject, value] : of_a) {
        if (const auto other = of_b.find(subject); other != of_b.end()) {
            values.push_back(value - other->second);
        }
    }
    return mean_of(values);
}

Estimate difference(const Estimate& a, const Estimate& b) {
    return {.value = a.value - b.value,
            .standard_error = std::hypot(a.standard_error, b.standard_error),
            .subjects = std::min(a.subjects, b.subjects)};
}

Estimate ratio(const Estimate& a, const Estimate& b) {
    const int subjects = std::min(a.subjects, b.subjects);
    if (b.value == 0) {
        return {.value = 0, .standard_error = 0, .subjects = subjects};
    }
    const double value = a.value / b.value;
    return {.value = value,
            .standard_error =
                std::hypot(a.standard_error, value * b.standard_error) / std::abs(b.value),
            .subjects = subjects};
}

double in_standard_errors(const Estimate& difference) {
    if (difference.value == 0) {
        return 0;
    }
    constexpr double kMany = 1000;
    return difference.standard_error > 0
               ? std::clamp(difference.value / difference.standard_error, -kMany, kMany)
               : std::copysign(kMany, difference.value);
}

double correlation(std::span<const double> a, std::span<const double> b) {
    LIKENESS_CHECK(a.size() == b.size() && a.size() >= 2, "series of ", a.size(), " and ",
                   b.size());
    const double mean_a = mean(a), mean_b = mean(b);
    double both = 0, own_a = 0, own_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        both += (a[i] - mean_a) * (b[i] - mean_b);
        own_a += (a[i] - mean_a) * (a[i] - mean_a);
        own_b += (b[i] - mean_b) * (b[i] - mean_b);
    }
    return own_a > 0 && own_b > 0 ? both / std::sqrt(own_a * own_b) : 0.0;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
    return correlation(ranks(a), ranks(b));
}

Estimate psnr(std::span<const double> squared_errors) {
    const auto error = mean_of(squared_errors).value_or(Estimate{});
    const double smallest = std::numeric_limits<double>::min();
    const double mse = std::max(error.value, smallest);
    return {.value = 10 * std::log10(kPeak / mse),
            .standard_error = 10 / std::log(10.0) * error.standard_error / mse,
            .subjects = error.subjects};
}

} // namespace likeness::starter::bench
