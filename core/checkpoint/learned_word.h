#pragma once

#include "core/checkpoint/safetensors_header.h"

#include <filesystem>
#include <map>
#include <string>

namespace likeness {

// What a file's header says of its word; without embeddings where it is none.
struct LearnedWordLayout {
    std::string token{};
    std::map<std::string, TensorEntry>
        embeddings{}; // "": of the only encoder; "clip_l", "clip_g": of SDXL's
};

// Of diffusers' form (the word is the tensor's name), A1111's (`emb_params`; the word is the file's
// name) or SDXL's (`clip_l` and `clip_g`).
LearnedWordLayout learned_word_layout(const std::map<std::string, TensorEntry>& entries,
                                      const std::filesystem::path& path);

} // namespace likeness
