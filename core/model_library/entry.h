#pragma once

#include "core/base/message.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

enum class ModelKind {
    model, // a diffusers folder or a single file
    ip_adapter,
    image_encoder,
    vae,
    taesd,
    lora,
    textual_inversion,
    pickle, // an old pickle, which is not looked into before it is used
    other,  // a file of tensors of another kind, or one that cannot be used
};

// As JSON and the command line spell it.
const char* to_string(ModelKind kind);
std::optional<ModelKind> model_kind_from_string(std::string_view text);
std::string model_kind_words(); // all of them: "model, ip_adapter, ..."

// Something of a person's models: a file, or the folder of a whole model or of a component.
struct LibraryEntry {
    std::filesystem::path path{};
    std::filesystem::path content{}; // the file of weights that stands for it
    std::string name{};
    ModelKind kind = ModelKind::other;
    std::string family{};  // "sd15", "sd2", "sdxl", "sdxl_refiner", or empty where it is not told
    std::string layout{};  // of a model: "diffusers", "single_file"
    std::string variant{}; // "fp16", or empty
    std::string words{};   // what it is, one line
    std::uint64_t bytes = 0;
    // The image encoder that an adapter reads, that an encoder is, or that a model brings:
    // "ViT-H/14".
    std::string encoder{};
    std::vector<std::string> ip_adapters{}; // that a model brings, by name
    std::string default_ip_adapter{};
    std::vector<std::string> triggers{}; // words of a LoRA's training; a textual inversion's word
    std::string licence{};               // where a note of its own or a README beside it says so
    std::string sha256{};                // of `content`; empty until it was hashed
    Message problem{};                   // why it cannot be used, or empty

    bool operator==(const LibraryEntry&) const = default;
};

nlohmann::json to_json(const LibraryEntry& entry);
// Throws nlohmann::json::exception for what to_json() has not written.
LibraryEntry library_entry_from_json(const nlohmann::json& json);

// Whether every one of those words is in its name, kind, family or licence, in any case of letters.
bool matches(const LibraryEntry& entry, std::string_view words);

} // namespace likeness
