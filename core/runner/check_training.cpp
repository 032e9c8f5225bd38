#include "core/runner/check_training.h"

#include "core/base/error.h"
#include "core/pipelines/sd_model.h"
#include "core/request/check_pictures.h"
#include "core/request/check_subjects.h"
#include "core/request/given_vae.h"
#include "core/request/model_folder.h"
#include "core/runner/caption_lengths.h"
#include "core/runner/embed.h"
#include "core/runner/training_estimate.h"

#include <algorithm>
#include <optional>

namespace likeness {

namespace {

std::vector<ImagePtr> images_of(const TrainingRequest& request) {
    std::vector<ImagePtr> images;
    for (const TrainingPicture& picture : request.pictures) {
        if (picture.image) {
            images.push_back(picture.image);
        }
    }
    return images;
}

// The encoder that the model's adapter reads, or the one a training of an adapter names.
std::filesystem::path encoder_of(const TrainingRequest& request, const ModelFolder& folder) {
    const bool own = request.ip_adapter.empty();
    if (own && !folder.traits.has_ip_adapter) {
        return {};
    }
    return likely_image_encoder(folder, find_adapter(folder, request.ip_adapter), "");
}

// Runs it; nothing where that is not of this machine's making but of the files or the request.
template <typename Work>
void where_it_can(Work&& work) {
    try {
        work();
    } catch (const Error& error) {
        if (error.code == ErrorCode::out_of_memory || error.code == ErrorCode::write_failed) {
            throw;
        }
    }
}

} // namespace

TrainingCheck check_training(const TrainingRequest& request, const Progress& progress) {
    std::optional<ModelFolder> folder;
    where_it_can([&] { folder = model_of({.model = request.model, .vae = request.vae}); });
    TrainingCheck check =
        check_pictures(request, folder ? folder->traits : ModelTraits{}, progress);
    const std::vector<ImagePtr> images = images_of(request);
    if (!folder || images.empty()) {
        return check;
    }
    where_it_can([&] {
        if (auto finding = check_caption_lengths(request, load_tokenizer(*folder, ""))) {
            check.findings.push_back(std::move(*finding));
        }
    });
    where_it_can([&] {
        const std::filesystem::path encoder = encoder_of(request, *folder);
        if (!encoder.empty()) {
            const bool own = encoder == folder->image_encoder;
            check.findings.push_back(
                check_subjects(request, embed_images({.model = folder->path,
                                                      .image_encoder = own ? "" : encoder.string(),
                                                      .device = request.device,
                                                      .dtype = request.dtype,
                                                      .threads = request.threads},
                                                     images, progress)));
        }
    });
    where_it_can([&] { check.estimate = estimate_training(request, *folder, progress); });
    return check;
}

} // namespace likeness
