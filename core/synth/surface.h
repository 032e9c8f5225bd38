#pragma once

#include "core/synth/maths.h"
#include "core/synth/world.h"

namespace likeness::synth {

// How much of the second colour a pattern shows at (u, v), lengths on the surface from the badge's
// centre, with edges softened over `pixel`, the size of a pixel there.
float pattern_cover(Pattern pattern, int scale, Vec2 at, float pixel);

// A glyph's signed distance; it fills about the unit circle.
float glyph_distance(Glyph glyph, Vec2 at);

// The linear colour of a main or second hue in degrees.
Vec3 main_paint(double hue);
Vec3 second_paint(double hue);
Vec3 decal_paint(DecalColour value);
Vec3 badge_paint(DecalColour value); // what a decal of that colour stands out from

} // namespace likeness::synth
