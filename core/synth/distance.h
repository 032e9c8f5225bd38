#pragma once

#include "core/synth/maths.h"

#include <span>

// Signed distances, negative inside, after Inigo Quilez' articles "distance functions"
// (iquilezles.org).
namespace likeness::synth {

// A solid of revolution's profile: a rectangle from h0 to h1 with rounded corners. rd: distance
// from the axis.
inline float cylinder(float rd, float y, float r, float h0, float h1, float round) {
    const float qx = rd - r + round;
    const float qy = absolute(y - 0.5f * (h0 + h1)) - 0.5f * (h1 - h0) + round;
    return std::min(std::max(qx, qy), 0.0f) + hypot2(std::max(qx, 0.0f), std::max(qy, 0.0f)) -
           round;
}

// A truncated cone: radius r0 at h0, r1 at h1.
inline float frustum(float rd, float y, float r0, float r1, float h0, float h1) {
    const float h = 0.5f * (h1 - h0), qy = y - 0.5f * (h0 + h1);
    const float cap_x = rd - std::min(rd, qy < 0.0f ? r0 : r1), cap_y = absolute(qy) - h;
    const Vec2 k{r1 - r0, 2.0f * h};
    const float t = clamp01(((r1 - rd) * k.x + (h - qy) * k.y) / dot(k, k));
    const float side_x = rd - r1 + k.x * t, side_y = qy - h + k.y * t;
    const float sign = side_x < 0.0f && cap_y < 0.0f ? -1.0f : 1.0f;
    return sign *
           std::sqrt(std::min(cap_x * cap_x + cap_y * cap_y, side_x * side_x + side_y * side_y));
}

inline float sphere(Vec3 p, Vec3 centre, float r) {
    return length(p - centre) - r;
}

// Not exact, but a bound that marches well.
inline float ellipsoid(Vec3 p, Vec3 centre, Vec3 inverse_radii) {
    const Vec3 q = (p - centre) * inverse_radii;
    const float k0 = length(q), k1 = length(q * inverse_radii);
    return k0 * (k0 - 1.0f) / std::max(k1, 1e-6f);
}

inline float box(Vec3 p, Vec3 centre, Vec3 half, float round) {
    const float x = absolute(p.x - centre.x) - half.x + round;
    const float y = absolute(p.y - centre.y) - half.y + round;
    const float z = absolute(p.z - centre.z) - half.z + round;
    const Vec3 outside{std::max(x, 0.0f), std::max(y, 0.0f), std::max(z, 0.0f)};
    return length(outside) + std::min(std::max(x, std::max(y, z)), 0.0f) - round;
}

inline float box(Vec2 p, Vec2 half) {
    const float x = absolute(p.x) - half.x, y = absolute(p.y) - half.y;
    return hypot2(std::max(x, 0.0f), std::max(y, 0.0f)) + std::min(std::max(x, y), 0.0f);
}

inline float capsule(Vec3 p, Vec3 a, Vec3 b, float r) {
    const Vec3 pa = p - a, ba = b - a;
    return length(pa - ba * clamp01(dot(pa, ba) / dot(ba, ba))) - r;
}

// A ring in the plane of the picture.
inline float torus(Vec3 p, Vec3 centre, float radius, float thickness) {
    const Vec3 q = p - centre;
    return hypot2(hypot2(q.x, q.y) - radius, q.z) - thickness;
}

// A flat outline made solid, `half` deep to both sides, with rounded edges.
inline float extrude(float outline, float z, float half, float round) {
    const float qx = outline + round, qz = absolute(z) - half + round;
    return std::min(std::max(qx, qz), 0.0f) + hypot2(std::max(qx, 0.0f), std::max(qz, 0.0f)) -
           round;
}

inline float polygon(Vec2 p, std::span<const Vec2> corners) {
    float d = dot(p - corners[0], p - corners[0]);
    float sign = 1.0f;
    for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
        const Vec2 edge = corners[j] - corners[i], w = p - corners[i];
        const Vec2 to_edge = w - edge * clamp01(dot(w, edge) / dot(edge, edge));
        d = std::min(d, dot(to_edge, to_edge));
        const bool above = p.y >= corners[i].y, below = p.y < corners[j].y;
        const bool left = edge.x * w.y > edge.y * w.x;
        if ((above && below && left) || (!above && !below && !left)) {
            sign = -sign;
        }
    }
    return sign * std::sqrt(d);
}

// Five points, one up; the inner corners at `inner` of a regular star's depth.
inline float star(Vec2 p, float r, float inner) {
    constexpr Vec2 k1{0.809016994f, -0.587785252f}, k2{-0.809016994f, -0.587785252f};
    p.x = absolute(p.x);
    p = p - k1 * (2.0f * std::max(dot(k1, p), 0.0f));
    p = p - k2 * (2.0f * std::max(dot(k2, p), 0.0f));
    p.x = absolute(p.x);
    p.y -= r;
    const Vec2 ba{inner * -k1.y, inner * k1.x - 1.0f};
    const float h = std::clamp(dot(p, ba) / dot(ba, ba), 0.0f, r);
    const float side = p.y * ba.x - p.x * ba.y;
    return length(p - ba * h) * (side < 0.0f ? -1.0f : 1.0f);
}

// The tip at the origin, about 1.1 high and 1.2 wide.
inline float heart(Vec2 p) {
    p.x = absolute(p.x);
    if (p.x + p.y > 1.0f) {
        return length(p - Vec2{0.25f, 0.75f}) - 0.353553391f;
    }
    const Vec2 a = p - Vec2{0.0f, 1.0f};
    const float m = 0.5f * std::max(p.x + p.y, 0.0f);
    const Vec2 b = p - Vec2{m, m};
    return std::sqrt(std::min(dot(a, a), dot(b, b))) * (p.x < p.y ? -1.0f : 1.0f);
}

} // namespace likeness::synth
