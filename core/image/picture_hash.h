#pragma once

#include "core/image/image.h"

#include <array>
#include <cstdint>
#include <vector>

namespace likeness {

// What a picture looks like, as bits (a perceptual hash): whether each of the lowest frequencies of
// its greys is above their median.
using HashBits = std::array<std::uint64_t, 4>;

// Those of the whole picture, and of it with up to a tenth of each side cut off, so that a slightly
// cropped copy is known again.
struct PictureHash {
    HashBits whole{};
    std::vector<HashBits> cut{};
    std::array<float, 32> tint{}; // what red and blue have of each sixteenth's light
};

PictureHash picture_hash(const Image& image);

// Bits that differ where the two fit best, 0..255.
int hash_distance(const PictureHash& a, const PictureHash& b);

// How far their colours are apart where they differ most, 0..1.
double tint_distance(const PictureHash& a, const PictureHash& b);

// Whether one is a copy of the other: compressed, resized, made brighter or slightly cropped.
bool looks_alike(const PictureHash& a, const PictureHash& b);

} // namespace likeness
