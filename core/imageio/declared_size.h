#pragma once

#include "core/imageio/file_kind.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace likeness {

struct PixelSize {
    std::int64_t width = 0;
    std::int64_t height = 0;

    bool operator==(const PixelSize&) const = default;
};

// The largest size a PNG, BMP, GIF, WebP or HEIF declares, read from its header. The readers of the
// last three take memory for the whole picture when they are opened, before a spec can be checked.
// nullopt for other kinds and for headers that are cut.
std::optional<PixelSize> declared_size(PictureKind kind, std::span<const std::byte> bytes);

// Whether every attribute of an OpenEXR header fits into the file; the library allocates what their
// lengths say.
bool exr_header_fits(std::span<const std::byte> bytes);

} // namespace likeness
