#include "core/base/check.h"
#include "core/synth/canvas.h"
#include "core/synth/more_shapes.h"
#include "core/synth/places.h"
#include "core/synth/surface.h"

namespace likeness::synth {

namespace {

constexpr float kCameraDistance = 4.6f;
constexpr float kSkyDepth = 60.0f;
constexpr float kFrontFill = 0.34f;
constexpr float kRadians = kPi / 180.0f;

struct Sample {
    Vec3 colour{};
    float depth = kSkyDepth;
    float part = -1.0f; // the Part, or -1 off the subject
};

struct Range {
    float from = 0.0f, to = -1.0f;

    bool empty() const { return to <= from; }
};

// Where a ray runs inside a sphere; `origin` relative to its centre.
Range inside_sphere(Vec3 origin, Vec3 direction, float radius) {
    const float b = dot(origin, direction);
    const float discriminant = b * b - dot(origin, origin) + radius * radius;
    if (discriminant <= 0.0f) {
        return {};
    }
    const float root = std::sqrt(discriminant);
    return {std::max(-b - root, 0.0f), -b + root};
}

Vec3 turn(Vec3 p, float sine_of, float cosine_of) {
    return {cosine_of * p.x - sine_of * p.z, p.y, sine_of * p.x + cosine_of * p.z};
}

Vec3 light_direction(LightDirection light, float elevation) {
    constexpr Vec3 kDirections[kLightDirections] = {
        {-0.85f, 0.0f, -0.5f}, {0.85f, 0.0f, -0.5f}, {-0.25f, 0.0f, -0.97f}, {0.35f, 0.0f, 0.94f}};
    Vec3 d = kDirections[static_cast<int>(light)];
    d.y = elevation;
    return normalize(d);
}

Vec3 light_tint(LightTemperature temperature) {
    switch (temperature) {
    case LightTemperature::warm:
        return {1.12f, 0.98f, 0.78f};
    case LightTemperature::neutral:
        return {1.0f, 1.0f, 1.0f};
    case LightTemperature::cool:
        return {0.84f, 0.98f, 1.2f};
    }
    return {1.0f, 1.0f, 1.0f};
}

// One subject in one scene, ready to be asked for the colour along any ray.
template <class S>
class Tracer {
public:
    Tracer(const S& the_shape, const Subject& the_subject, const Scene& the_scene, int size);

    Sample along(float u, float v) const;

private:
    Vec3 direction(float u, float v) const {
        return normalize(forward_ * focal_ + right_ * (u - shift_.x) + up_ * (v - shift_.y));
    }

    float march(Vec3 ray, float limit) const;
    void frame_subject(int size);
    float shadow(Vec3 from) const;
    float ground_occlusion(Vec3 at) const;
    Sample ground_sample(Vec3 ray, float depth) const;
    Sample subject_sample(Vec3 ray, float depth) const;
    Vec3 paint(Vec3 at, Vec3 normal, Part part, float depth) const;
    Vec3 environment(Vec3 ray) const;

    Vec3 to_shape(Vec3 p) const { return turn(p, sine_, cosine_); }

    Vec3 to_world(Vec3 p) const { return turn(p, -sine_, cosine_); }

    const S& shape_;
    const Subject& subject_;
    const Scene& scene_;
    PlaceLook look_;
    float variation_ = 0.0f;
    float sine_ = 0.0f, cosine_ = 1.0f;
    Vec3 forward_{}, right_{}, up_{};
    Vec3 eye_{};       // in the world
    Vec3 shape_eye_{}; // in the shape's space, which is turned by the yaw
    Vec3 sun_{}, shape_sun_{}, sun_light_{}, ambient_{}, bounce_{};
    Vec3 main_{}, second_{}, decal_{}, badge_{};
    float focal_ = 1.0f;
    Vec2 shift_{};
    float pixel_angle_ = 0.01f;
};

template <class S>
Tracer<S>::Tracer(const S& the_shape, const Subject& the_subject, const Scene& the_scene, int size)
    : shape_(the_shape), subject_(the_subject), scene_(the_scene), look_(look_of(the_scene.place)) {
    Random random(scene_.seed);
    variation_ = static_cast<float>(random.uniform());
    const float yaw = static_cast<float>(scene_.yaw) * kRadians;
    const float pitch = static_cast<float>(scene_.pitch) * kRadians;
    sine_ = sine(yaw);
    cosine_ = cosine(yaw);
    forward_ = normalize({0.0f, -sine(pitch), cosine(pitch)});
    right_ = {1.0f, 0.0f, 0.0f};
    up_ = cross(forward_, right_);
    eye_ = to_world(shape_.frame.centre) - forward_ * kCameraDistance;
    shape_eye_ = to_shape(eye_);
    sun_ = light_direction(scene_.light, look_.elevation);
    shape_sun_ = to_shape(sun_);
    sun_light_ = look_.sun * light_tint(scene_.temperature);
    ambient_ = look_.ambient;
    bounce_ = ground(scene_.place, {0.0f, -1.0f}, variation_) * 0.3f;
    main_ = main_paint(subject_.hue);
    second_ = second_paint(subject_.second_hue);
    decal_ = decal_paint(subject_.decal_colour);
    badge_ = badge_paint(subject_.decal_colour);
    frame_subject(size);
}

// Looks at the bare outline to find the zoom and shift that give the scene's coverage and position.
template <class S>
void Tracer<S>::frame_subject(int size) {
    constexpr int kGrid = 56;
    const float reach = shape_.frame.radius / std::sqrt(kCameraDistance * kCameraDistance -
                                                        shape_.frame.radius * shape_.frame.radius);
    const float cell = 2.0f * reach / kGrid;
    int left = kGrid, right = -1, low = kGrid, high = -1;
    for (int y = 0; y < kGrid; ++y) {
        for (int x = 0; x < kGrid; ++x) {
            if (x > left && x < right && y <= high && y >= low) {
                continue;
            }
            const float u = (static_cast<float>(x) + 0.5f) * cell - reach;
            const float v = (static_cast<float>(y) + 0.5f) * cell - reach;
            if (march(direction(u, v), 2.0f * kCameraDistance) > 0.0f) {
                left = std::min(left, x);
                right = std::max(right, x);
                low = std::min(low, y);
                high = std::max(high, y);
            }
        }
    }
    const float larger = cell * static_cast<float>(std::max(right - left, high - low) + 1);
    focal_ = 2.0f * static_cast<float>(scene_.coverage) / larger;
    const float middle_x = 0.5f * cell * static_cast<float>(left + right + 1) - reach;
    const float middle_y = 0.5f * cell * static_cast<float>(low + high + 1) - reach;
    shift_ = {2.0f * static_cast<float>(scene_.x) - focal_ * middle_x,
              -2.0f * static_cast<float>(scene_.y) - focal_ * middle_y};
    pixel_angle_ = 2.0f / (focal_ * static_cast<float>(size));
}

// How far along the ray (in the world) the subject is hit; negative where it is not.
template <class S>
float Tracer<S>::march(Vec3 ray, float limit) const {
    const Vec3 d = to_shape(ray);
    const Range range = inside_sphere(shape_eye_ - shape_.frame.centre, d, shape_.frame.radius);
    const float end = std::min(range.to, limit);
    float t = range.from;
    for (int i = 0; i < 72 && t < end; ++i) {
        const float distance = shape_(shape_eye_ + d * t);
        if (distance < 0.0015f) {
            return t;
        }
        t += 0.92f * distance;
    }
    return -1.0f;
}

// The sun's share that reaches a point of the shape's space, soft at the edge.
template <class S>
float Tracer<S>::shadow(Vec3 from) const {
    constexpr float kSoftness = 9.0f;
    const Range range =
        inside_sphere(from - shape_.frame.centre, shape_sun_, shape_.frame.radius + 0.12f);
    if (range.empty()) {
        return 1.0f;
    }
    float lit = 1.0f;
    float t = std::max(range.from, 0.03f);
    for (int i = 0; i < 20 && t < range.to; ++i) {
        const float distance = shape_(from + shape_sun_ * t);
        lit = std::min(lit, kSoftness * distance / t);
        if (lit <= 0.0f) {
            return 0.0f;
        }
        t += std::clamp(distance, 0.05f, 0.4f);
    }
    return smoothstep(0.0f, 1.0f, lit);
}

template <class S>
float Tracer<S>::ground_occlusion(Vec3 at) const {
    const Vec3 off = at - Vec3{shape_.frame.centre.x, 0.0f, shape_.frame.centre.z};
    if (dot(off, off) > (shape_.frame.radius + 0.5f) * (shape_.frame.radius + 0.5f)) {
        return 1.0f;
    }
    constexpr float kHeights[3] = {0.1f, 0.25f, 0.5f};
    constexpr float kWeights[3] = {1.5f, 0.8f, 0.4f};
    float blocked = 0.0f;
    for (int i = 0; i < 3; ++i) {
        const float free = shape_(at + Vec3{0.0f, kHeights[i], 0.0f});
        blocked += kWeights[i] * std::max(kHeights[i] - free, 0.0f);
    }
    return clamp01(1.0f - 1.5f * blocked);
}

// What the subject mirrors: the ground below, the place's horizon and height above, out of focus.
template <class S>
Vec3 Tracer<S>::environment(Vec3 ray) const {
    const Vec3 above = surroundings(scene_.place, {ray.x, std::max(ray.y, 0.0f), ray.z});
    return lerp(bounce_ * 2.2f, above, smoothstep(-0.08f, 0.02f, ray.y));
}

template <class S>
Sample Tracer<S>::ground_sample(Vec3 ray, float depth) const {
    const Vec3 at = eye_ + ray * depth;
    if (at.z > look_.back_edge) {
        return {.colour = sky(scene_.place, ray, variation_), .depth = kSkyDepth};
    }
    const Vec3 seen = to_shape(at);
    const float lit = shadow(seen);
    const float open = ground_occlusion(seen);
    Vec3 normal{0.0f, 1.0f, 0.0f};
    if (look_.bump > 0.0f && depth < 9.0f) {
        constexpr float kStep = 0.1f;
        const float here = ground_height({at.x, at.z});
        const float fade = look_.bump * (1.0f - depth / 9.0f) / kStep;
        normal = normalize({(here - ground_height({at.x + kStep, at.z})) * fade, 1.0f,
                            (here - ground_height({at.x, at.z + kStep})) * fade});
    }
    const float facing = clamp01(dot(normal, sun_));
    Vec3 light = sun_light_ * (facing * lit) + ambient_ * open;
    Vec3 c = ground(scene_.place, {at.x, at.z}, variation_) * light;
    if (look_.gloss > 0.0f) {
        const float grazing = clamp01(1.0f + ray.y);
        const Vec3 mirrored = sky(scene_.place, {ray.x, absolute(ray.y), ray.z}, variation_);
        c = c + mirrored * (look_.gloss * grazing * grazing * (0.3f + 0.7f * lit) * open);
    }
    const float fog = smoothstep(look_.fog_from, look_.fog_to, depth);
    if (fog > 0.0f) {
        c = lerp(c, sky(scene_.place, ray, variation_), fog);
    }
    return {.colour = c, .depth = depth};
}

template <class S>
Vec3 Tracer<S>::paint(Vec3 at, Vec3 normal, Part part, float depth) const {
    switch (part) {
    case Part::second:
        return second_;
    case Part::dark:
        return colour(0x22242a);
    case Part::pale:
        return colour(0xf2ead8);
    case Part::steel:
        return colour(0xc0c4c8);
    case Part::main:
        break;
    }
    const Frame& frame = shape_.frame;
    Vec2 on{at.x - frame.decal.x, at.y - frame.decal.y};
    if (frame.wrap > 0.0f) {
        on.x = arc_tangent(at.x, -at.z) * frame.wrap;
    } else if (absolute(normal.x) > 0.75f) {
        on.x = at.z;
    } else if (normal.y > 0.9f) {
        on.y = at.z;
    }
    const float slope = std::max(0.25f, -dot(normal, normalize(at - shape_eye_)));
    const float pixel = depth * pixel_angle_ / std::sqrt(slope);
    Vec3 c =
        lerp(main_, second_, pattern_cover(subject_.pattern, subject_.pattern_scale, on, pixel));
    const bool on_front =
        at.z < 0.0f && (frame.wrap > 0.0f || (absolute(normal.x) <= 0.75f && normal.y <= 0.9f));
    if (subject_.has_decal && frame.decal_half > 0.0f && on_front) {
        const float r = length(on);
        if (r < frame.decal_half + pixel) {
            c = lerp(c, badge_, clamp01(0.5f - (r - frame.decal_half) / pixel));
            const float scale = 0.86f * frame.decal_half;
            const float glyph = glyph_distance(subject_.glyph, on * (1.0f / scale)) * scale;
            c = lerp(c, decal_, clamp01(0.5f - glyph / pixel));
        }
    }
    return c;
}

template <class S>
Sample Tracer<S>::subject_sample(Vec3 ray, float depth) const {
    const Vec3 d = to_shape(ray);
    const Vec3 at = shape_eye_ + d * depth;
    constexpr float e = 0.004f;
    const float a = shape_(at + Vec3{e, -e, -e}), b = shape_(at + Vec3{-e, -e, e});
    const float c = shape_(at + Vec3{-e, e, -e}), f = shape_(at + Vec3{e, e, e});
    const Vec3 normal = normalize({a - b - c + f, -a - b + c + f, -a + b - c + f});
    const Part part = shape_.part(at);
    const Vec3 albedo = paint(at, normal, part, depth);

    const Vec3 lifted = at + normal * 0.02f;
    const float facing = clamp01(dot(normal, shape_sun_));
    const float lit = facing > 0.0f ? shadow(lifted) : 0.0f;
    float blocked = 0.0f, weight = 1.0f;
    for (int i = 1; i <= 3; ++i) {
        const float h = 0.12f * static_cast<float>(i);
        const Vec3 probe = at + normal * h;
        blocked += weight * (h - std::min(shape_(probe), std::max(probe.y, 0.0f)));
        weight *= 0.6f;
    }
    const float open = clamp01(1.0f - 1.5f * blocked);
    const float up = 0.5f + 0.5f * normal.y;
    // A weak light beside the camera keeps the shaded side's colour legible.
    const float toward = dot(normal, d);
    const float front = kFrontFill * clamp01(-toward);
    const Vec3 fill = (ambient_ * (0.35f + 0.75f * up) + bounce_ * sun_light_ * (1.0f - up) +
                       Vec3{front, front, front}) *
                      open;
    Vec3 shade = albedo * (sun_light_ * (facing * lit) + fill);

    const float gloss = part == Part::steel || part == Part::dark ? 1.0f
                        : subject_.material == Material::matte    ? 0.08f
                                                                  : 1.0f;
    const bool metal = subject_.material == Material::metal && part != Part::pale;
    const Vec3 half = normalize(shape_sun_ - d);
    float shine = clamp01(dot(normal, half));
    for (int i = 0; i < 6; ++i) {
        shine *= shine;
    }
    const Vec3 mirrored = d - normal * (2.0f * toward);
    const Vec3 seen = environment(to_world(mirrored));
    float edge = 1.0f - clamp01(-toward);
    edge *= edge;
    const Vec3 panel = normalize({-0.75f, 0.55f, -0.35f});
    const float strip =
        clamp01(1.0f - absolute(dot(to_world(mirrored), panel) - 0.93f) * 14.0f) * 0.16f;
    if (metal) {
        shade = shade * 0.6f + albedo * seen * (0.9f * open) +
                (albedo + Vec3{0.3f, 0.3f, 0.3f}) * sun_light_ * (shine * lit) + albedo * strip;
    } else {
        const float reflectance = gloss * (0.03f + 0.55f * edge * edge) * open;
        shade = shade + seen * reflectance + sun_light_ * (0.75f * shine * lit * gloss) +
                Vec3{strip, strip, strip} * gloss;
    }
    return {.colour = shade, .depth = depth, .part = static_cast<float>(part)};
}

template <class S>
Sample Tracer<S>::along(float u, float v) const {
    const Vec3 ray = direction(u, v);
    const float to_ground = ray.y < -1e-3f ? -eye_.y / ray.y : 1e9f;
    const float hit = march(ray, to_ground + 0.02f);
    if (hit > 0.0f) {
        return subject_sample(ray, hit);
    }
    if (to_ground < kSkyDepth) {
        return ground_sample(ray, to_ground);
    }
    return {.colour = sky(scene_.place, ray, variation_)};
}

template <class S>
void draw(const Tracer<S>& tracer, Canvas& canvas) {
    const int size = canvas.size;
    const float scale = 2.0f / static_cast<float>(size);
    const auto at = [&](int x, int y, float dx, float dy) {
        return tracer.along((static_cast<float>(x) + dx) * scale - 1.0f,
                            1.0f - (static_cast<float>(y) + dy) * scale);
    };
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const Sample sample = at(x, y, 0.5f, 0.5f);
            const std::size_t i = canvas.index(x, y);
            canvas.colour[i] = sample.colour;
            canvas.depth[i] = sample.depth;
            canvas.part[i] = sample.part;
            canvas.cover[i] = sample.part >= 0.0f ? 1.0f : 0.0f;
        }
    }
    constexpr Vec2 kOffsets[4] = {
        {0.375f, 0.125f}, {0.875f, 0.375f}, {0.125f, 0.625f}, {0.625f, 0.875f}};
    const std::vector<float> part = canvas.part;
    for (int y = 1; y + 1 < size; ++y) {
        for (int x = 1; x + 1 < size; ++x) {
            const std::size_t i = canvas.index(x, y);
            const float here = part[i];
            const auto row = static_cast<std::size_t>(size);
            if (part[i - 1] == here && part[i + 1] == here && part[i - row] == here &&
                part[i + row] == here) {
                continue;
            }
            Vec3 sum{};
            float cover = 0.0f;
            for (const Vec2 offset : kOffsets) {
                const Sample sample = at(x, y, offset.x, offset.y);
                sum = sum + sample.colour * (1.0f / (1.0f + 0.3f * dot(sample.colour, {1, 1, 1})));
                cover += sample.part >= 0.0f ? 0.25f : 0.0f;
            }
            sum = sum * 0.25f;
            canvas.colour[i] = sum * (1.0f / std::max(0.1f, 1.0f - 0.3f * dot(sum, {1, 1, 1})));
            canvas.cover[i] = cover;
        }
    }
}

std::uint8_t to_byte(float x) {
    return static_cast<std::uint8_t>(clamp01(x) * 255.0f + 0.5f);
}

} // namespace

Rendered render(const Subject& subject, const Scene& scene, int size) {
    LIKENESS_CHECK(size >= 32 && size <= 1024);
    const std::size_t pixels = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
    Canvas canvas{.size = size,
                  .colour = std::vector<Vec3>(pixels),
                  .depth = std::vector<float>(pixels),
                  .cover = std::vector<float>(pixels),
                  .part = std::vector<float>(pixels)};
    with_shape(subject,
               [&](const auto& shape) { draw(Tracer(shape, subject, scene, size), canvas); });
    blur_background(canvas);
    develop(canvas);
    occlude(canvas, scene.occluder, scene.seed);
    restyle(canvas, scene.style, scene.seed);

    Rendered out{.rgb = make_image(size, size, 3), .mask = make_image(size, size, 1)};
    for (std::size_t i = 0; i < pixels; ++i) {
        out.rgb.u8()[3 * i] = to_byte(canvas.colour[i].x);
        out.rgb.u8()[3 * i + 1] = to_byte(canvas.colour[i].y);
        out.rgb.u8()[3 * i + 2] = to_byte(canvas.colour[i].z);
        out.mask.u8()[i] = to_byte(canvas.cover[i]);
    }
    return out;
}

} // namespace likeness::synth
