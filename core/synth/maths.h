#pragma once

#include "core/synth/random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

// The arithmetic of the renderer. Everything but sqrt is spelt out here, so that pictures do not
// depend on the machine's maths library.
namespace likeness::synth {

inline constexpr float kPi = 3.14159265f;

struct Vec2 {
    float x = 0.0f, y = 0.0f;
};

struct Vec3 {
    float x = 0.0f, y = 0.0f, z = 0.0f;
};

constexpr Vec2 operator+(Vec2 a, Vec2 b) {
    return {a.x + b.x, a.y + b.y};
}

constexpr Vec2 operator-(Vec2 a, Vec2 b) {
    return {a.x - b.x, a.y - b.y};
}

constexpr Vec2 operator*(Vec2 a, float s) {
    return {a.x * s, a.y * s};
}

constexpr float dot(Vec2 a, Vec2 b) {
    return a.x * b.x + a.y * b.y;
}

inline float length(Vec2 a) {
    return std::sqrt(dot(a, a));
}

constexpr Vec3 operator+(Vec3 a, Vec3 b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}

constexpr Vec3 operator-(Vec3 a, Vec3 b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

constexpr Vec3 operator*(Vec3 a, Vec3 b) {
    return {a.x * b.x, a.y * b.y, a.z * b.z};
}

constexpr Vec3 operator*(Vec3 a, float s) {
    return {a.x * s, a.y * s, a.z * s};
}

constexpr float dot(Vec3 a, Vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

constexpr Vec3 cross(Vec3 a, Vec3 b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

inline float length(Vec3 a) {
    return std::sqrt(dot(a, a));
}

inline Vec3 normalize(Vec3 a) {
    return a * (1.0f / std::max(length(a), 1e-6f));
}

inline float hypot2(float a, float b) {
    return std::sqrt(a * a + b * b);
}

constexpr float clamp01(float x) {
    return x < 0.0f ? 0.0f : (x > 1.0f ? 1.0f : x);
}

constexpr float lerp(float a, float b, float t) {
    return a + (b - a) * t;
}

constexpr Vec3 lerp(Vec3 a, Vec3 b, float t) {
    return a + (b - a) * t;
}

constexpr float smoothstep(float from, float to, float x) {
    const float t = clamp01((x - from) / (to - from));
    return t * t * (3.0f - 2.0f * t);
}

constexpr int floor_int(float x) {
    const int i = static_cast<int>(x);
    return i - (static_cast<float>(i) > x ? 1 : 0);
}

constexpr float fraction(float x) {
    return x - static_cast<float>(floor_int(x));
}

constexpr float absolute(float x) {
    return x < 0.0f ? -x : x;
}

// Within 0.001.
constexpr float sine(float x) {
    const float turns = x * (0.5f / kPi);
    const float t = turns - static_cast<float>(floor_int(turns + 0.5f)); // -0.5 .. 0.5
    const float parabola = 8.0f * t * (1.0f - 2.0f * absolute(t));
    return parabola * (0.775f + 0.225f * absolute(parabola));
}

constexpr float cosine(float x) {
    return sine(x + 0.5f * kPi);
}

// Within 0.0005 radians.
constexpr float arc_tangent(float y, float x) {
    const float ax = absolute(x), ay = absolute(y);
    const float big = std::max(ax, ay), small = std::min(ax, ay);
    const float q = big > 0.0f ? small / big : 0.0f;
    const float q2 = q * q;
    float angle = ((-0.0464964749f * q2 + 0.15931422f) * q2 - 0.327622764f) * q2 * q + q;
    angle = ay > ax ? 0.5f * kPi - angle : angle;
    angle = x < 0.0f ? kPi - angle : angle;
    return y < 0.0f ? -angle : angle;
}

// e^-x for x >= 0, within 0.001.
constexpr float decay(float x) {
    const float t = 1.0f / (1.0f + x * (0.125f + x * (0.0078125f + x * 0.000325f)));
    const float t2 = t * t, t4 = t2 * t2;
    return t4 * t4;
}

// Smooth minimum with a blend of about k.
constexpr float smooth_min(float a, float b, float k) {
    const float h = clamp01(0.5f + 0.5f * (b - a) / k);
    return lerp(b, a, h) - k * h * (1.0f - h);
}

constexpr std::array<float, 64 * 64> make_lattice() {
    std::array<float, 64 * 64> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>(mix(i + 77) >> 40) * 0x1.0p-24f;
    }
    return values;
}

inline constexpr std::array<float, 64 * 64> kLattice = make_lattice();

// Value noise in 0..1, one cell per unit, repeating after 64.
constexpr float noise(float x, float y) {
    const int xi = floor_int(x), yi = floor_int(y);
    float fx = x - static_cast<float>(xi), fy = y - static_cast<float>(yi);
    fx = fx * fx * (3.0f - 2.0f * fx);
    fy = fy * fy * (3.0f - 2.0f * fy);
    const unsigned x0 = static_cast<unsigned>(xi) & 63U, x1 = (x0 + 1) & 63U;
    const unsigned y0 = (static_cast<unsigned>(yi) & 63U) * 64,
                   y1 = (static_cast<unsigned>(yi + 1) & 63U) * 64;
    return lerp(lerp(kLattice[y0 + x0], kLattice[y0 + x1], fx),
                lerp(kLattice[y1 + x0], kLattice[y1 + x1], fx), fy);
}

// Octaves of noise, each at twice the frequency and half the height; 0 .. about 0.94.
constexpr float fractal(float x, float y, int octaves) {
    float sum = 0.0f, height = 0.5f;
    for (int i = 0; i < octaves; ++i) {
        sum += height * noise(x, y);
        x = x * 2.03f + 7.0f;
        y = y * 2.03f + 3.0f;
        height *= 0.5f;
    }
    return sum;
}

// An sRGB byte triple 0xRRGGBB as linear light, gamma 2.2 taken as x^2 blended with x^3.
constexpr Vec3 colour(std::uint32_t rgb) {
    const auto channel = [](std::uint32_t byte) {
        const float x = static_cast<float>(byte & 255U) / 255.0f;
        return x * x * (0.8f + 0.2f * x);
    };
    return {channel(rgb >> 16), channel(rgb >> 8), channel(rgb)};
}

} // namespace likeness::synth
