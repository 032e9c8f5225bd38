#include "core/imageio/load.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/imageio/colour.h"
#include "core/imageio/containers.h"
#include "core/imageio/declared_size.h"
#include "core/imageio/file_kind.h"
#include "core/imageio/orientation.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr int kMostChannels = 8;

// A picture file in memory and what to call it.
struct Source {
    ByteView bytes{};
    std::string name{};           // as messages show it, in quotes
    std::filesystem::path path{}; // empty: there is only memory
    PictureKind kind = PictureKind::none;
};

[[noreturn]] void fail_damaged(const Source& source, const std::string& detail) {
    throw Error(ErrorCode::file_damaged,
                fmt::format("The picture {} is damaged: it is {}, but it cannot be read to its "
                            "end.\nUse another copy of it.",
                            source.name, kind_words(source.bytes)),
                detail);
}

[[noreturn]] void fail_too_large(const Source& source, const std::string& why) {
    throw Error(
        ErrorCode::file_too_large,
        fmt::format("The picture {} is too large: {}.\nMake it smaller first.", source.name, why));
}

Source make_source(ByteView bytes, const std::string& name, const std::filesystem::path& path) {
    Source source{.bytes = bytes, .name = in_quotes(name), .path = path};
    if (bytes.empty()) {
        throw Error(
            ErrorCode::file_damaged,
            fmt::format("The file {} is empty (0 bytes).\nUse another copy of it.", source.name));
    }
    source.kind = picture_kind(bytes);
    const bool has_reader = source.kind != PictureKind::none &&
                            OIIO::ImageInput::create(reader_name(source.kind)) != nullptr;
    if (!has_reader) {
        throw Error(ErrorCode::file_unsupported,
                    fmt::format("{} is no picture this program reads: it is {}.\nPNG, JPEG, WebP, "
                                "TIFF, OpenEXR, BMP and GIF can be read.",
                                source.name, kind_words(bytes)));
    }
    return source;
}

// An opened reader with the memory it reads from.
struct Reader {
    Bytes filtered{}; // what it reads, where that is not the source itself
    std::unique_ptr<OIIO::Filesystem::IOMemReader> memory{};
    std::unique_ptr<OIIO::ImageInput> input{};
    OIIO::ImageSpec spec{};
};

void check_size(const Source& source, std::int64_t width, std::int64_t height,
                const ImageLimits& limits) {
    if (width > limits.side || height > limits.side) {
        fail_too_large(source, fmt::format("{} x {} pixels, at most {} a side can be read", width,
                                           height, limits.side));
    }
    if (width * height > limits.pixels) {
        fail_too_large(source,
                       fmt::format("{} x {} is {} megapixels, at most {} can be read", width,
                                   height, width * height / 1'000'000, limits.pixels / 1'000'000));
    }
}

// A small file that would fill much memory.
void check_ratio(const Source& source, std::uint64_t decoded, const ImageLimits& limits) {
    const std::uint64_t file_bytes = source.bytes.size();
    if (decoded > limits.ratio_above_bytes && decoded / limits.ratio > file_bytes) {
        throw Error(ErrorCode::file_refused,
                    fmt::format("The picture {} is refused: {} in the file would fill {} of "
                                "memory.\nSave it again with less compression if it is yours.",
                                source.name, byte_words(file_bytes), byte_words(decoded)));
    }
}

// What can be known before a reader is opened.
void check_header(const Source& source, const ImageLimits& limits) {
    if (const auto size = declared_size(source.kind, source.bytes)) {
        check_size(source, size->width, size->height, limits);
        const std::int64_t pixels = size->width * size->height;
        const bool opens_cheaply =
            source.kind == PictureKind::png || source.kind == PictureKind::bmp;
        if (!opens_cheaply) {
            check_ratio(source, static_cast<std::uint64_t>(pixels) * 4, limits);
        }
    }
    if (source.kind == PictureKind::png && !png_is_whole(source.bytes)) {
        fail_damaged(source, "a chunk is cut or its checksum is wrong");
    }
    if (source.kind == PictureKind::exr && !exr_header_fits(source.bytes)) {
        fail_damaged(source, "an attribute of the header reaches past the end of the file");
    }
}

Reader open_reader(const Source& source, const ImageLimits& limits,
                   std::string_view kept_text = {}) {
    check_header(source, limits);
    Reader reader;
    reader.input = OIIO::ImageInput::create(reader_name(source.kind));
    OIIO::ImageSpec config;
    config.attribute("oiio:UnassociatedAlpha", 1);
    std::string name = fmt::format("memory.{}", reader_name(source.kind));
    if (reader.input->supports("ioproxy")) {
        ByteView bytes = source.bytes;
        if (source.kind == PictureKind::png) {
            reader.filtered = png_without_texts(bytes, kept_text);
            bytes = reader.filtered;
        }
        reader.memory = std::make_unique<OIIO::Filesystem::IOMemReader>(bytes.data(), bytes.size());
        reader.input->set_ioproxy(reader.memory.get());
    } else if (source.path.empty()) {
        throw Error(ErrorCode::file_unsupported,
                    fmt::format("{} is {}, which can only be read from a file.\nSave it to the "
                                "disk first.",
                                source.name, kind_words(source.bytes)));
    } else {
        name = source.path.string();
    }
    const bool opened = reader.input->open(name, reader.spec, config);
    const std::string trouble = reader.input->geterror();
    if (!opened) {
        fail_damaged(source, trouble);
    }
    return reader;
}

// What the pixels are read as.
PixelType wanted_type(const OIIO::ImageSpec& spec) {
    OIIO::TypeDesc widest = spec.format;
    for (const OIIO::TypeDesc& format : spec.channelformats) {
        if (format.size() > widest.size()) {
            widest = format;
        }
    }
    if (widest.is_floating_point()) {
        return PixelType::f32;
    }
    return widest.size() > 1 ? PixelType::u16 : PixelType::u8;
}

OIIO::TypeDesc type_desc(PixelType type) {
    switch (type) {
    case PixelType::u8:
        return OIIO::TypeDesc::UINT8;
    case PixelType::u16:
        return OIIO::TypeDesc::UINT16;
    case PixelType::f32:
        return OIIO::TypeDesc::FLOAT;
    }
    return OIIO::TypeDesc::UINT8;
}

// The guard between opening and the first pixel: OpenImageIO 2.4 heeds its own limits in TIFF only.
void check_spec(const Source& source, const OIIO::ImageSpec& spec, const ImageLimits& limits) {
    if (spec.width < 1 || spec.height < 1 || spec.nchannels < 1) {
        fail_damaged(source, fmt::format("{} x {} x {}", spec.width, spec.height, spec.nchannels));
    }
    check_size(source, spec.width, spec.height, limits);
    if (spec.deep || spec.depth > 1) {
        throw Error(ErrorCode::file_unsupported,
                    fmt::format("The picture {} is a volume or has deep pixels, which are not "
                                "read.\nExport it as a flat picture.",
                                source.name));
    }
    if (spec.nchannels > kMostChannels) {
        throw Error(ErrorCode::file_unsupported,
                    fmt::format("The picture {} has {} channels, at most {} are read.\nExport it "
                                "as RGB or RGBA.",
                                source.name, spec.nchannels, kMostChannels));
    }
    // At most 2^15 x 2^15 x 8 x 4: no overflow.
    const std::uint64_t decoded =
        static_cast<std::uint64_t>(spec.width) * static_cast<std::uint64_t>(spec.height) *
        static_cast<std::uint64_t>(spec.nchannels) * value_size(wanted_type(spec));
    if (decoded > limits.decoded_bytes) {
        fail_too_large(source, fmt::format("{} in memory, at most {} can be read",
                                           byte_words(decoded), byte_words(limits.decoded_bytes)));
    }
    check_ratio(source, decoded, limits);
    // A tile is read whole, however small the picture is.
    if (spec.tile_width > 0) {
        check_size(source, spec.tile_width, spec.tile_height, limits);
        const std::uint64_t tile = static_cast<std::uint64_t>(spec.tile_width) *
                                   static_cast<std::uint64_t>(spec.tile_height) *
                                   static_cast<std::uint64_t>(spec.nchannels) *
                                   value_size(wanted_type(spec));
        check_ratio(source, tile, limits);
    }
}

// Which file channel each of ours comes from: grey, RGB or RGBA.
std::vector<int> chosen_channels(const OIIO::ImageSpec& spec) {
    const auto named = [&](std::string_view name) {
        for (int c = 0; c < spec.nchannels; ++c) {
            const std::string& full = spec.channelnames[static_cast<std::size_t>(c)];
            if (full == name || full.ends_with(fmt::format(".{}", name))) {
                return c;
            }
        }
        return -1;
    };
    const int alpha = spec.alpha_channel;
    std::vector<int> colours{named("R"), named("G"), named("B")};
    if (std::ranges::find(colours, -1) != colours.end()) {
        colours.clear();
        for (int c = 0; c < spec.nchannels && colours.size() < 3; ++c) {
            if (c != alpha && c != spec.z_channel) {
                colours.push_back(c);
            }
        }
    }
    const int first = colours.empty() ? 0 : colours.front();
    if (colours.size() < 3) {
        return alpha < 0 ? std::vector<int>{first} : std::vector<int>{first, first, first, alpha};
    }
    if (alpha >= 0) {
        colours.push_back(alpha);
    }
    return colours;
}

// The pixels with the channels of `chosen`, in its order.
Image with_channels(const Image& all, const std::vector<int>& chosen) {
    Image image = make_image(all.width, all.height, static_cast<int>(chosen.size()), all.type);
    const std::size_t size = value_size(all.type);
    const std::size_t in_pixel = size * static_cast<std::size_t>(all.channels);
    const std::byte* from = all.bytes.data();
    std::byte* to = image.bytes.data();
    for (const std::byte* end = from + all.bytes.size(); from != end; from += in_pixel) {
        for (const int c : chosen) {
            std::memcpy(to, from + static_cast<std::size_t>(c) * size, size);
            to += size;
        }
    }
    return image;
}

Image read_pixels(const Source& source, Reader& reader) {
    const OIIO::ImageSpec& spec = reader.spec;
    Image all = make_image(spec.width, spec.height, spec.nchannels, wanted_type(spec));
    const bool read =
        reader.input->read_image(0, 0, 0, spec.nchannels, type_desc(all.type), all.bytes.data());
    // A cut JPEG reads as success; the text tells.
    const std::string trouble = reader.input->geterror();
    if (!read || !trouble.empty()) {
        fail_damaged(source, trouble.empty() ? "the reader gave no reason" : trouble);
    }
    const std::vector<int> chosen = chosen_channels(spec);
    const bool in_order = static_cast<int>(chosen.size()) == spec.nchannels &&
                          std::ranges::is_sorted(chosen) && chosen.front() == 0 &&
                          std::ranges::adjacent_find(chosen) == chosen.end();
    return in_order ? std::move(all) : with_channels(all, chosen);
}

bool is_linear(const Source& source, const OIIO::ImageSpec& spec) {
    return source.kind == PictureKind::exr ||
           OIIO::Strutil::iequals(spec.get_string_attribute("oiio:ColorSpace"), "linear");
}

// EXR and some TIFFs hold colours multiplied by their alpha; OpenImageIO 2.4 gives a WebP's so,
// too.
bool is_premultiplied(const Source& source, const OIIO::ImageSpec& spec) {
    const bool may_be = source.kind == PictureKind::exr || source.kind == PictureKind::tiff ||
                        source.kind == PictureKind::webp;
    return may_be && spec.alpha_channel >= 0 &&
           spec.get_int_attribute("oiio:UnassociatedAlpha", 0) == 0;
}

std::vector<std::byte> icc_profile(const Source& source, const OIIO::ImageSpec& spec, int channels,
                                   const ImageLimits& limits) {
    ByteView found;
    if (const OIIO::ParamValue* value = spec.find_attribute("ICCProfile")) {
        found = {static_cast<const std::byte*>(value->data()),
                 static_cast<std::size_t>(value->datasize())};
    } else if (source.kind == PictureKind::webp) {
        found = icc_profile_in_webp(source.bytes);
    }
    if (found.size() > limits.icc_bytes || !is_icc_profile(found, channels)) {
        return {};
    }
    return {found.begin(), found.end()};
}

// Whether an 8-bit RGBA picture hides nothing.
bool is_opaque(const Image& image) {
    if (image.channels != 4 || image.type != PixelType::u8) {
        return false;
    }
    for (std::size_t i = 3; i < image.bytes.size(); i += 4) {
        if (image.u8()[i] != 255) {
            return false;
        }
    }
    return true;
}

// EXR: a part of the picture, or more than it, may be stored; shown is the display window.
Image in_display_window(const Source& source, Image image, const OIIO::ImageSpec& spec,
                        const ImageLimits& limits) {
    const bool differs = spec.full_x != spec.x || spec.full_y != spec.y ||
                         spec.full_width != spec.width || spec.full_height != spec.height;
    if (source.kind != PictureKind::exr || !differs || spec.full_width < 1 ||
        spec.full_height < 1) {
        return image;
    }
    check_size(source, spec.full_width, spec.full_height, limits);
    const std::int64_t left = std::int64_t{spec.full_x} - spec.x;
    const std::int64_t top = std::int64_t{spec.full_y} - spec.y;
    if (std::abs(left) > limits.side || std::abs(top) > limits.side) {
        return image;
    }
    return crop(image, static_cast<int>(left), static_cast<int>(top), spec.full_width,
                spec.full_height);
}

Image decode(const Source& source, const ImageLimits& limits) {
    Reader reader = open_reader(source, limits);
    const OIIO::ImageSpec& spec = reader.spec;
    check_spec(source, spec, limits);
    Image image = read_pixels(source, reader);
    if (image.channels == 4 && is_premultiplied(source, spec)) {
        divide_by_alpha(image);
    }
    if (image.type == PixelType::f32) {
        if (is_linear(source, spec)) {
            encode_srgb(image);
        } else {
            clamp_unit(image);
        }
    }
    image = in_display_window(source, std::move(image), spec, limits);
    if (source.kind == PictureKind::gif && is_opaque(image)) {
        image = to_rgb(image);
    }
    image.icc_profile = icc_profile(source, spec, image.channels, limits);
    // libheif has turned the picture already.
    const int orientation =
        source.kind == PictureKind::heif ? 1 : spec.get_int_attribute("Orientation", 1);
    return upright(std::move(image), orientation);
}

// Turns what a broken file can make a library throw into one of our errors.
template <typename Action>
auto at_the_border(const std::string& name, Action&& action) {
    try {
        return action();
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::out_of_memory,
                    fmt::format("There is not enough memory to read the picture {}.\nUse a "
                                "smaller one.",
                                in_quotes(name)));
    } catch (const Error&) {
        throw;
    } catch (const CheckFailed&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(ErrorCode::file_damaged,
                    fmt::format("The picture {} is damaged: it cannot be read.\nUse another copy "
                                "of it.",
                                in_quotes(name)),
                    error.what());
    }
}

Image load_source(ByteView bytes, const std::string& name, const std::filesystem::path& path,
                  const ImageLimits& limits) {
    return at_the_border(name, [&] {
        if (bytes.size() > limits.file_bytes) {
            fail_too_large({.bytes = bytes, .name = in_quotes(name)},
                           fmt::format("{}, at most {} can be read", byte_words(bytes.size()),
                                       byte_words(limits.file_bytes)));
        }
        return decode(make_source(bytes, name, path), limits);
    });
}

// The request in a text attribute that OpenImageIO reads.
EmbeddedText request_in_attribute(const Source& source, const ImageLimits& limits,
                                  std::string_view attribute) {
    const Reader reader = open_reader(source, limits, kRequestKeyword);
    const std::string text(reader.spec.get_string_attribute(std::string(attribute)));
    if (text.empty()) {
        return {};
    }
    if (text.size() > limits.request_bytes) {
        return {.too_large = true};
    }
    return {.text = text};
}

EmbeddedText find_request(const Source& source, const ImageLimits& limits) {
    switch (source.kind) {
    case PictureKind::png: {
        EmbeddedText found = request_in_png(source.bytes, limits.request_bytes);
        return found.compressed ? request_in_attribute(source, limits, kRequestKeyword) : found;
    }
    case PictureKind::jpeg:
        return request_in_jpeg(source.bytes, limits.request_bytes);
    case PictureKind::webp:
        return request_in_webp(source.bytes, limits.request_bytes);
    case PictureKind::tiff:
        return request_in_tiff(source.bytes, limits.request_bytes);
    case PictureKind::exr:
        return request_in_attribute(source, limits, kRequestKeyword);
    default:
        return {};
    }
}

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        if (more < 0 || lead > 0xF4 || text.size() - i <= static_cast<std::size_t>(more)) {
            return false;
        }
        for (int k = 1; k <= more; ++k) {
            const auto byte = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
            unsigned lowest = 0x80;
            unsigned highest = 0xBF;
            if (k == 1) {
                lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
                highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            }
            if (byte < lowest || byte > highest) {
                return false;
            }
        }
        i += static_cast<std::size_t>(more) + 1;
    }
    return true;
}

} // namespace

void init_imageio() {
    // No plug-in of anybody is loaded into this program: all readers we use are built into
    // OpenImageIO.
    ::unsetenv("OIIO_LIBRARY_PATH");
    OIIO::attribute("plugin_searchpath", "");
    OIIO::attribute("try_all_readers", 0);
    OIIO::attribute("limits:channels", kMostChannels);
    OIIO::attribute("limits:imagesize_MB", 2048);
    // The caller's thread does the work: the same bytes each time, and no threads of its own.
    OIIO::attribute("threads", 1);
    OIIO::attribute("exr_threads", -1);
}

Image load_image(const std::filesystem::path& path, const ImageLimits& limits) {
    const std::vector<std::byte> bytes = read_file(path, limits.file_bytes);
    return load_source(bytes, path.string(), path, limits);
}

Image load_image(std::span<const std::byte> bytes, const std::string& name,
                 const ImageLimits& limits) {
    return load_source(bytes, name, {}, limits);
}

Image load_thumbnail(const std::filesystem::path& path, int max_side) {
    LIKENESS_CHECK(max_side > 0, max_side);
    Image image = load_image(path);
    const int longer = std::max(image.width, image.height);
    if (longer > max_side) {
        const auto scaled = [&](int side) {
            const double exact = static_cast<double>(side) * max_side / longer;
            return std::max(1, static_cast<int>(std::lround(exact)));
        };
        image = resize(image, scaled(image.width), scaled(image.height), Filter::bilinear);
    }
    image = to_u8(image);
    return image.channels == 1 ? to_rgb(image) : image;
}

std::optional<std::string> read_embedded_request(const std::filesystem::path& path,
                                                 const ImageLimits& limits) {
    const std::vector<std::byte> bytes = read_file(path, limits.file_bytes);
    return read_embedded_request(bytes, path.string(), limits);
}

std::optional<std::string> read_embedded_request(std::span<const std::byte> bytes,
                                                 const std::string& name,
                                                 const ImageLimits& limits) {
    return at_the_border(name, [&]() -> std::optional<std::string> {
        const EmbeddedText found = find_request(make_source(bytes, name, {}), limits);
        if (found.too_large) {
            throw Error(ErrorCode::file_too_large,
                        fmt::format("The request in the picture {} is too large: at most {} can "
                                    "be read.",
                                    in_quotes(name), byte_words(limits.request_bytes)));
        }
        if (found.damaged || (found.text && !is_utf8(*found.text))) {
            throw Error(ErrorCode::file_damaged,
                        fmt::format("The request in the picture {} is damaged.\nThe picture itself "
                                    "may still be whole.",
                                    in_quotes(name)));
        }
        return found.text;
    });
}

} // namespace likeness
