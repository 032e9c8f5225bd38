#pragma once

#include "core/image/image.h"
#include "core/pipelines/picture_noise.h"
#include "core/pipelines/sd_model.h"
#include "core/request/generation_request.h"
#include "core/schedulers/scheduler.h"

#include <functional>
#include <optional>

namespace likeness {

// The picture a request begins from, at the request's size and encoded: all that does not depend on
// the seed.
struct EncodedInput {
    InputImage of{};         // with the size all that an encoding depends on
    Image pixels{};          // u8 RGB
    bool is_as_given = true; // `pixels` are the picture's own, nothing was scaled
    // How much of each pixel is made anew, u8 grey; where it is 0 the picture keeps `pixels`.
    std::optional<Image> mask{};
    LatentDistribution image{};
    LatentDistribution masked_image{}; // the kept part over mid grey; only where the UNet reads it
};

// The picture and its mask with new canvas around it and at that size. Throws Error{bad_request}
// where the picture is not there.
EncodedInput fit_input(const InputImage& input, int width, int height);

EncodedInput encode_input(const SdModel& model, const GenerationRequest& request,
                          const BetweenLayers& between = {});

// Where a picture's denoising begins, and what its steps need beside the latents.
struct Beginning {
    Tensor latents{}; // float32, as all of it on the model's device
    int first_step = 0;
    int draws = 1;       // of noise, of the latents' shape, before the first step
    Tensor conditions{}; // mask and masked picture of an inpainting UNet, [1, 1 + C, h, w]
    // (latents after a step, the step) -> with the kept part of the picture put back; empty: no
    // part is kept so.
    std::function<Tensor(const Tensor&, int)> keep{};
};

// As diffusers' pipelines for image to image and inpainting begin, draw for draw; from noise alone
// where there is no input.
Beginning begin(const SdModel& model, const Scheduler& scheduler, const GenerationRequest& request,
                const EncodedInput* input, PictureNoise& noise);

} // namespace likeness
