#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// CLIP's view of a text before byte-pair encoding (arXiv 2103.00020; transformers' CLIPTokenizer).

inline constexpr std::string_view kStartOfText = "<|startoftext|>";
inline constexpr std::string_view kEndOfText = "<|endoftext|>";
inline constexpr std::string_view kEndOfWord = "</w>";

// Form C, every run of white space one space, lower case.
std::u32string clip_normalized(std::u32string_view text);

// The words of a normalised text, as UTF-8: contractions ('s 't 're 've 'm 'll 'd), runs of
// letters, single numbers, runs of anything else that is not white space.
std::vector<std::string> clip_words(std::u32string_view normalized);

// What stands for each byte in the vocabulary: printable ones themselves, the rest U+0100 and
// following. UTF-8.
const std::array<std::string, 256>& byte_symbols();

// Bytes in the order of their vocabulary ids: the printable ones first.
const std::array<unsigned char, 256>& byte_order();

} // namespace likeness
