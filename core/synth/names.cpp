#include "core/synth/world.h"

#include <array>
#include <cstddef>

namespace likeness::synth {

namespace {

constexpr std::array<const char*, kShapes> kShapeNames = {
    "mug",    "bottle", "vase", "can",      "bowl",   "lamp",  "goblet", "teapot",
    "duck",   "robot",  "ring", "dumbbell", "star",   "heart", "box",    "book",
    "camera", "phone",  "bag",  "mushroom", "rocket", "car",   "house",  "ball"};
constexpr std::array<const char*, kPatterns> kPatternNames = {
    "plain", "stripes", "dots", "checks", "rings", "halves", "zigzag", "grid"};
constexpr std::array<const char*, kGlyphs> kGlyphNames = {
    "circle", "target", "square", "triangle", "diamond", "star", "heart", "cross",
    "moon",   "bolt",   "drop",   "arrow",    "flower",  "sun",  "smile", "wave"};
constexpr std::array<const char*, kDecalColours> kDecalColourNames = {
    "white", "black", "red", "yellow", "blue", "green", "orange", "purple"};
constexpr std::array<const char*, kMaterials> kMaterialNames = {"matte", "glossy", "metal"};
constexpr std::array<const char*, kPlaces> kPlaceNames = {"studio",  "paper",  "table", "marble",
                                                          "beach",   "forest", "snow",  "city",
                                                          "kitchen", "sunset", "grass", "stage"};
constexpr std::array<const char*, kLightDirections> kLightNames = {"left", "right", "front",
                                                                   "back"};
constexpr std::array<const char*, kLightTemperatures> kTemperatureNames = {"warm", "neutral",
                                                                           "cool"};
constexpr std::array<const char*, kStyles> kStyleNames = {"photo", "flat", "pencil", "watercolour"};
constexpr std::array<const char*, kOccluders> kOccluderNames = {"none", "hand", "leaf", "object"};
constexpr std::array<const char*, kColourNames> kColourNameNames = {
    "red",  "orange", "yellow", "lime",   "green",   "mint",
    "cyan", "azure",  "blue",   "violet", "magenta", "pink"};

template <class Enum, std::size_t N>
const char* name_of(const std::array<const char*, N>& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

} // namespace

const char* to_string(Shape value) {
    return name_of(kShapeNames, value);
}

const char* to_string(Pattern value) {
    return name_of(kPatternNames, value);
}

const char* to_string(Glyph value) {
    return name_of(kGlyphNames, value);
}

const char* to_string(DecalColour value) {
    return name_of(kDecalColourNames, value);
}

const char* to_string(Material value) {
    return name_of(kMaterialNames, value);
}

const char* to_string(Place value) {
    return name_of(kPlaceNames, value);
}

const char* to_string(LightDirection value) {
    return name_of(kLightNames, value);
}

const char* to_string(LightTemperature value) {
    return name_of(kTemperatureNames, value);
}

const char* to_string(Style value) {
    return name_of(kStyleNames, value);
}

const char* to_string(Occluder value) {
    return name_of(kOccluderNames, value);
}

const char* to_string(ColourName value) {
    return name_of(kColourNameNames, value);
}

} // namespace likeness::synth
