#include "core/training/training_set.h"

#include "core/image/convert.h"
#include "core/pipelines/stages.h"
#include "core/tensor/image_tensor.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <optional>

namespace likeness {

namespace {

Image alpha_of(const Image& image) {
    Image alpha = make_image(image.width, image.height, 1);
    for (std::size_t i = 0; i < alpha.bytes.size(); ++i) {
        alpha.bytes[i] = image.bytes[4 * i + 3];
    }
    return alpha;
}

// Black where nothing is learned; nullopt: all of it counts.
std::optional<Image> what_counts(const TrainingPicture& picture) {
    if (picture.mask) {
        return to_grey(to_u8(*picture.mask));
    }
    const Image pixels = to_u8(*picture.image);
    return pixels.channels == 4 ? std::optional(alpha_of(pixels)) : std::nullopt;
}

// [1, 1, h, w] with mean 1; undefined where all or nothing counts.
Tensor counts_of(const TrainingPicture& picture, const PictureSize& size, int64_t factor) {
    const std::optional<Image> mask = what_counts(picture);
    if (!mask) {
        return {};
    }
    const Tensor grey = image_to_tensor(to_rgb(cut_for_training(*mask, size))).slice(1, 0, 1);
    const Tensor small = at::adaptive_avg_pool2d(grey, {size.height / factor, size.width / factor});
    const double mean = small.mean().item<double>();
    constexpr double kLeast = 1e-3;
    return mean > kLeast ? small / mean : Tensor();
}

// What the VAE says of pixels [1, 3, H, W] in -1..1.
SampleLatents encode(const AutoencoderKL& vae, const WeightOptions& options, const Tensor& pixels,
                     const Tensor& counts) {
    const LatentDistribution found = vae.encode(
        pixels.to(options.device, options.dtype).contiguous(at::MemoryFormat::ChannelsLast));
    const Tensor mean = found.mean.to(at::kFloat);
    const Tensor deviation = (found.logvar.to(at::kFloat) * 0.5).exp();
    return {.mean = vae.scale_latents(mean).contiguous(),
            // The scale alone: a difference has no offset.
            .deviation =
                (vae.scale_latents(mean + deviation) - vae.scale_latents(mean)).contiguous(),
            .counts = counts.defined() ? counts.to(options.device) : counts};
}

} // namespace

std::vector<TrainingSample> encode_training_set(const SdModel& model,
                                                const std::vector<TrainingPicture>& pictures,
                                                const std::string& prompt,
                                                const TrainingRequest& request, int resolution,
                                                const Progress& progress) {
    const at::NoGradGuard no_grad;
    const auto factor = static_cast<int>(model.vae.config.factor());
    const AutoencoderKL vae = whole_vae(model);
    std::vector<TrainingSample> samples;
    for (const TrainingPicture& picture : pictures) {
        progress.step({.stage = Stage::encode_references,
                       .step = static_cast<int>(samples.size()),
                       .total = static_cast<int>(pictures.size())});
        const PictureSize whole = whole_size(picture);
        const TrainingCrop crop = training_crop(whole, resolution, factor);
        TrainingSample sample{.size = {crop.trained_width, crop.trained_height},
                              .caption = picture.caption.empty() ? prompt : picture.caption,
                              .picture = samples.size()};
        const Tensor pixels =
            image_to_tensor(cut_for_training(over_white(to_u8(*picture.image)), sample.size)) * 2 -
            1;
        const Tensor counts = counts_of(picture, sample.size, factor);
        sample.latents = encode(vae, model.options, pixels, counts);
        if (request.random_flip) {
            sample.mirrored = encode(vae, model.options, pixels.flip({3}),
                                     counts.defined() ? counts.flip({3}) : counts);
        }
        if (!request.train_text_encoder) {
            const Conditioning read = encode_prompt(
                model, {.prompt = sample.caption, .guided = false, .syntax = PromptSyntax::plain},
                nullptr);
            sample.prompt_embeds = read.prompt_embeds;
            sample.pooled_prompt_embeds = read.pooled_prompt_embeds;
        }
        if (model.text_2) {
            // Of the picture as it was brought to its size, as diffusers counts; cut in the middle,
            // so that it is the mirrored one's too.
            const auto scaled = [](int start, int part, int size) {
                return static_cast<int>(std::lround(static_cast<double>(start) * size / part));
            };
            sample.time_ids = at::tensor({whole.height, whole.width,
                                          scaled(crop.y, crop.height, sample.size.height),
                                          scaled(crop.x, crop.width, sample.size.width),
                                          sample.size.height, sample.size.width},
                                         at::kFloat)
                                  .to(model.options.device, model.options.dtype)
                                  .unsqueeze(0);
        }
        samples.push_back(std::move(sample));
    }
    return samples;
}

} // namespace likeness
