#include "core/synth/world.h"

#include <QtTest>

#include <set>
#include <sstream>
#include <string>

using namespace likeness::synth;

class TestSynthCaptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void explicitNamesEverything();
    void plainSubjectIsNotGivenPatternOrDecal();
    void explicitHoldsTheWordsOfAnySubject();
    void shapeOnlySaysNoMore();
    void fullVariesWithTheSeedAlone();
    void attributesAppearAsOftenAsDesigned();
    void everyWordIsInTheGrammar();
};

namespace {

std::string words_of(std::string text) {
    for (char& c : text) {
        c = c == ',' ? ' ' : c;
    }
    return ' ' + text + ' ';
}

bool says(const std::string& text, const std::string& word) {
    return words_of(text).find(' ' + word + ' ') != std::string::npos;
}

Subject red_mug() {
    return {.shape = Shape::mug,
            .hue = 3.0,
            .second_hue = 240.0,
            .pattern = Pattern::stripes,
            .has_decal = true,
            .glyph = Glyph::star,
            .decal_colour = DecalColour::white,
            .material = Material::glossy};
}

} // namespace

void TestSynthCaptions::explicitNamesEverything() {
    const Scene scene{.place = Place::beach,
                      .light = LightDirection::left,
                      .temperature = LightTemperature::warm,
                      .style = Style::watercolour};
    QCOMPARE(QString::fromStdString(caption(red_mug(), scene, 1, CaptionKind::explicit_all)),
             QString("a watercolour painting of a glossy red mug with blue stripes and a white "
                     "star decal on the beach, warm light, light from the left"));
}

void TestSynthCaptions::plainSubjectIsNotGivenPatternOrDecal() {
    Subject s = red_mug();
    s.pattern = Pattern::plain;
    s.has_decal = false;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const std::string text = caption(s, {}, seed, CaptionKind::full);
        QVERIFY2(!says(text, "stripes") && !says(text, "star") && !says(text, "decal"),
                 text.c_str());
    }
}

void TestSynthCaptions::explicitHoldsTheWordsOfAnySubject() {
    for (std::uint64_t id = 0; id < 500; ++id) {
        const Subject s = make_subject(id, Split::train);
        const Scene z = make_scene(id, s, Split::train);
        const std::string text = caption(s, z, id, CaptionKind::explicit_all);
        QVERIFY2(says(text, to_string(s.shape)), text.c_str());
        QVERIFY2(says(text, to_string(colour_name(s.hue))), text.c_str());
        QVERIFY2(says(text, to_string(colour_name(s.second_hue))), text.c_str());
        QVERIFY2(says(text, to_string(s.material)), text.c_str());
        QVERIFY2(says(text, to_string(z.style)), text.c_str());
        QVERIFY2(says(text, phrase(z.place)), text.c_str());
        if (s.has_pattern()) {
            QVERIFY2(says(text, phrase(s.pattern)), text.c_str());
        }
        if (s.has_decal) {
            const std::string decal =
                std::string(to_string(s.decal_colour)) + ' ' + to_string(s.glyph) + " decal";
            QVERIFY2(says(text, decal), text.c_str());
        }
    }
}

void TestSynthCaptions::shapeOnlySaysNoMore() {
    const Scene scene{.place = Place::beach, .style = Style::pencil};
    QCOMPARE(caption(red_mug(), scene, 5, CaptionKind::shape_only),
             std::string("a mug on the beach"));
}

void TestSynthCaptions::fullVariesWithTheSeedAlone() {
    std::set<std::string> texts;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        texts.insert(caption(red_mug(), {}, seed, CaptionKind::full));
        QCOMPARE(caption(red_mug(), {}, seed, CaptionKind::full),
                 caption(red_mug(), {}, seed, CaptionKind::full));
    }
    QVERIFY(texts.size() > 80);
}

// Colour 0.7, place 0.9, shape 0.97; 5 % are the two words "red mug".
void TestSynthCaptions::attributesAppearAsOftenAsDesigned() {
    const Scene scene{.place = Place::forest};
    int colours = 0, shapes = 0, places = 0, brief = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        const std::string text = caption(red_mug(), scene, seed, CaptionKind::full);
        if (text == "red mug" || text == "red cup") {
            ++brief;
            continue;
        }
        colours += says(text, "red") ? 1 : 0;
        shapes += says(text, "mug") || says(text, "cup") ? 1 : 0;
        places += says(text, "forest") || says(text, "woods") ? 1 : 0;
    }
    const double rest = 4000.0 - brief;
    QVERIFY(brief > 140 && brief < 270);
    QVERIFY(std::abs(colours / rest - 0.7) < 0.03);
    QVERIFY(std::abs(shapes / rest - 0.97) < 0.02);
    QVERIFY(std::abs(places / rest - 0.9) < 0.03);
}

void TestSynthCaptions::everyWordIsInTheGrammar() {
    const std::vector<std::string> list = grammar_words();
    const std::set<std::string> known(list.begin(), list.end());
    QCOMPARE(known.size(), list.size());
    QVERIFY(std::is_sorted(list.begin(), list.end()));
    for (std::uint64_t id = 0; id < 3000; ++id) {
        const Subject s = make_subject(id, Split::train);
        const Scene z = make_scene(id, s, Split::train);
        for (const CaptionKind kind :
             {CaptionKind::full, CaptionKind::shape_only, CaptionKind::explicit_all}) {
            std::istringstream words(words_of(caption(s, z, id, kind)));
            for (std::string word; words >> word;) {
                QVERIFY2(known.contains(word), word.c_str());
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestSynthCaptions)
#include "test_synth_captions.moc"
