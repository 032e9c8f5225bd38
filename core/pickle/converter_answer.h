#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>

namespace likeness {

// The descriptors that the converter process finds open, and nothing else.
inline constexpr int kConverterSource = 3, kConverterTarget = 4, kConverterAnswer = 5;
inline constexpr std::size_t kMostAnswer = 64U << 10U; // bytes

// What the converter process says when it is done: the whole file's size, or why it was refused.
struct ConverterAnswer {
    std::uint64_t bytes = 0;
    std::uint64_t tensors = 0;
};

std::string to_text(const ConverterAnswer& answer);
std::string to_text(const Error& error);

// What such a text says; throws the Error in it. The text comes from a process that has read a
// foreign file: what is none of ours is an Error too.
ConverterAnswer answer_of(const std::string& text);

} // namespace likeness
