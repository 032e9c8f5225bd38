#include "core/imageio/open_picture.h"

#include "core/base/wording.h"
#include "core/imageio/declared_size.h"

#include <utility>

#include <fmt/format.h>

namespace likeness {

constexpr int kMostChannels = 8;

void fail_damaged(const Source& source, const std::string& detail) {
    throw Error(ErrorCode::file_damaged,
                message("The picture {} is damaged: it is {}, but it cannot be read to its "
                        "end.\nUse another copy of it.",
                        source.name, kind_words(source.bytes)),
                detail);
}

void fail_too_large(const Source& source, const Message& why) {
    throw Error(
        ErrorCode::file_too_large,
        message("The picture {} is too large: {}.\nMake it smaller first.", source.name, why));
}

Source make_source(ByteView bytes, const std::string& name, const std::filesystem::path& path) {
    Source source{.bytes = bytes, .name = in_quotes(name), .path = path};
    if (bytes.empty()) {
        throw Error(
            ErrorCode::file_damaged,
            message("The file {} is empty (0 bytes).\nUse another copy of it.", source.name));
    }
    source.kind = picture_kind(bytes);
    const bool has_reader = source.kind != PictureKind::none &&
                            OIIO::ImageInput::create(reader_name(source.kind)) != nullptr;
    if (!has_reader) {
        throw Error(ErrorCode::file_unsupported,
                    message("{} is no picture this program reads: it is {}.\nPNG, JPEG, WebP, "
                            "TIFF, OpenEXR, BMP and GIF can be read.",
                            source.name, kind_words(bytes)));
    }
    return source;
}

void fail_memory(const std::string& name) {
    throw Error(ErrorCode::out_of_memory,
                message("There is not enough memory to read the picture {}.\nUse a smaller "
                        "one.",
                        in_quotes(name)));
}

void fail_unknown(const std::string& name, const std::string& detail) {
    throw Error(ErrorCode::file_damaged,
                message("The picture {} is damaged: it cannot be read.\nUse another copy of "
                        "it.",
                        in_quotes(name)),
                detail);
}

void check_size(const Source& source, std::int64_t width, std::int64_t height,
                const ImageLimits& limits) {
    if (width > limits.side || height > limits.side) {
        fail_too_large(source, message("{} x {} pixels, at most {} a side can be read", width,
                                       height, limits.side));
    }
    if (width * height > limits.pixels) {
        fail_too_large(source,
                       message("{} x {} is {} megapixels, at most {} can be read", width, height,
                               width * height / 1'000'000, limits.pixels / 1'000'000));
    }
}

namespace {

// A small file that would fill much memory.
void check_ratio(const Source& source, std::uint64_t decoded, const ImageLimits& limits) {
    const std::uint64_t file_bytes = source.bytes.size();
    if (decoded > limits.ratio_above_bytes && decoded / limits.ratio > file_bytes) {
        throw Error(ErrorCode::file_refused,
                    message("The picture {} is refused: {} in the file would fill {} of "
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

} // namespace

Reader open_reader(const Source& source, const ImageLimits& limits, std::string_view kept_text) {
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
                    message("{} is {}, which can only be read from a file.\nSave it to the "
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

void check_spec(const Source& source, const OIIO::ImageSpec& spec, const ImageLimits& limits) {
    if (spec.width < 1 || spec.height < 1 || spec.nchannels < 1) {
        fail_damaged(source, fmt::format("{} x {} x {}", spec.width, spec.height, spec.nchannels));
    }
    check_size(source, spec.width, spec.height, limits);
    if (spec.deep || spec.depth > 1) {
        throw Error(ErrorCode::file_unsupported,
                    message("The picture {} is a volume or has deep pixels, which are not "
                            "read.\nExport it as a flat picture.",
                            source.name));
    }
    if (spec.nchannels > kMostChannels) {
        throw Error(ErrorCode::file_unsupported,
                    message("The picture {} has {} channels, at most {} are read.\nExport it "
                            "as RGB or RGBA.",
                            source.name, spec.nchannels, kMostChannels));
    }
    // At most 2^15 x 2^15 x 8 x 4: no overflow.
    const std::uint64_t decoded =
        static_cast<std::uint64_t>(spec.width) * static_cast<std::uint64_t>(spec.height) *
        static_cast<std::uint64_t>(spec.nchannels) * value_size(wanted_type(spec));
    if (decoded > limits.decoded_bytes) {
        fail_too_large(source, message("{} in memory, at most {} can be read", byte_words(decoded),
                                       byte_words(limits.decoded_bytes)));
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

} // namespace likeness
