#pragma once

#include "core/checkpoint/safetensors_header.h"

#include <map>
#include <string>
#include <vector>

namespace likeness {

// Where a network finds one of its tensors in a file: whole, some of its rows, or turned over.
struct TensorPlace {
    std::string name{};           // in the file
    std::string dtype{};          // as the file spells it
    std::vector<int64_t> shape{}; // as the network sees it
    int64_t part = 0, parts = 1;  // rows [part / parts, (part + 1) / parts) of it
    bool transposed = false;
};

// A network's own name of a tensor (diffusers', transformers') -> its place. A tensor that has no
// place in the network keeps the file's name, so that it can be told as unexpected.
using TensorPlaces = std::map<std::string, TensorPlace>;

// The tensors whose name begins with `prefix`, called by what follows it; every part of the file
// under its own name where that is empty.
TensorPlaces plain_places(const SafetensorsHeader& header, const std::string& prefix);

} // namespace likeness
