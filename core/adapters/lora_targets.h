#pragma once

#include "core/models/named_layers.h"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace likeness {

enum class LoraComponent { unet, text_encoder, text_encoder_2 };

const char* to_string(LoraComponent component); // as a diffusers folder names it

// A layer of a model that a LoRA may change.
struct LoraTarget {
    LoraComponent component = LoraComponent::unet;
    NamedLayer layer{};
};

// Every layer of a model under every spelling that files have for it (checkpoints.md 9.1): the
// other way round, underscores could not be read.
class LoraTargets {
public:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    LoraTargets(UNet2DCondition& unet, ClipText& text, ClipText* text_2);

    const std::vector<LoraTarget>& all() const { return targets_; }

    // The place in all() of a file's module; kNone: this model has no such layer.
    std::size_t find(const std::string& module) const;

private:
    void add(LoraTarget target, const std::vector<std::string>& spellings);

    std::vector<LoraTarget> targets_;
    std::unordered_map<std::string, std::size_t> by_spelling_;
};

} // namespace likeness
