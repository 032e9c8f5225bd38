#pragma once

#include "core/adapters/lora_targets.h"
#include "core/weights/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace likeness {

// Which layers a LoRA is trained for: the projections of the attention, or beside them the rest of
// the transformers and all convolutions of the blocks (LCM-LoRA's list, checkpoints.md 9.3).
enum class LoraCoverage { attention, all };

// How the names of a LoRA file are spelled (checkpoints.md 9.1).
enum class LoraFormat { kohya, diffusers };

// "lora_unet_down_blocks_0_..." of a layer: of the UNet or of a text encoder ("text_encoder"),
// which are two or one.
std::string kohya_name(const std::string& component, std::string layer, bool two_encoders);

struct LoraLayersOptions {
    int64_t rank = 8;
    double alpha = 8; // what is added is alpha / rank * up(down(x))
    LoraCoverage coverage = LoraCoverage::attention;
    bool text_encoder = false; // its attention too
    std::uint64_t seed = 0;
};

// A LoRA in training over a UNet and its text encoders: what it adds is part of their layers from
// now on. `down` begins as Kaiming's uniform noise, `up` as zeros, as kohya's and peft's do: at
// first nothing is changed. The networks must be of this run alone, not packed, and stay where
// they are.
class LoraLayers {
public:
    LoraLayers(UNet2DCondition& unet, ClipText& text, ClipText* text_2,
               const LoraLayersOptions& options);

    // Float32, require gradients: `unet.<layer>.lora_A.weight` (down), `.lora_B.weight` (up), and
    // `text_encoder.`, `text_encoder_2.` in place of `unet.`.
    const TensorMap& parameters() const { return parameters_; }

    // As a file holds them, in float16; `values` in place of the parameters (e.g. their average).
    TensorMap file_tensors(LoraFormat format, const TensorMap& values) const;

    // |alpha / rank * up * down| / |weight| over the layers of each group: "unet.down", "unet.mid",
    // "unet.up", "text_encoder", "text_encoder_2".
    std::map<std::string, double> weight_changes(const TensorMap& values) const;

private:
    struct Layer {
        std::string name{};  // parameters' names without ".lora_A.weight"
        std::string group{}; // for weight_changes
        LoraTarget target{};
        double weight_square = 0; // its length, squared
    };

    void add(LoraTarget target, const std::string& component);

    LoraLayersOptions options_;
    std::vector<Layer> layers_;
    TensorMap parameters_;
};

} // namespace likeness
