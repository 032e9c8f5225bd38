#pragma once

#include "core/synth/maths.h"
#include "core/synth/world.h"

namespace likeness::synth {

// What lights a place and how its ground behaves.
struct PlaceLook {
    Vec3 sun{1.6f, 1.6f, 1.6f}; // linear light of the key at neutral temperature
    Vec3 ambient{0.45f, 0.45f, 0.48f};
    float elevation = 0.7f; // of the key: its direction's height over its length on the ground
    float fog_from = 14.0f, fog_to = 54.0f; // where the ground fades into what lies behind it
    float back_edge = 1e9f;                 // where the ground ends and the wall begins, along z
    float bump = 0.0f;                      // how uneven the ground is
    float gloss = 0.0f;                     // how much of what lies behind the ground mirrors
};

PlaceLook look_of(Place place);

// The linear colour seen towards `direction` where no ground is. `variation` (0..1) moves the free
// detail about.
Vec3 sky(Place place, Vec3 direction, float variation);

// The same without its detail, as a curved surface mirrors it; direction.y >= 0.
Vec3 surroundings(Place place, Vec3 direction);

// The ground's linear colour.
Vec3 ground(Place place, Vec2 at, float variation);

// The ground's height, for its slope; only where `bump` is not 0.
float ground_height(Vec2 at);

} // namespace likeness::synth
