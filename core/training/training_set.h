#pragma once

#include "core/pipelines/sd_model.h"
#include "core/request/progress.h"
#include "core/request/training_crop.h"
#include "core/request/training_request.h"

#include <optional>
#include <string>
#include <vector>

namespace likeness {

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
