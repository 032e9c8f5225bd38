#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/image/sharpness.h"
#include "core/synth/world.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace likeness;

namespace {

// The picture behind a blur of that many pixels, along rows or columns.
Image blurred_along(const Image& image, double sigma, bool rows) {
    const int reach = static_cast<int>(std::ceil(3 * sigma));
    Image out = image;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            for (int c = 0; c < image.channels; ++c) {
                double sum = 0, weights = 0;
                for (int i = -reach; i <= reach; ++i) {
                    const int sx = rows ? std::clamp(x + i, 0, image.width - 1) : x;
                    const int sy = rows ? y : std::clamp(y + i, 0, image.height - 1);
                    const double weight = std::exp(-0.5 * i * i / (sigma * sigma));
                    sum += weight * image.u8()[(sy * image.width + sx) * image.channels + c];
                    weights += weight;
                }
                out.u8()[(y * image.width + x) * image.channels + c] =
                    static_cast<std::uint8_t>(std::lround(sum / weights));
            }
        }
    }
    return out;
}

Image blurred(const Image& image, double sigma) {
    return blurred_along(blurred_along(image, sigma, true), sigma, false);
}

// Black and white, in stripes that begin between pixels.
Image stripes() {
    Image image = make_image(64, 64, 1);
    for (int i = 0; i < 64 * 64; ++i) {
        image.u8()[i] = (i % 64 / 16) % 2 == 0 ? 20 : 220;
    }
    return image;
}

// A product in front of a plain backdrop, and one somewhere.
Image product(std::uint64_t id, synth::Place place) {
    const synth::Subject subject = synth::make_subject(id, synth::Split::train);
    synth::Scene scene = synth::make_scene(id, subject, synth::Split::train, {.styled = 0});
    scene.place = place;
    return synth::render(subject, scene, 128).rgb;
}

} // namespace

class TestSharpness : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEdgeIsAsWideAsItsBlur();
    void movedIsSeenAlongOneSide();
    void smoothAndEmptySayNothing();
    void productsAreToldFromBlurredOnes();
    void enlargedIsSoft();
    void partlyBlurredIsSharp();
};

void TestSharpness::anEdgeIsAsWideAsItsBlur() {
    QCOMPARE(edge_width(stripes()), std::optional(1.0));
    for (const double sigma : {1.5, 2.0, 2.5}) {
        const double width = edge_width(blurred(stripes(), sigma)).value();
        QVERIFY2(std::abs(width - 2.5 * sigma) < 0.15 * width, qPrintable(QString::number(width)));
    }
}

void TestSharpness::movedIsSeenAlongOneSide() {
    const Image image = product(4, synth::Place::table);
    const double still = edge_width(image).value();
    QVERIFY(edge_width(blurred_along(image, 2.5, true)).value() > 2 * still);
    QVERIFY(edge_width(blurred_along(image, 2.5, false)).value() > 2 * still);
}

void TestSharpness::smoothAndEmptySayNothing() {
    QCOMPARE(edge_width(make_image(64, 64)), std::nullopt);
    QVERIFY(!looks_blurred(make_image(64, 64)));
    Image shade = make_image(256, 256, 1); // a backdrop from grey to a little less grey, with noise
    for (int i = 0; i < 256 * 256; ++i) {
        shade.u8()[i] = static_cast<std::uint8_t>(200 - i / 256 / 16 + i * 7919 % 13);
    }
    QCOMPARE(edge_width(shade), std::nullopt);
    QVERIFY(!looks_blurred(shade));
}

void TestSharpness::productsAreToldFromBlurredOnes() {
    int missed = 0;
    for (std::uint64_t id = 0; id < 12; ++id) {
        for (const synth::Place place : {synth::Place::studio, synth::Place::beach}) {
            const Image sharp = product(id, place);
            QVERIFY2(!looks_blurred(sharp), qPrintable(QString::number(*edge_width(sharp))));
            missed += looks_blurred(blurred(sharp, 2.0)) ? 0 : 1;
            missed += looks_blurred(blurred(sharp, 3.0)) ? 0 : 1;
        }
    }
    QVERIFY2(missed <= 2, qPrintable(QString::number(missed)));
}

void TestSharpness::enlargedIsSoft() {
    const Image image = product(7, synth::Place::studio);
    const Image small = resize(image, 40, 40, Filter::bilinear);
    QVERIFY(edge_width(resize(small, 128, 128, Filter::bilinear)).value() >
            2 * edge_width(image).value());
}

void TestSharpness::partlyBlurredIsSharp() {
    const Image image = product(9, synth::Place::table);
    Image mixed = blurred(image, 4.0); // what is behind
    for (int y = 32; y < 96; ++y) {
        std::copy_n(image.u8() + (y * 128 + 32) * 3, 64 * 3, mixed.u8() + (y * 128 + 32) * 3);
    }
    QVERIFY(edge_width(mixed).value() < 2.5);
}

QTEST_APPLESS_MAIN(TestSharpness)
#include "test_sharpness.moc"
