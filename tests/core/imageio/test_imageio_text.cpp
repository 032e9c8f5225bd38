#include "core/imageio/draw_text.h"
#include "core/imageio/library_version.h"

#include <QTest>

#include <algorithm>

using namespace likeness;

namespace {

// The box of what was drawn onto black; right < left where nothing was.
struct Box {
    int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;
};

Box drawn(const Image& image) {
    Box box;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            const auto* pixel = image.u8() + (static_cast<std::size_t>(y) * image.width + x) * 3;
            if (std::max({pixel[0], pixel[1], pixel[2]}) > 64) {
                box = {std::min(box.left, x), std::max(box.right, x), std::min(box.top, y),
                       std::max(box.bottom, y)};
            }
        }
    }
    return box;
}

} // namespace

class TestImageioText : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void standsOnItsBaselineAndIsAsWideAsTold() {
        for (const bool centred : {false, true}) {
            const TextStyle style{.size = 20, .centred = centred};
            Image image = make_image(400, 60, 3);
            draw_text(image, 200, 40, "HILL 0.6", style);
            const Box box = drawn(image);
            const int width = text_width("HILL 0.6", style);
            QVERIFY(width > 20);
            const int left = centred ? 200 - width / 2 : 200;
            QVERIFY(std::abs(box.left - left) <= 4);
            QVERIFY(std::abs(box.right - (left + width)) <= 4);
            QVERIFY(std::abs(box.bottom - 40) <= 2);
            QVERIFY(box.top < 40 - 8 && box.top > 40 - 24);
        }
    }

    void isCutAtTheEdgesAndMayBeEmpty() {
        Image image = make_image(30, 20, 3);
        const Image before = image;
        draw_text(image, 5, 15, "", {});
        QCOMPARE(image, before);
        draw_text(image, 1000, 15, "OUTSIDE", {});
        QCOMPARE(image, before);
        draw_text(image, -10, 15, "WIDER THAN THE PICTURE", {});
        QVERIFY(drawn(image).right >= 0);
        draw_text(image, 0, 400, "\xff\xfe broken \xc3", {}); // any bytes may come from a prompt
    }

    void theBuiltInFontKnowsDigits() {
        Image one = make_image(60, 30, 3), other = one;
        draw_text_built_in(one, 5, 20, "0.6", {});
        draw_text_built_in(other, 5, 20, "0.8", {});
        QVERIFY(drawn(one).right > 0);
        QVERIFY(one != other);
    }

    void theLibraryHasAVersion() { QVERIFY(imageio_version().starts_with("2.")); }
};

QTEST_APPLESS_MAIN(TestImageioText)
#include "test_imageio_text.moc"
