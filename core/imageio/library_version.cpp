#include "core/imageio/library_version.h"

#include <OpenImageIO/imageio.h>

#include <fmt/format.h>

namespace likeness {

std::string imageio_version() {
    const int version = OIIO::openimageio_version(); // 20407 is 2.4.7
    return fmt::format("{}.{}.{}", version / 10000, version / 100 % 100, version % 100);
}

} // namespace likeness
