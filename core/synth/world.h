#pragma once

#include "core/image/image.h"

#include <cstdint>
#include <string>
#include <vector>

// The starter model's rendered world: a product with an identity, put into a scene and drawn.
// Everything is a pure function of its arguments: the same ids give the same bytes.
namespace likeness::synth {

// clang-format off
enum class Shape { mug, bottle, vase, can, bowl, lamp, goblet, teapot, duck, robot, ring, dumbbell, star, heart, box,
                   book, camera, phone, bag, mushroom, rocket, car, house, ball };
enum class Pattern { plain, stripes, dots, checks, rings, halves, zigzag, grid };
enum class Glyph { circle, target, square, triangle, diamond, star, heart, cross, moon, bolt, drop, arrow, flower, sun,
                   smile, wave };
enum class DecalColour { white, black, red, yellow, blue, green, orange, purple };
enum class Material { matte, glossy, metal };
enum class Place { studio, paper, table, marble, beach, forest, snow, city, kitchen, sunset, grass, stage };
enum class LightDirection { left, right, front, back };
enum class LightTemperature { warm, neutral, cool };
enum class Style { photo, flat, pencil, watercolour };
enum class Occluder { none, hand, leaf, object };
enum class ColourName { red, orange, yellow, lime, green, mint, cyan, azure, blue, violet, magenta, pink };
// clang-format on

// Enumerators are 0 .. count-1, so that they can be class labels.
inline constexpr int kShapes = 24, kPatterns = 8, kGlyphs = 16, kDecalColours = 8, kMaterials = 3;
inline constexpr int kPlaces = 12, kLightDirections = 4, kLightTemperatures = 3, kStyles = 4;
inline constexpr int kOccluders = 4, kColourNames = 12, kPatternScales = 3;

// The enumerator as it is spelt above.
const char* to_string(Shape value);
const char* to_string(Pattern value);
const char* to_string(Glyph value);
const char* to_string(DecalColour value);
const char* to_string(Material value);
const char* to_string(Place value);
const char* to_string(LightDirection value);
const char* to_string(LightTemperature value);
const char* to_string(Style value);
const char* to_string(Occluder value);
const char* to_string(ColourName value);

// A product. What no caption tells (exact hue inside its name, slimness, detail) is what an image
// prompt is for.
struct Subject {
    Shape shape = Shape::mug;
    double hue = 0.0; // main colour, degrees 0..360
    double second_hue =
        180.0; // pattern and lesser parts (handle, cap, ...); at least 60 degrees from `hue`
    Pattern pattern = Pattern::plain;
    int pattern_scale = 1; // 0 fine, 1 middle, 2 coarse; says nothing on plain and halves
    bool has_decal = false;
    Glyph glyph = Glyph::circle;                   // says nothing without a decal
    DecalColour decal_colour = DecalColour::white; // says nothing without a decal
    Material material = Material::glossy;
    double slimness = 0.5; // 0 stout .. 1 slim
    double detail = 0.5;   // 0 small .. 1 large handle, neck, ears, ...

    bool operator==(const Subject&) const = default;

    bool has_pattern() const { return pattern != Pattern::plain; }
};

// Where and how a subject is shown.
struct Scene {
    Place place = Place::studio;
    LightDirection light = LightDirection::left;
    LightTemperature temperature = LightTemperature::neutral;
    double yaw = 0.0;   // degrees the subject is turned, about -35..35; 0 shows the decal straight
    double pitch = 9.0; // degrees the camera looks down, 5..14
    double coverage = 0.57; // the subject's larger side as a share of the frame, 0.46..0.69
    double x = 0.0; // where the middle of the subject lies, share of the frame off the centre
    double y = 0.0; // likewise, down
    Style style = Style::photo;
    Occluder occluder = Occluder::none;
    std::uint64_t seed = 0; // free detail: tree positions, lights, where the occluder comes in

    bool operator==(const Scene&) const = default;
};

// train: never an unseen combination, a held-out hue or a forbidden pair. held_out: always an
// unseen combination. held_out_hue: always a held-out hue. Ids of different splits are different
// subjects, also where they are equal.
enum class Split { train, held_out, held_out_hue };

// The predicates of the splits.
bool is_unseen_combination(const Subject& subject); // by shape, pattern and decal; 15 %
bool is_held_out_hue(double hue);                   // two intervals of 10 degrees
bool is_forbidden_pair(Shape shape, Place place);   // 10 %; never rendered in training
Subject make_subject(std::uint64_t id, Split split);

// How often a scene is something other than a clear photo.
struct SceneMix {
    double occluder = 0.15; // share with an occluder
    double styled = 0.30;   // share drawn flat, in pencil or in watercolour
};

// A scene for that subject; held-out splits allow every place.
Scene make_scene(std::uint64_t id, const Subject& subject, Split split, const SceneMix& mix = {});

struct Rendered {
    Image rgb{};  // u8, 3 channels, size x size
    Image mask{}; // u8, 1 channel: how much of the pixel is the subject, occluded parts 0
};

// Draws the subject in the scene, `size` pixels square (32..1024; else CheckFailed).
Rendered render(const Subject& subject, const Scene& scene, int size);

enum class CaptionKind {
    full, // attributes at random (0.7 each, place 0.9, shape 0.97), synonyms, word orders; 5 % very
          // short
    shape_only,   // shape and place: "a mug on the beach"
    explicit_all, // every attribute, always the plain words
};

// Lower-case words, no punctuation but commas.
std::string caption(const Subject& subject, const Scene& scene, std::uint64_t seed,
                    CaptionKind kind);

// The name of a hue in degrees: bins of 30 degrees around red = 0.
ColourName colour_name(double hue);

// The plain words a caption uses for each: "on the beach", "zigzag lines", "pencil drawing".
std::string phrase(Place place);
std::string phrase(Pattern pattern);
std::string phrase(Style style);

// Every word any caption can hold, sorted, once.
std::vector<std::string> grammar_words();

} // namespace likeness::synth
