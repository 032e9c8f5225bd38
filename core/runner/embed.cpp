#include "core/runner/embed.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/pipelines/measure.h"
#include "core/runner/machine.h"
#include "core/tensor/device.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <cmath>

namespace likeness {

std::vector<std::vector<float>> embed_images(const EmbedRequest& request,
                                             const std::vector<ImagePtr>& images,
                                             const Progress& progress) {
    const ModelFolder folder = read_model_folder(request.model);
    const std::filesystem::path encoder = request.image_encoder.empty()
                                              ? folder.image_encoder
                                              : std::filesystem::path(request.image_encoder);
    if (encoder.empty()) {
        throw Error(ErrorCode::model_incomplete,
                    message("The model {} has no image encoder. Choose another model, or name "
                            "a folder with --image-encoder.",
                            folder.name));
    }
    const Placement placement = choose_placement(request.device, request.dtype);
    at::set_num_threads(thread_count(request.threads));
    try {
        const c10::InferenceMode guard;
        const auto tower = load_image_tower(
            encoder,
            request.image_encoder.empty() ? folder.feature_extractor : std::filesystem::path(),
            {.dtype = placement.dtype, .device = placement.device}, progress);
        std::vector<std::vector<float>> out;
        for (const ImagePtr& image : images) {
            progress.step({.stage = Stage::encode_references,
                           .step = static_cast<int>(out.size()),
                           .total = static_cast<int>(images.size())});
            const Tensor embeds =
                embed_image(*tower, *image, {.dtype = placement.dtype, .device = placement.device});
            const float* values = embeds.const_data_ptr<float>();
            out.emplace_back(values, values + embeds.numel());
        }
        return out;
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::internal,
                    message("The pictures were not embedded: the program made a mistake."),
                    error.what_without_backtrace());
    }
}

double cosine_similarity(const std::vector<float>& a, const std::vector<float>& b) {
    LIKENESS_CHECK(a.size() == b.size(), a.size(), " and ", b.size());
    double dot = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        dot += static_cast<double>(a[i]) * b[i];
        aa += static_cast<double>(a[i]) * a[i];
        bb += static_cast<double>(b[i]) * b[i];
    }
    return aa > 0 && bb > 0 ? dot / std::sqrt(aa * bb) : 0;
}

} // namespace likeness
