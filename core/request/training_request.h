#pragma once

#include "core/image/image.h"
#include "core/request/validate.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

enum class LearningRateSchedule { constant, cosine, linear };
enum class TrainedLayers { attention, all };
enum class LoraSpelling { kohya, diffusers };

// One picture to learn from.
struct TrainingPicture {
    ImagePtr image{};
    std::string path{};
    std::string caption{}; // empty: the request's instance_prompt
    ImagePtr mask{};       // white counts, black does not; null: all of it
};

// A LoRA to be trained; the fields are diffusers' training options (spec/cli.md 5).
struct LoraTrainingRequest {
    std::string model = "starter";
    std::vector<TrainingPicture> pictures{};
    std::string instance_prompt{};
    std::optional<int> resolution{}; // of the square whose area pictures are brought to
    int train_batch_size = 1;
    int gradient_accumulation_steps = 1;
    int max_train_steps = 400;
    double learning_rate = 5e-4; // diffusers' for a LoRA of one subject
    LearningRateSchedule lr_scheduler = LearningRateSchedule::constant;
    int lr_warmup_steps = 0;
    double snr_gamma = 0; // 0: every step counts the same
    int rank = 8;
    std::optional<double> network_alpha{}; // empty: the rank
    TrainedLayers targets = TrainedLayers::attention;
    bool train_text_encoder = false;
    LoraSpelling format = LoraSpelling::kohya;
    std::uint64_t seed = 0;
    std::string device{};
    std::string dtype{};
    int threads = 0;
    double checkpointing_minutes = 5;
    std::string out{}; // the LoRA's file; its checkpoints lie beside it
    bool resume = false;
};

// Where the checkpoint of a training lies: beside what it makes.
std::filesystem::path training_checkpoint(const LoraTrainingRequest& request);

// All problems at once, none when it can run.
std::vector<Problem> validate(const LoraTrainingRequest& request);

// What changed, measured: the LoRA against none, on the same seeds.
struct TrainingProof {
    double weight_change = 0; // |difference| / |weights| of all trained layers
    std::map<std::string, double> weight_changes{};            // by group of layers
    double picture_change = 0;                                 // mean difference of a pixel, 0..1
    std::optional<double> likeness_before{}, likeness_after{}; // to the pictures, a cosine
    std::optional<double> prompt_before{}, prompt_after{};     // agreement with it, a cosine
};

} // namespace likeness
