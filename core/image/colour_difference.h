#pragma once

#include "core/image/image.h"

#include <array>
#include <cstdint>

namespace likeness {

// A colour in CIE L*a*b* under D65, the white of sRGB.
struct Lab {
    double l = 0;
    double a = 0;
    double b = 0;
};

// From eight-bit sRGB.
Lab lab_from_srgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue);

// CIEDE2000 with kL = kC = kH = 1, as Sharma, Wu and Dalal write it out (Color Research and
// Application 30, 2005). About 1 is a difference just seen side by side.
double delta_e_2000(const Lab& one, const Lab& other);

// |a - b| times `gain`, channel by channel, u8 RGB. Both pictures have one size, else CheckFailed.
Image absolute_difference(const Image& a, const Image& b, double gain);

struct DeltaE {
    Image map{}; // every pixel's difference as heat_colour(difference / full)
    double mean = 0;
    double largest = 0;
};

// CIEDE2000 pixel by pixel; `full` is the difference drawn in the scale's last colour. Pixels are
// taken as sRGB. Both pictures have one size, else CheckFailed.
DeltaE delta_e_map(const Image& a, const Image& b, double full);

// A scale that looks the same to the colour-blind and gets lighter all the way (viridis), 0..1;
// what lies outside is the nearest end.
std::array<std::uint8_t, 3> heat_colour(double value);

} // namespace likeness
