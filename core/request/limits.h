#pragma once

#include <optional>
#include <string_view>

namespace likeness {

// One numeric field of a request: what the panels' ranges, validate() and the command line's help
// all read.
struct Limit {
    std::string_view field; // JSON name, e.g. "guidance_scale"
    double minimum = 0;
    double maximum = 1;
    double step = 1;          // what one click of an arrow key changes
    double default_value = 0; // where the model has no own
    int decimals = 0;         // digits shown after the point
};

inline constexpr Limit kLimits[] = {
    {"width", 32, 4096, 8, 512, 0},
    {"height", 32, 4096, 8, 512, 0},
    {"num_inference_steps", 1, 1000, 1, 20, 0},
    {"guidance_scale", 0, 30, 0.5, 7.5, 1},
    {"guidance_rescale", 0, 1, 0.05, 0, 2},
    {"guidance_start", 0, 1, 0.05, 0, 2},
    {"guidance_end", 0, 1, 0.05, 1, 2},
    {"strength", 0.01, 1, 0.05, 0.8, 2},
    {"refiner_switch_at", 0.01, 0.99, 0.05, 0.8, 2},
    {"pad", 0, 2048, 8, 0, 0},
    {"mask_grow", 0, 256, 1, 0, 0},
    {"mask_feather", 0, 256, 1, 0, 0},
    {"ip_adapter_scale", 0, 1.5, 0.05, 0.6, 2},
    {"master_scale", 0, 1.5, 0.05, 1, 2},
    {"block_scale", 0, 2, 0.05, 1, 2},
    {"range_start", 0, 1, 0.05, 0, 2},
    {"range_end", 0, 1, 0.05, 1, 2},
    {"num_images", 1, 64, 1, 1, 0},
    {"variation_strength", 0, 1, 0.01, 0.1, 2},
    {"lora_scale", -10, 10, 0.05, 1, 2},
    {"clip_skip", 0, 12, 1, 0, 0},
    {"original_width", 1, 65536, 8, 1024, 0},
    {"original_height", 1, 65536, 8, 1024, 0},
    {"crop_left", 0, 65536, 8, 0, 0},
    {"crop_top", 0, 65536, 8, 0, 0},
    {"target_width", 1, 65536, 8, 1024, 0},
    {"target_height", 1, 65536, 8, 1024, 0},
    {"seed", 0, 18446744073709551615.0, 1, 0, 0},
    {"threads", 0, 1024, 1, 0, 0},
    {"resolution", 32, 4096, 8, 512, 0},
    {"train_batch_size", 1, 256, 1, 1, 0},
    {"gradient_accumulation_steps", 1, 1024, 1, 1, 0},
    {"max_train_steps", 1, 1000000, 10, 400, 0},
    {"learning_rate", 1e-8, 1, 1e-5, 5e-4, 6},
    {"text_encoder_learning_rate", 1e-8, 1, 1e-6, 5e-6, 7},
    {"lr_warmup_steps", 0, 1000000, 10, 0, 0},
    {"snr_gamma", 0, 100, 0.5, 0, 1},
    {"noise_offset", 0, 1, 0.05, 0, 2},
    {"num_class_images", 1, 10000, 10, 50, 0},
    {"prior_loss_weight", 0, 100, 0.1, 1, 1},
    {"rank", 1, 1024, 1, 8, 0},
    {"network_alpha", 0.001, 4096, 1, 8, 1},
    {"validation_steps", 0, 1000000, 10, 0, 0},
    {"num_validation_images", 1, 16, 1, 1, 0},
    {"kept_sample_weights", 0, 1000, 1, 0, 0},
    {"validation_share", 0, 0.5, 0.05, 0, 2},
    {"checkpointing_minutes", 0, 1440, 1, 5, 1},
};

inline constexpr int kMaxReferences = 10;
inline constexpr int kMaxLoras = 32;
inline constexpr int kMaxTextualInversions = 64;

// The row of that field; a name that is not in the table does not compile in a constant expression.
constexpr const Limit& limit(std::string_view field) {
    for (const Limit& row : kLimits) {
        if (row.field == field) {
            return row;
        }
    }
    throw "no such limit";
}

} // namespace likeness
