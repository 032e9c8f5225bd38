#pragma once

#include "core/pickle/byte_source.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// A tensor of a pickle and where its values lie. Every number is checked: all values are within
// [begin, end) of the file.
struct PickledTensor {
    std::string name{};
    std::string_view dtype{}; // as safetensors spells it
    std::uint64_t item = 1;   // bytes of one value
    std::vector<std::uint64_t> shape{};
    std::vector<std::uint64_t> stride{}; // in values
    std::uint64_t begin = 0;             // of its first value, in the file
    std::uint64_t end = 0;               // of its storage

    std::uint64_t values() const;

    std::uint64_t bytes() const { return values() * item; }

    // Whether its values lie one after the other in order.
    bool is_contiguous() const;
};

// Whether those first bytes are a pickle's or a zip archive's (and not a safetensors header's).
bool is_pickle(std::span<const std::byte> start);

// The tensors of a torch file (.ckpt, .bin, .pt, .pth), in its zip form or the older one, without
// running any of it. `file` is for messages. Throws Error saying what is wrong or unsafe with it.
std::vector<PickledTensor> read_pickle_file(const ByteSource& source, const std::string& file);

} // namespace likeness
