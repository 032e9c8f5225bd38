#pragma once

#include "core/checkpoint/learned_word.h"
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

// Reads the file; `token` where given is the word instead of the file's. Throws Error naming what
// it is not, or what is wrong with it.
LearnedWord load_textual_inversion(const std::filesystem::path& path, const std::string& token);

} // namespace likeness
