#include "core/synth/world.h"

#include "core/synth/random.h"

#include <cmath>

namespace likeness::synth {

namespace {

constexpr std::uint64_t kSubjectStream = 0x5b1ec7a11c0ffee5ULL;
constexpr std::uint64_t kSceneStream = 0x5ce9e0f7e1ec7ed1ULL;

// Two gaps in the training hues: in the middle of orange .. yellow and of azure.
constexpr double kHeldOutHues[2] = {40.0, 205.0};
constexpr double kHeldOutWidth = 10.0;

std::uint64_t stream(std::uint64_t base, std::uint64_t id, Split split) {
    return mix(id) ^ mix(base + static_cast<std::uint64_t>(split));
}

// Parts that leave no room for a badge on their front.
bool takes_decal(Shape shape) {
    switch (shape) {
    case Shape::ring:
    case Shape::dumbbell:
    case Shape::camera:
    case Shape::car:
    case Shape::house:
        return false;
    default:
        return true;
    }
}

double wrap_degrees(double degrees) {
    const double turned = std::fmod(degrees, 360.0);
    return turned < 0.0 ? turned + 360.0 : turned;
}

Subject draw_subject(Random& random, bool held_out_hue) {
    Subject s;
    s.shape = static_cast<Shape>(random.below(kShapes));
    do {
        s.hue = random.uniform(0.0, 360.0);
        if (held_out_hue) {
            s.hue = kHeldOutHues[random.below(2)] + random.uniform(0.0, kHeldOutWidth);
        }
    } while (is_held_out_hue(s.hue) != held_out_hue);
    s.second_hue = wrap_degrees(s.hue + random.uniform(60.0, 300.0));
    const bool patterned = random.chance(0.5);
    const int pattern = 1 + random.below(kPatterns - 1);
    s.pattern = patterned ? static_cast<Pattern>(pattern) : Pattern::plain;
    s.pattern_scale = random.below(kPatternScales);
    s.has_decal = random.chance(0.6) && takes_decal(s.shape);
    s.glyph = static_cast<Glyph>(random.below(kGlyphs));
    s.decal_colour = static_cast<DecalColour>(random.below(kDecalColours));
    s.material = static_cast<Material>(random.below(kMaterials));
    s.slimness = random.uniform();
    s.detail = random.uniform();
    return s;
}

} // namespace

bool is_unseen_combination(const Subject& subject) {
    const std::uint64_t decal =
        subject.has_decal ? 1 + static_cast<std::uint64_t>(subject.glyph) : 0;
    const std::uint64_t combination = static_cast<std::uint64_t>(subject.shape) * 1000 +
                                      static_cast<std::uint64_t>(subject.pattern) * 100 + decal;
    return mix(combination ^ 0xc0b1a70105ULL) % 100 < 15;
}

bool is_held_out_hue(double hue) {
    for (const double start : kHeldOutHues) {
        if (hue >= start && hue < start + kHeldOutWidth) {
            return true;
        }
    }
    return false;
}

bool is_forbidden_pair(Shape shape, Place place) {
    const std::uint64_t pair =
        static_cast<std::uint64_t>(shape) * 100 + static_cast<std::uint64_t>(place);
    return mix(pair ^ 0xf0b1dde7ULL) % 100 < 10;
}

Subject make_subject(std::uint64_t id, Split split) {
    Random random(stream(kSubjectStream, id, split));
    const bool held_out_hue = split == Split::held_out_hue;
    Subject subject = draw_subject(random, held_out_hue);
    while (is_unseen_combination(subject) != (split == Split::held_out)) {
        subject = draw_subject(random, held_out_hue);
    }
    return subject;
}

Scene make_scene(std::uint64_t id, const Subject& subject, Split split, const SceneMix& mix) {
    Random random(stream(kSceneStream, id, split));
    Scene scene;
    do {
        scene.place = static_cast<Place>(random.below(kPlaces));
    } while (split == Split::train && is_forbidden_pair(subject.shape, scene.place));
    scene.light = static_cast<LightDirection>(random.below(kLightDirections));
    scene.temperature = static_cast<LightTemperature>(random.below(kLightTemperatures));
    scene.yaw = random.uniform(-32.0, 32.0);
    scene.pitch = random.uniform(5.0, 14.0);
    // A badge is at least 0.36 of the larger side: from 0.54 on it has its 24 pixels of 128.
    scene.coverage = random.uniform(subject.has_decal ? 0.54 : 0.47, 0.68);
    const double room = 0.5 - scene.coverage / 2.0 - 0.02;
    scene.x = random.uniform(-room, room);
    scene.y = random.uniform(-0.35 * room, room);
    scene.style = random.chance(mix.styled) ? static_cast<Style>(1 + random.below(kStyles - 1))
                                            : Style::photo;
    scene.occluder = random.chance(mix.occluder)
                         ? static_cast<Occluder>(1 + random.below(kOccluders - 1))
                         : Occluder::none;
    scene.seed = random.next();
    return scene;
}

ColourName colour_name(double hue) {
    const int bin = static_cast<int>(std::floor(wrap_degrees(hue + 15.0) / 30.0));
    return static_cast<ColourName>(bin % kColourNames);
}

} // namespace likeness::synth
