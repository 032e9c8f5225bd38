#pragma once

#include <cstdint>
#include <string>

namespace likeness::cli {

// The text of a file, or of standard input for "-". `what` is what messages call the latter's: "The
// request". Throws the Errors of read_text_file, file_too_large past `limit` bytes.
std::string given_text(const std::string& path, std::uint64_t limit, const char* what);

} // namespace likeness::cli
