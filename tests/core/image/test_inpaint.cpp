#include "core/image/inpaint.h"
#include "core/image/resize.h"
#include "tests/core/image/noise.h"

#include <QTest>

#include <algorithm>
#include <cstdlib>

using namespace likeness;
using namespace likeness::test;

namespace {

// White at these pixels of a black mask.
Image dots(int width, int height, const std::vector<std::pair<int, int>>& at) {
    Image mask = make_image(width, height, 1);
    for (const auto& [x, y] : at) {
        mask.u8()[y * width + x] = 255;
    }
    return mask;
}

int value(const Image& mask, int x, int y) {
    return mask.u8()[y * mask.width + x];
}

} // namespace

class TestInpaint : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void newCanvasTakesTheEdgesColours() {
        for (const int channels : {1, 3, 4}) {
            const Image image = noise(5, 4, channels);
            const Image wide = extend_edges(image, {3, 1, 2, 6});
            QCOMPARE(wide.width, 10);
            QCOMPARE(wide.height, 11);
            for (int y = 0; y < wide.height; ++y) {
                for (int x = 0; x < wide.width; ++x) {
                    const int from_x = std::clamp(x - 3, 0, 4), from_y = std::clamp(y - 1, 0, 3);
                    for (int c = 0; c < channels; ++c) {
                        QCOMPARE(wide.u8()[(y * 10 + x) * channels + c],
                                 image.u8()[(from_y * 5 + from_x) * channels + c]);
                    }
                }
            }
        }
        const Image same = noise(5, 4, 3);
        QCOMPARE(extend_edges(same, {}), same);
    }

    void whiteGrowsInAllDirections() {
        const Image grown = grow_mask(dots(12, 9, {{0, 0}, {6, 5}, {8, 5}}), 2);
        for (int y = 0; y < 9; ++y) {
            for (int x = 0; x < 12; ++x) {
                const bool first = x <= 2 && y <= 2;
                const bool others = x >= 4 && x <= 10 && y >= 3 && y <= 7;
                QCOMPARE(value(grown, x, y), first || others ? 255 : 0);
            }
        }
        const Image mask = dots(3, 3, {{1, 1}});
        QCOMPARE(grow_mask(mask, 0), mask);
        QCOMPARE(grow_mask(make_image(4, 4, 1), 200), make_image(4, 4, 1));
    }

    void anEdgeFadesOverThatManyPixels() {
        constexpr int kEdge = 40; // white from here on
        Image mask = make_image(80, 3, 1);
        for (int y = 0; y < 3; ++y) {
            std::fill_n(mask.u8() + y * 80 + kEdge, 80 - kEdge, std::uint8_t{255});
        }
        for (const int pixels : {1, 2, 7, 16}) {
            const Image soft = feather_mask(mask, pixels);
            for (int x = 0; x < 80; ++x) {
                if (x < kEdge - pixels) {
                    QCOMPARE(value(soft, x, 1), 0);
                } else if (x >= kEdge + pixels) {
                    QCOMPARE(value(soft, x, 1), 255);
                } else {
                    QVERIFY(value(soft, x, 1) > 0 && value(soft, x, 1) < 255);
                    // As much is taken on one side as is given on the other.
                    const int mirrored = value(soft, 2 * kEdge - 1 - x, 1);
                    QVERIFY(std::abs(value(soft, x, 1) + mirrored - 255) <= 1);
                }
                QVERIFY(x == 0 || value(soft, x, 1) >= value(soft, x - 1, 1));
            }
            // What is made anew stays what it was without a fade.
            QCOMPARE(binarise(soft), mask);
        }
        QCOMPARE(feather_mask(mask, 0), mask);
    }

    void whatIsKeptIsKeptExactly() {
        const Image below = noise(16, 16, 3);
        Image above = below;
        std::ranges::reverse(above.bytes);
        Image mask = make_image(16, 16, 1);
        for (std::size_t i = 0; i < mask.bytes.size(); ++i) {
            mask.u8()[i] = static_cast<std::uint8_t>(i);
        }
        const Image both = composite(below, above, mask);
        for (int i = 0; i < 256; ++i) {
            for (int c = i * 3; c < i * 3 + 3; ++c) {
                const double exact = (below.u8()[c] * (255 - i) + above.u8()[c] * i) / 255.0;
                QVERIFY(std::abs(both.u8()[c] - exact) <= 0.5);
            }
        }
        QCOMPARE(composite(below, above, make_image(16, 16, 1)), below);
    }
};

QTEST_APPLESS_MAIN(TestInpaint)
#include "test_inpaint.moc"
