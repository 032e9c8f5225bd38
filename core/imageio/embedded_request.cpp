#include "core/base/read_file.h"
#include "core/base/utf8.h"
#include "core/base/wording.h"
#include "core/imageio/open_picture.h"

namespace likeness {

namespace {

// A text attribute that OpenImageIO reads.
EmbeddedText text_in_attribute(const Source& source, const ImageLimits& limits,
                               std::string_view attribute) {
    const Reader reader = open_reader(source, limits, attribute);
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
        return found.compressed ? text_in_attribute(source, limits, kRequestKeyword) : found;
    }
    case PictureKind::jpeg:
        return request_in_jpeg(source.bytes, limits.request_bytes);
    case PictureKind::webp:
        return request_in_webp(source.bytes, limits.request_bytes);
    case PictureKind::tiff:
        return request_in_tiff(source.bytes, limits.request_bytes);
    case PictureKind::exr:
        return text_in_attribute(source, limits, kRequestKeyword);
    default:
        return {};
    }
}

} // namespace

ForeignTexts read_foreign_texts(const std::filesystem::path& path, const ImageLimits& limits) {
    return read_foreign_texts(read_file(path, limits.file_bytes), limits);
}

ForeignTexts read_foreign_texts(std::span<const std::byte> bytes, const ImageLimits& limits) {
    ForeignTexts texts;
    if (picture_kind(bytes) != PictureKind::png) {
        return texts;
    }
    const Source source = make_source(bytes, "the picture");
    const auto text = [&](std::string_view keyword) -> std::optional<std::string> {
        try {
            EmbeddedText found = text_in_png(bytes, keyword, limits.request_bytes);
            if (found.compressed) {
                found = text_in_attribute(source, limits, keyword);
            }
            return found.text ? std::optional(as_utf8(*found.text)) : std::nullopt;
        } catch (const Error&) {
            return std::nullopt;
        }
    };
    return at_the_border(source.name, [&] {
        texts.parameters = text("parameters");
        texts.prompt = text("prompt");
        texts.workflow = text("workflow");
        return texts;
    });
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
                        message("The request in the picture {} is too large: at most {} can "
                                "be read.",
                                in_quotes(name), byte_words(limits.request_bytes)));
        }
        if (found.damaged || (found.text && !is_utf8(*found.text))) {
            throw Error(ErrorCode::file_damaged,
                        message("The request in the picture {} is damaged.\nThe picture itself "
                                "may still be whole.",
                                in_quotes(name)));
        }
        return found.text;
    });
}

} // namespace likeness
