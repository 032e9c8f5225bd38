#pragma once

#include "core/image/image.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

enum class ImageFormat { png, jpeg, tiff, exr, webp };

struct SaveOptions {
    std::optional<std::string> request_json{}; // UTF-8; read_embedded_request() gives it back
    int quality = 95;                          // JPEG and WebP, 1..100; 100 makes a WebP lossless
};

// By the ending, in any case: .png .jpg .jpeg .tif .tiff .exr .webp; nullopt for any other.
std::optional<ImageFormat> image_format(const std::filesystem::path& path);

// The whole file in memory. The same picture and options give the same bytes. PNG and TIFF keep u8
// and u16 (f32 becomes u16), JPEG and WebP are u8 (JPEG without alpha), EXR is linear half float
// (f32: float). The ICC profile travels along. Throws Error{bad_request} where the format cannot
// hold the picture, out_of_memory, internal.
std::vector<std::byte> encode_image(const Image& image, ImageFormat format,
                                    const SaveOptions& options = {});

// Writes `image` under `path`, in the format its ending names, all or nothing. An existing file is
// replaced. Throws Error: bad_request for an ending that is not written, write_failed.
void save_image(const std::filesystem::path& path, const Image& image,
                const SaveOptions& options = {});

} // namespace likeness
