#include "core/base/read_file.h"
#include "core/image/convert.h"
#include "core/imageio/colour.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "tests/core/image/noise.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>

using namespace likeness;
using namespace likeness::test;

namespace {

constexpr std::uint64_t kLimit = 1ULL << 28;
const char* const kEndings[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".webp"};

// A smooth picture whose corners all differ; alpha never 0.
Image ramp(int channels, PixelType type = PixelType::u8) {
    Image image = make_image(40, 28, channels, type);
    for (int y = 0; y < 28; ++y) {
        for (int x = 0; x < 40; ++x) {
            const int values[] = {20 + x * 5, 240 - y * 7, 10 + x * 2 + y * 4, 255 - x * 4};
            for (int c = 0; c < channels; ++c) {
                const auto i = static_cast<std::size_t>((y * 40 + x) * channels + c);
                switch (type) {
                case PixelType::u8:
                    image.u8()[i] = static_cast<std::uint8_t>(values[c]);
                    break;
                case PixelType::u16:
                    image.u16()[i] = static_cast<std::uint16_t>(values[c] * 256 + x);
                    break;
                case PixelType::f32:
                    image.f32()[i] = static_cast<float>(values[c]) / 255.0F + 0.0001F;
                    break;
                }
            }
        }
    }
    return image;
}

int worst_difference(const Image& a, const Image& b) {
    int worst = a.bytes.size() == b.bytes.size() ? 0 : 1000;
    for (std::size_t i = 0; i < std::min(a.bytes.size(), b.bytes.size()); ++i) {
        worst = std::max(worst, std::abs(a.u8()[i] - b.u8()[i]));
    }
    return worst;
}

// An ICC profile's header around nothing: enough for the readers' own check.
std::vector<std::byte> profile() {
    const auto bytes = read_file(LIKENESS_SOURCE_DIR "/tests/data/images/profile.png", kLimit);
    return load_image(bytes, "profile").icc_profile;
}

} // namespace

class TestImageioSave : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { init_imageio(); }

    void losslessComesBack();
    void lossyComesClose();
    void linearComesBack();
    void curveIsSrgb();
    void exrHoldsLinearLight();
    void sameBytesTwice();
    void requestsComeBack_data();
    void requestsComeBack();
    void requestsLeaveThePixels();
    void damagedRequestsAreTold();
    void largeRequestsAreTold();
    void profilesTravel();
    void brokenProfilesAreDropped();
    void endings();
    void whatAFormatCannotHold();
    void savingIsAllOrNothing();
};

void TestImageioSave::losslessComesBack() {
    const TempFolder folder;
    for (const char* ending : {".png", ".tif"}) {
        for (const int channels : {1, 3, 4}) {
            for (const PixelType type : {PixelType::u8, PixelType::u16}) {
                const auto path = folder / (std::string("a") + ending);
                const Image image = ramp(channels, type);
                save_image(path, image);
                QCOMPARE(load_image(path), image);
            }
            // Hidden colours stay, too.
            const Image image = noise(31, 17, channels);
            save_image(folder / "b.png", image);
            QCOMPARE(load_image(folder / "b.png"), image);
        }
    }
    const Image floats = ramp(3, PixelType::f32);
    save_image(folder / "c.png", floats);
    const Image back = load_image(folder / "c.png");
    QVERIFY(back.type == PixelType::u16);
    QCOMPARE(to_u8(back), to_u8(floats));
}

void TestImageioSave::lossyComesClose() {
    const TempFolder folder;
    for (const char* ending : {".jpg", ".webp"}) {
        for (const int channels : {1, 3, 4}) {
            const auto path = folder / (std::string("a") + ending);
            const Image image = ramp(channels);
            save_image(path, image, {.quality = 100});
            const Image back = load_image(path);
            const bool jpeg = std::string(ending) == ".jpg";
            const int expected = jpeg ? std::min(channels, 3) : std::max(channels, 3);
            QCOMPARE(back.channels, expected);
            const Image shown = channels == expected ? image : to_rgb(image);
            QVERIFY2(worst_difference(back, shown) <= (jpeg ? 3 : 8), ending);
            const auto large = encode_image(image, *image_format(path), {.quality = 100});
            const auto small = encode_image(image, *image_format(path), {.quality = 10});
            QVERIFY(small.size() < large.size());
        }
    }
}

// EXR holds linear light; every 8-bit level must survive the way there and back.
void TestImageioSave::linearComesBack() {
    const TempFolder folder;
    Image levels = make_image(256, 1, 3);
    for (int i = 0; i < 256 * 3; ++i) {
        levels.u8()[i] = static_cast<std::uint8_t>(i / 3);
    }
    save_image(folder / "a.exr", levels);
    const Image back = load_image(folder / "a.exr");
    QVERIFY(back.type == PixelType::f32);
    QCOMPARE(to_u8(back), levels);
    for (const int channels : {1, 4}) {
        const Image image = ramp(channels);
        save_image(folder / "b.exr", image);
        QVERIFY(worst_difference(to_u8(load_image(folder / "b.exr")), image) <= 1);
    }
    Image bright = make_image(1, 1, 3, PixelType::f32);
    bright.f32()[0] = 1.5F;
    bright.f32()[1] = -0.5F;
    bright.f32()[2] = std::nanf("");
    save_image(folder / "c.exr", bright);
    const Image clamped = load_image(folder / "c.exr");
    QCOMPARE(clamped.f32()[0], 1.0F);
    QCOMPARE(clamped.f32()[1], 0.0F);
    QCOMPARE(clamped.f32()[2], 0.0F);
}

// IEC 61966-2-1, computed with 50 digits elsewhere.
void TestImageioSave::curveIsSrgb() {
    const float linear[] = {0.0F, 0.001F, 0.0031308F, 0.18F, 0.214041140F, 0.5F, 1.0F};
    const float encoded[] = {0.0F, 0.01292F, 0.040449936F, 0.461356130F, 0.5F, 0.735356983F, 1.0F};
    for (int i = 0; i < 7; ++i) {
        Image image = make_image(1, 1, 1, PixelType::f32);
        image.f32()[0] = linear[i];
        encode_srgb(image);
        QVERIFY(std::abs(image.f32()[0] - encoded[i]) < 1e-6F);
        decode_srgb(image);
        QVERIFY(std::abs(image.f32()[0] - linear[i]) < 1e-6F);
    }
    Image hidden = make_image(1, 1, 4, PixelType::f32);
    hidden.f32()[3] = 0.5F;
    encode_srgb(hidden);
    QCOMPARE(hidden.f32()[3], 0.5F);
}

// As any other program reads it: code 188 is 0.502887 of white, multiplied by the alpha.
void TestImageioSave::exrHoldsLinearLight() {
    Image image = make_image(1, 1, 4);
    const std::uint8_t values[] = {188, 188, 0, 51};
    std::copy(std::begin(values), std::end(values), image.u8());
    const auto bytes = encode_image(image, ImageFormat::exr);
    OIIO::Filesystem::IOMemReader memory(bytes.data(), bytes.size());
    const auto input = OIIO::ImageInput::create("openexr");
    input->set_ioproxy(&memory);
    OIIO::ImageSpec spec;
    QVERIFY(input->open("a.exr", spec));
    QCOMPARE(QString::fromStdString(spec.channelnames[0]), QString("R"));
    QVERIFY(spec.format == OIIO::TypeDesc::HALF);
    float stored[4] = {};
    QVERIFY(input->read_image(0, 0, 0, 4, OIIO::TypeDesc::FLOAT, stored));
    QVERIFY(std::abs(stored[0] - 0.502887F * 0.2F) < 1e-4F);
    QVERIFY(std::abs(stored[3] - 0.2F) < 1e-4F);
}

void TestImageioSave::sameBytesTwice() {
    const auto files = [] {
        std::vector<std::vector<std::byte>> all;
        for (const char* ending : kEndings) {
            const ImageFormat format = *image_format(std::string("a") + ending);
            all.push_back(encode_image(ramp(3), format, {.request_json = "{\"seed\":7}"}));
        }
        return all;
    };
    const auto first = files();
    QTest::qSleep(1100); // past the next second, in case a time of day is written
    QVERIFY(first == files());
}

void TestImageioSave::requestsComeBack_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("ascii") << QByteArray("{\"prompt\":\"a cat\"}");
    QTest::newRow("unicode") << QByteArray(
        "{\"prompt\":\"Gr\xC3\xBC\xC3\x9F e \xE7\x8C\xAB \xF0\x9F\x98\x80 e\xCC\x81\"}");
    QTest::newRow("markup") << QByteArray("{\"prompt\":\"<&>\\\"'&amp; </likeness:request>\"}");
    QTest::newRow("layout") << QByteArray("{\r\n\t\"prompt\":\n \"  spaces  \"\r}");
    QTest::newRow("past one segment")
        << "{\"prompt\":\"" + QByteArray("\xC3\xA4").repeated(70'000) + "\"}";
    QTest::newRow("a megabyte") << "{\"prompt\":\"" + QByteArray(1'000'000, 'x') + "\"}";
}

void TestImageioSave::requestsComeBack() {
    QFETCH(QByteArray, request);
    const TempFolder folder;
    for (const char* ending : kEndings) {
        for (const int channels : {1, 3, 4}) {
            if (channels != 3 && request.size() > 1'000) {
                continue;
            }
            const auto path = folder / (std::string("a") + ending);
            save_image(path, ramp(channels), {.request_json = request.toStdString()});
            const auto back = read_embedded_request(path);
            QVERIFY2(back.has_value(), ending);
            QVERIFY2(*back == request.toStdString(), ending);
        }
    }
}

void TestImageioSave::requestsLeaveThePixels() {
    const TempFolder folder;
    for (const char* ending : kEndings) {
        const auto with = folder / (std::string("with") + ending);
        const auto without = folder / (std::string("without") + ending);
        for (const int channels : {3, 4}) {
            save_image(with, ramp(channels), {.request_json = "{\"prompt\":\"\xC3\xA4\"}"});
            save_image(without, ramp(channels));
            QVERIFY2(load_image(with) == load_image(without), ending);
            QVERIFY2(!read_embedded_request(without).has_value(), ending);
        }
    }
}

void TestImageioSave::damagedRequestsAreTold() {
    const std::string request = "{\"prompt\":\"abcdefgh\"}";
    // A changed byte inside the text: PNG has a checksum over it.
    auto png = encode_image(ramp(3), ImageFormat::png, {.request_json = request});
    const auto found =
        std::search(png.begin(), png.end(), reinterpret_cast<const std::byte*>("abcd"),
                    reinterpret_cast<const std::byte*>("abcd") + 4);
    QVERIFY(found != png.end());
    *found = std::byte{'X'};
    QCOMPARE(code_of([&] { read_embedded_request(png, "a"); }), std::string("file_damaged"));
    // No UTF-8: the others have none.
    for (const ImageFormat format : {ImageFormat::jpeg, ImageFormat::webp, ImageFormat::exr}) {
        auto bytes = encode_image(ramp(3), format, {.request_json = request});
        const auto at =
            std::search(bytes.begin(), bytes.end(), reinterpret_cast<const std::byte*>("abcd"),
                        reinterpret_cast<const std::byte*>("abcd") + 4);
        QVERIFY(at != bytes.end());
        *at = std::byte{0xC0};
        QCOMPARE(code_of([&] { read_embedded_request(bytes, "a"); }), std::string("file_damaged"));
    }
}

void TestImageioSave::largeRequestsAreTold() {
    const std::string request(5'000, 'x');
    for (const char* ending : kEndings) {
        const ImageFormat format = *image_format(std::string("a") + ending);
        const auto bytes = encode_image(ramp(3), format, {.request_json = request});
        const auto code = [&](std::size_t limit) {
            return code_of([&] { read_embedded_request(bytes, "a", {.request_bytes = limit}); });
        };
        QVERIFY2(code(4'999) == "file_too_large", ending);
        QVERIFY2(code(5'000) == "none", ending);
    }
}

void TestImageioSave::profilesTravel() {
    const TempFolder folder;
    Image image = ramp(3);
    image.icc_profile = profile();
    QVERIFY(!image.icc_profile.empty());
    for (const char* ending : {".png", ".jpg", ".tif", ".webp"}) {
        const auto path = folder / (std::string("a") + ending);
        save_image(path, image, {.request_json = "{}"});
        QVERIFY2(load_image(path).icc_profile == image.icc_profile, ending);
        QCOMPARE(*read_embedded_request(path), std::string("{}"));
    }
}

void TestImageioSave::brokenProfilesAreDropped() {
    const TempFolder folder;
    Image image = ramp(3);
    std::vector<std::vector<std::byte>> broken(4, profile());
    broken[0].resize(100);
    broken[1][3] ^= std::byte{1};
    broken[2][36] = std::byte{'x'};
    std::fill(broken[3].begin() + 128, broken[3].end(), std::byte{0xFF}); // only libpng sees it
    for (const auto& bytes : broken) {
        image.icc_profile = bytes;
        for (const char* ending : kEndings) {
            const auto path = folder / (std::string("a") + ending);
            save_image(path, image);
            QCOMPARE(load_image(path).width, 40);
        }
    }
}

void TestImageioSave::endings() {
    QVERIFY(image_format("a.PNG") == ImageFormat::png);
    QVERIFY(image_format("a.b/c.JpEg") == ImageFormat::jpeg);
    for (const char* name : {"a", "a.gif", "a.bmp", ".png", "a.png/", "a.png.txt", "", "."}) {
        QVERIFY2(!image_format(name).has_value(), name);
    }
    const TempFolder folder;
    const auto error = error_of([&] { save_image(folder / "a.gif", ramp(3)); });
    QVERIFY(error->code == ErrorCode::bad_request);
    QVERIFY(QString(error->what()).contains(".webp"));
    QCOMPARE(folder.count(), std::size_t{0});
}

void TestImageioSave::whatAFormatCannotHold() {
    const Image wide = make_image(16'384, 1, 3);
    QCOMPARE(code_of([&] { encode_image(wide, ImageFormat::webp); }), std::string("bad_request"));
    const Image wider = make_image(65'536, 1, 1);
    QCOMPARE(code_of([&] { encode_image(wider, ImageFormat::jpeg); }), std::string("bad_request"));
}

void TestImageioSave::savingIsAllOrNothing() {
    const TempFolder folder;
    std::ofstream(folder / "a.png") << "the old one";
    QCOMPARE(code_of([&] { save_image(folder / "missing/a.png", ramp(3)); }),
             std::string("write_failed"));
    save_image(folder / "a.png", ramp(3));
    QCOMPARE(load_image(folder / "a.png"), ramp(3));
    QCOMPARE(folder.count(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestImageioSave)
#include "test_imageio_save.moc"
