#include "core/pipelines/input_picture.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/image/convert.h"
#include "core/image/inpaint.h"
#include "core/image/resize.h"
#include "core/request/resolve.h"
#include "core/schedulers/noise_schedule.h"
#include "core/tensor/device_stream.h"
#include "core/tensor/image_tensor.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace likeness {

namespace {

Image resized(const Image& image, int width, int height) {
    return image.width == width && image.height == height
               ? image
               : resize(image, width, height, Filter::lanczos);
}

Image fitted(const Image& image, InputFit fit, int width, int height) {
    return fit == InputFit::crop ? resized(crop_to_aspect(image, width, height), width, height)
                                 : resized(image, width, height);
}

// White is made anew: what the mask says, and the new canvas. Of the picture's proportions.
Image whole_mask(const InputImage& input) {
    const bool plain = input.pad == InputImage{}.pad && input.fit == InputFit::resize;
    if (input.mask && plain) {
        return to_u8(*input.mask); // any size will do
    }
    const auto [left, top, right, bottom] = input.pad;
    const int width = input.image->width;
    const int height = input.image->height;
    Image inner = make_image(width, height, 1);
    if (input.mask) {
        inner = to_grey(resized(to_u8(*input.mask), width, height));
    }
    Image outer = make_image(width + left + right, height + top + bottom, 1);
    std::ranges::fill(outer.bytes, std::byte{255});
    for (int y = 0; y < height; ++y) {
        std::copy_n(inner.u8() + static_cast<std::ptrdiff_t>(y) * width, width,
                    outer.u8() + static_cast<std::ptrdiff_t>(y + top) * outer.width + left);
    }
    return outer;
}

// -1..1, as the VAE reads it.
Tensor centred(const Image& pixels) {
    return image_to_tensor(pixels) * 2 - 1;
}

LatentDistribution encode_pixels(const AutoencoderKL& vae, const SdModel& model,
                                 const Tensor& pixels, const BetweenLayers& between) {
    const LatentDistribution found = vae.encode(pixels.to(model.options.device, model.options.dtype)
                                                    .contiguous(at::MemoryFormat::ChannelsLast),
                                                between);
    return {.mean = found.mean.to(at::kFloat).contiguous(),
            .logvar = found.logvar.to(at::kFloat).contiguous()};
}

// One of the posterior's values, as the UNet sees it.
Tensor sample(const SdModel& model, const LatentDistribution& posterior, const Tensor& noise) {
    return model.vae.scale_latents(posterior.mean + (posterior.logvar * 0.5).exp() * noise);
}

} // namespace

EncodedInput fit_input(const InputImage& input, int width, int height) {
    if (!input.image) {
        throw Error(ErrorCode::bad_request,
                    message("The picture to begin from was not loaded ({}).",
                            input.path.empty() ? message("no path") : verbatim(input.path)));
    }
    EncodedInput out{.of = input};
    const Image canvas = extend_edges(over_white(to_u8(*input.image)), input.pad);
    out.pixels = fitted(canvas, input.fit, width, height);
    out.is_as_given = canvas.width == width && canvas.height == height;
    if (input.is_masked()) {
        // As diffusers binarises it; what grows and fades are pixels of the result.
        Image mask = binarise(to_grey(fitted(whole_mask(input), input.fit, width, height)));
        out.mask = feather_mask(grow_mask(mask, input.mask_grow), input.mask_feather);
    }
    return out;
}

EncodedInput encode_input(const SdModel& model, const GenerationRequest& request,
                          const BetweenLayers& between) {
    EncodedInput out = fit_input(request.input, *request.width, *request.height);
    const Tensor pixels = centred(out.pixels);
    const AutoencoderKL vae = whole_vae(model);
    out.image = encode_pixels(vae, model, pixels, between);
    if (out.mask && model.folder.traits.inpainting) {
        out.masked_image =
            encode_pixels(vae, model, pixels * (1 - mask_to_tensor(*out.mask)), between);
    }
    return out;
}

Beginning begin(const SdModel& model, const Scheduler& scheduler, const GenerationRequest& request,
                const EncodedInput* input, PictureNoise& stream) {
    const int64_t factor = model.vae.config.factor();
    const std::vector<int64_t> shape{1, model.vae.config.latent_channels, *request.height / factor,
                                     *request.width / factor};
    const at::Device device = model.options.device;
    Beginning out{.draws = 0};
    const auto draw = [&] {
        ++out.draws;
        return to_device(stream.draw(shape), device);
    };
    if (input == nullptr) {
        out.latents = draw() * scheduler.init_noise_sigma();
        return out;
    }
    const bool reads_mask = model.folder.traits.inpainting;
    const bool from_noise = input->mask && *request.strength >= 1;
    const Tensor alphas = alphas_cumprod(model.scheduler_config);
    out.first_step =
        first_step(*request.strength, *request.num_inference_steps) * scheduler.stages();
    Tensor clean;
    if (!from_noise || !reads_mask) {
        clean = sample(model, input->image, draw());
    }
    const Tensor noise = draw();
    out.latents = from_noise ? noise * scheduler.init_noise_sigma()
                             : scheduler.add_noise(clean, noise, out.first_step, alphas);
    if (!input->mask) {
        return out;
    }
    const Tensor mask = to_device(
        at::upsample_nearest2d(mask_to_tensor(*input->mask), {shape[2], shape[3]}), device);
    const Tensor masked_noise = draw(); // drawn in any case: what a scheduler draws follows
    if (reads_mask) {
        out.conditions = at::cat({mask, sample(model, input->masked_image, masked_noise)}, 1);
        return out;
    }
    out.keep = [&scheduler, alphas, clean, noise, mask](const Tensor& latents, int step) {
        const auto next = static_cast<std::size_t>(step) + 1;
        const Tensor kept = next < scheduler.timesteps().size()
                                ? scheduler.add_noise(clean, noise, step + 1, alphas)
                                : clean;
        return (1 - mask) * kept + mask * latents;
    };
    return out;
}

} // namespace likeness
