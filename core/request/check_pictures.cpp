#include "core/request/check_pictures.h"

#include "core/image/convert.h"
#include "core/image/picture_hash.h"
#include "core/image/sharpness.h"
#include "core/request/findings.h"
#include "core/request/training_crop.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace likeness {

namespace {

using Pictures = std::vector<std::size_t>;
using Kind = TrainingFindingKind;

constexpr double kLeastSeen = 0.6;      // of a picture's pixels
constexpr double kLeastCounting = 0.01; // of a mask
constexpr int kBlank = 8;               // of 255

// What is seen of one picture.
struct Look {
    TrainingCrop crop{};
    double seen = 1; // share of the picture's pixels inside the crop
    std::optional<double> edge_width{};
    bool blurred = false, blank = false;
    PictureHash hash{};
};

Look look_at(const TrainingPicture& picture, const TrainingCrop& crop) {
    const PictureSize size = whole_size(picture);
    const Image whole = over_white(to_u8(*picture.image));
    const Image trained =
        cut_for_training(whole, {.width = crop.trained_width, .height = crop.trained_height});
    return {.crop = crop,
            .seen = static_cast<double>(crop.width) * crop.height /
                    (static_cast<double>(size.width) * size.height),
            .edge_width = edge_width(trained),
            .blurred = looks_blurred(trained),
            .blank = contrast(trained) < kBlank && !edge_width(trained),
            .hash = picture_hash(whole)};
}

Message count_words(std::size_t count) {
    return count == 1 ? message("1 picture") : message("{} pictures", count);
}

TrainingFinding counted(const TrainingRequest& request, std::size_t readable) {
    TrainingFinding finding{.kind = Kind::count, .title = count_words(readable)};
    const bool whole = request.method == TrainingMethod::dreambooth && !request.as_lora;
    const bool adapter = request.method == TrainingMethod::ip_adapter;
    constexpr std::size_t kLora = 10, kMuch = 50, kAdapter = 50, kWhole = 100;
    finding.is_fine = readable >= (whole ? kWhole : adapter ? kAdapter : kLora);
    if (whole) {
        finding.detail =
            finding.is_fine
                ? message("enough for DreamBooth, 100 and more")
                : message("few for DreamBooth, 100 and more; a LoRA does with 10 to 50");
    } else if (adapter) {
        finding.detail = finding.is_fine ? message("enough to teach an adapter, 50 and more")
                                         : message("few to teach an adapter, 50 and more");
    } else if (!finding.is_fine) {
        finding.detail = message("few for a LoRA, 10 to 50: it may learn the pictures and not the "
                                 "thing");
    } else {
        finding.detail = readable > kMuch ? message("more than a LoRA needs, 10 to 50")
                                          : message("enough for a LoRA, 10 to 50");
    }
    return finding;
}

void add_unreadable(const TrainingRequest& request, TrainingCheck& check) {
    Pictures unreadable;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        if (!request.pictures[i].image) {
            unreadable.push_back(i);
        }
    }
    if (!unreadable.empty()) {
        check.findings.push_back(
            {.kind = Kind::count,
             .is_fine = false,
             .title = message("{} could not be read", unreadable.size()),
             .detail = message("{} cannot be learned from", picture_names(request, unreadable)),
             .pictures = unreadable});
    }
}

void add_sizes(const TrainingRequest& request, const std::vector<std::optional<Look>>& looks,
               int resolution, TrainingCheck& check) {
    Pictures enlarged, cut;
    int smallest = 0;
    double least_seen = 1;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (!looks[i]) {
            continue;
        }
        const TrainingCrop& crop = looks[i]->crop;
        const int side = std::min(crop.width, crop.height);
        smallest = smallest == 0 ? side : std::min(smallest, side);
        if (crop.width < crop.trained_width || crop.height < crop.trained_height) {
            enlarged.push_back(i);
        }
        if (looks[i]->seen < kLeastSeen) {
            cut.push_back(i);
            least_seen = std::min(least_seen, looks[i]->seen);
        }
    }
    check.findings.push_back(
        {.kind = Kind::size,
         .is_fine = enlarged.empty(),
         .title = message("Smallest side {} px", smallest),
         .detail = enlarged.empty()
                       ? message("trained at {} px", resolution)
                       : message("{}: smaller than the {} px of the training; enlarged, they teach "
                                 "it softness",
                                 picture_names(request, enlarged), resolution),
         .pictures = enlarged});
    if (!cut.empty()) {
        check.findings.push_back(
            {.kind = Kind::size,
             .is_fine = false,
             .title = message("{} cut hard", cut.size()),
             .detail =
                 message("{}: very long or high; only {} % is seen. Cut the thing out before.",
                         picture_names(request, cut), fmt::format("{:.0f}", 100 * least_seen)),
             .pictures = cut});
    }
}

void add_sharpness(const TrainingRequest& request, const std::vector<std::optional<Look>>& looks,
                   int resolution, TrainingCheck& check) {
    Pictures blurred, blank;
    double widest = 0, worst = 0;
    for (std::size_t i = 0; i < looks.size(); ++i) {
        if (!looks[i]) {
            continue;
        }
        if (looks[i]->blank) {
            blank.push_back(i);
        } else if (looks[i]->blurred) {
            blurred.push_back(i);
            worst = std::max(worst, looks[i]->edge_width.value_or(0));
        } else {
            widest = std::max(widest, looks[i]->edge_width.value_or(0));
        }
    }
    check.findings.push_back(
        {.kind = Kind::sharpness,
         .is_fine = blurred.empty(),
         .title = blurred.empty() ? message("Sharp") : message("{} blurred", blurred.size()),
         .detail = blurred.empty() ? message("edges at most {} px wide at {} px",
                                             fmt::format("{:.1f}", widest), resolution)
                   : worst > 0
                       ? message("{}: even the sharpest edges are up to {} px wide at {} px; {} is "
                                 "still sharp",
                                 picture_names(request, blurred), fmt::format("{:.1f}", worst),
                                 resolution, kWidestSharpEdge)
                       : message("{}: hardly any edge at {} px", picture_names(request, blurred),
                                 resolution),
         .pictures = blurred});
    if (!blank.empty()) {
        check.findings.push_back(
            {.kind = Kind::sharpness,
             .is_fine = false,
             .title = message("{} blank", blank.size()),
             .detail = message("{}: one colour all over", picture_names(request, blank)),
             .pictures = blank});
    }
}

// Pictures that belong together by `alike`, group by group; those alone are left out.
template <typename Alike>
Pictures grouped(std::size_t count, const Alike& alike) {
    Pictures group(count);
    std::iota(group.begin(), group.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i + 1; j < count; ++j) {
            if (group[i] != group[j] && alike(i, j)) {
                std::ranges::replace(group, std::max(group[i], group[j]),
                                     std::min(group[i], group[j]));
            }
        }
    }
    Pictures together;
    for (std::size_t i = 0; i < count; ++i) {
        if (std::ranges::count(group, group[i]) > 1) {
            together.push_back(i);
        }
    }
    std::ranges::stable_sort(together, {}, [&group](std::size_t i) { return group[i]; });
    return together;
}

void add_duplicates(const TrainingRequest& request, const std::vector<std::optional<Look>>& looks,
                    TrainingCheck& check) {
    const auto identical = [&](std::size_t i, std::size_t j) {
        return looks[i] && looks[j] && *request.pictures[i].image == *request.pictures[j].image;
    };
    const Pictures same = grouped(looks.size(), identical);
    const Pictures alike = grouped(looks.size(), [&](std::size_t i, std::size_t j) {
        return looks[i] && looks[j] && !looks[i]->blank && !looks[j]->blank && !identical(i, j) &&
               looks_alike(looks[i]->hash, looks[j]->hash);
    });
    if (!same.empty()) {
        check.findings.push_back({.kind = Kind::duplicates,
                                  .is_fine = false,
                                  .title = message("{} are the same", same.size()),
                                  .detail = message("{}: each is learned as often as it is there",
                                                    picture_names(request, same)),
                                  .pictures = same});
    }
    if (!alike.empty()) {
        check.findings.push_back(
            {.kind = Kind::duplicates,
             .is_fine = false,
             .title = message("{} look alike", alike.size()),
             .detail = message("{} count double", picture_names(request, alike)),
             .pictures = alike});
    }
    if (same.empty() && alike.empty()) {
        check.findings.push_back({.kind = Kind::duplicates,
                                  .title = message("No copies"),
                                  .detail = message("no two pictures look alike")});
    }
}

void add_captions(const TrainingRequest& request, TrainingCheck& check) {
    Pictures without;
    std::set<std::string> captions;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        const std::string& caption = request.pictures[i].caption;
        if (caption.empty()) {
            without.push_back(i);
        } else {
            captions.insert(caption);
        }
    }
    const std::size_t count = request.pictures.size(), with = count - without.size();
    TrainingFinding finding{.kind = Kind::captions};
    if (!without.empty() && request.instance_prompt.empty()) {
        finding.is_fine = false;
        finding.title = message("{} of {} captions", with, count);
        finding.detail = message("{}: write what they show, or one prompt for all without",
                                 picture_names(request, without));
        finding.pictures = without;
    } else if (with == 0) {
        finding.title = message("One caption for all");
        finding.detail = message("\"{}\"; captions of their own keep places and poses from being "
                                 "learned with the thing",
                                 request.instance_prompt);
    } else if (!without.empty()) {
        finding.is_fine = false;
        finding.title = message("{} of {} captions", with, count);
        finding.detail =
            message("only \"{}\": {}", request.instance_prompt, picture_names(request, without));
        finding.pictures = without;
    } else if (captions.size() == 1 && count > 1) {
        finding.is_fine = false;
        finding.title = message("All captions are the same");
        finding.detail = message("\"{}\"; say of each what else it shows, and that is not learned "
                                 "with the thing",
                                 *captions.begin());
    } else {
        finding.title = message("Captions");
        finding.detail = message("every picture has its own");
    }
    check.findings.push_back(std::move(finding));
}

// How much of a mask, or of a picture's own transparency, counts: 0..1.
double counting(const Image& mask, int channel) {
    double sum = 0;
    for (std::size_t i = static_cast<std::size_t>(channel); i < mask.bytes.size();
         i += static_cast<std::size_t>(mask.channels)) {
        sum += mask.u8()[i];
    }
    return sum / 255 / (static_cast<double>(mask.width) * mask.height);
}

bool same_proportions(const Image& a, const Image& b) {
    constexpr double kAlike = 0.01;
    const double one = static_cast<double>(a.width) * b.height;
    const double other = static_cast<double>(b.width) * a.height;
    return std::abs(one - other) <= kAlike * other;
}

void add_masks(const TrainingRequest& request, TrainingCheck& check) {
    Pictures masked, other_size, black;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        const ImagePtr& image = request.pictures[i].image;
        const ImagePtr& mask = request.pictures[i].mask;
        const bool transparent = image && image->channels == 4;
        if (!image || (!mask && !transparent)) {
            continue;
        }
        const double share = mask ? counting(to_grey(to_u8(*mask)), 0) : counting(to_u8(*image), 3);
        if (!mask && share == 1) {
            continue; // transparent nowhere
        }
        masked.push_back(i);
        if (mask && !same_proportions(*mask, *image)) {
            other_size.push_back(i);
        }
        if (share < kLeastCounting) {
            black.push_back(i);
        }
    }
    const auto add = [&](bool fine, Message title, Message detail, Pictures pictures) {
        check.findings.push_back({.kind = Kind::masks,
                                  .is_fine = fine,
                                  .title = std::move(title),
                                  .detail = std::move(detail),
                                  .pictures = std::move(pictures)});
    };
    if (!other_size.empty()) {
        add(false, message("{} with a mask that does not fit", other_size.size()),
            message("{}: mask and picture have other proportions, so they do not lie on each other",
                    picture_names(request, other_size)),
            other_size);
    }
    if (!black.empty()) {
        add(false, message("{} with nothing left by the mask", black.size()),
            message("{}: less than 1 % of the picture counts; white is what is learned",
                    picture_names(request, black)),
            black);
    }
    if (!masked.empty() && other_size.empty() && black.empty()) {
        add(true, message("{} masked", masked.size()),
            message("what is black or transparent is not learned"), {});
    }
}

} // namespace

Message picture_name(const TrainingRequest& request, std::size_t picture) {
    const std::filesystem::path path(request.pictures.at(picture).path);
    return path.empty() ? message("picture {}", picture + 1) : verbatim(path.filename().string());
}

Message picture_names(const TrainingRequest& request, const std::vector<std::size_t>& pictures) {
    constexpr std::size_t kNamed = 3;
    std::vector<Message> names;
    for (std::size_t i = 0; i < std::min(pictures.size(), kNamed); ++i) {
        names.push_back(picture_name(request, pictures[i]));
    }
    const Message named = joined(names, ", ");
    return pictures.size() > kNamed ? message("{} and {} more", named, pictures.size() - kNamed)
                                    : named;
}

std::vector<Problem> nothing_to_learn(const TrainingRequest& request) {
    Findings findings;
    Pictures unreadable;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        if (!request.pictures[i].image) {
            unreadable.push_back(i);
        }
    }
    if (!unreadable.empty()) {
        findings.add("pictures", message("{} could not be read; leave what is no picture out",
                                         picture_names(request, unreadable)));
        return findings.problems;
    }
    const auto is_first = [&](const TrainingPicture& picture) {
        return *picture.image == *request.pictures.front().image;
    };
    if (request.pictures.size() > 1 && std::ranges::all_of(request.pictures, is_first)) {
        findings.add("pictures", message("all {} are the same picture; a training needs different "
                                         "ones of the thing",
                                         request.pictures.size()));
    }
    return findings.problems;
}

TrainingCheck check_pictures(const TrainingRequest& request, const ModelTraits& traits,
                             const Progress& progress) {
    const int resolution = training_resolution(request, traits);
    TrainingCheck check;
    std::vector<std::optional<Look>> looks;
    for (const TrainingPicture& picture : request.pictures) {
        progress.step({.stage = Stage::encode_references,
                       .step = static_cast<int>(looks.size()),
                       .total = static_cast<int>(request.pictures.size())});
        std::optional<Look> look;
        if (picture.image) {
            look =
                look_at(picture, training_crop(whole_size(picture), resolution, traits.vae_factor));
        }
        check.crops.push_back(look ? look->crop : TrainingCrop{});
        looks.push_back(std::move(look));
    }
    const auto readable = static_cast<std::size_t>(
        std::ranges::count_if(looks, [](const auto& look) { return look.has_value(); }));
    check.findings.push_back(counted(request, readable));
    add_unreadable(request, check);
    if (readable > 0) {
        add_sizes(request, looks, resolution, check);
        add_sharpness(request, looks, resolution, check);
        add_duplicates(request, looks, check);
        add_captions(request, check);
        add_masks(request, check);
    }
    return check;
}

} // namespace likeness
