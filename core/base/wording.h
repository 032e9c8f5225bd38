#pragma once

#include "core/base/message.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace likeness {

// A path or name between quotes as messages show it: control characters become '?', a long one
// loses its middle.
std::string in_quotes(std::string_view name);

// Bytes in words: "512 bytes", "38 KB", "2.1 GB" (1 KB = 1,000 bytes).
Message byte_words(std::uint64_t bytes);

// A length of time as one says it: "0.5 s", "45 s", "9 min", "2.5 h".
Message duration_words(double seconds);

// The system's words for an errno value ("No space left on device").
Message system_words(int error_number);
Message system_words(const std::error_code& error);

} // namespace likeness
