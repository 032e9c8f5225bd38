#pragma once

#include "core/kernels/vectors.h"

namespace likeness::kernels {

namespace {

// Places whose sums one thread adds up at once. Only the picture's own size decides, and the runs
// are summed in their order: the same bytes with any number of threads and of pictures.
inline std::int64_t places_of_run(std::int64_t places) {
    constexpr std::int64_t kRuns = 32, kFewest = 16, kMost = 256;
    return least(kMost, most(kFewest, divided_up(places, kRuns)));
}

} // namespace

} // namespace likeness::kernels
