#include "core/imageio/file_kind.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string_view>

namespace likeness {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kTextProbe = 4096; // bytes looked at to tell text from data

std::string_view view(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool has(std::string_view text, std::size_t at, std::string_view part) {
    return text.size() >= at && text.substr(at).starts_with(part);
}

// The brand of an ISO media file: "heic", "isom", ...; empty for other files.
std::string_view media_brand(std::string_view text) {
    return has(text, 4, "ftyp"sv) && text.size() >= 12 ? text.substr(8, 4) : std::string_view{};
}

bool is_heif_brand(std::string_view brand) {
    constexpr std::string_view kBrands[] = {"heic", "heix", "heim", "heis",
                                            "mif1", "msf1", "avif", "avis"};
    return std::ranges::find(kBrands, brand) != std::end(kBrands);
}

// 8 bytes of header length that fits the file, then the header's '{'.
bool is_safetensors(std::string_view text) {
    if (text.size() < 10 || text[8] != '{') {
        return false;
    }
    std::uint64_t length = 0;
    for (std::size_t i = 8; i-- > 0;) {
        length = (length << 8) | static_cast<unsigned char>(text[i]);
    }
    return length >= 2 && length <= text.size() - 8;
}

bool is_text(std::string_view text) {
    const std::string_view probe = text.substr(0, kTextProbe);
    return std::ranges::none_of(probe, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B;
    });
}

std::string lower_start(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    std::string start(text.substr(0, kTextProbe));
    std::ranges::transform(start, start.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return start;
}

Message text_words(std::string_view text) {
    const std::string start = lower_start(text);
    if (start.starts_with("<!doctype html") || start.starts_with("<html")) {
        return message("an HTML page");
    }
    if (start.starts_with("<svg") ||
        (start.starts_with("<?xml") && start.find("<svg") != std::string::npos)) {
        return message("an SVG drawing");
    }
    if (start.starts_with("<?xml")) {
        return message("an XML file");
    }
    if (start.starts_with("version https://git-lfs")) {
        return message("a Git LFS pointer, not the file itself");
    }
    if (start.starts_with("{") || start.starts_with("[")) {
        return message("a JSON file");
    }
    return message("text");
}

struct Signature {
    std::size_t at;
    std::string_view bytes;
    MessageWords<0> words;
};

constexpr Signature kSignatures[] = {
    {0, "%PDF-"sv, words("a PDF document")},
    {0, "8BPS"sv, words("a Photoshop file")},
    {0, "\x00\x00\x00\x0CjP  "sv, words("a JPEG 2000 picture")},
    {0, "\xFF\x0A"sv, words("a JPEG XL picture")},
    {0, "\x00\x00\x00\x0CJXL "sv, words("a JPEG XL picture")},
    {0, "DDS "sv, words("a DDS texture")},
    {0, "#?RADIANCE"sv, words("a Radiance HDR picture")},
    {0, "\x00\x00\x01\x00"sv, words("an icon file")},
    {0, "gimp xcf"sv, words("a GIMP file")},
    {0, "GGUF"sv, words("a GGUF model")},
    {0, "\x80\x02"sv, words("a pickle")},
    {0, "\x80\x04"sv, words("a pickle")},
    {0, "PK\x03\x04"sv, words("a ZIP archive (or a PyTorch checkpoint)")},
    {0, "\x1F\x8B"sv, words("a gzip archive")},
    {0, "7z\xBC\xAF\x27\x1C"sv, words("a 7z archive")},
    {0, "Rar!"sv, words("a RAR archive")},
    {0,
     "\x7F"
     "ELF"sv,
     words("a program")},
    {0, "MZ"sv, words("a Windows program")},
    {0, "OggS"sv, words("an Ogg sound or video file")},
    {0, "ID3"sv, words("an MP3 sound file")},
    {0, "fLaC"sv, words("a FLAC sound file")},
    {0, "\x1A\x45\xDF\xA3"sv, words("a Matroska or WebM video")},
    {0, "SQLite format 3"sv, words("an SQLite database")},
    {8, "WAVE"sv, words("a WAV sound file")},
    {8, "AVI "sv, words("an AVI video")},
};

} // namespace

PictureKind picture_kind(std::span<const std::byte> bytes) {
    const std::string_view text = view(bytes);
    if (has(text, 0, "\x89PNG\r\n\x1A\n"sv)) {
        return PictureKind::png;
    }
    if (has(text, 0, "\xFF\xD8\xFF"sv)) {
        return PictureKind::jpeg;
    }
    if (has(text, 0, "RIFF"sv) && has(text, 8, "WEBP"sv)) {
        return PictureKind::webp;
    }
    if (has(text, 0, "II*\0"sv) || has(text, 0, "MM\0*"sv) || has(text, 0, "II+\0"sv) ||
        has(text, 0, "MM\0+"sv)) {
        return PictureKind::tiff;
    }
    if (has(text, 0, "\x76\x2F\x31\x01"sv)) {
        return PictureKind::exr;
    }
    if (has(text, 0, "GIF87a"sv) || has(text, 0, "GIF89a"sv)) {
        return PictureKind::gif;
    }
    if (has(text, 0, "BM"sv) && has(text, 6, "\0\0\0\0"sv)) {
        return PictureKind::bmp;
    }
    return is_heif_brand(media_brand(text)) ? PictureKind::heif : PictureKind::none;
}

const char* reader_name(PictureKind kind) {
    switch (kind) {
    case PictureKind::none:
        return "";
    case PictureKind::png:
        return "png";
    case PictureKind::jpeg:
        return "jpeg";
    case PictureKind::webp:
        return "webp";
    case PictureKind::tiff:
        return "tiff";
    case PictureKind::exr:
        return "openexr";
    case PictureKind::bmp:
        return "bmp";
    case PictureKind::gif:
        return "gif";
    case PictureKind::heif:
        return "heif";
    }
    return "";
}

Message kind_words(std::span<const std::byte> bytes) {
    switch (picture_kind(bytes)) {
    case PictureKind::png:
        return message("a PNG picture");
    case PictureKind::jpeg:
        return message("a JPEG picture");
    case PictureKind::webp:
        return message("a WebP picture");
    case PictureKind::tiff:
        return message("a TIFF picture");
    case PictureKind::exr:
        return message("an OpenEXR picture");
    case PictureKind::bmp:
        return message("a BMP picture");
    case PictureKind::gif:
        return message("a GIF picture");
    case PictureKind::heif:
        return message("a HEIF or AVIF picture");
    case PictureKind::none:
        break;
    }
    const std::string_view text = view(bytes);
    if (is_safetensors(text)) {
        return message("a safetensors file");
    }
    for (const Signature& signature : kSignatures) {
        if (has(text, signature.at, signature.bytes)) {
            return message(signature.words);
        }
    }
    if (!media_brand(text).empty()) {
        return message("a video or sound file");
    }
    return is_text(text) ? text_words(text) : message("a kind of file this program does not know");
}

} // namespace likeness
