#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace likeness {

// SHA-256 in lower-case hex: the content hash of references and files.
std::string sha256(std::span<const std::byte> bytes);

} // namespace likeness
