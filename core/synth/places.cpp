#include "core/synth/places.h"

namespace likeness::synth {

namespace {

// A soft disc of light: 1 in its middle.
float glow(float dx, float dy, float radius) {
    return decay((dx * dx + dy * dy) / (radius * radius));
}

Vec3 beach_sky(Vec3 d, float v) {
    Vec3 c = lerp(colour(0xf6ddb4), colour(0x62a9d8), clamp01((d.y + 0.02f) * 2.6f));
    c = c + Vec3{0.6f, 0.4f, 0.18f} * glow(d.x + 0.42f, (d.y - 0.1f) * 2.0f, 0.38f);
    const float hill = (0.03f + 0.05f * fractal(d.x * 5.0f + 9.0f * v, 0.0f, 3)) *
                       smoothstep(0.02f, 0.42f, v < 0.5f ? d.x : -d.x);
    return lerp(colour(0x7d93a6), c, smoothstep(-0.006f, 0.006f, d.y - hill));
}

Vec3 forest_sky(Vec3 d, float v) {
    const float leaves = fractal(d.x * 8.0f + 30.0f * v, d.y * 8.0f, 3);
    Vec3 c = lerp(colour(0x10301c), colour(0x5f8f3c), clamp01(leaves * 2.2f - 0.6f));
    const float spot = noise(d.x * 17.0f + 50.0f * v, d.y * 17.0f);
    c = lerp(c, colour(0xdfeeb0), smoothstep(0.74f, 0.9f, spot) * smoothstep(-0.1f, 0.3f, d.y));
    for (int i = 0; i < 2; ++i) {
        const float scale = i == 0 ? 3.4f : 1.9f;
        const float t = d.x * scale + 11.0f * v + 3.7f * static_cast<float>(i);
        const int cell = floor_int(t);
        const float at = 0.5f + 0.5f * (kLattice[static_cast<unsigned>(cell) & 4095U] - 0.5f);
        const float width = 0.07f + 0.05f * kLattice[static_cast<unsigned>(cell + 99) & 4095U];
        const float side = (t - static_cast<float>(cell) - at) / width;
        const Vec3 bark = lerp(colour(0x24170f), colour(0x6b4a30), clamp01(0.5f - 0.5f * side));
        c = lerp(c, i == 0 ? lerp(bark, colour(0x2c4a2c), 0.5f) : bark,
                 smoothstep(1.0f, 0.75f, absolute(side)));
    }
    return c;
}

Vec3 snow_sky(Vec3 d, float v) {
    Vec3 c = lerp(colour(0xe8eef6), colour(0x8fb8e6), clamp01(d.y * 2.5f));
    const float t = d.x * 13.0f + 20.0f * v;
    const int cell = floor_int(t);
    const float height = 0.07f + 0.17f * kLattice[static_cast<unsigned>(cell) & 4095U];
    const float tree = 0.02f + height * (1.0f - absolute(fraction(t) - 0.5f) * 2.0f) - d.y;
    return lerp(c, colour(0x426a70), smoothstep(-0.012f, 0.012f, tree));
}

Vec3 city_sky(Vec3 d, float v) {
    Vec3 c = lerp(colour(0x2b2450), colour(0x080a1c), clamp01(d.y * 2.2f));
    const float t = d.x * 6.0f + 17.0f * v;
    const int cell = floor_int(t);
    const float height = 0.1f + 0.34f * kLattice[static_cast<unsigned>(cell * 7) & 4095U];
    c = lerp(c, colour(0x0c0d18), smoothstep(-0.01f, 0.01f, height - d.y));
    constexpr std::uint32_t kLamps[4] = {0xffb040, 0xff4a70, 0x40c0ff, 0xfff0b0};
    for (int layer = 0; layer < 2; ++layer) {
        const float scale = layer == 0 ? 8.0f : 13.0f;
        const float x = d.x * scale + 31.0f * v + 5.0f * static_cast<float>(layer);
        const float y = d.y * scale;
        const int xi = floor_int(x), yi = floor_int(y);
        const auto pick = static_cast<unsigned>(xi * 61 + yi * 13 + layer * 7);
        if (kLattice[pick & 4095U] < 0.55f && yi >= 0 && yi < (layer == 0 ? 3 : 4)) {
            const float dx = x - static_cast<float>(xi) - 0.5f,
                        dy = y - static_cast<float>(yi) - 0.5f;
            const float disc = smoothstep(0.42f, 0.26f, hypot2(dx, dy));
            c = c + colour(kLamps[mix(pick) & 3U]) * (disc * (layer == 0 ? 1.3f : 0.8f));
        }
    }
    return c;
}

Vec3 table_wall(Vec3 d, float v) {
    const float side = v < 0.5f ? 1.0f : -1.0f;
    const float x = d.x * side;
    Vec3 c = colour(0xd8cbb4) * (0.6f + 0.45f * smoothstep(0.55f, -0.5f, x));
    const float frame = std::max(absolute(x + 0.33f) - 0.2f, 0.02f - d.y);
    c = lerp(c, colour(0xfbf7ea) * 1.15f, smoothstep(0.006f, -0.006f, frame));
    c = lerp(c, colour(0xb8aa92),
             smoothstep(0.014f, 0.008f, absolute(x + 0.33f)) * smoothstep(0.006f, -0.006f, frame));
    const float px = x - 0.4f, py = d.y - 0.12f;
    const float leaf = hypot2(px * 1.1f, py) - 0.13f - 0.05f * sine(arc_tangent(py, px) * 7.0f);
    return lerp(c, colour(0x5c7d4c), smoothstep(0.006f, -0.006f, leaf));
}

Vec3 kitchen_wall(Vec3 d, float v) {
    const float x = d.x * 6.5f + v, y = d.y * 6.5f + 0.35f;
    const int xi = floor_int(x), yi = floor_int(y);
    const float joint = std::min(std::min(fraction(x), 1.0f - fraction(x)),
                                 std::min(fraction(y), 1.0f - fraction(y)));
    const Vec3 tile = ((xi + yi) & 1) != 0 ? colour(0x58a7c8) : colour(0xeef3f2);
    const float shade = 0.8f + 0.12f * fraction(x) + 0.08f * fraction(y);
    return lerp(colour(0xb9bfc0), tile, smoothstep(0.03f, 0.06f, joint)) * shade;
}

Vec3 sunset_sky(Vec3 d, float v) {
    const float y = d.y + 0.03f;
    Vec3 c = lerp(colour(0xff9a4a), colour(0xd0507a), clamp01(y * 4.0f));
    c = lerp(c, colour(0x4a3a86), clamp01(y * 2.6f - 0.35f));
    const float sx = d.x - 0.5f * (v - 0.5f), sy = d.y - 0.055f;
    c = c + Vec3{0.9f, 0.5f, 0.15f} * glow(sx, sy * 1.3f, 0.2f);
    c = lerp(c, colour(0xfff0b8) * 1.4f, smoothstep(0.075f, 0.062f, hypot2(sx, sy)));
    const float band = fractal(d.x * 3.0f + 9.0f * v, d.y * 22.0f, 3);
    return lerp(c, colour(0xc4587a), smoothstep(0.5f, 0.75f, band) * 0.6f * clamp01(d.y * 12.0f));
}

Vec3 grass_sky(Vec3 d, float v) {
    Vec3 c = lerp(colour(0xc4e4f8), colour(0x3f8fe0), clamp01(d.y * 2.6f));
    const float cloud = fractal(d.x * 4.0f + 40.0f * v, d.y * 9.0f, 4);
    c = lerp(c, colour(0xfafcff), smoothstep(0.48f, 0.68f, cloud) * clamp01(d.y * 9.0f - 0.3f));
    const float hill = 0.035f + 0.03f * sine(d.x * 5.0f + 6.0f * v);
    return lerp(colour(0x4f8a3c), c, smoothstep(-0.008f, 0.008f, d.y - hill));
}

Vec3 stage_wall(Vec3 d, float v) {
    const float fold = d.x * 30.0f + 6.0f * v + 2.0f * sine(d.x * 9.0f);
    const float light = 0.5f + 0.5f * sine(fold);
    return lerp(colour(0x3c0510), colour(0xc01c30), light * light) *
           (0.35f + 0.9f * glow(d.x, d.y - 0.12f, 0.55f));
}

Vec3 planks(Vec2 at, float v, Vec3 dark, Vec3 light) {
    const float x = at.x * 0.8f + 0.3f + v;
    const float board = static_cast<float>(floor_int(x));
    const float grain = fractal(at.x * 9.0f + board * 31.0f, at.y * 0.7f + board * 17.0f, 3);
    const Vec3 c = lerp(dark, light, clamp01(grain * 1.35f + 0.12f * sine(board * 5.0f)));
    const float gap = std::min(fraction(x), 1.0f - fraction(x));
    return c * lerp(0.4f, 1.0f, smoothstep(0.008f, 0.02f, gap));
}

Vec3 beach_ground(Vec2 at, float v) {
    const float n = fractal(at.x * 2.2f + 20.0f * v, at.y * 2.2f, 3);
    const float ripple = sine(at.y * 5.0f + noise(at.x * 1.2f, at.y * 1.2f) * 4.0f);
    Vec3 c = lerp(colour(0xd2a86e), colour(0xf6dca8), n * 0.8f + 0.1f * ripple);
    const float shore =
        at.y - 3.2f - 0.5f * sine(at.x * 0.7f + 6.0f * v) - noise(at.x * 0.8f, 0.0f) * 0.5f;
    c = lerp(c, colour(0xa98b67), smoothstep(-1.5f, 0.0f, shore) * 0.7f);
    if (shore > 0.0f) {
        c = lerp(colour(0x6ccfc8), colour(0x1f7fae), clamp01((at.y - 3.0f) / 12.0f)) *
            (0.85f + 0.35f * fractal(at.x * 1.1f, at.y * 2.6f, 2));
    }
    const float foam = decay(shore * shore * 50.0f);
    return lerp(c, colour(0xfaf8f0), foam);
}

Vec3 marble_ground(Vec2 at, float v) {
    const float warp = fractal(at.x * 0.9f + 30.0f * v, at.y * 0.9f, 3) * 7.0f;
    const float vein = absolute(sine(at.x * 1.1f + at.y * 0.7f + warp));
    const float fine = absolute(sine(at.x * 2.7f - at.y * 1.9f + warp * 1.6f));
    const float amount = 0.7f * smoothstep(0.3f, 0.0f, vein) + 0.3f * smoothstep(0.2f, 0.0f, fine);
    return lerp(colour(0xe9e8e6), colour(0x7c8288), std::min(amount, 0.85f));
}

Vec3 forest_ground(Vec2 at, float v) {
    const float n = fractal(at.x * 2.6f + 20.0f * v, at.y * 2.6f, 4);
    const float leaf = noise(at.x * 6.0f, at.y * 6.0f + 9.0f * v);
    const Vec3 earth = lerp(colour(0x3a2615), colour(0x7a5530), clamp01(n * 1.3f));
    return lerp(earth, colour(0x4c6a28), smoothstep(0.55f, 0.75f, leaf));
}

Vec3 stage_ground(Vec2 at, float v) {
    const float light = smoothstep(1.9f, 1.45f, hypot2(at.x, at.y * 1.1f));
    return planks({at.x * 1.6f, at.y}, v, colour(0x5a3018), colour(0xa8683a)) * (0.22f + light);
}

} // namespace

PlaceLook look_of(Place place) {
    PlaceLook look;
    switch (place) {
    case Place::studio:
        return {.sun = {1.5f, 1.5f, 1.5f},
                .ambient = {0.55f, 0.55f, 0.56f},
                .elevation = 0.95f,
                .fog_from = 3.0f,
                .fog_to = 9.0f};
    case Place::paper:
        return {.sun = {1.45f, 1.4f, 1.4f},
                .ambient = {0.6f, 0.55f, 0.6f},
                .elevation = 1.1f,
                .fog_from = 3.0f,
                .fog_to = 9.0f};
    case Place::table:
        return {.sun = {1.75f, 1.6f, 1.4f},
                .ambient = {0.42f, 0.41f, 0.42f},
                .elevation = 0.75f,
                .back_edge = 3.6f,
                .gloss = 0.12f};
    case Place::marble:
        return {.sun = {1.5f, 1.48f, 1.42f},
                .ambient = {0.45f, 0.48f, 0.5f},
                .elevation = 0.9f,
                .back_edge = 3.4f,
                .gloss = 0.28f};
    case Place::beach:
        return {.sun = {2.0f, 1.7f, 1.3f},
                .ambient = {0.4f, 0.47f, 0.58f},
                .elevation = 0.6f,
                .bump = 1.0f};
    case Place::forest:
        return {.sun = {1.5f, 1.5f, 1.1f},
                .ambient = {0.26f, 0.34f, 0.25f},
                .elevation = 0.9f,
                .fog_from = 7.0f,
                .fog_to = 16.0f,
                .bump = 1.0f};
    case Place::snow:
        return {.sun = {1.6f, 1.52f, 1.42f},
                .ambient = {0.56f, 0.64f, 0.8f},
                .elevation = 0.6f,
                .bump = 0.8f};
    case Place::city:
        return {.sun = {1.1f, 1.0f, 0.95f},
                .ambient = {0.16f, 0.17f, 0.28f},
                .elevation = 0.9f,
                .fog_from = 8.0f,
                .fog_to = 30.0f,
                .gloss = 0.7f};
    case Place::kitchen:
        return {.sun = {1.45f, 1.45f, 1.4f},
                .ambient = {0.52f, 0.54f, 0.56f},
                .elevation = 1.0f,
                .back_edge = 2.8f,
                .gloss = 0.15f};
    case Place::sunset:
        return {.sun = {1.85f, 1.3f, 0.95f},
                .ambient = {0.38f, 0.32f, 0.46f},
                .elevation = 0.4f,
                .gloss = 0.3f};
    case Place::grass:
        return {.sun = {1.8f, 1.7f, 1.45f},
                .ambient = {0.38f, 0.46f, 0.46f},
                .elevation = 0.8f,
                .fog_from = 10.0f,
                .fog_to = 40.0f,
                .bump = 1.3f};
    case Place::stage:
        return {.sun = {2.0f, 1.9f, 1.7f},
                .ambient = {0.26f, 0.2f, 0.22f},
                .elevation = 1.3f,
                .back_edge = 4.2f,
                .gloss = 0.12f};
    }
    return look;
}

Vec3 sky(Place place, Vec3 d, float v) {
    switch (place) {
    case Place::studio:
        return colour(0xc4c4c6) *
               (0.62f + 0.5f * clamp01(1.0f - absolute(d.x) * 0.9f - absolute(d.y) * 0.6f));
    case Place::paper:
        return lerp(colour(0xf6b8a0), colour(0x8a6fd0), clamp01(d.y * 2.4f + 0.25f));
    case Place::table:
        return table_wall(d, v);
    case Place::marble:
        return lerp(colour(0x0f5a5c), colour(0x2c8a86),
                    glow(d.x - 0.3f * (v - 0.5f), d.y - 0.2f, 0.5f));
    case Place::beach:
        return beach_sky(d, v);
    case Place::forest:
        return forest_sky(d, v);
    case Place::snow:
        return snow_sky(d, v);
    case Place::city:
        return city_sky(d, v);
    case Place::kitchen:
        return kitchen_wall(d, v);
    case Place::sunset:
        return sunset_sky(d, v);
    case Place::grass:
        return grass_sky(d, v);
    case Place::stage:
        return stage_wall(d, v);
    }
    return {};
}

Vec3 surroundings(Place place, Vec3 d) {
    struct Shades {
        std::uint32_t horizon, zenith;
    };

    constexpr Shades kShades[kPlaces] = {
        {0xa0a0a4, 0xe8e8ea}, {0xe8a898, 0x8a6fd0}, {0x9c907c, 0xe0d8c8}, {0x12605f, 0x9cc8c4},
        {0xe8d8b8, 0x62a9d8}, {0x24401f, 0x8cb060}, {0xc8d4e4, 0x8fb8e6}, {0x3a3050, 0x14162c},
        {0x8ab4c4, 0xeef3f2}, {0xff9a58, 0x5a4490}, {0xb8dcf0, 0x3f8fe0}, {0x8c1424, 0x2c0a10}};
    const Shades& shades = kShades[static_cast<int>(place)];
    const Vec3 c = lerp(colour(shades.horizon), colour(shades.zenith), clamp01(d.y * 1.8f));
    if (place == Place::city) {
        return c + Vec3{1.0f, 0.5f, 0.15f} * glow(d.x + 0.6f, d.y - 0.2f, 0.22f) +
               Vec3{0.15f, 0.5f, 1.0f} * glow(d.x - 0.6f, d.y - 0.25f, 0.22f);
    }
    return c;
}

Vec3 ground(Place place, Vec2 at, float v) {
    switch (place) {
    case Place::studio:
        return colour(0xbcbcbe);
    case Place::paper:
        return colour(0xf4b49c);
    case Place::table:
        return planks(at, v, colour(0x6e4326), colour(0xc08a56));
    case Place::marble:
        return marble_ground(at, v);
    case Place::beach:
        return beach_ground(at, v);
    case Place::forest:
        return forest_ground(at, v);
    case Place::snow:
        return lerp(colour(0xd6e2f0), colour(0xfcfdff),
                    clamp01(1.3f * fractal(at.x * 1.1f + 20.0f * v, at.y * 1.1f, 3)));
    case Place::city:
        return lerp(colour(0x22242e), colour(0x3e404c),
                    fractal(at.x * 3.0f + 20.0f * v, at.y * 3.0f, 2));
    case Place::kitchen:
        return lerp(colour(0xd9c49a), colour(0xf0e2c0),
                    fractal(at.x * 8.0f + 20.0f * v, at.y * 1.5f, 2));
    case Place::sunset:
        return lerp(colour(0x3a2c50), colour(0x7a5a78),
                    fractal(at.x * 1.2f + 20.0f * v, at.y * 3.5f, 3));
    case Place::grass: {
        const float n = fractal(at.x * 3.0f + 20.0f * v, at.y * 3.0f, 3);
        return lerp(colour(0x35781c), colour(0x9fd048), clamp01(n * 1.25f - 0.05f));
    }
    case Place::stage:
        return stage_ground(at, v);
    }
    return {};
}

float ground_height(Vec2 at) {
    return 0.17f * fractal(at.x * 1.6f, at.y * 1.6f, 2);
}

} // namespace likeness::synth
