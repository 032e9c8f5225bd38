#pragma once

#include "core/image/image.h"

#include <cstdint>

namespace likeness::test {

// The picture of tests/golden/make_image_fixtures.py: a linear congruential generator seeded by the
// size, half of the values at the ends of the range.
inline Image noise(int width, int height, int channels) {
    Image image = make_image(width, height, channels);
    std::uint32_t state = static_cast<std::uint32_t>(width) * 73856093U +
                          static_cast<std::uint32_t>(height) * 19349663U +
                          static_cast<std::uint32_t>(channels) * 83492791U;
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        state = state * 1664525U + 1013904223U;
        const std::uint32_t end = (state & 0x800000U) != 0 ? 255 : 0;
        image.u8()[i] = static_cast<std::uint8_t>((state & 0x10000U) != 0 ? state >> 24 : end);
    }
    return image;
}

} // namespace likeness::test
