#pragma once

#include "core/pipelines/sd_model.h"
#include "core/request/progress.h"
#include "core/request/training_request.h"

#include <optional>
#include <string>
#include <vector>

namespace likeness {

// A size in pixels.
struct PictureSize {
    int width = 0;
    int height = 0;

    auto operator<=>(const PictureSize&) const = default;
};

// The size a picture is trained at: of its proportions as nearly as sides in steps of an eighth of
// the resolution allow, of at most resolution^2 pixels, no side more than twice the other. Sides
// are multiples of `factor`, the pixels a latent.
PictureSize training_size(int width, int height, int resolution, int factor);

struct SampleLatents {
    Tensor mean{}, deviation{}; // [1, C, h, w] of the VAE's posterior, as the UNet sees latents
    Tensor counts{};            // [1, 1, h, w], mean 1: how much each place counts; undefined: once
};

// A picture as the steps read it.
struct TrainingSample {
    PictureSize size{};
    std::string caption{};
    SampleLatents latents{};
    std::optional<SampleLatents> mirrored{}; // with random_flip
    std::size_t picture = 0;                 // its place among those encoded with it
    Tensor prompt_embeds{};                  // [1, T, D]; undefined where the text encoder learns
    Tensor pooled_prompt_embeds{};           // [1, D2], SDXL
    Tensor time_ids{};                       // [1, 6], SDXL
};

// Encodes every picture, cut to its size in the middle. Transparent parts and what a mask leaves
// black do not count. Those without a caption show `prompt`. The request tells whether they are
// mirrored too, and whether the text encoder learns. Reports Stage::encode_references, checks for a
// stop between pictures.
std::vector<TrainingSample> encode_training_set(const SdModel& model,
                                                const std::vector<TrainingPicture>& pictures,
                                                const std::string& prompt,
                                                const TrainingRequest& request, int resolution,
                                                const Progress& progress);

} // namespace likeness
