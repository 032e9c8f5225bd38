#pragma once

#include "core/synth/maths.h"
#include "core/synth/world.h"

#include <vector>

namespace likeness::synth {

// A picture being made: linear light until `develop`, display values 0..1 after it.
struct Canvas {
    int size = 0;
    std::vector<Vec3> colour{};
    std::vector<float> depth{}; // along the ray; large for the sky
    std::vector<float> cover{}; // how much of the pixel is the subject
    std::vector<float> part{};  // differs where a line of a drawing belongs

    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size) +
               static_cast<std::size_t>(x);
    }
};

// Blurs what lies behind the subject, more with depth.
void blur_background(Canvas& canvas);

// Linear light to display values, a soft shoulder above.
void develop(Canvas& canvas);

// Redraws a developed picture in the style; photo leaves it.
void restyle(Canvas& canvas, Style style, std::uint64_t seed);

// Puts something out of focus in front; takes it out of `cover`.
void occlude(Canvas& canvas, Occluder occluder, std::uint64_t seed);

} // namespace likeness::synth
