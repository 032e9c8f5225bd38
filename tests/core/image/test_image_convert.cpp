#include "core/base/check.h"
#include "core/image/convert.h"
#include "tests/core/image/fixture_lines.h"
#include "tests/core/image/noise.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace likeness;
using namespace likeness::test;

class TestImageConvert : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsPillowAndNumpy();
    void sixteenBitsToTheNearest();
    void floatsOutOfRange();
    void planarAndBack();
    void cropAndPad();
    void aspects();
};

void TestImageConvert::equalsPillowAndNumpy() {
    int cases = 0;
    for (const auto& words : fixture_lines("image_convert.txt")) {
        if (words[0] == "round") {
            std::vector<float> values;
            for (int i = 0; i < 1600; ++i) {
                values.push_back(static_cast<float>(i - 255) / 1020.0F);
            }
            QCOMPARE(hash_of(from_planar(values, 40, 40, 1)), words[2]);
            ++cases;
            continue;
        }
        const Image image = noise(53, 31, std::stoi(words[1]));
        if (words[0] == "rgb") {
            QCOMPARE(hash_of(to_rgb(image)), words[2]);
        } else if (words[0] == "white") {
            QCOMPARE(hash_of(over_white(image)), words[2]);
        } else if (words[0] == "grey") {
            QCOMPARE(hash_of(to_grey(image)), words[2]);
        } else {
            std::vector<float> planar = to_planar(to_rgb(image));
            planar.resize(53 * 31);
            QCOMPARE(hash_of(planar), words[2]);
        }
        ++cases;
    }
    QCOMPARE(cases, 13);
}

void TestImageConvert::sixteenBitsToTheNearest() {
    Image image = make_image(256, 256, 1, PixelType::u16);
    for (unsigned i = 0; i < 65536; ++i) {
        image.u16()[i] = static_cast<std::uint16_t>(i);
    }
    const Image bytes = to_u8(image);
    for (unsigned i = 0; i < 65536; ++i) {
        // 65535 = 255 x 257 and 257 is odd, so there are no ties.
        QCOMPARE(static_cast<double>(bytes.u8()[i]), std::round(i / 257.0));
    }
}

void TestImageConvert::floatsOutOfRange() {
    Image image = make_image(6, 1, 1, PixelType::f32);
    const float values[] = {-3.0F, std::numeric_limits<float>::quiet_NaN(),
                            7.0F,  std::numeric_limits<float>::infinity(),
                            -0.0F, 0.5F};
    std::copy(std::begin(values), std::end(values), image.f32());
    const Image bytes = to_u8(image);
    const int expected[] = {0, 0, 255, 255, 0, 128}; // 127.5 goes to the even neighbour
    for (int i = 0; i < 6; ++i) {
        QCOMPARE(int{bytes.u8()[i]}, expected[i]);
    }
}

void TestImageConvert::planarAndBack() {
    for (const int channels : {1, 3, 4}) {
        const Image image = noise(13, 7, channels);
        QCOMPARE(from_planar(to_planar(image), 13, 7, channels), image);
    }
    QVERIFY_EXCEPTION_THROWN(from_planar(std::vector<float>(5), 2, 2, 1), CheckFailed);
}

void TestImageConvert::cropAndPad() {
    const Image image = noise(9, 6, 3);
    QCOMPARE(crop(image, 0, 0, 9, 6), image);
    const Image part = crop(image, 7, 4, 5, 5);
    for (int y = 0; y < 5; ++y) {
        for (int x = 0; x < 5; ++x) {
            const bool inside = x + 7 < 9 && y + 4 < 6;
            const int expected = inside ? image.u8()[((y + 4) * 9 + x + 7) * 3] : 0;
            QCOMPARE(int{part.u8()[(y * 5 + x) * 3]}, expected);
        }
    }
    const Image nothing = crop(image, 100, -100, 3, 3);
    QCOMPARE(nothing, make_image(3, 3, 3));
    QCOMPARE(crop(image, std::numeric_limits<int>::max(), std::numeric_limits<int>::min(), 2, 2),
             make_image(2, 2, 3));
    QCOMPARE(crop(pad(image, 1, 2, 3, 4), 1, 2, 9, 6), image);
    QCOMPARE(pad(image, 1, 2, 3, 4).width, 13);
    QVERIFY_EXCEPTION_THROWN(pad(image, -1, 0, 0, 0), CheckFailed);
}

void TestImageConvert::aspects() {
    const Image wide = crop_to_aspect(noise(90, 40, 3), 1, 1);
    QCOMPARE(wide, crop(noise(90, 40, 3), 25, 0, 40, 40));
    const Image tall = crop_to_aspect(noise(30, 100, 1), 3, 2);
    QCOMPARE(tall.width, 30);
    QCOMPARE(tall.height, 20);
    const Image thin = crop_to_aspect(noise(3, 100, 1), 4096, 1);
    QCOMPARE(thin.height, 1);
    const Image square = pad_to_square(noise(5, 8, 4));
    QCOMPARE(square.width, 8);
    QCOMPARE(crop(square, 1, 0, 5, 8), noise(5, 8, 4));
}

QTEST_APPLESS_MAIN(TestImageConvert)
#include "test_image_convert.moc"
