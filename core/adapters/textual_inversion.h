#pragma once

#include "core/weights/safetensors.h"

#include <filesystem>
#include <map>
#include <string>

namespace likeness {

// A learned word: its vectors, each [count, width], by the text encoder they are for.
struct LearnedWord {
    std::string file{};  // the file's name
    std::string token{}; // the word in prompts
    // "": of the only encoder; "clip_l", "clip_g": of SDXL's.
    std::map<std::string, Tensor> embeddings{};
};

// What a file's header says of its word; without embeddings where it is none.
struct LearnedWordLayout {
    std::string token{};
    std::map<std::string, TensorEntry> embeddings{}; // as LearnedWord
};

// Of diffusers' form (the word is the tensor's name), A1111's (`emb_params`; the word is the file's
// name) or SDXL's (`clip_l` and `clip_g`).
LearnedWordLayout learned_word_layout(const std::map<std::string, TensorEntry>& entries,
                                      const std::filesystem::path& path);

// Reads the file; `token` where given is the word instead of the file's. Throws Error naming what
// it is not, or what is wrong with it.
LearnedWord load_textual_inversion(const std::filesystem::path& path, const std::string& token);

} // namespace likeness
