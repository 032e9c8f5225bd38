#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The request inside picture files, at the level of their containers: PNG chunks, JPEG segments,
// RIFF chunks. Nothing is decoded. Every length is checked before it is used; a reader that meets a
// broken container stops at the break.

namespace likeness {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

inline constexpr std::string_view kRequestKeyword = "likeness";

// What a container said about its request.
struct EmbeddedText {
    std::optional<std::string> text{};
    bool damaged = false;    // there is one, but its checksum or its end is wrong
    bool compressed = false; // there is one, and it needs inflating first
    bool too_large = false;  // there is one, past the limit
};

// Puts the request into a PNG as a text chunk behind IHDR: tEXt for ASCII, else iTXt.
Bytes png_with_request(ByteView png, std::string_view request);
EmbeddedText request_in_png(ByteView png, std::size_t limit);

// The first text chunk of that keyword, as it stands there.
EmbeddedText text_in_png(ByteView png, std::string_view keyword, std::size_t limit);

// Whether a PNG reaches its end and the chunks that make the picture have the right checksums.
bool png_is_whole(ByteView png);

// The PNG without text chunks (a few kilobytes of them can inflate to gigabytes), but for the one
// named `keyword`.
Bytes png_without_texts(ByteView png, std::string_view keyword = {});

// Puts the request into comment segments behind SOI; one holds at most 65,533 bytes.
Bytes jpeg_with_request(ByteView jpeg, std::string_view request);
EmbeddedText request_in_jpeg(ByteView jpeg, std::size_t limit);

// A TIFF's request is its ImageDescription, behind this.
inline constexpr std::string_view kTiffPrefix = "likeness ";
EmbeddedText request_in_tiff(ByteView tiff, std::size_t limit);

// What a WebP may carry beside its pixels.
struct WebpExtras {
    int width = 0;
    int height = 0;
    bool alpha = false;
    std::string_view request{}; // empty: none
    ByteView icc_profile{};
};

// The simple WebP as an extended one (VP8X) with the profile and the request in an XMP packet.
Bytes webp_with_extras(ByteView webp, const WebpExtras& extras);
EmbeddedText request_in_webp(ByteView webp, std::size_t limit);
ByteView icc_profile_in_webp(ByteView webp);

// EXIF's orientation 1..8 in a WebP; 1 where none is told, or nothing that can be.
int orientation_in_webp(ByteView webp);

} // namespace likeness
