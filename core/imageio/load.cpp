#include "core/imageio/load.h"

#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/imageio/colour.h"
#include "core/imageio/open_picture.h"
#include "core/imageio/orientation.h"
#include "core/imageio/type_desc.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace likeness {

namespace {

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

int orientation_of(const Source& source, const OIIO::ImageSpec& spec) {
    if (source.kind == PictureKind::heif) {
        return 1; // libheif has turned the picture already
    }
    return source.kind == PictureKind::webp ? orientation_in_webp(source.bytes)
                                            : spec.get_int_attribute("Orientation", 1);
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
    return upright(std::move(image), orientation_of(source, spec));
}

Image load_source(ByteView bytes, const std::string& name, const std::filesystem::path& path,
                  const ImageLimits& limits) {
    return at_the_border(name, [&] {
        if (bytes.size() > limits.file_bytes) {
            fail_too_large({.bytes = bytes, .name = in_quotes(name)},
                           message("{}, at most {} can be read", byte_words(bytes.size()),
                                   byte_words(limits.file_bytes)));
        }
        return decode(make_source(bytes, name, path), limits);
    });
}

} // namespace

void init_imageio() {
    // No plug-in of anybody is loaded into this program: all readers we use are built into
    // OpenImageIO.
    ::unsetenv("OIIO_LIBRARY_PATH");
    OIIO::attribute("plugin_searchpath", "");
    OIIO::attribute("try_all_readers", 0);
    OIIO::attribute("limits:channels", 8);
    OIIO::attribute("limits:imagesize_MB", 2048);
    // The caller's thread does the work: the same bytes each time, and no threads of its own.
    OIIO::attribute("threads", 1);
    OIIO::attribute("exr_threads", -1);
}

Image load_image(const std::filesystem::path& path, const ImageLimits& limits) {
    const std::vector<std::byte> bytes = read_file(path, limits.file_bytes);
    return load_source(bytes, path.string(), path, limits);
}

HashedImage load_hashed_image(const std::filesystem::path& path, const ImageLimits& limits) {
    const std::vector<std::byte> bytes = read_file(path, limits.file_bytes);
    return {.image = std::make_shared<const Image>(load_source(bytes, path.string(), path, limits)),
            .sha256 = sha256(bytes)};
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

} // namespace likeness
