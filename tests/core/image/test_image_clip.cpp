#include "core/image/clip_preprocess.h"
#include "tests/core/image/fixture_lines.h"
#include "tests/core/image/noise.h"

#include <QTest>

using namespace likeness;
using namespace likeness::test;

class TestImageClip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTransformers();
    void aLineOfPixelsStaysSmall();
};

// Pixels and normalised values, bit for bit.
void TestImageClip::equalsTransformers() {
    int cases = 0;
    for (const auto& words : fixture_lines("image_clip.txt")) {
        const Image image = noise(std::stoi(words[1]), std::stoi(words[2]), std::stoi(words[0]));
        const ClipPreprocess config{.shortest_edge = std::stoi(words[3]),
                                    .crop_size = std::stoi(words[4])};
        const std::string name = words[0] + " channels " + words[1] + "x" + words[2] + " to " +
                                 words[3] + ", " + words[4];
        QVERIFY2(hash_of(clip_preprocess(image, config)) == words[5], name.c_str());
        QVERIFY2(hash_of(clip_pixel_values(image, config)) == words[6], name.c_str());
        ++cases;
    }
    QCOMPARE(cases, 51);
}

// Its long side would become 7,340,032 pixels.
void TestImageClip::aLineOfPixelsStaysSmall() {
    const Image result = clip_preprocess(noise(32'768, 1, 3));
    QCOMPARE(result.width, 224);
    QCOMPARE(result.height, 224);
    const Image tall = clip_preprocess(noise(1, 32'768, 4));
    QCOMPARE(tall.bytes.size(), std::size_t{224 * 224 * 3});
}

QTEST_APPLESS_MAIN(TestImageClip)
#include "test_image_clip.moc"
