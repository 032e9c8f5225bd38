#include "core/runner/learned_too_well.h"

#include "core/runner/embed.h"
#include "core/training/validation.h"

#include <algorithm>
#include <set>

namespace likeness {

namespace {

constexpr std::size_t kMostPictures = 16; // of each kind: a large encoder takes a second each

double nearest(const std::vector<float>& one, const Embeddings& others) {
    double most = -1;
    for (const std::vector<float>& other : others) {
        most = std::max(most, cosine_similarity(one, other));
    }
    return most;
}

// At most kMostPictures, spread evenly.
std::vector<ImagePtr> some(const std::vector<ImagePtr>& images) {
    if (images.size() <= kMostPictures) {
        return images;
    }
    std::vector<ImagePtr> chosen;
    for (std::size_t i = 0; i < kMostPictures; ++i) {
        chosen.push_back(images[i * images.size() / kMostPictures]);
    }
    return chosen;
}

} // namespace

double mean_nearest(const Embeddings& pictures, const Embeddings& others) {
    double sum = 0;
    for (const std::vector<float>& picture : pictures) {
        sum += nearest(picture, others);
    }
    return sum / static_cast<double>(pictures.size());
}

std::optional<double> overfit_of(const Embeddings& made, const Embeddings& learned,
                                 const Embeddings& held_out) {
    if (made.empty() || learned.empty()) {
        return std::nullopt;
    }
    const double near = mean_nearest(made, learned);
    if (!held_out.empty()) {
        return near - mean_nearest(held_out, learned);
    }
    if (learned.size() < 2) {
        return std::nullopt;
    }
    double sum = 0;
    for (std::size_t i = 0; i < learned.size(); ++i) {
        Embeddings others = learned;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        sum += nearest(learned[i], others);
    }
    return near - sum / static_cast<double>(learned.size());
}

double drift_of(const Embeddings& without, const Embeddings& with) {
    double sum = 0;
    for (std::size_t i = 0; i < without.size(); ++i) {
        sum += 1 - cosine_similarity(without[i], with[i]);
    }
    return std::clamp(sum / static_cast<double>(without.size()), 0.0, 1.0);
}

LearnedTooWell learned_too_well(const TrainingRequest& request, const ModelFolder& folder,
                                const std::vector<ImagePtr>& made,
                                const std::vector<ImagePtr>& without,
                                const std::vector<ImagePtr>& with, const Progress& progress) {
    if (folder.image_encoder.empty()) {
        return {};
    }
    const std::set<std::size_t> apart = held_out_pictures(request);
    std::vector<ImagePtr> learned, held_out;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        (apart.contains(i) ? held_out : learned).push_back(request.pictures[i].image);
    }
    const std::vector<ImagePtr> groups[] = {made, without, with, some(learned), some(held_out)};
    std::vector<ImagePtr> all; // so that the encoder is opened once
    for (const std::vector<ImagePtr>& group : groups) {
        all.insert(all.end(), group.begin(), group.end());
    }
    const Embeddings found = embed_images({.model = folder.path,
                                           .device = request.device,
                                           .dtype = request.dtype,
                                           .threads = request.threads},
                                          all, progress);
    auto next = found.begin();
    const auto take = [&next](const std::vector<ImagePtr>& group) {
        const Embeddings taken(next, next + static_cast<std::ptrdiff_t>(group.size()));
        next += static_cast<std::ptrdiff_t>(group.size());
        return taken;
    };
    const Embeddings of_made = take(groups[0]), of_without = take(groups[1]);
    const Embeddings of_with = take(groups[2]), of_learned = take(groups[3]);
    LearnedTooWell told{.overfit = overfit_of(of_made, of_learned, take(groups[4]))};
    if (!of_without.empty()) {
        told.drift = drift_of(of_without, of_with);
        told.spread = mean_nearest(of_with, of_learned) - mean_nearest(of_without, of_learned);
    }
    return told;
}

} // namespace likeness
