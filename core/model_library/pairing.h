#pragma once

#include "core/model_library/entry.h"

#include <filesystem>
#include <span>

namespace likeness {

// What a thing of the library goes with.
struct Pairing {
    Message words{};                 // "for SD 1.5; needs ViT-H/14: found at ..."
    std::filesystem::path encoder{}; // the image encoder for an adapter; empty: the model's own, or
                                     // none was found
};

// Told from what else there is. Of several image encoders that fit, the one that lies nearest.
Pairing pairing_of(const LibraryEntry& entry, std::span<const LibraryEntry> all);

// "SD 1.5" of "sd15"; empty for what is no family.
std::string family_name(const std::string& family);

// Those with the same content (other paths, the same hash).
std::vector<const LibraryEntry*> same_content(const LibraryEntry& entry,
                                              std::span<const LibraryEntry> all);

} // namespace likeness
