#include "core/image/encoder_view.h"
#include "tests/core/image/fixture_lines.h"
#include "tests/core/image/noise.h"

#include <QTest>

#include <algorithm>

using namespace likeness;
using namespace likeness::test;

namespace {

ImagePtr uniform_mask(int width, int height, std::uint8_t value) {
    Image mask = make_image(width, height, 1);
    std::fill_n(mask.u8(), mask.bytes.size(), value);
    return std::make_shared<const Image>(std::move(mask));
}

EncoderFit fit_of(const std::string& name) {
    return name == "squash" ? EncoderFit::squash
           : name == "pad"  ? EncoderFit::pad
                            : EncoderFit::crop;
}

} // namespace

class TestImageView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow();
    void aMaskOfAnotherSizeLiesOnTheSamePlace();
    void whatIsCoveredDoesNotCount();
    void aCropOfAllIsTheWhole();
    void theSeenPartIsTold();
    void nothingIsTooThin();
};

// Cropped, squashed and padded, with and without a mask, bit for bit.
void TestImageView::equalsPillow() {
    int cases = 0;
    for (const auto& words : fixture_lines("image_view.txt")) {
        const auto number = [&words](std::size_t i) { return std::stoi(words[i]); };
        const int width = number(2), height = number(3), side = number(4);
        const Image image = noise(width, height, number(1));
        const double w = width, h = height;
        EncoderView view{.fit = fit_of(words[0]),
                         .crop = {number(5) / w, number(6) / h, number(7) / w, number(8) / h}};
        const ClipPreprocess config{.shortest_edge = side, .crop_size = side};
        const std::string name = words[0] + " of " + words[1] + " channels " + words[2] + "x" +
                                 words[3] + " to " + words[4];
        QVERIFY2(hash_of(encoder_pixels(image, view, config)) == words[9], name.c_str());
        view.look_mask = std::make_shared<const Image>(noise(width, height, 1));
        QVERIFY2(hash_of(encoder_pixels(image, view, config)) == words[10], name.c_str());
        ++cases;
    }
    QCOMPARE(cases, 81);
}

// A mask painted at another size than the picture's covers the same half of it.
void TestImageView::aMaskOfAnotherSizeLiesOnTheSamePlace() {
    Image mask = make_image(40, 20, 1);
    for (int y = 0; y < mask.height; ++y) {
        std::fill_n(mask.u8() + y * mask.width, 20, std::uint8_t{255});
    }
    const Image image = noise(200, 100, 3);
    const ClipPreprocess config{.shortest_edge = 64, .crop_size = 64};
    const Image plain = encoder_pixels(image, {.fit = EncoderFit::squash}, config);
    const Image covered = encoder_pixels(
        image, {.fit = EncoderFit::squash, .look_mask = std::make_shared<const Image>(mask)},
        config);
    for (int y = 0; y < 64; ++y) {
        const std::size_t left = static_cast<std::size_t>(y * 64 + 10) * 3;
        const std::size_t right = static_cast<std::size_t>(y * 64 + 54) * 3;
        QCOMPARE(covered.bytes[left], plain.bytes[left]);
        QCOMPARE(int(covered.u8()[right]), 123); // round(255 * 0.48145466)
    }
}

void TestImageView::whatIsCoveredDoesNotCount() {
    for (const EncoderFit fit : {EncoderFit::crop, EncoderFit::squash, EncoderFit::pad}) {
        const EncoderView none{.fit = fit, .look_mask = uniform_mask(8, 8, 0)};
        const EncoderView all{.fit = fit, .look_mask = uniform_mask(8, 8, 255)};
        const Image first = noise(90, 60, 3);
        Image second = first;
        std::ranges::reverse(second.bytes);
        QCOMPARE(encoder_pixels(first, none, {}), encoder_pixels(second, none, {}));
        QCOMPARE(encoder_pixels(first, all, {}), encoder_pixels(first, {.fit = fit}, {}));
    }
}

void TestImageView::aCropOfAllIsTheWhole() {
    const Image image = noise(90, 60, 4);
    QCOMPARE(encoder_pixels(image, {.crop = {0, 0, 1, 1}}, {}), clip_preprocess(image));
    QCOMPARE(encoder_pixels(image, {}, {}), clip_preprocess(image));
    QVERIFY(encoder_pixels(image, {.crop = {0, 0, 0.5, 0.5}}, {}) != clip_preprocess(image));
}

void TestImageView::theSeenPartIsTold() {
    const PictureShare middle = looked_at(200, 100, {}, {});
    QCOMPARE(middle, (PictureShare{0.25, 0, 0.5, 1}));
    const EncoderView squashed{.fit = EncoderFit::squash, .crop = {0.1, 0.2, 0.3, 0.4}};
    QCOMPARE(looked_at(200, 100, squashed, {}), squashed.crop);
    // A preprocessor that crops inside of what it resized.
    const PictureShare inner = looked_at(100, 100, {}, {.shortest_edge = 256, .crop_size = 224});
    QCOMPARE(inner.width, 0.875);
}

void TestImageView::nothingIsTooThin() {
    const Image line = noise(4000, 1, 3);
    for (const EncoderFit fit : {EncoderFit::crop, EncoderFit::squash, EncoderFit::pad}) {
        const Image seen =
            encoder_pixels(line, {.fit = fit, .crop = {0.3, 0.999, 1e-9, 0.001}}, {});
        QCOMPARE(seen.width, 224);
        QCOMPARE(seen.height, 224);
    }
}

QTEST_APPLESS_MAIN(TestImageView)
#include "test_image_view.moc"
