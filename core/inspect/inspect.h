#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// A component of a model, or a file of tensors, as its header tells.
struct ComponentReport {
    std::string name{};    // "unet"; empty for a file that is no component
    std::string file{};    // below the model's folder
    std::string variant{}; // "fp16", or empty
    std::size_t tensors = 0;
    std::uint64_t parameters = 0;
    std::uint64_t bytes = 0;
    std::map<std::string, std::size_t> dtypes{}; // as the file spells them -> tensors
    std::vector<std::string> problems{};
};

// What an adapter's tensors say of it.
struct AdapterReport {
    std::string name{};
    std::string kind{}; // "plain", "plus", "full", "faceid", "faceid_plus", or "unknown"
    std::int64_t num_tokens = 0;
    std::int64_t encoder_width = 0;       // values it reads of the image encoder
    std::string encoder{};                // published one that gives them: "ViT-H/14"
    std::int64_t cross_attention_dim = 0; // of the UNet it belongs to
    std::size_t layers = 0;
    std::string base{}; // "sd15", "sdxl", or empty where no published UNet has that width
    ComponentReport file{};
};

// What a LoRA's tensors and its training's notes say of it.
struct LoraReport {
    std::map<std::string, std::size_t> kinds{}; // "LoRA", "LoHa", "LoKr", "DoRA", ... -> layers
    std::int64_t lowest_rank = 0, highest_rank = 0;
    std::size_t unet_layers = 0, text_layers = 0, convolutions = 0;
    std::int64_t cross_attention_dim = 0; // of the UNet it belongs to; 0: not told
    std::string base{};                   // "sd15", "sd2", "sdxl", or empty
    std::string trained_on{};             // as its notes say
    std::vector<std::string> triggers{};  // words it was trained with, the most frequent first
    std::vector<std::string> strangers{}; // tensors that are not read

    bool operator==(const LoraReport&) const = default;
};

// What a textual inversion is.
struct WordReport {
    std::string token{}; // its word, where the request gives none
    std::int64_t vectors = 0;
    std::vector<std::int64_t> widths{}; // of the text encoders it is for
    std::string base{};

    bool operator==(const WordReport&) const = default;
};

// What a file or folder is, read without any tensor's values.
struct ModelReport {
    std::string path{};
    // "model", "checkpoint", "ip_adapter", "lora", "textual_inversion", "taesd", "component",
    // "tensors"
    std::string kind{};
    std::string family{}; // "sd15", "sd2", "sdxl", "sdxl_refiner", or empty
    std::string layout{}; // "diffusers", "single_file", or empty
    std::string words{};  // the same for people, one line
    std::vector<ComponentReport> components{};
    std::vector<AdapterReport> adapters{};
    std::optional<LoraReport> lora{};
    std::optional<WordReport> word{};
    std::string licence{};               // as the file's own notes name it, or empty
    std::int64_t hidden_size = 0;        // of an image encoder: values of its hidden states
    std::vector<std::string> notes{};    // what this version does with it, where that is not plain
    std::vector<std::string> problems{}; // of the whole

    // Whether nothing is wrong with it, nor with any of its parts.
    bool sound() const;
};

// Looks at a diffusers folder, an index or a safetensors file. Tensors are compared with the
// networks that the configs describe: missing, unexpected and mis-shaped ones are named. Throws
// Error for what is neither, saying what it is instead (a pickle, a Git LFS pointer, a web page).
ModelReport inspect_model(const std::filesystem::path& path);

} // namespace likeness
