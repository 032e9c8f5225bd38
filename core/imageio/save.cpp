#include "core/imageio/save.h"

#include "core/base/atomic_file.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/image/convert.h"
#include "core/imageio/colour.h"
#include "core/imageio/containers.h"
#include "core/imageio/type_desc.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr int kLongestWebpSide = 16'383;
constexpr int kLongestJpegSide = 65'500; // libjpeg's JPEG_MAX_DIMENSION

const char* writer_name(ImageFormat format) {
    switch (format) {
    case ImageFormat::png:
        return "png";
    case ImageFormat::jpeg:
        return "jpeg";
    case ImageFormat::tiff:
        return "tiff";
    case ImageFormat::exr:
        return "openexr";
    case ImageFormat::webp:
        return "webp";
    }
    return "";
}

void check_side(const Image& image, int longest, const char* format) {
    if (image.width > longest || image.height > longest) {
        throw Error(ErrorCode::bad_request,
                    message("A {} cannot hold {} x {} pixels, at most {} a side.\nSave it as "
                            "PNG or TIFF.",
                            format, image.width, image.height, longest));
    }
}

Image as_f32(const Image& image) {
    Image result = make_image(image.width, image.height, image.channels, PixelType::f32);
    const std::size_t count = result.bytes.size() / sizeof(float);
    for (std::size_t i = 0; i < count; ++i) {
        switch (image.type) {
        case PixelType::u8:
            result.f32()[i] = static_cast<float>(image.u8()[i]) / 255.0F;
            break;
        case PixelType::u16:
            result.f32()[i] = static_cast<float>(image.u16()[i]) / 65535.0F;
            break;
        case PixelType::f32:
            result.f32()[i] = image.f32()[i];
            break;
        }
    }
    return result;
}

Image as_u16(Image image) {
    clamp_unit(image);
    Image result = make_image(image.width, image.height, image.channels, PixelType::u16);
    result.icc_profile = std::move(image.icc_profile);
    const std::size_t count = result.bytes.size() / sizeof(std::uint16_t);
    for (std::size_t i = 0; i < count; ++i) {
        result.u16()[i] = static_cast<std::uint16_t>(image.f32()[i] * 65535.0F + 0.5F);
    }
    return result;
}

// Linear light, colours multiplied by alpha.
Image as_linear(const Image& image) {
    Image result = as_f32(image);
    decode_srgb(result);
    if (result.channels == 4) {
        float* pixel = result.f32();
        const std::size_t pixels = result.bytes.size() / (4 * sizeof(float));
        for (std::size_t i = 0; i < pixels; ++i, pixel += 4) {
            for (int c = 0; c < 3; ++c) {
                pixel[c] *= pixel[3];
            }
        }
    }
    return result;
}

// OpenImageIO's WebP writer divides the colours by their alpha in linear light, so they are
// multiplied before.
Image as_webp_alpha(const Image& image) {
    Image result = as_linear(image);
    encode_srgb(result);
    result.icc_profile = image.icc_profile;
    return to_u8(result);
}

// The picture as that format stores it.
Image prepared(const Image& image, ImageFormat format) {
    switch (format) {
    case ImageFormat::png:
    case ImageFormat::tiff:
        return image.type == PixelType::f32 ? as_u16(image) : image;
    case ImageFormat::jpeg:
        check_side(image, kLongestJpegSide, "JPEG");
        return to_u8(image.channels == 4 ? to_rgb(image) : image);
    case ImageFormat::webp:
        check_side(image, kLongestWebpSide, "WebP");
        return image.channels == 4 ? as_webp_alpha(image) : to_u8(to_rgb(image));
    case ImageFormat::exr:
        return as_linear(image);
    }
    return image;
}

OIIO::ImageSpec make_spec(const Image& image, const Image& original, ImageFormat format,
                          const SaveOptions& options) {
    OIIO::TypeDesc type = type_desc(image.type);
    if (format == ImageFormat::exr && original.type == PixelType::u8) {
        type = OIIO::TypeDesc::HALF;
    }
    OIIO::ImageSpec spec(image.width, image.height, image.channels, type);
    // TIFF and EXR would put the present time here, and two files of one picture would differ.
    spec.attribute("DateTime", "");
    if (format == ImageFormat::exr) {
        spec.attribute("oiio:ColorSpace", "linear");
        spec.attribute("compression", "zip");
    } else {
        spec.attribute("oiio:UnassociatedAlpha", 1);
    }
    if (format == ImageFormat::jpeg || format == ImageFormat::webp) {
        spec.attribute("CompressionQuality", options.quality);
    }
    if (format == ImageFormat::jpeg) {
        spec.attribute("jpeg:subsampling", "4:4:4");
    }
    if (format == ImageFormat::png) {
        spec.attribute("oiio:ColorSpace", "sRGB");
    }
    if (format == ImageFormat::tiff) {
        spec.attribute("compression", "zip");
        spec.attribute("XResolution", 72.0F);
        spec.attribute("YResolution", 72.0F);
        spec.attribute("ResolutionUnit", "in");
    }
    const bool has_profile = format != ImageFormat::exr && format != ImageFormat::webp;
    if (has_profile && is_icc_profile(image.icc_profile, image.channels)) {
        spec.attribute(
            "ICCProfile",
            OIIO::TypeDesc(OIIO::TypeDesc::UINT8, static_cast<int>(image.icc_profile.size())),
            image.icc_profile.data());
    }
    if (options.request_json && format == ImageFormat::tiff) {
        spec.attribute("ImageDescription", std::string(kTiffPrefix) + *options.request_json);
    }
    if (options.request_json && format == ImageFormat::exr) {
        spec.attribute(std::string(kRequestKeyword), *options.request_json);
    }
    return spec;
}

// Empty when the writer gave up; `trouble` then says why.
Bytes write_with(const OIIO::ImageSpec& spec, const Image& image, ImageFormat format,
                 std::string& trouble) {
    std::vector<unsigned char> buffer;
    OIIO::Filesystem::IOVecOutput memory(buffer);
    const auto output = OIIO::ImageOutput::create(writer_name(format));
    LIKENESS_CHECK(output != nullptr, "OpenImageIO was built without ", writer_name(format));
    output->set_ioproxy(&memory);
    const bool written = output->open(fmt::format("memory.{}", writer_name(format)), spec) &&
                         output->write_image(type_desc(image.type), image.bytes.data());
    trouble = output->geterror();
    if (!output->close() || !written) {
        return {};
    }
    const ByteView bytes = std::as_bytes(std::span(buffer));
    return {bytes.begin(), bytes.end()};
}

Bytes with_request(Bytes file, const Image& image, ImageFormat format, const SaveOptions& options) {
    const std::string_view request =
        options.request_json ? std::string_view(*options.request_json) : std::string_view{};
    switch (format) {
    case ImageFormat::png:
        return request.empty() ? file : png_with_request(file, request);
    case ImageFormat::jpeg:
        return request.empty() ? file : jpeg_with_request(file, request);
    case ImageFormat::webp: {
        const bool sound = is_icc_profile(image.icc_profile, image.channels);
        if (request.empty() && !sound) {
            return file;
        }
        return webp_with_extras(file,
                                {.width = image.width,
                                 .height = image.height,
                                 .alpha = image.channels == 4,
                                 .request = request,
                                 .icc_profile = sound ? ByteView(image.icc_profile) : ByteView{}});
    }
    case ImageFormat::tiff:
    case ImageFormat::exr:
        return file;
    }
    return file;
}

} // namespace

std::optional<ImageFormat> image_format(const std::filesystem::path& path) {
    std::string ending = path.extension().string();
    std::ranges::transform(ending, ending.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::pair<std::string_view, ImageFormat> kEndings[] = {
        {".png", ImageFormat::png},   {".jpg", ImageFormat::jpeg},  {".jpeg", ImageFormat::jpeg},
        {".tif", ImageFormat::tiff},  {".tiff", ImageFormat::tiff}, {".exr", ImageFormat::exr},
        {".webp", ImageFormat::webp},
    };
    for (const auto& [known, format] : kEndings) {
        if (ending == known) {
            return format;
        }
    }
    return std::nullopt;
}

std::vector<std::byte> encode_image(const Image& image, ImageFormat format,
                                    const SaveOptions& options) {
    LIKENESS_CHECK(image.width > 0 && image.height > 0, "an empty picture");
    LIKENESS_CHECK(image.channels == 1 || image.channels == 3 || image.channels == 4,
                   image.channels, " channels");
    LIKENESS_CHECK(options.quality >= 1 && options.quality <= 100, options.quality);
    try {
        const Image stored = prepared(image, format);
        OIIO::ImageSpec spec = make_spec(stored, image, format, options);
        std::string trouble;
        Bytes file = write_with(spec, stored, format, trouble);
        if (file.empty() && spec.find_attribute("ICCProfile") != nullptr) {
            // libpng is stricter than is_icc_profile(); the pixels matter more.
            spec.erase_attribute("ICCProfile");
            file = write_with(spec, stored, format, trouble);
        }
        if (file.empty()) {
            throw Error(ErrorCode::internal,
                        message("The picture could not be packed into a file."), trouble);
        }
        return with_request(std::move(file), stored, format, options);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::out_of_memory,
                    message("There is not enough memory to save a picture of {} x {} pixels.",
                            image.width, image.height));
    }
}

void save_image(const std::filesystem::path& path, const Image& image, const SaveOptions& options) {
    const std::optional<ImageFormat> format = image_format(path);
    if (!format) {
        throw Error(ErrorCode::bad_request,
                    message("{} has no ending this program writes.\nUse .png, .jpg, .tif, "
                            ".exr or .webp.",
                            in_quotes(path.string())));
    }
    write_file_atomically(path, encode_image(image, *format, options));
}

} // namespace likeness
