#pragma once

#include "core/synth/distance.h"
#include "core/synth/world.h"

// The 24 products as signed distances, standing on y = 0 about the origin, the front towards -z,
// larger side about 2. Each is a struct: a `frame`, operator() (the distance) and part() (what a
// point of the surface is made of).
namespace likeness::synth {

// What a place on the surface is painted with: the main colour (with pattern and decal), the
// second, or a fixed paint.
enum class Part { main, second, dark, pale, steel };

struct Frame {
    Vec3 centre{0.0f, 1.0f, 0.0f}; // of the sphere that holds the whole shape
    float radius = 1.5f;
    Vec2 decal{0.0f, 1.0f};  // the badge's centre on the front
    float decal_half = 0.0f; // its radius; 0: no room for one
    float wrap = 0.0f;       // radius around which pattern and decal are wrapped; 0: laid on flat
};

// clang-format off
struct Proportions { float slim, detail; };

// clang-format on

struct Mug {
    float r, h, handle;
    Frame frame;

    explicit Mug(Proportions k)
        : r(lerp(0.9f, 0.7f, k.slim)), h(lerp(1.5f, 1.9f, k.slim)),
          handle(lerp(0.36f, 0.52f, k.detail)) {
        frame = {.centre = {0.2f, 0.5f * h, 0.0f},
                 .radius = std::max(hypot2(r + 0.2f, 0.5f * h), r + handle),
                 .decal = {0.0f, 0.5f * h},
                 .decal_half = 0.47f,
                 .wrap = r};
    }

    float handle_distance(Vec3 p, float rd) const {
        const float q = hypot2(p.x - r, (p.y - 0.5f * h) * 0.9f) - handle;
        return std::max(hypot2(q, p.z) - 0.12f, r - 0.05f - rd);
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float outer = cylinder(rd, p.y, r, 0.0f, h, 0.08f);
        const float inner = cylinder(rd, p.y, r - 0.1f, 0.14f, h + 1.0f, 0.02f);
        const float d = std::max(outer, -inner);
        return smooth_min(d, handle_distance(p, rd), 0.05f);
    }

    Part part(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        if (rd > r + 0.02f) {
            return Part::second;
        }
        return rd < r - 0.07f && p.y > 0.1f ? Part::pale : Part::main;
    }
};

struct Bottle {
    float r, shoulder;
    Frame frame;

    explicit Bottle(Proportions k)
        : r(lerp(0.58f, 0.44f, k.slim)), shoulder(lerp(1.5f, 1.15f, k.detail)) {
        frame = {.centre = {0.0f, 1.05f, 0.0f},
                 .radius = 1.24f,
                 .decal = {0.0f, 0.5f * shoulder},
                 .decal_half = 0.41f,
                 .wrap = r};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float body = cylinder(rd, p.y, r, 0.0f, shoulder, 0.12f);
        const float neck = cylinder(rd, p.y, 0.17f, shoulder - 0.3f, 1.9f, 0.03f);
        const float cap = cylinder(rd, p.y, 0.24f, 1.78f, 2.15f, 0.04f);
        return std::min(smooth_min(body, neck, 0.36f), cap);
    }

    Part part(Vec3 p) const { return p.y > 1.77f ? Part::second : Part::main; }
};

struct Vase {
    float r, lip;
    Frame frame;

    explicit Vase(Proportions k)
        : r(lerp(0.85f, 0.62f, k.slim)), lip(lerp(0.36f, 0.56f, k.detail)) {
        frame = {.centre = {0.0f, 1.0f, 0.0f},
                 .radius = 1.17f,
                 .decal = {0.0f, 0.78f},
                 .decal_half = 0.4f,
                 .wrap = r};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float belly = ellipsoid(p, {0.0f, 0.78f, 0.0f}, {1.0f / r, 1.0f / 0.72f, 1.0f / r});
        const float foot = cylinder(rd, p.y, 0.42f, 0.0f, 0.2f, 0.04f);
        const float neck = frustum(rd, p.y, 0.2f, lip, 1.3f, 2.0f);
        const float solid = smooth_min(smooth_min(belly, neck, 0.25f), foot, 0.12f);
        return std::max(solid, -frustum(rd, p.y, 0.1f, lip - 0.02f, 1.35f, 2.05f));
    }

    Part part(Vec3 p) const {
        if (p.y > 1.52f || p.y < 0.16f) {
            return Part::second;
        }
        return Part::main;
    }
};

struct Can {
    float r, h;
    Frame frame;

    explicit Can(Proportions k) : r(lerp(0.72f, 0.52f, k.slim)), h(lerp(1.7f, 2.0f, k.slim)) {
        taper = lerp(0.1f, 0.2f, k.detail);
        frame = {.centre = {0.0f, 0.5f * h, 0.0f},
                 .radius = hypot2(r, 0.5f * h),
                 .decal = {0.0f, 0.5f * h},
                 .decal_half = 0.43f,
                 .wrap = r};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float body = cylinder(rd, p.y, r, 0.1f, h - 0.16f, 0.05f);
        const float ends = cylinder(rd, p.y, r - taper, 0.0f, h, 0.02f);
        const float hollow = cylinder(rd, p.y, r - taper - 0.05f, h - 0.06f, h + 1.0f, 0.01f);
        return std::max(smooth_min(body, ends, 0.16f), -hollow);
    }

    Part part(Vec3 p) const {
        if (hypot2(p.x, p.z) < r - taper - 0.03f && p.y > h - 0.2f) {
            return Part::steel;
        }
        return p.y > h - 0.22f || p.y < 0.14f ? Part::second : Part::main;
    }

    float taper;
};

struct Bowl {
    float h, foot;
    Frame frame;

    explicit Bowl(Proportions k)
        : h(lerp(0.85f, 1.1f, k.slim)), foot(lerp(0.36f, 0.55f, k.detail)) {
        frame = {.centre = {0.0f, 0.55f, 0.0f},
                 .radius = 1.2f,
                 .decal = {0.0f, 0.57f * h},
                 .decal_half = 0.39f,
                 .wrap = 0.95f};
    }

    float operator()(Vec3 p) const {
        const Vec3 squash{1.0f, 1.0f / h, 1.0f};
        const float outer = ellipsoid(p, {0.0f, h + 0.06f, 0.0f}, squash);
        const float inner = ellipsoid(p, {0.0f, h + 0.06f, 0.0f}, squash * 1.09f);
        const float shell = std::max(std::max(outer, -inner), p.y - h - 0.06f);
        return smooth_min(shell, cylinder(hypot2(p.x, p.z), p.y, foot, 0.0f, 0.16f, 0.03f), 0.06f);
    }

    Part part(Vec3 p) const {
        const float y = (p.y - h - 0.06f) / h;
        const float inside = p.x * p.x + p.z * p.z + y * y;
        return inside < 0.93f || p.y < 0.14f ? Part::second : Part::main;
    }
};

struct Lamp {
    float top, bottom, base;
    Frame frame;

    explicit Lamp(Proportions k)
        : top(lerp(0.6f, 0.36f, k.slim)), bottom(lerp(0.98f, 0.8f, k.slim)),
          base(lerp(0.42f, 0.62f, k.detail)) {
        frame = {.centre = {0.0f, 1.1f, 0.0f},
                 .radius = 1.28f,
                 .decal = {0.0f, 1.48f},
                 .decal_half = 0.38f,
                 .wrap = 0.7f};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float solid = frustum(rd, p.y, bottom, top, 1.02f, 2.05f);
        const float hollow = frustum(rd, p.y, bottom - 0.05f, top - 0.05f, 1.0f, 2.07f);
        const float foot = cylinder(rd, p.y, base, 0.0f, 0.15f, 0.06f);
        const float stand = cylinder(rd, p.y, 0.08f, 0.0f, 1.75f, 0.02f);
        return std::min(std::max(solid, -hollow), smooth_min(foot, stand, 0.12f));
    }

    Part part(Vec3 p) const {
        return p.y > 1.0f && hypot2(p.x, p.z) > 0.2f ? Part::main : Part::second;
    }
};

struct Goblet {
    float r, cup;
    Frame frame;

    explicit Goblet(Proportions k)
        : r(lerp(0.74f, 0.56f, k.slim)), cup(lerp(1.0f, 0.84f, k.detail)) {
        frame = {.centre = {0.0f, 1.0f, 0.0f},
                 .radius = 1.22f,
                 .decal = {0.0f, cup + 0.52f},
                 .decal_half = 0.4f,
                 .wrap = r};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const Vec3 centre{0.0f, cup + 0.68f, 0.0f};
        const Vec3 squash{1.0f / r, 1.0f / 0.8f, 1.0f / r};
        const float outer = ellipsoid(p, centre, squash);
        const float inner = ellipsoid(p, centre, squash * 1.12f);
        const float bowl = std::max(std::max(outer, -inner), p.y - 2.0f);
        const float stem = cylinder(rd, p.y, 0.09f, 0.0f, cup, 0.02f);
        const float base = cylinder(rd, p.y, 0.5f, 0.0f, 0.1f, 0.04f);
        return smooth_min(bowl, smooth_min(stem, base, 0.2f), 0.08f);
    }

    Part part(Vec3 p) const {
        if (p.y < cup - 0.08f) {
            return Part::second;
        }
        const Vec3 q = (p - Vec3{0.0f, cup + 0.68f, 0.0f}) * Vec3{1.0f / r, 1.0f / 0.8f, 1.0f / r};
        return dot(q, q) < 0.9f ? Part::pale : Part::main;
    }
};

struct Teapot {
    float r, spout;
    Frame frame;

    explicit Teapot(Proportions k)
        : r(lerp(0.74f, 0.64f, k.slim)), spout(lerp(0.85f, 1.1f, k.detail)) {
        h = lerp(0.5f, 0.6f, k.slim);
        frame = {.centre = {0.0f, 0.68f, 0.0f},
                 .radius = 1.35f,
                 .decal = {0.0f, h},
                 .decal_half = 0.42f,
                 .wrap = r};
    }

    float body(Vec3 p) const {
        return std::max(ellipsoid(p, {0.0f, h, 0.0f}, {1.0f / r, 1.0f / (h + 0.08f), 1.0f / r}),
                        -p.y);
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float lid = cylinder(rd, p.y, 0.36f, 2.0f * h - 0.06f, 2.0f * h + 0.1f, 0.04f);
        const float knob = sphere(p, {0.0f, 2.0f * h + 0.2f, 0.0f}, 0.13f);
        const Vec3 root{-0.5f * r, 0.6f * h, 0.0f}, tip{-spout, 1.75f * h, 0.0f};
        const float pour = capsule(p, root, tip, 0.12f);
        const float q = hypot2(p.x - r + 0.04f, p.y - 1.05f * h) - 0.38f;
        const float handle = std::max(hypot2(q, p.z) - 0.085f, r - 0.16f - p.x);
        const float extra = std::min(std::min(lid, knob), std::min(pour, handle));
        return smooth_min(body(p), extra, 0.05f);
    }

    Part part(Vec3 p) const { return body(p) > 0.02f ? Part::second : Part::main; }

    float h;
};

struct Duck {
    float head, stretch;
    Frame frame;

    explicit Duck(Proportions k)
        : head(lerp(0.4f, 0.52f, k.detail)), stretch(lerp(0.95f, 0.82f, k.slim)) {
        frame = {.centre = {-0.05f, 0.95f, 0.0f},
                 .radius = 1.47f,
                 .decal = {0.12f, 0.62f},
                 .decal_half = 0.41f};
    }

    Vec3 head_centre() const { return {-0.5f, 1.1f + head, 0.0f}; }

    float beak(Vec3 p) const {
        return ellipsoid(p, head_centre() + Vec3{-head - 0.06f, -0.06f, 0.0f},
                         {1.0f / 0.28f, 1.0f / 0.11f, 1.0f / 0.22f});
    }

    float operator()(Vec3 p) const {
        const float body =
            ellipsoid(p, {0.0f, 0.62f, 0.0f}, {1.0f / stretch, 1.0f / 0.62f, 1.0f / 0.68f});
        const float tail = ellipsoid(p, {0.85f * stretch, 0.98f, 0.0f},
                                     {1.0f / 0.34f, 1.0f / 0.22f, 1.0f / 0.26f});
        const float round =
            smooth_min(smooth_min(body, tail, 0.3f), sphere(p, head_centre(), head), 0.22f);
        return std::min(round, beak(p));
    }

    Part part(Vec3 p) const {
        if (beak(p) < 0.01f) {
            return Part::second;
        }
        const Vec3 q = p - head_centre();
        const float eye = hypot2(q.x + 0.45f * head, q.y - 0.25f * head);
        if (absolute(q.z) > 0.3f * head && eye < 0.17f * head + 0.02f) {
            return Part::dark;
        }
        const float tail = hypot2(p.x - stretch - 0.05f, p.y - 1.0f);
        return tail < 0.28f ? Part::second : Part::main;
    }
};

struct Robot {
    float width, head;
    Frame frame;

    explicit Robot(Proportions k)
        : width(lerp(0.56f, 0.46f, k.slim)), head(lerp(0.34f, 0.44f, k.detail)) {
        frame = {.centre = {0.0f, 1.1f, 0.0f},
                 .radius = 1.26f,
                 .decal = {0.0f, 0.86f},
                 .decal_half = 0.41f};
    }

    float body(Vec3 p) const { return box(p, {0.0f, 0.86f, 0.0f}, {width, 0.46f, 0.34f}, 0.08f); }

    float skull(Vec3 p) const { return box(p, {0.0f, 1.7f, 0.0f}, {head, 0.3f, 0.3f}, 0.08f); }

    float operator()(Vec3 p) const {
        const Vec3 q{absolute(p.x), p.y, p.z};
        const float leg = box(q, {0.26f, 0.22f, 0.0f}, {0.15f, 0.22f, 0.2f}, 0.05f);
        const float arm =
            capsule(q, {width + 0.12f, 1.16f, 0.0f}, {width + 0.22f, 0.6f, -0.08f}, 0.12f);
        const float rd = hypot2(p.x, p.z);
        const float neck = cylinder(rd, p.y, 0.14f, 1.2f, 2.1f, 0.02f);
        const float thin = std::max(neck, std::max(rd - (p.y > 1.6f ? 0.04f : 0.2f), 0.0f));
        const float antenna = std::min(thin, sphere(p, {0.0f, 2.16f, 0.0f}, 0.1f));
        return std::min(std::min(body(p), skull(p)), std::min(std::min(leg, arm), antenna));
    }

    Part part(Vec3 p) const {
        if (skull(p) < 0.01f) {
            const float eye = hypot2(absolute(p.x) - 0.45f * head, p.y - 1.75f);
            if (p.z < -0.2f && eye < 0.1f) {
                return Part::dark;
            }
            const bool mouth = absolute(p.x) < 0.2f && absolute(p.y - 1.53f) < 0.04f;
            return p.z < -0.2f && mouth ? Part::dark : Part::second;
        }
        return body(p) < 0.01f ? Part::main : Part::second;
    }
};

struct Ring {
    float thickness, gem;
    Frame frame;

    explicit Ring(Proportions k)
        : thickness(lerp(0.24f, 0.15f, k.slim)), gem(lerp(0.26f, 0.4f, k.detail)) {
        frame = {.centre = {0.0f, 1.1f, 0.0f}, .radius = 1.25f};
    }

    float stone(Vec3 p) const {
        const Vec3 q = p - Vec3{0.0f, 1.72f + 0.3f * gem, 0.0f};
        const float sum = absolute(q.x) + absolute(q.y) * 1.1f + absolute(q.z);
        return std::max((sum - 1.35f * gem) * 0.56f, q.y - 0.55f * gem);
    }

    float operator()(Vec3 p) const {
        return std::min(torus(p, {0.0f, 0.85f, 0.0f}, 0.85f - thickness, thickness), stone(p));
    }

    Part part(Vec3 p) const { return stone(p) < 0.01f ? Part::second : Part::main; }
};

struct Dumbbell {
    float r, inner;
    Frame frame;

    explicit Dumbbell(Proportions k)
        : r(lerp(0.62f, 0.46f, k.slim)), inner(lerp(0.3f, 0.46f, k.detail)) {
        frame = {.centre = {0.0f, r, 0.0f}, .radius = 1.22f};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.y - r, p.z), x = absolute(p.x);
        const float weight = cylinder(rd, x, r, inner, 0.88f, 0.1f);
        const float cap = cylinder(rd, x, 0.5f * r, 0.8f, 1.0f, 0.05f);
        return std::min(std::min(weight, cap), cylinder(rd, x, 0.14f, -1.0f, 0.9f, 0.02f));
    }

    Part part(Vec3 p) const {
        const float x = absolute(p.x);
        return x > inner - 0.02f && x < 0.89f ? Part::main : Part::second;
    }
};

struct StarSolid {
    float inner, half;
    Frame frame;

    explicit StarSolid(Proportions k)
        : inner(lerp(0.58f, 0.4f, k.slim)), half(lerp(0.18f, 0.34f, k.detail)) {
        frame = {.centre = {0.0f, 0.95f, 0.0f},
                 .radius = 1.16f,
                 .decal = {0.0f, 0.92f},
                 .decal_half = 0.38f};
    }

    float outline(Vec3 p) const { return star({p.x, p.y - 0.86f}, 1.0f, inner) - 0.05f; }

    float operator()(Vec3 p) const {
        return std::max(extrude(outline(p), p.z, half, 0.06f), 0.0f - p.y);
    }

    Part part(Vec3 p) const { return outline(p) > -0.085f ? Part::second : Part::main; }
};

struct HeartSolid {
    float width, half;
    Frame frame;

    explicit HeartSolid(Proportions k)
        : width(lerp(1.0f, 0.84f, k.slim)), half(lerp(0.2f, 0.36f, k.detail)) {
        frame = {.centre = {0.0f, 0.95f, 0.0f},
                 .radius = 1.28f,
                 .decal = {0.0f, 1.05f},
                 .decal_half = 0.42f};
    }

    float outline(Vec3 p) const { return heart({p.x / (1.7f * width), p.y / 1.7f}) * 1.7f * width; }

    float operator()(Vec3 p) const { return extrude(outline(p), p.z, half, 0.12f); }

    Part part(Vec3 p) const { return outline(p) > -0.1f ? Part::second : Part::main; }
};

} // namespace likeness::synth
