#pragma once

#include "core/synth/shapes.h"

// The products with a front: boxes, vehicles, toys; and the door to all 24.
namespace likeness::synth {

struct Box {
    float width, h, lid;
    Frame frame;

    explicit Box(Proportions k)
        : width(lerp(0.92f, 0.72f, k.slim)), h(lerp(1.1f, 1.4f, k.slim)),
          lid(lerp(0.22f, 0.36f, k.detail)) {
        frame = {.centre = {0.0f, 0.5f * (h + lid + 0.3f), 0.0f},
                 .radius = std::sqrt(2.0f * (width + 0.07f) * (width + 0.07f) +
                                     0.25f * (h + lid + 0.3f) * (h + lid + 0.3f)),
                 .decal = {0.0f, 0.5f * h},
                 .decal_half = 0.45f};
    }

    float operator()(Vec3 p) const {
        const float body = box(p, {0.0f, 0.5f * h, 0.0f}, {width, 0.5f * h, width}, 0.04f);
        const float top = box(p, {0.0f, h + 0.5f * lid - 0.04f, 0.0f},
                              {width + 0.07f, 0.5f * lid, width + 0.07f}, 0.05f);
        const Vec3 q{absolute(p.x), p.y - h - lid, p.z};
        const float loop =
            ellipsoid({0.83f * q.x + 0.56f * q.y, 0.83f * q.y - 0.56f * q.x, q.z},
                      {0.28f, 0.0f, 0.0f}, {1.0f / 0.28f, 1.0f / 0.13f, 1.0f / 0.13f});
        const float bow = std::min(loop, sphere(q, {0.0f, 0.04f, 0.0f}, 0.11f));
        return std::min(std::min(body, top), bow);
    }

    Part part(Vec3 p) const {
        if (p.y > h + lid - 0.035f) {
            return absolute(p.x) < 0.6f && absolute(p.z) < 0.14f ? Part::pale : Part::second;
        }
        return p.y > h - 0.05f ? Part::second : Part::main;
    }
};

struct Book {
    float width, half;
    Frame frame;

    explicit Book(Proportions k)
        : width(lerp(0.78f, 0.62f, k.slim)), half(lerp(0.16f, 0.3f, k.detail)) {
        frame = {.centre = {0.0f, 1.0f, 0.0f},
                 .radius = 1.31f,
                 .decal = {0.1f, 1.05f},
                 .decal_half = 0.43f};
    }

    float operator()(Vec3 p) const {
        const float cover = box(p, {0.0f, 1.0f, 0.0f}, {width, 1.0f, half}, 0.04f);
        const float gap = box(p, {0.14f, 1.0f, 0.0f}, {width, 1.2f, half - 0.07f}, 0.01f);
        const float pages =
            box(p, {-0.02f, 1.0f, 0.0f}, {width - 0.06f, 0.94f, half - 0.06f}, 0.01f);
        return std::min(std::max(cover, -gap), pages);
    }

    Part part(Vec3 p) const {
        if (absolute(p.z) < half - 0.075f && p.x > -width + 0.1f) {
            return Part::pale;
        }
        return p.x < -width + 0.26f ? Part::second : Part::main;
    }
};

struct Camera {
    float h, lens;
    Frame frame;

    explicit Camera(Proportions k) : h(lerp(1.3f, 1.1f, k.slim)), lens(lerp(0.4f, 0.5f, k.detail)) {
        frame = {.centre = {0.0f, 0.75f, -0.05f}, .radius = 1.3f};
    }

    float barrel(Vec3 p) const {
        return cylinder(hypot2(p.x, p.y - 0.5f * h), p.z, lens, -0.85f, 0.0f, 0.05f);
    }

    float operator()(Vec3 p) const {
        const float body = box(p, {0.0f, 0.5f * h, 0.0f}, {1.0f, 0.5f * h, 0.34f}, 0.1f);
        const float hump = box(p, {0.0f, h + 0.08f, 0.0f}, {0.36f, 0.2f, 0.26f}, 0.06f);
        const float button =
            cylinder(hypot2(p.x - 0.68f, p.z), p.y, 0.15f, h - 0.1f, h + 0.12f, 0.03f);
        const float glass =
            cylinder(hypot2(p.x, p.y - 0.5f * h), p.z, lens - 0.1f, -1.0f, -0.78f, 0.01f);
        return std::min(std::min(body, hump), std::min(button, std::max(barrel(p), -glass)));
    }

    Part part(Vec3 p) const {
        const float rd = hypot2(p.x, p.y - 0.5f * h);
        if (p.z < -0.36f) {
            return rd < lens - 0.09f ? Part::dark : Part::second;
        }
        const bool window = absolute(p.x) < 0.2f && absolute(p.y - h - 0.1f) < 0.09f;
        if (p.z < -0.2f && window) {
            return Part::dark;
        }
        return p.y > h + 0.005f ? Part::second : Part::main;
    }
};

struct Phone {
    float width, bump;
    Frame frame;

    explicit Phone(Proportions k)
        : width(lerp(0.6f, 0.48f, k.slim)), bump(lerp(0.22f, 0.3f, k.detail)) {
        frame = {.centre = {0.0f, 1.0f, 0.0f},
                 .radius = 1.2f,
                 .decal = {0.0f, 0.7f},
                 .decal_half = 0.4f};
    }

    Vec3 bump_centre() const { return {-width + bump + 0.1f, 1.9f - bump, -0.12f}; }

    float operator()(Vec3 p) const {
        const float plate =
            extrude(box(Vec2{p.x, p.y - 1.0f}, {width - 0.16f, 0.84f}) - 0.16f, p.z, 0.11f, 0.05f);
        const Vec3 c = bump_centre();
        const float raised =
            extrude(box(Vec2{p.x - c.x, p.y - c.y}, {bump - 0.1f, bump - 0.1f}) - 0.1f, p.z + 0.1f,
                    0.09f, 0.03f);
        return std::min(plate, raised);
    }

    Part part(Vec3 p) const {
        const Vec3 q = p - bump_centre();
        if (p.z < -0.115f && std::max(absolute(q.x), absolute(q.y)) < bump + 0.01f) {
            const float glass = hypot2(absolute(q.x) - 0.42f * bump,
                                       q.y + (q.x > 0.0f ? -1.0f : 1.0f) * 0.42f * bump);
            return glass < 0.34f * bump ? Part::dark : Part::second;
        }
        return p.z > 0.1f ? Part::dark : Part::main;
    }
};

struct Bag {
    float top, handle;
    Frame frame;

    explicit Bag(Proportions k)
        : top(lerp(0.82f, 0.62f, k.slim)), handle(lerp(0.36f, 0.5f, k.detail)) {
        frame = {.centre = {0.0f, 0.9f, 0.0f},
                 .radius = 1.34f,
                 .decal = {0.0f, 0.56f},
                 .decal_half = 0.42f};
    }

    float operator()(Vec3 p) const {
        const float t = clamp01(p.y / 1.25f);
        const float body = box(p, {0.0f, 0.625f, 0.0f},
                               {lerp(0.98f, top, t), 0.625f, lerp(0.42f, 0.26f, t)}, 0.1f) *
                           0.9f;
        const float q = hypot2(p.x, (p.y - 1.2f) * 0.72f) - handle;
        const float strap = std::max(hypot2(q, p.z) - 0.085f, 1.1f - p.y);
        return std::min(body, strap);
    }

    Part part(Vec3 p) const {
        if (p.y > 1.26f) {
            return Part::second;
        }
        return p.y > 1.04f ? Part::second : Part::main;
    }
};

struct Mushroom {
    float cap, stem;
    Frame frame;

    explicit Mushroom(Proportions k)
        : cap(lerp(1.0f, 0.84f, k.slim)), stem(lerp(0.26f, 0.4f, k.detail)) {
        frame = {.centre = {0.0f, 0.95f, 0.0f},
                 .radius = 1.2f,
                 .decal = {0.0f, 1.32f},
                 .decal_half = 0.39f};
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float dome = ellipsoid(p, {0.0f, 0.9f, 0.0f}, {1.0f / cap, 1.0f / 1.0f, 1.0f / cap});
        const float under = 0.86f + 0.1f * (1.0f - rd) - p.y;
        const float hat = std::max(dome, under);
        return smooth_min(hat, frustum(rd, p.y, stem + 0.1f, stem, 0.0f, 1.1f) - 0.03f, 0.06f);
    }

    Part part(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        return p.y > 0.89f + 0.1f * (1.0f - rd) || rd > stem + 0.3f + 0.3f * (1.0f - p.y)
                   ? (p.y < 0.9f + 0.1f * (1.0f - rd) ? Part::pale : Part::main)
                   : Part::second;
    }
};

struct Rocket {
    float r, fin;
    Frame frame;

    explicit Rocket(Proportions k)
        : r(lerp(0.56f, 0.44f, k.slim)), fin(lerp(0.82f, 1.0f, k.detail)) {
        frame = {.centre = {0.0f, 1.0f, 0.0f},
                 .radius = 1.42f,
                 .decal = {0.0f, 0.92f},
                 .decal_half = 0.41f,
                 .wrap = r};
    }

    float hull(Vec3 p) const {
        const float ogive = ellipsoid(p, {0.0f, 0.85f, 0.0f}, {1.0f / r, 1.0f / 1.35f, 1.0f / r});
        return std::max(ogive, 0.2f - p.y);
    }

    float operator()(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        const float sweep = rd - lerp(fin, 0.3f, clamp01(p.y / 0.95f));
        const float thin = std::min(absolute(p.x), absolute(p.z)) - 0.07f;
        const float fins = std::max(std::max(sweep * 0.75f, thin), std::max(-p.y, p.y - 0.95f));
        const float nozzle = frustum(rd, p.y, 0.3f, 0.24f, 0.06f, 0.3f);
        return std::min(std::min(hull(p), nozzle), fins);
    }

    Part part(Vec3 p) const {
        if (hull(p) > 0.01f || p.y > 1.66f) {
            return p.y < 0.22f && hypot2(p.x, p.z) < 0.32f ? Part::steel : Part::second;
        }
        return Part::main;
    }
};

struct Car {
    float roof, wheel;
    Frame frame;

    explicit Car(Proportions k)
        : roof(lerp(0.5f, 0.36f, k.slim)), wheel(lerp(0.25f, 0.32f, k.detail)) {
        frame = {.centre = {0.0f, 0.55f, 0.0f}, .radius = 1.28f};
    }

    float cabin(Vec3 p) const {
        const float t = clamp01((p.y - 0.72f) / roof);
        return box(p, {0.08f, 0.72f + 0.5f * roof, 0.0f},
                   {lerp(0.66f, 0.42f, t), 0.5f * roof + 0.06f, lerp(0.44f, 0.36f, t)}, 0.08f) *
               0.85f;
    }

    float operator()(Vec3 p) const {
        const float body = box(p, {0.0f, 0.5f, 0.0f}, {1.05f, 0.27f, 0.5f}, 0.14f);
        const Vec3 q{absolute(p.x) - 0.6f, p.y - wheel, absolute(p.z)};
        const float rim = cylinder(hypot2(q.x, q.y), q.z, wheel, 0.3f, 0.56f, 0.05f);
        const float arch = hypot2(q.x, q.y) - wheel - 0.06f;
        return std::min(std::min(std::max(body, std::min(-arch, 0.3f)), cabin(p)), rim);
    }

    Part part(Vec3 p) const {
        const float hub = hypot2(absolute(p.x) - 0.6f, p.y - wheel);
        if (hub < wheel + 0.02f && p.y < 2.0f * wheel + 0.02f) {
            return hub < 0.5f * wheel ? Part::second : Part::dark;
        }
        if (p.y < 0.775f) {
            const bool light = absolute(p.x) > 0.98f && absolute(p.y - 0.56f) < 0.1f;
            return light && absolute(p.z) > 0.22f ? Part::pale : Part::main;
        }
        const float t = (p.y - 0.72f) / roof;
        const bool glass = t > 0.15f && t < 0.82f && absolute(p.x - 0.08f) > 0.05f;
        const bool pillar = absolute(absolute(p.x - 0.08f) - lerp(0.6f, 0.4f, t)) < 0.05f &&
                            absolute(p.z) > lerp(0.42f, 0.34f, t) - 0.05f;
        return glass && !pillar ? Part::dark : Part::second;
    }
};

struct House {
    float width, roof;
    Frame frame;

    explicit House(Proportions k)
        : width(lerp(0.85f, 0.65f, k.slim)), roof(lerp(0.7f, 0.95f, k.detail)) {
        frame = {.centre = {0.0f, 0.85f, 0.0f}, .radius = 1.4f};
    }

    float walls(Vec3 p) const { return box(p, {0.0f, 0.52f, 0.0f}, {width, 0.52f, 0.6f}, 0.02f); }

    float operator()(Vec3 p) const {
        const float slope = roof / (width + 0.18f);
        const float slant = 1.0f / std::sqrt(1.0f + slope * slope);
        const float under = (p.y - 1.04f - roof + absolute(p.x) * slope) * slant;
        const float gable = std::max(std::max(under, 1.0f - p.y), absolute(p.z) - 0.72f);
        const float chimney =
            box(p, {0.45f, 1.3f + 0.35f * roof, 0.1f}, {0.12f, 0.36f, 0.12f}, 0.02f);
        return std::min(std::min(walls(p), gable), chimney);
    }

    Part part(Vec3 p) const {
        if (walls(p) > 0.01f) {
            return Part::second;
        }
        if (p.z < -0.55f) {
            if (absolute(p.x) < 0.17f && p.y < 0.62f) {
                return Part::dark;
            }
            if (absolute(absolute(p.x) - 0.66f * width) < 0.16f && absolute(p.y - 0.62f) < 0.17f) {
                return Part::pale;
            }
        }
        return Part::main;
    }
};

struct Ball {
    float pole, dent;
    Frame frame;

    explicit Ball(Proportions k)
        : pole(lerp(0.4f, 0.6f, k.detail)), dent(lerp(1.0f, 0.86f, k.slim)) {
        frame = {.centre = {0.0f, dent, 0.0f},
                 .radius = 1.02f,
                 .decal = {0.0f, dent},
                 .decal_half = 0.45f,
                 .wrap = 1.0f};
    }

    float operator()(Vec3 p) const {
        return ellipsoid(p, {0.0f, dent, 0.0f}, {1.0f, 1.0f / dent, 1.0f});
    }

    Part part(Vec3 p) const {
        const float rd = hypot2(p.x, p.z);
        return rd < pole ? Part::second : Part::main;
    }
};

// Calls `f` with the subject's shape, a different type for each.
template <class F>
decltype(auto) with_shape(const Subject& subject, F&& f) {
    const Proportions k{static_cast<float>(subject.slimness), static_cast<float>(subject.detail)};
    // clang-format off
    switch (subject.shape) {
    case Shape::mug: return f(Mug(k));
    case Shape::bottle: return f(Bottle(k));
    case Shape::vase: return f(Vase(k));
    case Shape::can: return f(Can(k));
    case Shape::bowl: return f(Bowl(k));
    case Shape::lamp: return f(Lamp(k));
    case Shape::goblet: return f(Goblet(k));
    case Shape::teapot: return f(Teapot(k));
    case Shape::duck: return f(Duck(k));
    case Shape::robot: return f(Robot(k));
    case Shape::ring: return f(Ring(k));
    case Shape::dumbbell: return f(Dumbbell(k));
    case Shape::star: return f(StarSolid(k));
    case Shape::heart: return f(HeartSolid(k));
    case Shape::box: return f(Box(k));
    case Shape::book: return f(Book(k));
    case Shape::camera: return f(Camera(k));
    case Shape::phone: return f(Phone(k));
    case Shape::bag: return f(Bag(k));
    case Shape::mushroom: return f(Mushroom(k));
    case Shape::rocket: return f(Rocket(k));
    case Shape::car: return f(Car(k));
    case Shape::house: return f(House(k));
    case Shape::ball: break;
    }
    // clang-format on
    return f(Ball(k));
}

} // namespace likeness::synth
