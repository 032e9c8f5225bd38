#pragma once

#include <string>
#include <string_view>

namespace likeness {

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text);

// Text of a file that does not tell its encoding: as it is when it is UTF-8, else taken for
// Latin-1.
std::string as_utf8(std::string_view text);

// UTF-16 bytes without a byte order mark as UTF-8; U+FFFD for halves of a character.
std::string from_utf16(std::string_view bytes, bool big_endian);

} // namespace likeness
