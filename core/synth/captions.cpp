#include "core/synth/random.h"
#include "core/synth/world.h"

#include <array>
#include <cstddef>
#include <set>
#include <span>
#include <sstream>
#include <string_view>

namespace likeness::synth {

namespace {

using Phrases = std::array<std::string_view, 3>; // the plain one first

constexpr std::array<Phrases, kPlaces> kPlacePhrases = {{
    {"in the studio", "in a grey studio", "on a studio background"},
    {"on gradient paper", "before gradient paper", "on a pink and purple gradient"},
    {"on a wooden table", "on the wooden table", "on a brown table"},
    {"on marble", "on a marble counter", "on white marble"},
    {"on the beach", "at the beach", "on the sand by the sea"},
    {"in the forest", "in the woods", "on the forest floor"},
    {"in the snow", "on snow", "in a snowy place"},
    {"in the city at night", "in a night city", "before city lights"},
    {"in the kitchen", "on a kitchen counter", "before kitchen tiles"},
    {"at sunset", "in the sunset", "under a sunset sky"},
    {"on the grass", "on a green meadow", "in the grass"},
    {"on a stage", "on the stage", "before a red curtain"},
}};
constexpr std::array<Phrases, kPatterns> kPatternPhrases = {{
    {"plain", "plain", "plain"},
    {"stripes", "stripes", "stripes"},
    {"dots", "polka dots", "dots"},
    {"checks", "checks", "a checkerboard"},
    {"rings", "rings", "concentric rings"},
    {"halves", "two halves", "halves"},
    {"zigzag lines", "a zigzag", "zigzag lines"},
    {"grid lines", "a grid", "grid lines"},
}};
constexpr std::array<Phrases, kShapes> kShapePhrases = {{
    {"mug", "cup", "mug"},
    {"bottle", "bottle", "flask"},
    {"vase", "vase", "vase"},
    {"can", "can", "tin"},
    {"bowl", "bowl", "bowl"},
    {"lamp", "lamp", "table lamp"},
    {"goblet", "goblet", "chalice"},
    {"teapot", "teapot", "teapot"},
    {"duck", "duck", "toy duck"},
    {"robot", "robot", "toy robot"},
    {"ring", "ring", "ring"},
    {"dumbbell", "dumbbell", "weight"},
    {"star", "star", "star"},
    {"heart", "heart", "heart"},
    {"box", "box", "gift box"},
    {"book", "book", "book"},
    {"camera", "camera", "camera"},
    {"phone", "phone", "smartphone"},
    {"bag", "bag", "handbag"},
    {"mushroom", "mushroom", "toadstool"},
    {"rocket", "rocket", "toy rocket"},
    {"car", "car", "toy car"},
    {"house", "house", "toy house"},
    {"ball", "ball", "ball"},
}};
constexpr std::array<Phrases, kStyles> kStylePhrases = {{
    {"photo", "photograph", "picture"},
    {"flat drawing", "flat illustration", "cartoon"},
    {"pencil drawing", "pencil sketch", "coloured pencil drawing"},
    {"watercolour painting", "watercolour", "painting in watercolour"},
}};
constexpr std::array<Phrases, kLightDirections> kLightPhrases = {{
    {"light from the left", "lit from the left", "light from the left"},
    {"light from the right", "lit from the right", "light from the right"},
    {"light from the front", "lit from the front", "front light"},
    {"light from the back", "lit from behind", "back light"},
}};
constexpr std::array<Phrases, kLightTemperatures> kTemperaturePhrases = {{
    {"warm light", "warm light", "golden light"},
    {"neutral light", "white light", "neutral light"},
    {"cool light", "cool light", "bluish light"},
}};
constexpr std::array<std::string_view, kMaterials> kMaterialWords = {"matte", "glossy", "metal"};
constexpr std::array<std::string_view, kGlyphs> kGlyphWords = {
    "circle", "target", "square", "triangle", "diamond", "star", "heart", "cross",
    "moon",   "bolt",   "drop",   "arrow",    "flower",  "sun",  "smile", "wave"};
constexpr std::array<std::string_view, kDecalColours> kDecalWords = {
    "white", "black", "red", "yellow", "blue", "green", "orange", "purple"};
constexpr std::array<std::string_view, kColourNames> kColourWords = {
    "red",  "orange", "yellow", "lime",   "green",   "mint",
    "cyan", "azure",  "blue",   "violet", "magenta", "pink"};
constexpr std::array<Phrases, kOccluders> kOccluderPhrases = {{
    {"", "", ""},
    {"behind a hand", "with a hand in front", "half hidden by a hand"},
    {"behind a leaf", "with a leaf in front", "half hidden by a leaf"},
    {"behind a stone", "with a stone in front", "half hidden by a stone"},
}};
constexpr std::array<std::string_view, 6> kFillers = {"no people", "nothing else", "no text",
                                                      "simple",    "detailed",     "close up"};
constexpr std::string_view kJoints = "a an of with and decal details thing object one in on";

// Phrases are plain or drawn from their synonyms.
class Writer {
public:
    Writer(std::uint64_t seed, bool always_plain)
        : random(seed ^ 0xca9710aULL), plain(always_plain) {}

    template <class Enum, std::size_t N>
    std::string_view word(const std::array<Phrases, N>& phrases, Enum value) {
        const Phrases& choice = phrases.at(static_cast<std::size_t>(value));
        return choice.at(plain ? 0 : static_cast<std::size_t>(random.below(3)));
    }

    bool says(double probability) { return plain || random.chance(probability); }

    Random random;
    bool plain;
};

template <class Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
    return words.at(static_cast<std::size_t>(value));
}

std::string with_article(std::string_view noun) {
    const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(noun);
}

// "glossy red mug with blue stripes and a white star"
std::string describe(Writer& writer, const Subject& subject) {
    std::string noun;
    if (writer.says(0.35)) {
        noun += std::string(word(kMaterialWords, subject.material)) + ' ';
    }
    if (writer.says(0.7)) {
        noun += std::string(word(kColourWords, colour_name(subject.hue))) + ' ';
    }
    noun += writer.says(0.97) ? writer.word(kShapePhrases, subject.shape)
                              : std::string_view(writer.random.chance(0.5) ? "object" : "thing");

    std::string second;
    if (writer.says(0.7)) {
        second = std::string(word(kColourWords, colour_name(subject.second_hue))) + ' ';
    }
    std::string extra;
    if (subject.has_pattern() && writer.says(0.7)) {
        // "a blue checkerboard": the article stands before the colour.
        std::string_view pattern = writer.word(kPatternPhrases, subject.pattern);
        const bool single = pattern.starts_with("a ");
        if (single) {
            pattern.remove_prefix(2);
        }
        const std::string phrase_of = second + std::string(pattern);
        extra = single ? with_article(phrase_of) : phrase_of;
    } else if (!second.empty()) {
        extra = second + "details";
    }
    std::string decal;
    if (subject.has_decal && writer.says(0.7)) {
        std::string glyph(word(kGlyphWords, subject.glyph));
        if (writer.says(0.7)) {
            glyph = std::string(word(kDecalWords, subject.decal_colour)) + ' ' + glyph;
        }
        decal = with_article(glyph + (writer.says(0.3) ? " decal" : ""));
    }
    if (!extra.empty() && !decal.empty() && !writer.plain && writer.random.chance(0.3)) {
        std::swap(extra, decal);
    }
    if (!extra.empty()) {
        noun += " with " + extra;
    }
    if (!decal.empty()) {
        noun += (extra.empty() ? " with " : " and ") + decal;
    }
    return with_article(noun);
}

std::string join(std::span<const std::string> parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (!part.empty()) {
            text += (text.empty() ? "" : ", ") + part;
        }
    }
    return text;
}

std::string write(Writer& writer, const Subject& subject, const Scene& scene) {
    const std::string what = describe(writer, subject);
    const std::string place(writer.says(0.9) ? writer.word(kPlacePhrases, scene.place)
                                             : std::string_view());
    const bool styled = scene.style != Style::photo;
    const std::string style(writer.says(styled ? 0.95 : 0.25)
                                ? writer.word(kStylePhrases, scene.style)
                                : std::string_view());
    std::string light(writer.says(0.3) ? writer.word(kTemperaturePhrases, scene.temperature)
                                       : std::string_view());
    std::string side(writer.says(0.25) ? writer.word(kLightPhrases, scene.light)
                                       : std::string_view());
    std::string front(scene.occluder != Occluder::none && writer.says(0.7)
                          ? writer.word(kOccluderPhrases, scene.occluder)
                          : std::string_view());
    std::string filler;
    if (!writer.plain && writer.random.chance(0.1)) {
        filler = kFillers.at(static_cast<std::size_t>(writer.random.below(kFillers.size())));
    }
    std::string head;
    const int order = writer.plain ? 0 : writer.random.below(4);
    if (order == 1 && !place.empty()) {
        head = place + ", " + (style.empty() ? what : with_article(style) + " of " + what);
    } else if (order == 2 && !style.empty()) {
        head = what + (place.empty() ? "" : ' ' + place) + ", " + style;
    } else {
        head = (style.empty() ? what : with_article(style) + " of " + what) +
               (place.empty() ? "" : ' ' + place);
    }
    const std::array<std::string, 5> parts = {head, front, light, side, filler};
    return join(parts);
}

std::string write_short(Writer& writer, const Subject& subject) {
    const std::string colour_word(word(kColourWords, colour_name(subject.hue)));
    return colour_word + ' ' + std::string(writer.word(kShapePhrases, subject.shape));
}

} // namespace

std::string caption(const Subject& subject, const Scene& scene, std::uint64_t seed,
                    CaptionKind kind) {
    Writer writer(seed, kind != CaptionKind::full);
    if (kind == CaptionKind::shape_only) {
        return with_article(writer.word(kShapePhrases, subject.shape)) + ' ' + phrase(scene.place);
    }
    if (kind == CaptionKind::full && writer.random.chance(0.05)) {
        return write_short(writer, subject);
    }
    return write(writer, subject, scene);
}

std::string phrase(Place place) {
    return std::string(kPlacePhrases.at(static_cast<std::size_t>(place)).front());
}

std::string phrase(Pattern pattern) {
    return std::string(kPatternPhrases.at(static_cast<std::size_t>(pattern)).front());
}

std::string phrase(Style style) {
    return std::string(kStylePhrases.at(static_cast<std::size_t>(style)).front());
}

std::vector<std::string> grammar_words() {
    std::set<std::string> words;
    const auto add = [&](std::string_view text) {
        std::istringstream stream{std::string(text)};
        for (std::string one; stream >> one;) {
            words.insert(one);
        }
    };
    const auto add_all = [&](const auto& table) {
        for (const Phrases& phrases : table) {
            for (const std::string_view text : phrases) {
                add(text);
            }
        }
    };
    const auto add_words = [&](const auto& table) {
        for (const std::string_view text : table) {
            add(text);
        }
    };
    add_all(kPlacePhrases);
    add_all(kPatternPhrases);
    add_all(kShapePhrases);
    add_all(kStylePhrases);
    add_all(kLightPhrases);
    add_all(kTemperaturePhrases);
    add_all(kOccluderPhrases);
    add_words(kMaterialWords);
    add_words(kGlyphWords);
    add_words(kDecalWords);
    add_words(kColourWords);
    add_words(kFillers);
    add(kJoints);
    words.insert(",");
    return {words.begin(), words.end()};
}

} // namespace likeness::synth
