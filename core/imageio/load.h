#pragma once

#include "core/image/image.h"
#include "core/request/foreign_settings.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace likeness {

// What a picture file may be. The defaults are the program's; tests make them smaller.
struct ImageLimits {
    std::uint64_t file_bytes = 1ULL << 30;
    std::int64_t side = 32'768;
    std::int64_t pixels = 268'435'456;
    std::uint64_t decoded_bytes = 2ULL << 30;
    std::uint64_t ratio_above_bytes = 512ULL << 20; // from this decoded size on ...
    std::uint64_t ratio = 1'000;                    // ... at most this many times the file's size
    std::size_t icc_bytes = 4U << 20;
    std::size_t request_bytes = 16U << 20;
};

// Fixes where plug-ins are searched for and OpenImageIO's own limits. Call once, before the first
// file is read.
void init_imageio();

// Reads a PNG, JPEG, WebP, TIFF, OpenEXR, BMP or GIF (first frame; HEIF where OpenImageIO has it),
// recognised by its content. The result is upright (EXIF orientation applied) and has 1, 3 or 4
// channels, alpha not premultiplied; linear float pictures come as f32 encoded with sRGB's curve
// and clamped to 0..1; the ICC profile is kept. Throws Error: file_missing, file_unreadable (a
// folder, a pipe, no permission), file_unsupported (another kind of file, which is named),
// file_damaged, file_too_large (past a limit), file_refused (a bomb), out_of_memory.
Image load_image(const std::filesystem::path& path, const ImageLimits& limits = {});

// The same from bytes in memory (paste, drop); `name` is what messages call it.
Image load_image(std::span<const std::byte> bytes, const std::string& name,
                 const ImageLimits& limits = {});

// A picture and the SHA-256 of its file's bytes, from one reading of it.
struct HashedImage {
    ImagePtr image{};
    std::string sha256{};
};

// load_image for what is to be known again by its file.
HashedImage load_hashed_image(const std::filesystem::path& path, const ImageLimits& limits = {});

// A u8 RGB or RGBA picture whose longer side is at most `max_side` pixels.
Image load_thumbnail(const std::filesystem::path& path, int max_side);

// The JSON of the request that save_image put into the file; nullopt when the picture carries none.
// Throws the Errors of load_image, and file_damaged when a request is there but cut or not UTF-8.
std::optional<std::string> read_embedded_request(const std::filesystem::path& path,
                                                 const ImageLimits& limits = {});
std::optional<std::string> read_embedded_request(std::span<const std::byte> bytes,
                                                 const std::string& name,
                                                 const ImageLimits& limits = {});

// Where other programs keep a PNG's settings. Text that is not UTF-8 is taken for Latin-1, as the
// format has it; what is damaged or past `request_bytes` counts as not there, and so does all of
// another format's.
ForeignTexts read_foreign_texts(const std::filesystem::path& path, const ImageLimits& limits = {});
ForeignTexts read_foreign_texts(std::span<const std::byte> bytes, const ImageLimits& limits = {});

} // namespace likeness
