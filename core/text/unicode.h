#pragma once

#include <string>
#include <string_view>

namespace likeness {

// The text as code points. What is not UTF-8 becomes U+FFFD, one for each longest piece that could
// have begun a character, as Python's errors="replace" does it.
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view text);

// Unicode normalisation form C.
std::u32string compose(std::u32string_view text);

// Every character by itself, whatever stands around it; U+0130 becomes two.
std::u32string lower_case(std::u32string_view text);

bool is_space(char32_t c);  // White_Space
bool is_letter(char32_t c); // general categories L*
bool is_number(char32_t c); // general categories N*

} // namespace likeness
