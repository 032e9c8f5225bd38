#pragma once

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/imageio/containers.h"
#include "core/imageio/file_kind.h"
#include "core/imageio/load.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <filesystem>
#include <memory>
#include <new>
#include <string>

// Inside core/imageio: from the bytes of an unknown file to an OpenImageIO reader that was checked.

namespace likeness {

// A picture file in memory and what to call it.
struct Source {
    ByteView bytes{};
    std::string name{};           // as messages show it, in quotes
    std::filesystem::path path{}; // empty: there is only memory
    PictureKind kind = PictureKind::none;
};

// Looks at the content. Throws file_damaged for an empty file, file_unsupported for what is no
// picture of ours.
Source make_source(ByteView bytes, const std::string& name, const std::filesystem::path& path = {});

// An opened reader with the memory it reads from.
struct Reader {
    Bytes filtered{}; // what it reads, where that is not the source itself
    std::unique_ptr<OIIO::Filesystem::IOMemReader> memory{};
    std::unique_ptr<OIIO::ImageInput> input{};
    OIIO::ImageSpec spec{};
};

// Opens the reader of the source's kind after what can be checked before; `kept_text` names the one
// PNG text that is not taken away. Throws the Errors of load_image.
Reader open_reader(const Source& source, const ImageLimits& limits,
                   std::string_view kept_text = {});

// What the pixels are read as.
PixelType wanted_type(const OIIO::ImageSpec& spec);

// The guard between opening and the first pixel: OpenImageIO 2.4 heeds its own limits in TIFF only.
void check_spec(const Source& source, const OIIO::ImageSpec& spec, const ImageLimits& limits);

void check_size(const Source& source, std::int64_t width, std::int64_t height,
                const ImageLimits& limits);

[[noreturn]] void fail_damaged(const Source& source, const std::string& detail);
[[noreturn]] void fail_too_large(const Source& source, const Message& why);
[[noreturn]] void fail_memory(const std::string& name);
[[noreturn]] void fail_unknown(const std::string& name, const std::string& detail);

// Turns what a broken file can make a library throw into one of our errors.
template <typename Action>
auto at_the_border(const std::string& name, Action&& action) {
    try {
        return action();
    } catch (const std::bad_alloc&) {
        fail_memory(name);
    } catch (const Error&) {
        throw;
    } catch (const CheckFailed&) {
        throw;
    } catch (const std::exception& error) {
        fail_unknown(name, error.what());
    }
}

} // namespace likeness
