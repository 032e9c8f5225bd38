#include "core/base/check.h"
#include "core/synth/more_shapes.h"
#include "core/synth/world.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace likeness;
using namespace likeness::synth;

class TestSynthRender : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameArgumentsSameBytes();
    void maskCoversFortyFiveToSeventyPercent();
    void subjectLiesWhereTheSceneSays();
    void occluderTakesFromTheMask();
    void mainHueIsShownInsideTheMask();
    void placesDifferOutsideTheMask();
    void nightIsDarkAndSnowIsBright();
    void shapesStayInsideTheirSphereAndAboveGround();
    void sizesOutOfRangeAreRefused();
};

namespace {

struct Extent {
    int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;

    int width() const { return right - left + 1; }

    int height() const { return bottom - top + 1; }
};

Extent extent(const Image& mask) {
    Extent e;
    for (int y = 0; y < mask.height; ++y) {
        for (int x = 0; x < mask.width; ++x) {
            if (mask.u8()[y * mask.width + x] >= 128) {
                e.left = std::min(e.left, x);
                e.right = std::max(e.right, x);
                e.top = std::min(e.top, y);
                e.bottom = std::max(e.bottom, y);
            }
        }
    }
    return e;
}

Scene clear_scene(std::uint64_t id, const Subject& subject) {
    return make_scene(id, subject, Split::train, {.occluder = 0.0, .styled = 0.0});
}

// Mean display colour of the pixels that are all subject, 0..255.
std::array<double, 3> subject_colour(const Rendered& picture) {
    std::array<double, 3> sum{};
    double count = 0.0;
    for (int i = 0; i < picture.mask.width * picture.mask.height; ++i) {
        if (picture.mask.u8()[i] == 255) {
            for (std::size_t c = 0; c < 3; ++c) {
                sum[c] += picture.rgb.u8()[static_cast<std::size_t>(3 * i) + c];
            }
            count += 1.0;
        }
    }
    for (double& value : sum) {
        value /= std::max(count, 1.0);
    }
    return sum;
}

// Mean, then standard deviation of R, G, B outside the mask over 12 scenes and all lights, 0..255.
std::array<double, 6> background_look(const Subject& subject, Place place) {
    std::array<double, 3> sum{}, squares{};
    double count = 0.0;
    for (std::uint64_t k = 0; k < 12; ++k) {
        const Scene z{
            .place = place, .light = static_cast<LightDirection>(k % 4), .seed = 77 * k + 2};
        const Rendered picture = render(subject, z, 64);
        for (std::size_t i = 0; i < 64 * 64; ++i) {
            if (picture.mask.u8()[i] == 0) {
                for (std::size_t c = 0; c < 3; ++c) {
                    const double value = picture.rgb.u8()[3 * i + c];
                    sum[c] += value;
                    squares[c] += value * value;
                }
                count += 1.0;
            }
        }
    }
    std::array<double, 6> look{};
    for (std::size_t c = 0; c < 3; ++c) {
        look[c] = sum[c] / count;
        look[c + 3] = std::sqrt(squares[c] / count - look[c] * look[c]);
    }
    return look;
}

double hue_of(const std::array<double, 3>& rgb) {
    const double a = 2.0 * rgb[0] - rgb[1] - rgb[2];
    const double b = std::sqrt(3.0) * (rgb[1] - rgb[2]);
    const double degrees = std::atan2(b, a) * 180.0 / 3.14159265358979;
    return degrees < 0.0 ? degrees + 360.0 : degrees;
}

} // namespace

void TestSynthRender::sameArgumentsSameBytes() {
    for (std::uint64_t id = 0; id < 12; ++id) {
        const Subject s = make_subject(id, Split::train);
        const Scene z = make_scene(id, s, Split::train);
        const Rendered first = render(s, z, 96), second = render(s, z, 96);
        QCOMPARE(first.rgb, second.rgb);
        QCOMPARE(first.mask, second.mask);
    }
}

void TestSynthRender::maskCoversFortyFiveToSeventyPercent() {
    for (std::uint64_t id = 0; id < 200; ++id) {
        const Subject s = make_subject(id, Split::train);
        const Scene z = clear_scene(id, s);
        const Extent e = extent(render(s, z, 128).mask);
        const double share = std::max(e.width(), e.height()) / 128.0;
        QVERIFY2(share >= 0.45 && share <= 0.70,
                 qPrintable(QString("%1 %2: %3").arg(id).arg(to_string(s.shape)).arg(share)));
        QVERIFY2(e.left > 0 && e.right < 127 && e.top > 0 && e.bottom < 127, to_string(s.shape));
    }
}

void TestSynthRender::subjectLiesWhereTheSceneSays() {
    for (std::uint64_t id = 0; id < 48; ++id) {
        Subject s = make_subject(id, Split::train);
        s.shape = static_cast<Shape>(id % kShapes);
        const Scene z = clear_scene(id, s);
        const Extent e = extent(render(s, z, 128).mask);
        const double x = 0.5 * (e.left + e.right + 1) / 128.0 - 0.5;
        const double y = 0.5 * (e.top + e.bottom + 1) / 128.0 - 0.5;
        QVERIFY2(std::abs(x - z.x) < 0.025 && std::abs(y - z.y) < 0.025, to_string(s.shape));
    }
}

void TestSynthRender::occluderTakesFromTheMask() {
    for (const Occluder occluder : {Occluder::hand, Occluder::leaf, Occluder::object}) {
        double kept = 0.0, whole = 0.0;
        for (std::uint64_t id = 0; id < 24; ++id) {
            const Subject s = make_subject(id, Split::train);
            Scene z = clear_scene(id, s);
            const Rendered open = render(s, z, 64);
            z.occluder = occluder;
            const Rendered hidden = render(s, z, 64);
            for (int i = 0; i < 64 * 64; ++i) {
                QVERIFY(hidden.mask.u8()[i] <= open.mask.u8()[i]);
                kept += hidden.mask.u8()[i];
                whole += open.mask.u8()[i];
            }
        }
        QVERIFY2(kept < 0.97 * whole && kept > 0.6 * whole,
                 qPrintable(QString::number(kept / whole)));
    }
}

// A matte heart of one colour in a white-lit studio shows its hue; the captions' names must be what
// one sees.
void TestSynthRender::mainHueIsShownInsideTheMask() {
    for (int hue = 0; hue < 360; hue += 15) {
        const Subject s{.shape = Shape::heart,
                        .hue = static_cast<double>(hue),
                        .second_hue = static_cast<double>(hue),
                        .material = Material::matte};
        const Scene z{.place = Place::studio, .seed = 3};
        const double shown = hue_of(subject_colour(render(s, z, 64)));
        const double apart = std::abs(shown - hue);
        QVERIFY2(std::min(apart, 360.0 - apart) < 22.0,
                 qPrintable(QString("%1 shows as %2").arg(hue).arg(shown)));
    }
}

// Mean and spread of each channel around the subject tell any two places apart.
void TestSynthRender::placesDifferOutsideTheMask() {
    const Subject s = make_subject(5, Split::train);
    std::vector<std::array<double, 6>> looks;
    for (int place = 0; place < kPlaces; ++place) {
        looks.push_back(background_look(s, static_cast<Place>(place)));
    }
    for (std::size_t i = 0; i < looks.size(); ++i) {
        for (std::size_t j = i + 1; j < looks.size(); ++j) {
            double squared = 0.0;
            for (std::size_t c = 0; c < 6; ++c) {
                squared += (looks[i][c] - looks[j][c]) * (looks[i][c] - looks[j][c]);
            }
            QVERIFY2(std::sqrt(squared) > 15.0,
                     qPrintable(QString("%1 and %2: %3")
                                    .arg(to_string(static_cast<Place>(i)))
                                    .arg(to_string(static_cast<Place>(j)))
                                    .arg(std::sqrt(squared))));
        }
    }
}

// Colour casts of the model are measured by night staying dark and snow bright.
void TestSynthRender::nightIsDarkAndSnowIsBright() {
    const Subject s = make_subject(5, Split::train);
    const auto brightness = [&](Place place) {
        const auto look = background_look(s, place);
        return (0.2126 * look[0] + 0.7152 * look[1] + 0.0722 * look[2]) / 255.0;
    };
    QVERIFY2(brightness(Place::city) < 0.3, qPrintable(QString::number(brightness(Place::city))));
    QVERIFY2(brightness(Place::snow) > 0.7, qPrintable(QString::number(brightness(Place::snow))));
}

void TestSynthRender::shapesStayInsideTheirSphereAndAboveGround() {
    for (int shape = 0; shape < kShapes; ++shape) {
        for (int corner = 0; corner < 4; ++corner) {
            Subject s;
            s.shape = static_cast<Shape>(shape);
            s.slimness = corner & 1;
            s.detail = (corner & 2) / 2;
            with_shape(s, [&](const auto& solid) {
                Random random(static_cast<std::uint64_t>(shape * 4 + corner));
                for (int i = 0; i < 20000; ++i) {
                    const Vec3 p{static_cast<float>(random.uniform(-2.0, 2.0)),
                                 static_cast<float>(random.uniform(-1.0, 3.0)),
                                 static_cast<float>(random.uniform(-2.0, 2.0))};
                    const bool outside =
                        length(p - solid.frame.centre) > solid.frame.radius + 0.02f;
                    if (outside || p.y < -0.05f) {
                        QVERIFY2(solid(p) > 0.0f, qPrintable(QString("%1 at %2 %3 %4")
                                                                 .arg(to_string(s.shape))
                                                                 .arg(p.x)
                                                                 .arg(p.y)
                                                                 .arg(p.z)));
                    }
                }
            });
        }
    }
}

void TestSynthRender::sizesOutOfRangeAreRefused() {
    QVERIFY_THROWS_EXCEPTION(CheckFailed, render({}, {}, 16));
    QVERIFY_THROWS_EXCEPTION(CheckFailed, render({}, {}, 2000));
}

QTEST_GUILESS_MAIN(TestSynthRender)
#include "test_synth_render.moc"
