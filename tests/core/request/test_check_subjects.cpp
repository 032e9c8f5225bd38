#include "core/request/check_subjects.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace likeness;

namespace {

using Embeds = std::vector<std::vector<float>>;
using Pictures = std::vector<std::size_t>;

constexpr int kDim = 64;

std::vector<float> direction(std::uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(kDim);
    for (float& value : values) {
        value = normal(random);
    }
    return values;
}

// Pictures of that thing, whose likeness to each other is about 1 / (1 + spread^2).
void add(Embeds& embeds, std::uint32_t thing, int count, float spread) {
    const std::vector<float> centre = direction(thing);
    for (int i = 0; i < count; ++i) {
        std::vector<float> noise = direction(1000 * thing + static_cast<std::uint32_t>(i) + 7);
        for (int k = 0; k < kDim; ++k) {
            noise[k] = 3 * (centre[k] + spread * noise[k]);
        }
        embeds.push_back(noise);
    }
}

} // namespace

class TestCheckSubjects : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneThingStaysTogether();
    void strangersAreFound();
    void allDifferentHaveNoStranger();
    void fewSayNothing();
    void wordsNameThem();
};

void TestCheckSubjects::oneThingStaysTogether() {
    for (std::uint32_t thing = 1; thing < 20; ++thing) {
        Embeds embeds;
        add(embeds, thing, 12, 0.45F);
        QCOMPARE(strangers_among(embeds), Pictures{});
    }
}

void TestCheckSubjects::strangersAreFound() {
    Embeds one;
    add(one, 1, 9, 0.45F);
    add(one, 2, 1, 0.45F);
    QCOMPARE(strangers_among(one), Pictures{9});
    Embeds several; // of one other thing, alike among themselves
    add(several, 3, 4, 0.45F);
    add(several, 4, 8, 0.45F);
    QCOMPARE(strangers_among(several), (Pictures{0, 1, 2, 3}));
    Embeds two_things;
    add(two_things, 5, 7, 0.45F);
    add(two_things, 6, 1, 0.45F);
    add(two_things, 7, 1, 0.45F);
    QCOMPARE(strangers_among(two_things), (Pictures{7, 8}));
}

void TestCheckSubjects::allDifferentHaveNoStranger() {
    Embeds embeds; // as the pictures of a style
    for (std::uint32_t thing = 1; thing < 13; ++thing) {
        add(embeds, thing, 1, 0.0F);
    }
    QCOMPARE(strangers_among(embeds), Pictures{});
}

void TestCheckSubjects::fewSayNothing() {
    Embeds embeds;
    QCOMPARE(strangers_among(embeds), Pictures{});
    add(embeds, 1, 2, 0.3F);
    add(embeds, 2, 1, 0.3F);
    QCOMPARE(strangers_among(embeds), Pictures{});
    embeds.assign(6, std::vector<float>(kDim)); // of length 0
    QCOMPARE(strangers_among(embeds), Pictures{});
}

void TestCheckSubjects::wordsNameThem() {
    TrainingRequest request;
    for (int i = 0; i < 7; ++i) {
        request.pictures.push_back({.image = std::make_shared<const Image>(make_image(8, 8)),
                                    .path = "set/" + std::to_string(i) + ".png"});
    }
    request.pictures[1].image = nullptr; // could not be read
    Embeds embeds;
    add(embeds, 1, 5, 0.3F);
    add(embeds, 2, 1, 0.3F);
    const TrainingFinding mixed = check_subjects(request, embeds);
    QVERIFY(!mixed.is_fine);
    QCOMPARE(mixed.kind, TrainingFindingKind::subjects);
    QCOMPARE(mixed.pictures, Pictures{6});
    QCOMPARE(mixed.title.text(), std::string("1 of something else"));
    QVERIFY(mixed.detail.text().starts_with("6.png: likeness to the others "));
    embeds.pop_back();
    request.pictures.pop_back();
    const TrainingFinding one = check_subjects(request, embeds);
    QVERIFY(one.is_fine && one.pictures.empty());
    QCOMPARE(one.title.text(), std::string("One subject"));
    embeds.resize(1);
    QVERIFY(check_subjects(request, embeds).is_fine);
}

QTEST_APPLESS_MAIN(TestCheckSubjects)
#include "test_check_subjects.moc"
