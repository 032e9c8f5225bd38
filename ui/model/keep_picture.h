#pragma once

#include "core/library/library.h"
#include "core/request/job_event.h"

#include <map>
#include <memory>
#include <string>

namespace likeness {

// Puts finished pictures into the library: picture, sidecar, index row, each on the disk before the
// next. Pixels of references that exist only in this program (pasted, painted) become files of the
// library first, so that the picture's settings still lead to them tomorrow. For one thread at a
// time.
class PictureKeeper {
public:
    // Throws Error{write_failed} where the disk refuses; the picture then is not in the library.
    PictureRecord keep(Library& library, const ResultImage& picture, std::int64_t created,
                       PictureId& id);

private:
    GenerationRequest with_places(const Library& library, GenerationRequest request);
    std::string place_of(const Library& library, const ImagePtr& pixels);

    std::map<const Image*, std::pair<std::weak_ptr<const Image>, std::string>> places_{};
};

} // namespace likeness
