#include "core/image/picture_hash.h"

#include "core/image/convert.h"
#include "core/image/resize.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace likeness {

namespace {

constexpr int kSide = 64;     // of the greys that are transformed
constexpr int kLowest = 16;   // frequencies along each side
constexpr int kReduced = 256; // what every view is made from
// Bits, and shares of light. Of copies 95 in 100 are nearer, of other pictures of the same thing
// all are farther in bits (72 and more); tints tell things of one shape apart.
constexpr int kMostBits = 30;
constexpr double kMostTint = 0.11;

// Sides of which kSide pixels are seen, and where those may begin: all of it, or with up to a tenth
// cut off at either end or both.
constexpr int kLengths[] = {64, 66, 68, 70};

std::vector<int> begins(int length) {
    const int over = length - kSide;
    return over == 0 ? std::vector{0} : std::vector{0, over / 2, over};
}

// [pixel][frequency] of the discrete cosine transform (type II).
using Cosines = std::array<std::array<float, kLowest>, kSide>;

Cosines cosines() {
    Cosines table{};
    for (int x = 0; x < kSide; ++x) {
        for (int u = 0; u < kLowest; ++u) {
            table[x][u] = static_cast<float>(std::cos(std::numbers::pi * (x + 0.5) * u / kSide));
        }
    }
    return table;
}

// The innermost loop is over neighbours in memory, which the compiler takes several at once.
HashBits bits_of(const Image& grey, const Cosines& table) {
    std::array<float, kLowest * kLowest> values{};
    for (int y = 0; y < kSide; ++y) {
        const std::uint8_t* pixels = grey.u8() + static_cast<std::ptrdiff_t>(y) * kSide;
        std::array<float, kLowest> row{};
        for (int x = 0; x < kSide; ++x) {
            const auto pixel = static_cast<float>(pixels[x]);
            for (int u = 0; u < kLowest; ++u) {
                row[u] += table[x][u] * pixel;
            }
        }
        for (int v = 0; v < kLowest; ++v) {
            for (int u = 0; u < kLowest; ++u) {
                values[v * kLowest + u] += table[y][v] * row[u];
            }
        }
    }
    values[0] = 0; // how bright it is
    auto sorted = values;
    const auto middle = sorted.begin() + sorted.size() / 2;
    std::nth_element(sorted.begin(), middle, sorted.end());
    HashBits bits{};
    for (std::size_t i = 1; i < values.size(); ++i) {
        if (values[i] > *middle) {
            bits[i / 64] |= std::uint64_t{1} << (i % 64);
        }
    }
    return bits;
}

// Red's and blue's share of the light, in a grid of four by four; dark places have little of it.
std::array<float, 32> tint_of(const Image& rgb) {
    constexpr int kGrid = 4;
    constexpr float kDark = 60; // added to the light, of 765
    const Image grid = resize(rgb, kGrid, kGrid, Filter::box);
    std::array<float, 2 * kGrid * kGrid> tint{};
    for (std::size_t i = 0; i < tint.size() / 2; ++i) {
        const std::uint8_t* pixel = grid.u8() + 3 * i;
        const float light = static_cast<float>(pixel[0] + pixel[1] + pixel[2]) + kDark;
        tint[2 * i] = static_cast<float>(pixel[0]) / light;
        tint[2 * i + 1] = static_cast<float>(pixel[2]) / light;
    }
    return tint;
}

int differing(const HashBits& a, const HashBits& b) {
    int count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        count += std::popcount(a[i] ^ b[i]);
    }
    return count;
}

} // namespace

PictureHash picture_hash(const Image& image) {
    const Cosines table = cosines();
    const Image rgb = resize(over_white(to_u8(image)), kReduced, kReduced, Filter::box);
    const Image grey = to_grey(rgb);
    PictureHash hash;
    for (const int height : kLengths) {
        for (const int width : kLengths) {
            const Image sized = resize(grey, width, height, Filter::box);
            for (const int top : begins(height)) {
                for (const int left : begins(width)) {
                    hash.cut.push_back(bits_of(crop(sized, left, top, kSide, kSide), table));
                }
            }
        }
    }
    hash.whole = hash.cut.front();
    hash.tint = tint_of(rgb);
    return hash;
}

int hash_distance(const PictureHash& a, const PictureHash& b) {
    int least = differing(a.whole, b.whole);
    for (const HashBits& cut : a.cut) {
        least = std::min(least, differing(cut, b.whole));
    }
    for (const HashBits& cut : b.cut) {
        least = std::min(least, differing(a.whole, cut));
    }
    return least;
}

double tint_distance(const PictureHash& a, const PictureHash& b) {
    float most = 0;
    for (std::size_t i = 0; i < a.tint.size(); ++i) {
        most = std::max(most, std::abs(a.tint[i] - b.tint[i]));
    }
    return most;
}

bool looks_alike(const PictureHash& a, const PictureHash& b) {
    return tint_distance(a, b) <= kMostTint && hash_distance(a, b) <= kMostBits;
}

} // namespace likeness
