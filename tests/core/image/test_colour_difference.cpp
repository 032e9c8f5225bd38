#include "core/image/colour_difference.h"

#include <QTest>

#include <cmath>

using namespace likeness;

namespace {

struct Pair {
    Lab one{};
    Lab other{};
    double delta_e = 0;
};

// Table 1 of Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula: implementation notes,
// supplementary test data, and mathematical observations", Color Research and Application 30
// (2005).
constexpr Pair kSharma[] = {
    {{50.0000, 2.6772, -79.7751}, {50.0000, 0.0000, -82.7485}, 2.0425},
    {{50.0000, 3.1571, -77.2803}, {50.0000, 0.0000, -82.7485}, 2.8615},
    {{50.0000, 2.8361, -74.0200}, {50.0000, 0.0000, -82.7485}, 3.4412},
    {{50.0000, -1.3802, -84.2814}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -1.1848, -84.8006}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -0.9009, -85.5211}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, 0.0000, 0.0000}, {50.0000, -1.0000, 2.0000}, 2.3669},
    {{50.0000, -1.0000, 2.0000}, {50.0000, 0.0000, 0.0000}, 2.3669},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0009}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0010}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0011}, 7.2195},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0012}, 7.2195},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0009, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0010, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0011, -2.4900}, 4.7461},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 0.0000, -2.5000}, 4.3065},
    {{50.0000, 2.5000, 0.0000}, {73.0000, 25.0000, -18.0000}, 27.1492},
    {{50.0000, 2.5000, 0.0000}, {61.0000, -5.0000, 29.0000}, 22.8977},
    {{50.0000, 2.5000, 0.0000}, {56.0000, -27.0000, -3.0000}, 31.9030},
    {{50.0000, 2.5000, 0.0000}, {58.0000, 24.0000, 15.0000}, 19.4535},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.1736, 0.5854}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2972, 0.0000}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 1.8634, 0.5757}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2592, 0.3350}, 1.0000},
    {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
    {{63.0109, -31.0961, -5.8663}, {62.8187, -29.7946, -4.0864}, 1.2630},
    {{61.2901, 3.7196, -5.3901}, {61.4292, 2.2480, -4.9620}, 1.8731},
    {{35.0831, -44.1164, 3.7933}, {35.0232, -40.0716, 1.5901}, 1.8645},
    {{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},
    {{36.4612, 47.8580, 18.3852}, {36.2715, 50.5065, 21.2231}, 1.4146},
    {{90.8027, -2.0831, 1.4410}, {91.1528, -1.6435, 0.0447}, 1.4441},
    {{90.9257, -0.5406, -0.9208}, {88.6381, -0.8985, -0.7239}, 1.5381},
    {{6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377},
    {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
};

Image of_colour(std::array<std::uint8_t, 3> colour) {
    Image image = make_image(2, 2);
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        image.u8()[i] = colour[i % 3];
    }
    return image;
}

} // namespace

class TestColourDifference : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void equalsThePublishedPairs() {
        for (const Pair& pair : kSharma) {
            QVERIFY2(std::abs(delta_e_2000(pair.one, pair.other) - pair.delta_e) < 0.00005 + 1e-9,
                     qPrintable(QStringLiteral("%1 for %2")
                                    .arg(delta_e_2000(pair.one, pair.other), 0, 'f', 5)
                                    .arg(pair.delta_e, 0, 'f', 4)));
            // The same both ways.
            QVERIFY(std::abs(delta_e_2000(pair.other, pair.one) -
                             delta_e_2000(pair.one, pair.other)) < 1e-9);
        }
    }

    // Bruce Lindbloom's values for sRGB under D65.
    void labOfSrgb() {
        const Lab white = lab_from_srgb(255, 255, 255);
        QVERIFY(std::abs(white.l - 100) < 0.01 && std::abs(white.a) < 0.02 &&
                std::abs(white.b) < 0.02);
        const Lab red = lab_from_srgb(255, 0, 0);
        QVERIFY(std::abs(red.l - 53.24) < 0.01 && std::abs(red.a - 80.09) < 0.02 &&
                std::abs(red.b - 67.20) < 0.02);
        QVERIFY(std::abs(lab_from_srgb(0, 0, 0).l) < 1e-9);
    }

    void absoluteDifferenceHasAGain() {
        const Image a = of_colour({10, 200, 30}), b = of_colour({20, 100, 30});
        const Image plain = absolute_difference(a, b, 1);
        QCOMPARE(plain.u8()[0], 10);
        QCOMPARE(plain.u8()[1], 100);
        QCOMPARE(plain.u8()[2], 0);
        QCOMPARE(absolute_difference(b, a, 4).u8()[0], 40);
        QCOMPARE(absolute_difference(b, a, 4).u8()[1], 255);
        QVERIFY_EXCEPTION_THROWN(absolute_difference(a, make_image(3, 2), 1), std::exception);
    }

    void aMapHasItsMeanAndItsScale() {
        const Image a = of_colour({255, 0, 0}), b = of_colour({255, 0, 0});
        const DeltaE same = delta_e_map(a, b, 10);
        QCOMPARE(same.mean, 0.0);
        QVERIFY(std::equal(same.map.u8(), same.map.u8() + 3, heat_colour(0).begin()));
        const DeltaE far = delta_e_map(a, of_colour({0, 255, 0}), 10);
        const double expected = delta_e_2000(lab_from_srgb(255, 0, 0), lab_from_srgb(0, 255, 0));
        QVERIFY(std::abs(far.mean - expected) < 1e-9);
        QVERIFY(std::abs(far.largest - expected) < 1e-9);
        QVERIFY(std::equal(far.map.u8(), far.map.u8() + 3, heat_colour(1).begin()));
    }

    // Lightness alone tells the order, whatever the eye makes of the hues.
    void theScaleGetsLighterAllTheWay() {
        double before = -1;
        for (int i = 0; i <= 32; ++i) {
            const auto colour = heat_colour(i / 32.0);
            const double lightness = lab_from_srgb(colour[0], colour[1], colour[2]).l;
            QVERIFY(lightness > before);
            before = lightness;
        }
    }
};

QTEST_APPLESS_MAIN(TestColourDifference)
#include "test_colour_difference.moc"
