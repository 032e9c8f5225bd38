#include "core/image/sharpness.h"

#include "core/image/convert.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace likeness {

namespace {

constexpr int kLeastRise = 28;          // of 255; less may be noise or a shade
constexpr double kSharpestShare = 0.15; // of the edges: a blurred background is no fault
constexpr double kLeastEdges = 0.5;     // for each pixel of the longer side

// A line of pixels: every so-many-th value from a first one.
struct Line {
    const std::uint8_t* first;
    int count;
    int step;

    int operator[](int i) const { return first[static_cast<std::ptrdiff_t>(i) * step]; }
};

// The widths of the line's edges: what each run of one direction rises by, over its steepest step.
void gather(const Line& line, std::vector<double>& widths) {
    for (int i = 1; i < line.count;) {
        const int direction = line[i] - line[i - 1];
        if (direction == 0) {
            ++i;
            continue;
        }
        int rise = 0, steepest = 0;
        for (; i < line.count; ++i) {
            const int step = direction > 0 ? line[i] - line[i - 1] : line[i - 1] - line[i];
            if (step <= 0) {
                break;
            }
            rise += step;
            steepest = std::max(steepest, step);
        }
        if (rise >= kLeastRise) {
            widths.push_back(static_cast<double>(rise) / steepest);
        }
    }
}

std::optional<double> sharpest(std::vector<double>& widths, double least) {
    if (static_cast<double>(widths.size()) < least) {
        return std::nullopt;
    }
    const auto at = widths.begin() + static_cast<std::ptrdiff_t>(
                                         kSharpestShare * static_cast<double>(widths.size()));
    std::nth_element(widths.begin(), at, widths.end());
    return *at;
}

} // namespace

std::optional<double> edge_width(const Image& image) {
    const Image grey = to_grey(over_white(to_u8(image)));
    std::vector<double> across, down;
    for (int y = 0; y < grey.height; ++y) {
        gather({grey.u8() + static_cast<std::ptrdiff_t>(y) * grey.width, grey.width, 1}, across);
    }
    for (int x = 0; x < grey.width; ++x) {
        gather({grey.u8() + x, grey.height, grey.width}, down);
    }
    const double least = kLeastEdges * std::max(grey.width, grey.height);
    const std::optional<double> one = sharpest(across, least), other = sharpest(down, least);
    return one && other ? std::optional(std::max(*one, *other)) : one ? one : other;
}

int contrast(const Image& image) {
    const Image grey = to_grey(over_white(to_u8(image)));
    std::vector<std::uint8_t> values(grey.u8(), grey.u8() + grey.bytes.size());
    const std::size_t twentieth = values.size() / 20;
    const auto at = [&values](std::size_t index) {
        const auto place = values.begin() + static_cast<std::ptrdiff_t>(index);
        std::nth_element(values.begin(), place, values.end());
        return static_cast<int>(*place);
    };
    return at(values.size() - 1 - twentieth) - at(twentieth);
}

bool looks_blurred(const Image& image) {
    constexpr int kShowsSomething = 40;
    const std::optional<double> width = edge_width(image);
    return width ? *width > kWidestSharpEdge : contrast(image) >= kShowsSomething;
}

} // namespace likeness
