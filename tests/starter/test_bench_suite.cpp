// What the bench asks: products that training never saw, references that do not give the answer
// away, neighbours that differ in one thing.

#include "app/starter/bench/suite.h"
#include "core/base/error.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace likeness;
using namespace likeness::starter;
using namespace likeness::starter::bench;

namespace {

// How many of a subject's properties two subjects do not share; what says nothing does not count.
int differences(const synth::Subject& a, const synth::Subject& b) {
    const bool decals = a.has_decal && b.has_decal;
    return (a.shape != b.shape) + (a.hue != b.hue) + (a.second_hue != b.second_hue) +
           (a.pattern != b.pattern) + (a.has_decal != b.has_decal) +
           (decals && a.glyph != b.glyph) + (decals && a.decal_colour != b.decal_colour) +
           (a.material != b.material) + (a.slimness != b.slimness) + (a.detail != b.detail);
}

} // namespace

class TestBenchSuite : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void suitesAndCounts();
    void productsAreOfTheirSplit();
    void referencesShowAnotherPlace();
    void theSameEveryTime();
    void neighboursDifferInOneThing();
    void partnersShareTheShapeAlone();
    void theGalleryIsAsLargeAsAsked();
    void coloursByTheirName();
};

void TestBenchSuite::suitesAndCounts() {
    const auto full = make_plan("full"), mini = make_plan("mini");
    QVERIFY(full.subjects > mini.subjects);
    QVERIFY(full.probed > 0);
    const auto part = make_plan("full", 3);
    QCOMPARE(part.subjects, 3);
    QCOMPARE(part.ladder_subjects, 3);
    QVERIFY(part.pairs >= 1);
    QCOMPARE(part.gallery, full.gallery);
    QVERIFY_THROWS_EXCEPTION(Error, make_plan("huge"));
}

void TestBenchSuite::productsAreOfTheirSplit() {
    for (const auto& product : unseen_products(20, 2)) {
        QVERIFY(synth::is_unseen_combination(product.subject));
    }
    for (const auto& product : seen_products(20, 2)) {
        QVERIFY(!synth::is_unseen_combination(product.subject));
    }
    for (const auto& product : decal_products(10, 1)) {
        QVERIFY(product.subject.has_decal);
        const auto hidden = std::ranges::count(product.hides_decal, true);
        QVERIFY(hidden < kMostReferences);
    }
}

void TestBenchSuite::referencesShowAnotherPlace() {
    for (const int cases : {1, 4, 12}) {
        for (const auto& product : unseen_products(10, cases)) {
            std::set<synth::Place> asked;
            for (const auto& one : product.cases) {
                asked.insert(one.scene.place);
            }
            QVERIFY(cases > 10 || static_cast<int>(asked.size()) == cases);
            QVERIFY(cases > 10 || !asked.contains(product.reference.place));
            QCOMPARE(static_cast<int>(product.crowd.size()), kMostReferences);
            // A bare prompt tells nothing of the colour.
            const auto colour =
                std::string(synth::to_string(synth::colour_name(product.subject.hue)));
            QVERIFY(product.cases[0].bare_prompt.find(colour) == std::string::npos);
            QVERIFY(product.cases[0].explicit_prompt.size() > product.cases[0].bare_prompt.size());
        }
    }
}

void TestBenchSuite::theSameEveryTime() {
    const auto a = unseen_products(5, 3), b = unseen_products(8, 3);
    for (std::size_t i = 0; i < a.size(); ++i) {
        QVERIFY(a[i].subject == b[i].subject);
        QVERIFY(a[i].reference == b[i].reference);
        QVERIFY(a[i].cases[2].scene == b[i].cases[2].scene);
        QCOMPARE(a[i].cases[1].seed, b[i].cases[1].seed);
        QVERIFY(a[i].cases[1].seed != a[i].cases[2].seed);
    }
}

void TestBenchSuite::neighboursDifferInOneThing() {
    for (const auto& product : unseen_products(20, 0)) {
        for (int number = 0; number < 7; ++number) {
            QCOMPARE(differences(product.subject, neighbour_of(product.subject, number)), 1);
        }
    }
}

void TestBenchSuite::partnersShareTheShapeAlone() {
    const auto products = unseen_products(5, 1);
    for (std::size_t i = 0; i < products.size(); ++i) {
        const auto partner = partner_of(products[i], i);
        QCOMPARE(partner.subject.shape, products[i].subject.shape);
        QVERIFY(!shows_colour(partner.subject.hue, products[i].subject.hue));
    }
}

void TestBenchSuite::theGalleryIsAsLargeAsAsked() {
    auto plan = make_plan("mini");
    const auto products = unseen_products(plan.subjects, 1);
    const auto gallery = make_gallery(plan, products);
    QCOMPARE(static_cast<int>(gallery.size()), plan.gallery);
    for (std::size_t i = 0; i < products.size(); ++i) {
        QVERIFY(gallery[i].subject == products[i].subject);
    }
    for (std::size_t i = 0; i < gallery.size(); ++i) {
        for (std::size_t k = i + 1; k < gallery.size(); ++k) {
            QVERIFY(!(gallery[i].subject == gallery[k].subject));
        }
    }
    plan.gallery = 15;
    QCOMPARE(make_gallery(plan, products).size(), std::size_t{15});
}

void TestBenchSuite::coloursByTheirName() {
    // Red is named from 345 to 15; 15 degrees beyond still count.
    QVERIFY(shows_colour(0, 350));
    QVERIFY(shows_colour(29, 350));
    QVERIFY(shows_colour(331, 10));
    QVERIFY(!shows_colour(31, 350));
    QVERIFY(!shows_colour(180, 10));
}

QTEST_APPLESS_MAIN(TestBenchSuite)
#include "test_bench_suite.moc"
