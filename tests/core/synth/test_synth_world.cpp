#include "core/synth/world.h"

#include <QtTest>

#include <cmath>
#include <set>
#include <string>

using namespace likeness::synth;

class TestSynthWorld : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameIdSameSubjectAndScene();
    void splitsHoldTheirPredicates();
    void splitsAreDisjoint();
    void excludedSharesAreAsDesigned();
    void trainingAvoidsForbiddenPairs();
    void everyValueIsReached();
    void halfIsPlainAndHalfHasNoDecal();
    void secondHueIsFarFromTheFirst();
    void sceneMixIsObeyed();
    void huesHaveTheirNames_data();
    void huesHaveTheirNames();
    void everyValueHasItsOwnName();
};

void TestSynthWorld::sameIdSameSubjectAndScene() {
    const Subject a = make_subject(42, Split::train);
    QCOMPARE(a, make_subject(42, Split::train));
    QVERIFY(!(a == make_subject(43, Split::train)));
    QCOMPARE(make_scene(7, a, Split::train), make_scene(7, a, Split::train));
    QVERIFY(!(make_scene(7, a, Split::train) == make_scene(8, a, Split::train)));
}

void TestSynthWorld::splitsHoldTheirPredicates() {
    for (std::uint64_t id = 0; id < 3000; ++id) {
        const Subject train = make_subject(id, Split::train);
        QVERIFY(!is_unseen_combination(train));
        QVERIFY(!is_held_out_hue(train.hue));
        const Subject unseen = make_subject(id, Split::held_out);
        QVERIFY(is_unseen_combination(unseen));
        QVERIFY(!is_held_out_hue(unseen.hue));
        const Subject hue = make_subject(id, Split::held_out_hue);
        QVERIFY(!is_unseen_combination(hue));
        QVERIFY(is_held_out_hue(hue.hue));
    }
}

void TestSynthWorld::splitsAreDisjoint() {
    for (std::uint64_t id = 0; id < 200; ++id) {
        const Subject train = make_subject(id, Split::train);
        QVERIFY(!(train == make_subject(id, Split::held_out)));
        QVERIFY(make_scene(id, train, Split::train).seed !=
                make_scene(id, train, Split::held_out).seed);
    }
}

// The page of the starter: 15 % of the combinations, 10 % of the (shape, place) pairs, 20 degrees
// of hue.
void TestSynthWorld::excludedSharesAreAsDesigned() {
    int unseen = 0, all = 0;
    for (int shape = 0; shape < kShapes; ++shape) {
        for (int pattern = 0; pattern < kPatterns; ++pattern) {
            for (int glyph = -1; glyph < kGlyphs; ++glyph, ++all) {
                Subject s;
                s.shape = static_cast<Shape>(shape);
                s.pattern = static_cast<Pattern>(pattern);
                s.has_decal = glyph >= 0;
                s.glyph = static_cast<Glyph>(std::max(glyph, 0));
                unseen += is_unseen_combination(s) ? 1 : 0;
            }
        }
    }
    QVERIFY2(std::abs(unseen / static_cast<double>(all) - 0.15) < 0.02,
             qPrintable(QString::number(unseen)));

    int forbidden = 0;
    for (int shape = 0; shape < kShapes; ++shape) {
        int here = 0;
        for (int place = 0; place < kPlaces; ++place) {
            here += is_forbidden_pair(static_cast<Shape>(shape), static_cast<Place>(place)) ? 1 : 0;
        }
        QVERIFY(here <= kPlaces / 2);
        forbidden += here;
    }
    const double share = forbidden / static_cast<double>(kShapes * kPlaces);
    QVERIFY2(share > 0.06 && share < 0.14, qPrintable(QString::number(share)));

    int held_out = 0;
    for (int tenth = 0; tenth < 3600; ++tenth) {
        held_out += is_held_out_hue(tenth / 10.0) ? 1 : 0;
    }
    QCOMPARE(held_out, 200);
}

void TestSynthWorld::trainingAvoidsForbiddenPairs() {
    int elsewhere = 0;
    for (std::uint64_t id = 0; id < 3000; ++id) {
        const Subject s = make_subject(id, Split::train);
        QVERIFY(!is_forbidden_pair(s.shape, make_scene(id, s, Split::train).place));
        elsewhere += is_forbidden_pair(s.shape, make_scene(id, s, Split::held_out).place) ? 1 : 0;
    }
    QVERIFY(elsewhere > 100);
}

void TestSynthWorld::everyValueIsReached() {
    std::set<int> shapes, patterns, glyphs, decals, materials, colours, scales;
    std::set<int> places, lights, temperatures, styles, occluders;
    for (std::uint64_t id = 0; id < 1500; ++id) {
        const Subject s = make_subject(id, Split::train);
        const Scene z = make_scene(id, s, Split::train);
        shapes.insert(static_cast<int>(s.shape));
        patterns.insert(static_cast<int>(s.pattern));
        glyphs.insert(static_cast<int>(s.glyph));
        decals.insert(static_cast<int>(s.decal_colour));
        materials.insert(static_cast<int>(s.material));
        colours.insert(static_cast<int>(colour_name(s.hue)));
        scales.insert(s.pattern_scale);
        places.insert(static_cast<int>(z.place));
        lights.insert(static_cast<int>(z.light));
        temperatures.insert(static_cast<int>(z.temperature));
        styles.insert(static_cast<int>(z.style));
        occluders.insert(static_cast<int>(z.occluder));
    }
    const auto complete = [](const std::set<int>& values, int count) {
        return static_cast<int>(values.size()) == count && *values.begin() == 0 &&
               *values.rbegin() == count - 1;
    };
    QVERIFY(complete(shapes, kShapes));
    QVERIFY(complete(patterns, kPatterns));
    QVERIFY(complete(glyphs, kGlyphs));
    QVERIFY(complete(decals, kDecalColours));
    QVERIFY(complete(materials, kMaterials));
    QVERIFY(complete(colours, kColourNames));
    QVERIFY(complete(scales, kPatternScales));
    QVERIFY(complete(places, kPlaces));
    QVERIFY(complete(lights, kLightDirections));
    QVERIFY(complete(temperatures, kLightTemperatures));
    QVERIFY(complete(styles, kStyles));
    QVERIFY(complete(occluders, kOccluders));
}

void TestSynthWorld::halfIsPlainAndHalfHasNoDecal() {
    int plain = 0, decals = 0;
    for (std::uint64_t id = 0; id < 4000; ++id) {
        const Subject s = make_subject(id, Split::train);
        plain += s.has_pattern() ? 0 : 1;
        decals += s.has_decal ? 1 : 0;
    }
    QVERIFY(plain > 1700 && plain < 2300);
    QVERIFY(decals > 1600 && decals < 2300);
}

void TestSynthWorld::secondHueIsFarFromTheFirst() {
    for (std::uint64_t id = 0; id < 2000; ++id) {
        const Subject s = make_subject(id, Split::train);
        QVERIFY(s.hue >= 0.0 && s.hue < 360.0 && s.second_hue >= 0.0 && s.second_hue < 360.0);
        const double apart = std::abs(s.hue - s.second_hue);
        QVERIFY(std::min(apart, 360.0 - apart) >= 59.999);
    }
}

void TestSynthWorld::sceneMixIsObeyed() {
    const Subject s = make_subject(1, Split::train);
    int occluded = 0, styled = 0;
    for (std::uint64_t id = 0; id < 1000; ++id) {
        const Scene clear = make_scene(id, s, Split::train, {.occluder = 0.0, .styled = 0.0});
        QCOMPARE(clear.occluder, Occluder::none);
        QCOMPARE(clear.style, Style::photo);
        const Scene mixed = make_scene(id, s, Split::train, {.occluder = 0.4, .styled = 1.0});
        occluded += mixed.occluder != Occluder::none ? 1 : 0;
        styled += mixed.style != Style::photo ? 1 : 0;
    }
    QVERIFY(occluded > 330 && occluded < 470);
    QCOMPARE(styled, 1000);
}

void TestSynthWorld::huesHaveTheirNames_data() {
    QTest::addColumn<double>("hue");
    QTest::addColumn<QString>("name");
    QTest::newRow("0") << 0.0 << "red";
    QTest::newRow("359") << 359.0 << "red";
    QTest::newRow("14.9") << 14.9 << "red";
    QTest::newRow("15") << 15.0 << "orange";
    QTest::newRow("60") << 60.0 << "yellow";
    QTest::newRow("120") << 120.0 << "green";
    QTest::newRow("180") << 180.0 << "cyan";
    QTest::newRow("240") << 240.0 << "blue";
    QTest::newRow("300") << 300.0 << "magenta";
    QTest::newRow("330") << 330.0 << "pink";
    QTest::newRow("345") << 345.0 << "red";
    QTest::newRow("-30") << -30.0 << "pink";
}

void TestSynthWorld::huesHaveTheirNames() {
    QFETCH(double, hue);
    QFETCH(QString, name);
    QCOMPARE(QString(to_string(colour_name(hue))), name);
}

template <class Enum>
static bool all_named(int count) {
    std::set<std::string> names;
    for (int i = 0; i < count; ++i) {
        names.insert(to_string(static_cast<Enum>(i)));
    }
    return static_cast<int>(names.size()) == count && !names.contains("");
}

void TestSynthWorld::everyValueHasItsOwnName() {
    QVERIFY(all_named<Shape>(kShapes));
    QVERIFY(all_named<Pattern>(kPatterns));
    QVERIFY(all_named<Glyph>(kGlyphs));
    QVERIFY(all_named<DecalColour>(kDecalColours));
    QVERIFY(all_named<Material>(kMaterials));
    QVERIFY(all_named<Place>(kPlaces));
    QVERIFY(all_named<LightDirection>(kLightDirections));
    QVERIFY(all_named<LightTemperature>(kLightTemperatures));
    QVERIFY(all_named<Style>(kStyles));
    QVERIFY(all_named<Occluder>(kOccluders));
    QVERIFY(all_named<ColourName>(kColourNames));
    QCOMPARE(QString(to_string(Shape::ball)), QString("ball"));
    QCOMPARE(QString(to_string(Place::stage)), QString("stage"));
    QCOMPARE(QString(to_string(Glyph::wave)), QString("wave"));
}

QTEST_GUILESS_MAIN(TestSynthWorld)
#include "test_synth_world.moc"
