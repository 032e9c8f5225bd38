#include "core/image/colour_difference.h"

#include "core/base/check.h"
#include "core/image/convert.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace likeness {

namespace {

constexpr double kPi = std::numbers::pi;

double linear(double encoded) {
    return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

const std::array<double, 256>& linear_table() {
    static const std::array<double, 256> table = [] {
        std::array<double, 256> values{};
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] = linear(static_cast<double>(i) / 255.0);
        }
        return values;
    }();
    return table;
}

double lab_curve(double t) {
    constexpr double kDelta = 6.0 / 29.0;
    return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29.0;
}

double radians(double degrees) {
    return degrees * kPi / 180.0;
}

// 0..360; 0 for a grey.
double hue(double a, double b) {
    if (a == 0 && b == 0) {
        return 0;
    }
    const double degrees = std::atan2(b, a) * 180.0 / kPi;
    return degrees < 0 ? degrees + 360.0 : degrees;
}

double pow7(double x) {
    const double cube = x * x * x;
    return cube * cube * x;
}

double root_share(double chroma) {
    const double c7 = pow7(chroma);
    return std::sqrt(c7 / (c7 + 6103515625.0)); // 25^7
}

// u8 RGB of both, one size.
std::pair<Image, Image> alike(const Image& a, const Image& b) {
    LIKENESS_CHECK(a.width == b.width && a.height == b.height, a.width, "x", a.height, " and ",
                   b.width, "x", b.height);
    return {to_rgb_u8(a), to_rgb_u8(b)};
}

} // namespace

Lab lab_from_srgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    const auto& table = linear_table();
    const double r = table[red], g = table[green], b = table[blue];
    // IEC 61966-2-1, over the white of D65.
    const double x = lab_curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const double y = lab_curve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    const double z = lab_curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    return {.l = 116 * y - 16, .a = 500 * (x - y), .b = 200 * (y - z)};
}

double delta_e_2000(const Lab& one, const Lab& other) {
    const double mean_chroma = (std::hypot(one.a, one.b) + std::hypot(other.a, other.b)) / 2;
    const double g = 0.5 * (1 - root_share(mean_chroma));
    const double a1 = (1 + g) * one.a, a2 = (1 + g) * other.a;
    const double c1 = std::hypot(a1, one.b), c2 = std::hypot(a2, other.b);
    const double h1 = hue(a1, one.b), h2 = hue(a2, other.b);
    const bool grey = c1 * c2 == 0;

    double dh = grey ? 0 : h2 - h1;
    if (dh > 180) {
        dh -= 360;
    } else if (dh < -180) {
        dh += 360;
    }
    const double delta_l = other.l - one.l;
    const double delta_c = c2 - c1;
    const double delta_h = 2 * std::sqrt(c1 * c2) * std::sin(radians(dh / 2));

    const double l = (one.l + other.l) / 2;
    const double c = (c1 + c2) / 2;
    double h = h1 + h2;
    if (!grey) {
        if (std::abs(h1 - h2) > 180) {
            h += h < 360 ? 360 : -360;
        }
        h /= 2;
    }
    const double t = 1 - 0.17 * std::cos(radians(h - 30)) + 0.24 * std::cos(radians(2 * h)) +
                     0.32 * std::cos(radians(3 * h + 6)) - 0.20 * std::cos(radians(4 * h - 63));
    const double turn = (h - 275) / 25;
    const double rotation = -2 * root_share(c) * std::sin(radians(60 * std::exp(-turn * turn)));
    const double from_middle = (l - 50) * (l - 50);
    const double sl = 1 + 0.015 * from_middle / std::sqrt(20 + from_middle);
    const double sc = 1 + 0.045 * c;
    const double sh = 1 + 0.015 * c * t;
    const double dl = delta_l / sl, dc = delta_c / sc, dhue = delta_h / sh;
    return std::sqrt(std::max(0.0, dl * dl + dc * dc + dhue * dhue + rotation * dc * dhue));
}

Image absolute_difference(const Image& a, const Image& b, double gain) {
    const auto [one, other] = alike(a, b);
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        table[i] = static_cast<std::uint8_t>(
            std::clamp(std::lround(static_cast<double>(i) * gain), 0L, 255L));
    }
    Image out = make_image(a.width, a.height);
    for (std::size_t i = 0; i < out.bytes.size(); ++i) {
        out.u8()[i] = table[static_cast<std::size_t>(std::abs(one.u8()[i] - other.u8()[i]))];
    }
    return out;
}

DeltaE delta_e_map(const Image& a, const Image& b, double full) {
    LIKENESS_CHECK(full > 0, full);
    const auto [one, other] = alike(a, b);
    DeltaE out{.map = make_image(a.width, a.height)};
    const std::size_t pixels = static_cast<std::size_t>(a.width) * a.height;
    double sum = 0;
    for (std::size_t i = 0; i < pixels; ++i) {
        const std::uint8_t* p = one.u8() + 3 * i;
        const std::uint8_t* q = other.u8() + 3 * i;
        const bool same = std::equal(p, p + 3, q);
        const double difference =
            same ? 0
                 : delta_e_2000(lab_from_srgb(p[0], p[1], p[2]), lab_from_srgb(q[0], q[1], q[2]));
        sum += difference;
        out.largest = std::max(out.largest, difference);
        const auto colour = heat_colour(difference / full);
        std::copy(colour.begin(), colour.end(), out.map.u8() + 3 * i);
    }
    out.mean = sum / static_cast<double>(pixels);
    return out;
}

std::array<std::uint8_t, 3> heat_colour(double value) {
    // Seventeen stops of matplotlib's viridis (CC0), straight lines between them.
    constexpr std::array<std::array<std::uint8_t, 3>, 17> kStops{{{68, 1, 84},
                                                                  {72, 21, 104},
                                                                  {71, 40, 120},
                                                                  {67, 57, 131},
                                                                  {62, 74, 137},
                                                                  {55, 91, 141},
                                                                  {48, 106, 142},
                                                                  {42, 120, 142},
                                                                  {37, 134, 142},
                                                                  {32, 148, 140},
                                                                  {31, 161, 135},
                                                                  {49, 178, 123},
                                                                  {78, 195, 107},
                                                                  {116, 208, 85},
                                                                  {159, 218, 58},
                                                                  {207, 225, 28},
                                                                  {253, 231, 37}}};
    const double place = std::clamp(std::isnan(value) ? 0.0 : value, 0.0, 1.0) *
                         static_cast<double>(kStops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), kStops.size() - 2);
    const double share = place - static_cast<double>(below);
    std::array<std::uint8_t, 3> colour{};
    for (std::size_t c = 0; c < colour.size(); ++c) {
        colour[c] = static_cast<std::uint8_t>(
            std::lround((1 - share) * kStops[below][c] + share * kStops[below + 1][c]));
    }
    return colour;
}

} // namespace likeness
