#include "core/synth/surface.h"

#include "core/synth/distance.h"

namespace likeness::synth {

namespace {

// 1 inside, 0 outside, across one pixel.
float cover(float distance, float pixel) {
    return clamp01(0.5f - distance / pixel);
}

// Distance from the lines at whole multiples of `period`.
float to_line(float x, float period) {
    return absolute(fraction(x / period + 0.5f) - 0.5f) * period;
}

float either(float a, float b) {
    return a + b - a * b;
}

float exactly_one(float a, float b) {
    return a + b - 2.0f * a * b;
}

float dots(Vec2 at, float period, float pixel) {
    const float row = 0.866f * period;
    const float index = static_cast<float>(floor_int(at.y / row + 0.5f));
    const float shift = (static_cast<int>(index) & 1) != 0 ? 0.5f * period : 0.0f;
    return cover(hypot2(to_line(at.x + shift, period), at.y - index * row) - 0.29f * period, pixel);
}

// A wheel of saturated paints, one for each ColourName at its hue; between them, mixtures.
Vec3 wheel(double hue) {
    constexpr std::uint32_t kPaints[kColourNames] = {0xd62f2a, 0xec7f22, 0xf2c928, 0x9acb2e,
                                                     0x2f9f3e, 0x36c795, 0x27bfd2, 0x2f86e4,
                                                     0x2b46cf, 0x7a3fd0, 0xc935bb, 0xf0609a};
    const float at = fraction(static_cast<float>(hue) / 360.0f) * kColourNames;
    const int index = std::min(static_cast<int>(at), kColourNames - 1);
    return lerp(colour(kPaints[index]), colour(kPaints[(index + 1) % kColourNames]),
                at - static_cast<float>(index));
}

float turned_to(float x, float y, int sectors, Vec2& local) {
    const float step = 2.0f * kPi / static_cast<float>(sectors);
    const float angle = arc_tangent(x, y);
    const float within = angle - step * static_cast<float>(floor_int(angle / step + 0.5f));
    const float r = hypot2(x, y);
    local = {r * sine(within), r * cosine(within)};
    return r;
}

} // namespace

float pattern_cover(Pattern pattern, int scale, Vec2 at, float pixel) {
    constexpr float kPeriods[kPatternScales] = {0.38f, 0.52f, 0.7f};
    const float period = kPeriods[scale];
    switch (pattern) {
    case Pattern::plain:
        return 0.0f;
    case Pattern::stripes:
        return cover(to_line(at.x, period) - 0.25f * period, pixel);
    case Pattern::dots:
        return dots(at, period, pixel);
    case Pattern::checks:
        return exactly_one(
            cover(to_line(at.x + 0.17f * period, 1.3f * period) - 0.325f * period, pixel),
            cover(to_line(at.y + 0.17f * period, 1.3f * period) - 0.325f * period, pixel));
    case Pattern::rings:
        return cover(to_line(length(at), period) - 0.25f * period, pixel);
    case Pattern::halves:
        return cover(at.y, pixel);
    case Pattern::zigzag:
        return cover(to_line(at.y + 1.1f * to_line(at.x, 1.1f * period), period) - 0.25f * period,
                     pixel);
    case Pattern::grid:
        return either(cover(to_line(at.x, period) - 0.13f * period, pixel),
                      cover(to_line(at.y, period) - 0.13f * period, pixel));
    }
    return 0.0f;
}

float glyph_distance(Glyph glyph, Vec2 p) {
    constexpr Vec2 kTriangle[] = {{0.0f, 0.95f}, {0.9f, -0.65f}, {-0.9f, -0.65f}};
    constexpr Vec2 kDiamond[] = {{0.0f, 1.0f}, {0.62f, 0.0f}, {0.0f, -1.0f}, {-0.62f, 0.0f}};
    constexpr Vec2 kBolt[] = {{0.3f, 1.0f},   {-0.6f, -0.15f}, {-0.05f, -0.15f},
                              {-0.3f, -1.0f}, {0.6f, 0.2f},    {0.05f, 0.2f}};
    constexpr Vec2 kArrow[] = {{1.0f, 0.0f},    {0.2f, 0.75f}, {0.2f, 0.3f},  {-0.95f, 0.3f},
                               {-0.95f, -0.3f}, {0.2f, -0.3f}, {0.2f, -0.75f}};
    const float r = length(p);
    Vec2 q{};
    switch (glyph) {
    case Glyph::circle:
        return r - 0.8f;
    case Glyph::target:
        return std::min(absolute(r - 0.72f) - 0.18f, r - 0.28f);
    case Glyph::square:
        return box(p, {0.7f, 0.7f});
    case Glyph::triangle:
        return polygon(p, kTriangle);
    case Glyph::diamond:
        return polygon(p, kDiamond);
    case Glyph::star:
        return star(p, 1.0f, 0.45f);
    case Glyph::heart:
        return heart({p.x / 1.5f, (p.y + 0.82f) / 1.5f}) * 1.5f;
    case Glyph::cross:
        return std::min(box(p, {0.27f, 0.88f}), box(p, {0.88f, 0.27f}));
    case Glyph::moon:
        return std::max(r - 0.9f, 0.72f - length(p - Vec2{0.42f, 0.12f}));
    case Glyph::bolt:
        return polygon(p, kBolt);
    case Glyph::drop: {
        const Vec2 c{absolute(p.x), p.y + 0.3f};
        const float side = dot(c, {0.8944f, 0.4472f}) - 0.6f;
        return c.y > 0.27f && p.y < 1.05f ? side : length(c) - 0.6f;
    }
    case Glyph::arrow:
        return polygon(p, kArrow);
    case Glyph::flower:
        turned_to(p.x, p.y, 5, q);
        return std::max(length(q - Vec2{0.0f, 0.55f}) - 0.4f, 0.2f - r);
    case Glyph::sun: {
        turned_to(p.x, p.y, 8, q);
        const float ray = box(q - Vec2{0.0f, 0.81f}, {0.1f, 0.17f});
        return std::min(r - 0.5f, ray);
    }
    case Glyph::smile: {
        const float eyes = hypot2(absolute(p.x) - 0.33f, p.y - 0.28f) - 0.16f;
        const float mouth = std::max(absolute(r - 0.5f) - 0.12f, p.y + 0.1f);
        return std::max(r - 0.95f, -std::min(eyes, mouth));
    }
    case Glyph::wave: {
        const float y = p.y - 0.16f * sine(p.x * 5.0f);
        return std::max(to_line(y + 0.3f, 0.6f) - 0.15f, box(p, {0.9f, 0.78f}));
    }
    }
    return r;
}

Vec3 main_paint(double hue) {
    return wheel(hue);
}

Vec3 second_paint(double hue) {
    return lerp(wheel(hue), {1.0f, 1.0f, 1.0f}, 0.04f);
}

Vec3 decal_paint(DecalColour value) {
    constexpr std::uint32_t kPaints[kDecalColours] = {0xf6f4ee, 0x1c1c20, 0xd3242c, 0xf2c418,
                                                      0x2358d0, 0x1f9a46, 0xf07a1a, 0x7d35b5};
    return colour(kPaints[static_cast<int>(value)]);
}

Vec3 badge_paint(DecalColour value) {
    return value == DecalColour::white || value == DecalColour::yellow ? colour(0x25262c)
                                                                       : colour(0xf4f0e4);
}

} // namespace likeness::synth
