#include "core/base/read_file.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "tests/core/image/noise.h"
#include "tests/support/error_of.h"

#include <QByteArray>
#include <QTest>

#include <algorithm>
#include <array>
#include <filesystem>

#include <sys/resource.h>

using namespace likeness;
using namespace likeness::test;

namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<std::byte>;

const fs::path kPictures = LIKENESS_SOURCE_DIR "/tests/data/images";

Bytes file(const std::string& name) {
    return read_file(kPictures / name, 10'000'000);
}

std::string code(const Bytes& bytes, const ImageLimits& limits = {}) {
    return code_of([&] { load_image(bytes, "test", limits); });
}

void put_number(Bytes& bytes, std::size_t at, std::uint32_t value, int count, bool big_endian) {
    for (int i = 0; i < count; ++i) {
        const int shift = 8 * (big_endian ? count - 1 - i : i);
        bytes.at(at + static_cast<std::size_t>(i)) =
            static_cast<std::byte>((value >> shift) & 255U);
    }
}

std::uint32_t crc32(const QByteArray& bytes) {
    std::uint32_t c = 0xFFFFFFFFU;
    for (const char b : bytes) {
        c ^= static_cast<unsigned char>(b);
        for (int bit = 0; bit < 8; ++bit) {
            c = (c & 1U) != 0 ? (c >> 1) ^ 0xEDB88320U : c >> 1;
        }
    }
    return ~c;
}

QByteArray big(std::uint32_t value) {
    QByteArray bytes(4, '\0');
    for (int i = 0; i < 4; ++i) {
        bytes[i] = static_cast<char>((value >> (24 - 8 * i)) & 255U);
    }
    return bytes;
}

QByteArray chunk(const QByteArray& type, const QByteArray& data) {
    return big(static_cast<std::uint32_t>(data.size())) + type + data + big(crc32(type + data));
}

// A grey 8-bit PNG of that size with these chunks and these pixels.
Bytes png(std::uint32_t width, std::uint32_t height, const QByteArray& chunks,
          const QByteArray& pixels) {
    const QByteArray header = big(width) + big(height) + QByteArray("\x08\0\0\0\0", 5);
    const QByteArray all = QByteArray("\x89PNG\r\n\x1A\n") + chunk("IHDR", header) + chunks +
                           chunk("IDAT", qCompress(pixels).mid(4)) + chunk("IEND", {});
    const auto* data = reinterpret_cast<const std::byte*>(all.constData());
    return {data, data + all.size()};
}

std::vector<std::string> picture_files() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(kPictures)) {
        if (entry.path().extension() != ".txt") {
            names.push_back(entry.path().filename().string());
        }
    }
    std::ranges::sort(names);
    return names;
}

// Every kind of file this program writes, with a request inside.
std::vector<Bytes> own_files() {
    std::vector<Bytes> files;
    for (const ImageFormat format : {ImageFormat::png, ImageFormat::jpeg, ImageFormat::tiff,
                                     ImageFormat::exr, ImageFormat::webp}) {
        files.push_back(
            encode_image(noise(19, 13, 4), format, {.request_json = "{\"prompt\":\"\xC3\xA4\"}"}));
    }
    return files;
}

// Reads whatever it is; only our errors may come out.
void try_everything(const Bytes& bytes) {
    code(bytes);
    code_of([&] { read_embedded_request(bytes, "test"); });
}

long peak_kilobytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

class TestImageioDamage : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { init_imageio(); }

    void cutPicturesAreTold();
    void anyCutIsSurvived();
    void flippedBitsAreSurvived();
    void hugeHeadersAreRefused();
    void bombsAreRefused();
    void textBombsAreNotInflated();
    void limitsAreLimits();
    void lyingExrHeader();
};

// Without its second half no picture may come back as if it were whole.
void TestImageioDamage::cutPicturesAreTold() {
    for (const std::string& name : picture_files()) {
        Bytes bytes = file(name);
        bytes.resize(bytes.size() / 2);
        QVERIFY2(code(bytes) == "file_damaged", name.c_str());
    }
    for (Bytes& bytes : own_files()) {
        bytes.resize(bytes.size() / 2);
        QCOMPARE(code(bytes), std::string("file_damaged"));
    }
    // A large JPEG that lacks only its last rows.
    Bytes bytes = encode_image(noise(300, 300, 3), ImageFormat::jpeg);
    bytes.resize(bytes.size() - bytes.size() / 20);
    QCOMPARE(code(bytes), std::string("file_damaged"));
}

void TestImageioDamage::anyCutIsSurvived() {
    for (const std::string& name : picture_files()) {
        const Bytes whole = file(name);
        const std::size_t step = std::max<std::size_t>(1, whole.size() / 60);
        for (std::size_t length = 0; length < whole.size(); length += step) {
            try_everything({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
        }
    }
    for (const Bytes& whole : own_files()) {
        const std::size_t step = std::max<std::size_t>(1, whole.size() / 200);
        for (std::size_t length = 0; length < whole.size(); length += step) {
            try_everything({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
        }
    }
}

void TestImageioDamage::flippedBitsAreSurvived() {
    std::uint32_t state = 1;
    const auto next = [&] { return state = state * 1664525U + 1013904223U; };
    const auto shake = [&](const Bytes& whole, int rounds) {
        for (int round = 0; round < rounds; ++round) {
            Bytes bytes = whole;
            const unsigned flips = 1 + (next() >> 16) % 4;
            for (unsigned i = 0; i < flips; ++i) {
                // Headers more often than pixels.
                const std::size_t range =
                    next() & 0x40000U ? bytes.size() : std::min<std::size_t>(bytes.size(), 200);
                bytes[(next() >> 8) % range] ^= static_cast<std::byte>(1U << ((next() >> 20) % 8));
            }
            try_everything(bytes);
        }
    };
    for (const std::string& name : picture_files()) {
        shake(file(name), 60);
    }
    for (const Bytes& whole : own_files()) {
        shake(whole, 200);
    }
}

void TestImageioDamage::hugeHeadersAreRefused() {
    QCOMPARE(code(png(60'000, 60'000, {}, "x")), std::string("file_too_large"));
    QCOMPARE(code(png(32'000, 32'000, {}, "x")), std::string("file_too_large"));
    QCOMPARE(code(png(0x7FFFFFFF, 0x7FFFFFFF, {}, "x")), std::string("file_too_large"));

    Bytes jpeg = file("rgb.jpg");
    const std::array<std::byte, 2> start{std::byte{0xFF}, std::byte{0xC0}};
    const auto frame = std::search(jpeg.begin(), jpeg.end(), start.begin(), start.end());
    QVERIFY(frame != jpeg.end());
    const auto at = static_cast<std::size_t>(frame - jpeg.begin());
    put_number(jpeg, at + 5, 0xFFDC, 2, true);
    put_number(jpeg, at + 7, 0xFFDC, 2, true);
    QCOMPARE(code(jpeg), std::string("file_too_large"));

    Bytes gif = file("animated.gif");
    put_number(gif, 6, 0xFFFF, 2, false);
    put_number(gif, 8, 0xFFFF, 2, false);
    QCOMPARE(code(gif), std::string("file_too_large"));

    Bytes bmp = file("rgb.bmp");
    put_number(bmp, 18, 1'000'000, 4, false);
    put_number(bmp, 22, 1'000'000, 4, false);
    QCOMPARE(code(bmp), std::string("file_too_large"));

    Bytes webp = file("lossless.webp"); // VP8L: 14 bits each, at the most 16,384 x 16,384
    put_number(webp, 21, 0x0FFFFFFF, 4, false);
    QCOMPARE(code(webp), std::string("file_refused"));
}

void TestImageioDamage::bombsAreRefused() {
    const Bytes empty = png(2'000, 2'000, {}, QByteArray(2'000 * 2'001, '\0'));
    QCOMPARE(code(empty), std::string("none"));
    const ImageLimits small{.ratio_above_bytes = 1'000'000, .ratio = 100};
    QCOMPARE(code(empty, small), std::string("file_refused"));
    const ImageLimits larger{.ratio_above_bytes = 5'000'000, .ratio = 100};
    QCOMPARE(code(empty, larger), std::string("none"));
    const auto error = error_of([&] { load_image(empty, "test", small); });
    QVERIFY2(QString(error->what()).contains("would fill 4.0 MB"), error->what());
}

// 200 chunks of a few kilobytes that would inflate to 1.4 GB.
void TestImageioDamage::textBombsAreNotInflated() {
    const QByteArray packed = qCompress(QByteArray(7'000'000, 'a'), 9).mid(4);
    QByteArray chunks;
    for (int i = 0; i < 100; ++i) {
        chunks += chunk("zTXt", QByteArray("likeness\0\0", 10) + packed);
        chunks += chunk("iTXt", QByteArray("Comment\0\1\0\0\0", 12) + packed);
    }
    const Bytes bomb = png(4, 4, chunks, QByteArray(4 * 5, '\0'));
    const long before = peak_kilobytes();
    QCOMPARE(code(bomb), std::string("none"));
    const auto request = read_embedded_request(bomb, "test");
    QCOMPARE(request->size(), std::size_t{7'000'000});
    QVERIFY2(peak_kilobytes() - before < 150'000, "the text was inflated");
}

void TestImageioDamage::limitsAreLimits() {
    const Bytes bytes = file("rgb.png"); // 11 x 7 x 3
    QCOMPARE(code(bytes, {.side = 11}), std::string("none"));
    QCOMPARE(code(bytes, {.side = 10}), std::string("file_too_large"));
    QCOMPARE(code(bytes, {.pixels = 77}), std::string("none"));
    QCOMPARE(code(bytes, {.pixels = 76}), std::string("file_too_large"));
    QCOMPARE(code(bytes, {.decoded_bytes = 231}), std::string("none"));
    QCOMPARE(code(bytes, {.decoded_bytes = 230}), std::string("file_too_large"));
    QCOMPARE(code(bytes, {.file_bytes = bytes.size()}), std::string("none"));
    QCOMPARE(code(bytes, {.file_bytes = bytes.size() - 1}), std::string("file_too_large"));
    QVERIFY(load_image(file("profile.png"), "test", {.icc_bytes = 10}).icc_profile.empty());
    // 16 bits and float count as what they are.
    QCOMPARE(code(file("grey16.png"), {.decoded_bytes = 153}), std::string("file_too_large"));
    QCOMPARE(code(file("float.tif"), {.decoded_bytes = 307}), std::string("file_too_large"));
}

// An attribute that claims two gigabytes.
void TestImageioDamage::lyingExrHeader() {
    Bytes exr = encode_image(noise(5, 4, 3), ImageFormat::exr);
    const std::string name("capDate\0string\0", 15);
    const auto* key = reinterpret_cast<const std::byte*>(name.data());
    const auto found = std::search(exr.begin(), exr.end(), key, key + name.size());
    QVERIFY(found != exr.end());
    put_number(exr, static_cast<std::size_t>(found - exr.begin()) + name.size(), 0x7FFFFFFF, 4,
               false);
    const long before = peak_kilobytes();
    QCOMPARE(code(exr), std::string("file_damaged"));
    QCOMPARE(code_of([&] { read_embedded_request(exr, "test"); }), std::string("file_damaged"));
    QVERIFY(peak_kilobytes() - before < 100'000);
}

QTEST_APPLESS_MAIN(TestImageioDamage)
#include "test_imageio_damage.moc"
