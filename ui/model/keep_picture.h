#pragma once

#include "core/library/library.h"
#include "core/request/job_event.h"

#include <cstdint>

namespace likeness {

// Puts finished pictures into the library: picture, sidecar, index row, each on the disk before the
// next. Throws Error{write_failed} where the disk refuses; the picture then is not in the library.
PictureRecord keep_picture(Library& library, const ResultImage& picture, std::int64_t created,
                           PictureId& id);

} // namespace likeness
