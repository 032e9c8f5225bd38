#include "core/imageio/containers.h"

#include "core/base/check.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace likeness {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kPngSignature = 8;
constexpr std::size_t kPngChunkFrame = 12; // length, type, checksum

std::string_view text_of(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ByteView bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

void append(Bytes& to, ByteView bytes) {
    const std::size_t at = to.size();
    to.resize(at + bytes.size());
    std::ranges::copy(bytes, to.begin() + static_cast<std::ptrdiff_t>(at));
}

void append(Bytes& to, std::string_view text) {
    append(to, bytes_of(text));
}

void write_number(std::span<std::byte> to, std::uint64_t value, bool big_endian) {
    for (std::size_t i = 0; i < to.size(); ++i) {
        const std::size_t shift = 8 * (big_endian ? to.size() - 1 - i : i);
        to[i] = static_cast<std::byte>((value >> shift) & 0xFFU);
    }
}

void append_number(Bytes& to, std::uint64_t value, std::size_t bytes, bool big_endian) {
    const std::size_t at = to.size();
    to.resize(at + bytes);
    write_number(std::span(to).subspan(at), value, big_endian);
}

std::uint32_t number_at(ByteView bytes, std::size_t at, int count, bool big_endian) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) {
        const int index = big_endian ? i : count - 1 - i;
        value = (value << 8) |
                std::to_integer<std::uint32_t>(bytes[at + static_cast<std::size_t>(index)]);
    }
    return value;
}

// PNG 1.2, annex D: CRC-32 with the polynomial 0xEDB88320.
std::uint32_t checksum(ByteView bytes) {
    static constexpr auto kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t n = 0; n < 256; ++n) {
            std::uint32_t c = n;
            for (int bit = 0; bit < 8; ++bit) {
                c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
            }
            table[n] = c;
        }
        return table;
    }();
    std::uint32_t c = 0xFFFFFFFFU;
    for (const std::byte b : bytes) {
        c = kTable[(c ^ std::to_integer<std::uint32_t>(b)) & 0xFFU] ^ (c >> 8);
    }
    return c ^ 0xFFFFFFFFU;
}

struct PngChunk {
    std::string_view type{};
    ByteView data{};
    ByteView whole{};
    bool cut = false; // the file ends inside of it

    bool is_text() const { return type == "tEXt" || type == "zTXt" || type == "iTXt"; }

    // PNG 1.2, 3.3: without one of these there is no picture.
    bool is_critical() const { return type.front() >= 'A' && type.front() <= 'Z'; }

    bool sums_up() const {
        return !cut && checksum(whole.subspan(4, data.size() + 4)) ==
                           number_at(whole, whole.size() - 4, 4, true);
    }
};

// Calls `visit` with each chunk up to IEND or the break; stops when it returns false. Returns where
// it stopped.
template <typename Visit>
std::size_t walk_png(ByteView png, Visit&& visit) {
    std::size_t at = kPngSignature;
    while (at <= png.size() && png.size() - at >= 8) {
        const std::size_t length = number_at(png, at, 4, true);
        const std::size_t left = png.size() - at;
        PngChunk chunk{.type = text_of(png.subspan(at + 4, 4))};
        chunk.cut = length > left - 8 || left - 8 - length < 4;
        chunk.data = png.subspan(at + 8, std::min(length, left - 8));
        chunk.whole = png.subspan(at, chunk.cut ? left : length + kPngChunkFrame);
        if (!visit(chunk) || chunk.cut) {
            return at;
        }
        at += chunk.whole.size();
        if (chunk.type == "IEND") {
            break;
        }
    }
    return at;
}

bool has_keyword(const PngChunk& chunk, std::string_view keyword) {
    const std::string_view text = text_of(chunk.data);
    return text.size() > keyword.size() && text.starts_with(keyword) &&
           text[keyword.size()] == '\0';
}

// An iTXt's text lies behind: keyword 0 compressed method language 0 translated 0.
EmbeddedText international_text(std::string_view data, std::size_t start, std::size_t limit) {
    std::size_t at = start;
    if (data.size() < at + 2) {
        return {.damaged = true};
    }
    if (data[at] != '\0') {
        return {.compressed = true};
    }
    at += 2;
    for (int field = 0; field < 2; ++field) {
        const std::size_t end = data.find('\0', at);
        if (end == std::string_view::npos) {
            return {.damaged = true};
        }
        at = end + 1;
    }
    if (data.size() - at > limit) {
        return {.too_large = true};
    }
    return {.text = std::string(data.substr(at))};
}

void append_png_chunk(Bytes& to, std::string_view type, ByteView data) {
    append_number(to, data.size(), 4, true);
    const std::size_t start = to.size();
    append(to, type);
    append(to, data);
    append_number(to, checksum(ByteView(to).subspan(start)), 4, true);
}

constexpr std::size_t kLargestSegment =
    65'533; // a JPEG segment's length field counts its own two bytes

// "likeness" and a zero, then a piece of the request.
std::string request_prefix() {
    std::string prefix(kRequestKeyword);
    prefix.push_back('\0');
    return prefix;
}

// Calls `visit(marker, data)` with each segment before the pixels.
template <typename Visit>
void walk_jpeg(ByteView jpeg, Visit&& visit) {
    std::size_t at = 2;
    while (at <= jpeg.size() && jpeg.size() - at >= 4) {
        if (jpeg[at] != std::byte{0xFF}) {
            return;
        }
        const auto marker = std::to_integer<unsigned>(jpeg[at + 1]);
        if (marker == 0xFF) {
            ++at; // fill bytes
            continue;
        }
        if (marker == 0xDA || marker == 0xD9) {
            return;
        }
        const std::size_t length = number_at(jpeg, at + 2, 2, true);
        const std::size_t left = jpeg.size() - at - 2;
        if (length < 2) {
            return;
        }
        visit(marker, jpeg.subspan(at + 4, std::min(length, left) - 2), length > left);
        if (length > left) {
            return;
        }
        at += 2 + length;
    }
}

struct RiffChunk {
    std::string_view type{};
    ByteView data{};
    bool cut = false;
};

// Calls `visit` with each chunk of a WebP; stops when it returns false or at the break.
template <typename Visit>
void walk_riff(ByteView webp, Visit&& visit) {
    std::size_t at = 12;
    while (at <= webp.size() && webp.size() - at >= 8) {
        const std::size_t length = number_at(webp, at + 4, 4, false);
        const std::size_t left = webp.size() - at - 8;
        const RiffChunk chunk{.type = text_of(webp.subspan(at, 4)),
                              .data = webp.subspan(at + 8, std::min(length, left)),
                              .cut = length > left};
        if (!visit(chunk) || chunk.cut) {
            return;
        }
        at += 8 + length + (length & 1U);
    }
}

void append_riff_chunk(Bytes& to, std::string_view type, ByteView data) {
    append(to, type);
    append_number(to, data.size(), 4, false);
    append(to, data);
    if (data.size() % 2 == 1) {
        to.push_back(std::byte{0});
    }
}

constexpr std::string_view kXmpHead =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description rdf:about=\"\" xmlns:likeness=\"urn:likeness:request:1\">";
constexpr std::string_view kXmpTail = "</rdf:Description></rdf:RDF></x:xmpmeta>";
constexpr std::string_view kXmpOpen = "<likeness:request>";
constexpr std::string_view kXmpClose = "</likeness:request>";

struct Escape {
    char character;
    std::string_view entity;
};

// A literal return would come back as a line feed from an XML parser.
constexpr Escape kEscapes[] = {{'&', "&amp;"},  {'<', "&lt;"},    {'>', "&gt;"},
                               {'"', "&quot;"}, {'\'', "&apos;"}, {'\r', "&#13;"}};

std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        const auto* found = std::ranges::find(kEscapes, c, &Escape::character);
        if (found == std::end(kEscapes)) {
            result.push_back(c);
        } else {
            result += found->entity;
        }
    }
    return result;
}

std::string unescaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto* found = std::ranges::find_if(kEscapes, [&](const Escape& escape) {
            return text.substr(at).starts_with(escape.entity);
        });
        if (found == std::end(kEscapes)) {
            result.push_back(text[at++]);
        } else {
            result.push_back(found->character);
            at += found->entity.size();
        }
    }
    return result;
}

EmbeddedText request_in_xmp(std::string_view packet, bool cut, std::size_t limit) {
    const std::size_t open = packet.find(kXmpOpen);
    if (open == std::string_view::npos) {
        return {};
    }
    const std::size_t start = open + kXmpOpen.size();
    const std::size_t end = packet.find(kXmpClose, start);
    if (end == std::string_view::npos || cut) {
        return {.damaged = true};
    }
    if (end - start > limit) {
        return {.too_large = true};
    }
    return {.text = unescaped(packet.substr(start, end - start))};
}

bool is_big_endian_tiff(ByteView tiff) {
    return !tiff.empty() && tiff[0] == std::byte{'M'};
}

// TIFF 6.0, section 2: where the first directory's entry of that tag begins. The whole entry (tag,
// type, count, value or offset) lies within the file.
std::optional<std::size_t> tiff_entry(ByteView tiff, unsigned tag) {
    constexpr std::size_t kEntry = 12;
    if (tiff.size() < 8) {
        return std::nullopt;
    }
    const bool big_endian = is_big_endian_tiff(tiff);
    const std::size_t directory = number_at(tiff, 4, 4, big_endian);
    if (directory > tiff.size() - 2) {
        return std::nullopt;
    }
    const std::size_t entries = number_at(tiff, directory, 2, big_endian);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + i * kEntry;
        if (at + kEntry > tiff.size()) {
            return std::nullopt;
        }
        if (number_at(tiff, at, 2, big_endian) == tag) {
            return at;
        }
    }
    return std::nullopt;
}

} // namespace

Bytes png_with_request(ByteView png, std::string_view request) {
    Bytes result;
    result.reserve(png.size() + request.size() + 64);
    std::size_t after_header = 0;
    walk_png(png, [&](const PngChunk& chunk) {
        after_header = kPngSignature + chunk.whole.size();
        return false;
    });
    LIKENESS_CHECK(after_header > 0 && after_header < png.size(), "not a PNG of ours");
    append(result, png.first(after_header));
    const bool ascii = std::ranges::all_of(
        request, [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\0'; });
    Bytes data;
    append(data, request_prefix());
    if (!ascii) {
        append(data, "\0\0\0\0"sv); // not compressed, no language, no translated keyword
    }
    append(data, request);
    append_png_chunk(result, ascii ? "tEXt" : "iTXt", data);
    append(result, png.subspan(after_header));
    return result;
}

EmbeddedText request_in_png(ByteView png, std::size_t limit) {
    return text_in_png(png, kRequestKeyword, limit);
}

EmbeddedText text_in_png(ByteView png, std::string_view keyword, std::size_t limit) {
    EmbeddedText found;
    walk_png(png, [&](const PngChunk& chunk) {
        if (!chunk.is_text() || !has_keyword(chunk, keyword)) {
            return true;
        }
        const std::string_view data = text_of(chunk.data);
        const std::size_t start = keyword.size() + 1;
        if (!chunk.sums_up()) {
            found.damaged = true;
        } else if (chunk.type == "zTXt") {
            found.compressed = true;
        } else if (chunk.type == "iTXt") {
            found = international_text(data, start, limit);
        } else if (data.size() - start > limit) {
            found.too_large = true;
        } else {
            found.text = std::string(data.substr(start));
        }
        return false;
    });
    return found;
}

bool png_is_whole(ByteView png) {
    bool whole = true;
    bool ended = false;
    walk_png(png, [&](const PngChunk& chunk) {
        whole = !chunk.cut && (!chunk.is_critical() || chunk.sums_up());
        ended = chunk.type == "IEND";
        return whole;
    });
    return whole && ended;
}

Bytes png_without_texts(ByteView png, std::string_view keyword) {
    Bytes result;
    result.reserve(png.size());
    append(result, png.first(std::min(png.size(), kPngSignature)));
    bool found = false;
    const std::size_t end = walk_png(png, [&](const PngChunk& chunk) {
        const bool wanted =
            chunk.is_text() && !keyword.empty() && !found && has_keyword(chunk, keyword);
        found = found || wanted;
        const bool kept = wanted || (!chunk.is_text() && (chunk.is_critical() || chunk.sums_up()));
        if (kept && !chunk.cut) {
            append(result, chunk.whole);
        }
        return true;
    });
    append(result, png.subspan(std::min(end, png.size())));
    return result;
}

Bytes jpeg_with_request(ByteView jpeg, std::string_view request) {
    LIKENESS_CHECK(jpeg.size() > 2, "not a JPEG of ours");
    // Behind SOI and the JFIF segment, which must stay first.
    std::size_t at = 2;
    if (jpeg.size() > 6 && jpeg[2] == std::byte{0xFF} && jpeg[3] == std::byte{0xE0}) {
        at += 2 + number_at(jpeg, 4, 2, true);
    }
    LIKENESS_CHECK(at < jpeg.size(), "not a JPEG of ours");
    Bytes result;
    result.reserve(jpeg.size() + request.size() + 64);
    append(result, jpeg.first(at));
    const std::string prefix = request_prefix();
    const std::size_t room = kLargestSegment - prefix.size();
    for (std::size_t done = 0; done < request.size(); done += room) {
        const std::string_view piece = request.substr(done, room);
        append(result, "\xFF\xFE"sv);
        append_number(result, 2 + prefix.size() + piece.size(), 2, true);
        append(result, prefix);
        append(result, piece);
    }
    append(result, jpeg.subspan(at));
    return result;
}

EmbeddedText request_in_jpeg(ByteView jpeg, std::size_t limit) {
    EmbeddedText found;
    const std::string prefix = request_prefix();
    walk_jpeg(jpeg, [&](unsigned marker, ByteView data, bool cut) {
        const std::string_view text = text_of(data);
        if (marker != 0xFE || !text.starts_with(prefix)) {
            return;
        }
        const std::string_view piece = text.substr(prefix.size());
        std::string& all = found.text ? *found.text : found.text.emplace();
        found.damaged = found.damaged || cut;
        found.too_large = found.too_large || piece.size() > limit - all.size();
        if (!found.too_large) {
            all += piece;
        }
    });
    return found;
}

// Its ImageDescription, ASCII. Ours lie in files of the classic kind.
EmbeddedText request_in_tiff(ByteView tiff, std::size_t limit) {
    constexpr unsigned kImageDescription = 270;
    const auto at = tiff_entry(tiff, kImageDescription);
    if (!at) {
        return {};
    }
    const bool big_endian = is_big_endian_tiff(tiff);
    const std::size_t count = number_at(tiff, *at + 4, 4, big_endian);
    const std::size_t offset = number_at(tiff, *at + 8, 4, big_endian);
    if (count <= 4 || offset > tiff.size() || tiff.size() - offset < count) {
        return {};
    }
    const std::string_view text = text_of(tiff.subspan(offset, count));
    if (!text.starts_with(kTiffPrefix)) {
        return {};
    }
    const std::string_view request = text.substr(kTiffPrefix.size());
    const std::size_t length = std::min(request.find('\0'), request.size());
    if (length > limit) {
        return {.too_large = true};
    }
    return {.text = std::string(request.substr(0, length))};
}

Bytes webp_with_extras(ByteView webp, const WebpExtras& extras) {
    LIKENESS_CHECK(webp.size() > 20, "not a WebP of ours");
    constexpr unsigned kHasProfile = 0x20;
    constexpr unsigned kHasAlpha = 0x10;
    constexpr unsigned kHasXmp = 0x04;
    std::array<std::byte, 10> header{};
    write_number(std::span(header).first(4),
                 (extras.icc_profile.empty() ? 0U : kHasProfile) | (extras.alpha ? kHasAlpha : 0U) |
                     (extras.request.empty() ? 0U : kHasXmp),
                 false);
    write_number(std::span(header).subspan(4, 3), static_cast<std::uint64_t>(extras.width - 1),
                 false);
    write_number(std::span(header).subspan(7, 3), static_cast<std::uint64_t>(extras.height - 1),
                 false);

    Bytes result;
    result.reserve(webp.size() + extras.request.size() + extras.icc_profile.size() + 1024);
    append(result, "RIFF\0\0\0\0WEBP"sv); // the length comes at the end
    append_riff_chunk(result, "VP8X", header);
    if (!extras.icc_profile.empty()) {
        append_riff_chunk(result, "ICCP", extras.icc_profile);
    }
    walk_riff(webp, [&](const RiffChunk& chunk) {
        if (chunk.type == "ALPH" || chunk.type == "VP8 " || chunk.type == "VP8L") {
            append_riff_chunk(result, chunk.type, chunk.data);
        }
        return true;
    });
    if (!extras.request.empty()) {
        std::string packet(kXmpHead);
        packet += kXmpOpen;
        packet += escaped(extras.request);
        packet += kXmpClose;
        packet += kXmpTail;
        append_riff_chunk(result, "XMP ", bytes_of(packet));
    }

    write_number(std::span(result).subspan(4, 4), result.size() - 8, false);
    return result;
}

EmbeddedText request_in_webp(ByteView webp, std::size_t limit) {
    EmbeddedText found;
    walk_riff(webp, [&](const RiffChunk& chunk) {
        if (chunk.type != "XMP ") {
            return true;
        }
        found = request_in_xmp(text_of(chunk.data), chunk.cut, limit);
        return false;
    });
    return found;
}

ByteView icc_profile_in_webp(ByteView webp) {
    ByteView profile;
    walk_riff(webp, [&](const RiffChunk& chunk) {
        if (chunk.type == "ICCP" && !chunk.cut) {
            profile = chunk.data;
        }
        return profile.empty() && chunk.type != "VP8 " && chunk.type != "VP8L";
    });
    return profile;
}

int orientation_in_webp(ByteView webp) {
    constexpr auto kJpegPrefix = "Exif\0\0"sv; // some writers put it there too
    constexpr unsigned kOrientation = 0x0112;
    constexpr unsigned kShort = 3;
    ByteView exif;
    walk_riff(webp, [&](const RiffChunk& chunk) {
        if (chunk.type == "EXIF" && !chunk.cut) {
            exif = chunk.data;
        }
        return exif.empty();
    });
    if (text_of(exif).starts_with(kJpegPrefix)) {
        exif = exif.subspan(kJpegPrefix.size());
    }
    const auto at = tiff_entry(exif, kOrientation);
    const bool big_endian = is_big_endian_tiff(exif);
    if (!at || number_at(exif, *at + 2, 2, big_endian) != kShort) {
        return 1;
    }
    const auto orientation = number_at(exif, *at + 8, 2, big_endian);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
}

} // namespace likeness
