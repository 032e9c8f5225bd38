#pragma once

#include "core/base/message.h"

#include <cstddef>
#include <span>

namespace likeness {

// The picture formats that reach a decoder.
enum class PictureKind { none, png, jpeg, webp, tiff, exr, bmp, gif, heif };

// Decided by the first bytes alone, never by the name.
PictureKind picture_kind(std::span<const std::byte> bytes);

// OpenImageIO's name of the format ("png"); empty for none.
const char* reader_name(PictureKind kind);

// What a file is, in words: "a PNG picture", "a safetensors file", "an HTML page", "text".
Message kind_words(std::span<const std::byte> bytes);

} // namespace likeness
