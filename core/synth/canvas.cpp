#include "core/synth/canvas.h"

#include "core/synth/distance.h"

namespace likeness::synth {

namespace {

// One sliding-window mean of `radius` along rows or columns, edges repeated.
template <class T>
void box_blur(std::vector<T>& values, int size, int radius, bool rows) {
    const auto stride = static_cast<std::size_t>(rows ? 1 : size);
    const auto next = static_cast<std::size_t>(rows ? size : 1);
    const float share = 1.0f / static_cast<float>(2 * radius + 1);
    std::vector<T> line(static_cast<std::size_t>(size));
    for (int n = 0; n < size; ++n) {
        T* first = values.data() + static_cast<std::size_t>(n) * next;
        for (int i = 0; i < size; ++i) {
            line[static_cast<std::size_t>(i)] = first[static_cast<std::size_t>(i) * stride];
        }
        const auto clamped = [&](int i) {
            return line[static_cast<std::size_t>(std::clamp(i, 0, size - 1))];
        };
        T sum{};
        for (int i = -radius; i <= radius; ++i) {
            sum = sum + clamped(i);
        }
        for (int i = 0; i < size; ++i) {
            first[static_cast<std::size_t>(i) * stride] = sum * share;
            sum = sum + clamped(i + radius + 1) - clamped(i - radius);
        }
    }
}

template <class T>
void blur(std::vector<T>& values, int size, int radius) {
    for (int pass = 0; pass < 2; ++pass) {
        box_blur(values, size, radius, true);
        box_blur(values, size, radius, false);
    }
}

float luminance(Vec3 c) {
    return 0.3f * c.x + 0.59f * c.y + 0.11f * c.z;
}

// The strength of the lines around things: 1 where the part or the brightness changes.
std::vector<float> outlines(const Canvas& canvas) {
    std::vector<float> lines(canvas.colour.size());
    for (int y = 1; y < canvas.size; ++y) {
        for (int x = 1; x < canvas.size; ++x) {
            const std::size_t i = canvas.index(x, y);
            for (const std::size_t j : {i - 1, canvas.index(x, y - 1)}) {
                const float parts = canvas.part[i] != canvas.part[j] ? 0.85f : 0.0f;
                const Vec3 step = canvas.colour[i] - canvas.colour[j];
                const float jump = smoothstep(0.1f, 0.3f, std::sqrt(dot(step, step)));
                lines[i] = std::max(lines[i], std::max(parts, 0.6f * jump));
            }
        }
    }
    return lines;
}

Vec3 saturated(Vec3 c, float amount) {
    const float grey = luminance(c);
    return Vec3{grey, grey, grey} + (c - Vec3{grey, grey, grey}) * amount;
}

void draw_flat(Canvas& canvas) {
    const std::vector<float> lines = outlines(canvas);
    std::vector<Vec3> soft = canvas.colour;
    blur(soft, canvas.size, std::max(1, canvas.size / 64));
    for (std::size_t i = 0; i < soft.size(); ++i) {
        const Vec3 c = lerp(soft[i], canvas.colour[i], canvas.cover[i]);
        const float grey = std::max(luminance(c), 0.02f);
        const float stepped = (static_cast<float>(floor_int(grey * 4.0f)) + 0.6f) / 4.0f;
        canvas.colour[i] = saturated(c * (lerp(grey, stepped, 0.85f) / grey), 1.2f);
    }
    for (std::size_t i = 0; i < soft.size(); ++i) {
        if (canvas.cover[i] > 0.0f) {
            canvas.colour[i] = lerp(canvas.colour[i], canvas.colour[i] * 0.25f, lines[i]);
        }
    }
}

void draw_pencil(Canvas& canvas, float seed) {
    const std::vector<float> lines = outlines(canvas);
    const Vec3 sheet{0.95f, 0.94f, 0.9f};
    const float scale = 128.0f / static_cast<float>(canvas.size);
    for (int y = 0; y < canvas.size; ++y) {
        for (int x = 0; x < canvas.size; ++x) {
            const std::size_t i = canvas.index(x, y);
            const float px = static_cast<float>(x) * scale, py = static_cast<float>(y) * scale;
            const float grain = noise(px * 0.9f + seed, py * 0.9f);
            const float hatch =
                0.5f + 0.5f * sine((px + py) * 1.5f + 2.0f * noise(px * 0.1f, py * 0.1f));
            const float dark = 1.0f - luminance(canvas.colour[i]);
            const float stroke =
                clamp01(dark * 0.72f + (hatch - 0.5f) * 0.22f * dark + (grain - 0.5f) * 0.12f);
            const Vec3 lead = saturated(canvas.colour[i], 0.9f) * 0.55f;
            Vec3 c = lerp(sheet, lead, stroke);
            if (canvas.cover[i] > 0.0f) {
                c = lerp(c, canvas.colour[i] * 0.95f, 0.42f * canvas.cover[i]);
            }
            const Vec3 ink{0.16f, 0.16f, 0.18f};
            canvas.colour[i] = lerp(c, ink, lines[i] * (0.5f + 0.4f * grain));
        }
    }
}

void draw_watercolour(Canvas& canvas, float seed) {
    std::vector<Vec3> soft = canvas.colour;
    blur(soft, canvas.size, std::max(1, canvas.size / 64));
    const float scale = 128.0f / static_cast<float>(canvas.size);
    const Vec3 sheet{0.98f, 0.97f, 0.94f};
    std::vector<Vec3> wet(soft.size());
    for (int y = 0; y < canvas.size; ++y) {
        for (int x = 0; x < canvas.size; ++x) {
            const float px = static_cast<float>(x) * scale, py = static_cast<float>(y) * scale;
            const int ox =
                floor_int((noise(px * 0.16f + seed, py * 0.16f) - 0.5f) * 5.0f / scale + 0.5f);
            const int oy =
                floor_int((noise(px * 0.16f, py * 0.16f + seed) - 0.5f) * 5.0f / scale + 0.5f);
            const std::size_t i = canvas.index(x, y);
            const std::size_t j = canvas.index(std::clamp(x + ox, 0, canvas.size - 1),
                                               std::clamp(y + oy, 0, canvas.size - 1));
            const Vec3 source = lerp(soft[j], canvas.colour[i], 0.75f * canvas.cover[i]);
            // Pigment gathers where the washes end.
            const Vec3 rim = canvas.colour[i] - soft[i];
            const float gather =
                smoothstep(0.02f, 0.2f, std::sqrt(dot(rim, rim))) * 0.3f * canvas.cover[i];
            const float blot =
                0.72f + 0.4f * fractal(px * 0.05f + seed, py * 0.05f, 3) - 0.05f * noise(px, py);
            const float border = std::min(std::min(px, 127.0f - px), std::min(py, 127.0f - py)) -
                                 3.0f - 7.0f * noise(px * 0.13f, py * 0.13f + seed);
            const float on = blot * smoothstep(-1.0f, 1.5f, border);
            wet[i] = lerp(sheet, saturated(source, 1.25f), clamp01(on)) * (1.0f - gather);
        }
    }
    canvas.colour = std::move(wet);
}

struct Overlay {
    Vec3 colour{};
    float distance = 1.0f; // signed, in frames
};

// Four fingers coming in from below.
Overlay hand(Vec2 p, Vec3 skin) {
    constexpr float kThick = 0.052f;
    float d = 1.0f;
    float side = 0.0f;
    for (int i = 0; i < 4; ++i) {
        const float k = static_cast<float>(i) - 1.5f;
        const Vec3 from{0.085f * k, 0.32f, 0.0f};
        const Vec3 to{0.1f * k, -0.04f + 0.028f * k * k, 0.0f};
        const float finger = capsule({p.x, p.y, 0.0f}, from, to, kThick);
        if (finger < d) {
            d = finger;
            side = (p.x - lerp(from.x, to.x, clamp01((from.y - p.y) / (from.y - to.y)))) / kThick;
        }
    }
    const float palm = capsule({p.x, p.y, 0.0f}, {-0.1f, 0.4f, 0.0f}, {0.1f, 0.4f, 0.0f}, 0.17f);
    const float round = p.y < 0.2f ? 1.0f - 0.3f * side * side : 0.92f;
    return {.colour = skin * Vec3{round, round * round, round * round},
            .distance = smooth_min(d, palm, 0.03f)};
}

Overlay leaf(Vec2 p, float lean) {
    const Vec2 q{p.x + lean * p.y, p.y};
    const float bend = 0.13f * sine(clamp01((q.y + 0.3f) / 0.7f) * kPi) - 0.02f;
    const float vein = absolute(q.x);
    return {.colour = lerp(Vec3{0.1f, 0.3f, 0.1f}, Vec3{0.25f, 0.52f, 0.18f},
                           smoothstep(0.0f, 0.05f, vein)),
            .distance = vein - bend};
}

Overlay pebble(Vec2 p, Vec3 tint) {
    const float r = hypot2(p.x, p.y);
    const float light = clamp01(0.75f - 2.2f * (p.x + p.y));
    return {.colour = tint * (0.45f + 0.6f * light), .distance = r - 0.16f};
}

} // namespace

void blur_background(Canvas& canvas) {
    const std::size_t pixels = canvas.colour.size();
    std::vector<Vec3> colours(pixels);
    std::vector<float> weights(pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
        weights[i] = 1.0f - canvas.cover[i];
        colours[i] = canvas.colour[i] * weights[i];
    }
    const int radius = std::max(1, canvas.size / 80);
    blur(colours, canvas.size, radius);
    blur(weights, canvas.size, radius);
    for (std::size_t i = 0; i < pixels; ++i) {
        const float amount =
            smoothstep(6.0f, 14.0f, canvas.depth[i]) * (canvas.cover[i] > 0.0f ? 0.0f : 1.0f);
        if (amount > 0.0f) {
            canvas.colour[i] =
                lerp(canvas.colour[i], colours[i] * (1.0f / std::max(weights[i], 0.05f)), amount);
        }
    }
}

void develop(Canvas& canvas) {
    const auto display = [](float x) {
        x = std::max(x, 0.0f) * 0.82f;
        x = x / (1.0f + x * 0.28f);
        // The inverse of colour()'s curve, a root near 1 / 2.2.
        const float root = std::sqrt(x);
        return clamp01(root * (1.118f - 0.118f * root));
    };
    for (Vec3& c : canvas.colour) {
        c = {display(c.x), display(c.y), display(c.z)};
    }
}

void restyle(Canvas& canvas, Style style, std::uint64_t seed) {
    const float offset = static_cast<float>(mix(seed) & 63U);
    switch (style) {
    case Style::photo:
        return;
    case Style::flat:
        return draw_flat(canvas);
    case Style::pencil:
        return draw_pencil(canvas, offset);
    case Style::watercolour:
        return draw_watercolour(canvas, offset);
    }
}

void occlude(Canvas& canvas, Occluder occluder, std::uint64_t seed) {
    if (occluder == Occluder::none) {
        return;
    }
    Random random(seed ^ 0x0cc1ULL);
    const bool left = random.chance(0.5);
    const float x0 = static_cast<float>(random.uniform(0.26, 0.46));
    const float y0 = static_cast<float>(random.uniform(0.7, 0.9));
    const float lean = static_cast<float>(random.uniform(-0.6, 0.6));
    const float tone = static_cast<float>(random.uniform(0.55, 1.0));
    const Vec3 skin = Vec3{0.93f, 0.72f, 0.58f} * tone;
    const Vec3 tint = lerp(Vec3{0.72f, 0.66f, 0.58f}, Vec3{0.4f, 0.44f, 0.5f}, tone);
    const float soft = 1.4f / 128.0f;
    for (int y = 0; y < canvas.size; ++y) {
        for (int x = 0; x < canvas.size; ++x) {
            const float u = (static_cast<float>(x) + 0.5f) / static_cast<float>(canvas.size);
            const float v = (static_cast<float>(y) + 0.5f) / static_cast<float>(canvas.size);
            const Vec2 p{(left ? u : 1.0f - u) - x0, v - y0};
            const Overlay over = occluder == Occluder::hand   ? hand(p, skin)
                                 : occluder == Occluder::leaf ? leaf(p, lean)
                                                              : pebble(p, tint);
            const float amount = smoothstep(soft, -soft, over.distance);
            if (amount > 0.0f) {
                const std::size_t i = canvas.index(x, y);
                canvas.colour[i] = lerp(canvas.colour[i], over.colour, amount);
                canvas.cover[i] *= 1.0f - amount;
                canvas.part[i] = amount > 0.5f ? 9.0f : canvas.part[i];
            }
        }
    }
}

} // namespace likeness::synth
