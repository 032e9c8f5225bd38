#pragma once

#include "core/pickle/byte_source.h"

#include <map>
#include <string>

namespace likeness {

// A file within an archive: where its bytes lie. They are stored as they are.
struct ZipMember {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

// The members of a zip archive by name, read from its central directory (also in ZIP64 form).
// Refuses what an archive of tensors has no need of: compressed, encrypted, overlapping and doubly
// named members, names that leave the archive, members outside the file. `file` is for messages.
std::map<std::string, ZipMember> read_zip_directory(const ByteSource& source,
                                                    const std::string& file);

} // namespace likeness
