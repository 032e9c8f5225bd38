#include "core/base/check.h"
#include "core/image/convert.h"
#include "core/image/resize.h"
#include "tests/core/image/fixture_lines.h"
#include "tests/core/image/noise.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <map>

using namespace likeness;
using namespace likeness::test;

namespace {

const std::map<std::string, Filter> kFilters{{"box", Filter::box},
                                             {"bilinear", Filter::bilinear},
                                             {"bicubic", Filter::bicubic},
                                             {"lanczos", Filter::lanczos}};

Image as_f32(const Image& image) {
    Image result = make_image(image.width, image.height, image.channels, PixelType::f32);
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        result.f32()[i] = static_cast<float>(image.u8()[i]) / 255.0F;
    }
    return result;
}

Image as_u16(const Image& image) {
    Image result = make_image(image.width, image.height, image.channels, PixelType::u16);
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        result.u16()[i] = static_cast<std::uint16_t>(image.u8()[i] * 257U);
    }
    return result;
}

} // namespace

class TestImageResize : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow();
    void sixPixelsEqualPillow();
    void windowIsAPartOfTheWhole();
    void otherTypesAgree();
    void constantStaysConstant();
    void keepsProfile();
    void badSizesAreOurMistake();
};

void TestImageResize::equalsPillow() {
    int cases = 0;
    for (const auto& words : fixture_lines("image_resize.txt")) {
        if (words.size() != 7 || words[0] == "raw") {
            continue;
        }
        const Image image = noise(std::stoi(words[2]), std::stoi(words[3]), std::stoi(words[1]));
        const Image result =
            resize(image, std::stoi(words[4]), std::stoi(words[5]), kFilters.at(words[0]));
        QVERIFY2(hash_of(result) == words[6], (words[0] + " x" + words[1] + " " + words[2] + "x" +
                                               words[3] + " to " + words[4] + "x" + words[5])
                                                  .c_str());
        ++cases;
    }
    QCOMPARE(cases, 204);
}

void TestImageResize::sixPixelsEqualPillow() {
    for (const auto& words : fixture_lines("image_resize.txt")) {
        if (words[0] == "raw") {
            const Image result = resize(noise(6, 5, 3), 3, 4, Filter::bicubic);
            QCOMPARE(QByteArray(reinterpret_cast<const char*>(result.u8()), 36).toHex(),
                     QByteArray::fromStdString(words[7]));
            return;
        }
    }
    QFAIL("the fixture is missing");
}

void TestImageResize::windowIsAPartOfTheWhole() {
    for (const int channels : {1, 3, 4}) {
        const Image image = noise(41, 29, channels);
        for (const auto& [name, filter] : kFilters) {
            const Image whole = resize(image, 23, 67, filter);
            const Image part = resize_window(image, 23, 67, filter, {5, 11, 13, 40});
            QVERIFY2(part == crop(whole, 5, 11, 13, 40), name.c_str());
        }
        QCOMPARE(resize_window(image, 41, 29, Filter::bicubic, {3, 4, 5, 6}),
                 crop(image, 3, 4, 5, 6));
    }
}

// 16 bits and float give the 8-bit result before rounding; only overshoot and rounding may differ.
void TestImageResize::otherTypesAgree() {
    for (const int channels : {1, 3}) {
        const Image image = noise(37, 23, channels);
        for (const auto& [name, filter] : kFilters) {
            const Image bytes = resize(image, 19, 31, filter);
            const Image floats = to_u8(resize(as_f32(image), 19, 31, filter));
            const Image words = to_u8(resize(as_u16(image), 19, 31, filter));
            int worst = 0;
            for (std::size_t i = 0; i < bytes.bytes.size(); ++i) {
                worst = std::max(worst, std::abs(bytes.u8()[i] - floats.u8()[i]));
                worst = std::max(worst, std::abs(bytes.u8()[i] - words.u8()[i]));
            }
            // The 8-bit path rounds and clips between its two passes; unclipped overshoot of the
            // float path may reach a few levels on noise with hard ends.
            QVERIFY2(worst <= (name == "box" || name == "bilinear" ? 1 : 48), name.c_str());
        }
    }
    // Smooth pictures do not overshoot: at most the two roundings apart.
    Image ramp = make_image(64, 48, 1);
    for (int y = 0; y < 48; ++y) {
        for (int x = 0; x < 64; ++x) {
            ramp.u8()[y * 64 + x] = static_cast<std::uint8_t>(40 + 2 * x + y);
        }
    }
    const Image bytes = resize(ramp, 40, 33, Filter::lanczos);
    const Image floats = to_u8(resize(as_f32(ramp), 40, 33, Filter::lanczos));
    for (std::size_t i = 0; i < bytes.bytes.size(); ++i) {
        QVERIFY(std::abs(bytes.u8()[i] - floats.u8()[i]) <= 1);
    }
}

void TestImageResize::constantStaysConstant() {
    for (const int channels : {1, 3, 4}) {
        Image image = make_image(33, 21, channels);
        std::memset(image.bytes.data(), 173, image.bytes.size());
        for (const auto& [name, filter] : kFilters) {
            const Image result = resize(image, 50, 9, filter);
            for (std::size_t i = 0; i < result.bytes.size(); ++i) {
                const bool is_alpha = channels == 4 && i % 4 == 3;
                // Dividing the 8-bit weighted colour by its alpha may lose a level, as in Pillow.
                QVERIFY2(std::abs(result.u8()[i] - 173) <= (channels == 4 && !is_alpha ? 1 : 0),
                         name.c_str());
            }
        }
    }
}

void TestImageResize::keepsProfile() {
    Image image = noise(8, 8, 3);
    image.icc_profile = std::vector<std::byte>(5, std::byte{7});
    QCOMPARE(resize(image, 4, 4, Filter::box).icc_profile, image.icc_profile);
}

void TestImageResize::badSizesAreOurMistake() {
    const Image image = noise(8, 8, 3);
    QVERIFY_EXCEPTION_THROWN(resize(image, 0, 4, Filter::box), CheckFailed);
    QVERIFY_EXCEPTION_THROWN(resize(image, 4, -1, Filter::box), CheckFailed);
    QVERIFY_EXCEPTION_THROWN(resize(Image{}, 4, 4, Filter::box), CheckFailed);
    QVERIFY_EXCEPTION_THROWN(resize_window(image, 4, 4, Filter::box, {1, 0, 4, 4}), CheckFailed);
    QVERIFY_EXCEPTION_THROWN(resize_window(image, 4, 4, Filter::box, {0, -1, 4, 4}), CheckFailed);
}

QTEST_APPLESS_MAIN(TestImageResize)
#include "test_image_resize.moc"
