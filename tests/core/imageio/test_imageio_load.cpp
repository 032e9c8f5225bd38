#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/image/convert.h"
#include "core/imageio/containers.h"
#include "core/imageio/load.h"
#include "core/imageio/orientation.h"
#include "core/imageio/save.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <OpenImageIO/imageio.h>

#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/stat.h>

using namespace likeness;
using namespace likeness::test;

namespace fs = std::filesystem;

namespace {

const fs::path kPictures = LIKENESS_SOURCE_DIR "/tests/data/images";

// A line of truth.txt (tests/golden/make_image_files.py).
struct Truth {
    std::string name{};
    int width = 0;
    int height = 0;
    int channels = 0;
    int bits = 0;
    int icc = 0;
    int tolerance = 0;
    QByteArray pixels{};
};

std::vector<Truth> truths() {
    std::ifstream file(kPictures / "truth.txt");
    std::vector<Truth> all;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        Truth truth;
        std::string hex;
        words >> truth.name >> truth.width >> truth.height >> truth.channels >> truth.bits >>
            truth.icc >> truth.tolerance >> hex;
        truth.pixels = QByteArray::fromHex(QByteArray::fromStdString(hex));
        all.push_back(truth);
    }
    return all;
}

void put(const fs::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

void add(Bytes& to, std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void add_number(Bytes& to, std::uint32_t value, int bytes, bool big_endian) {
    for (int i = 0; i < bytes; ++i) {
        const int shift = 8 * (big_endian ? bytes - 1 - i : i);
        to.push_back(static_cast<std::byte>((value >> shift) & 0xFFU));
    }
}

// A TIFF directory of one entry, that of the orientation.
Bytes exif_of(std::uint32_t orientation, bool big_endian) {
    Bytes exif;
    add(exif, big_endian ? "MM" : "II");
    add_number(exif, 42, 2, big_endian);
    add_number(exif, 8, 4, big_endian);
    add_number(exif, 1, 2, big_endian);
    add_number(exif, 0x0112, 2, big_endian);
    add_number(exif, 3, 2, big_endian);
    add_number(exif, 1, 4, big_endian);
    add_number(exif, orientation, 2, big_endian);
    add_number(exif, 0, 2, big_endian);
    return exif;
}

// lossless.webp in its extended form, with that EXIF chunk behind the pixels.
Bytes webp_with_exif(ByteView exif) {
    Bytes webp = webp_with_extras(read_file(kPictures / "lossless.webp", 1'000'000),
                                  {.width = 11, .height = 7});
    webp[20] |= std::byte{0x08}; // VP8X: EXIF is there
    add(webp, "EXIF");
    add_number(webp, static_cast<std::uint32_t>(exif.size()), 4, false);
    webp.insert(webp.end(), exif.begin(), exif.end());
    webp.resize(webp.size() + exif.size() % 2);
    const auto length = static_cast<std::uint32_t>(webp.size() - 8);
    for (std::size_t i = 0; i < 4; ++i) {
        webp[4 + i] = static_cast<std::byte>((length >> (8 * i)) & 0xFFU);
    }
    return webp;
}

} // namespace

class TestImageioLoad : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { init_imageio(); }

    void equalsPillow_data();
    void equalsPillow();
    void webpIsTurnedUpright();
    void brokenExifOfWebpCountsAsNone();
    void nameDoesNotMatter();
    void hashIsOfTheBytesThatWereRead();
    void eachFailureHasItsCode_data();
    void eachFailureHasItsCode();
    void missingFolderAndPipe();
    void nameIsInTheMessage();
    void compressedRequests();
    void highEfficiencyPictures();
    void thumbnails();
};

void TestImageioLoad::equalsPillow_data() {
    QTest::addColumn<int>("index");
    const auto all = truths();
    for (std::size_t i = 0; i < all.size(); ++i) {
        QTest::newRow(all[i].name.c_str()) << static_cast<int>(i);
    }
}

void TestImageioLoad::equalsPillow() {
    QFETCH(int, index);
    const Truth truth = truths()[static_cast<std::size_t>(index)];
    const Image image = load_image(kPictures / truth.name);
    QCOMPARE(image.width, truth.width);
    QCOMPARE(image.height, truth.height);
    QCOMPARE(image.channels, truth.channels);
    QCOMPARE(static_cast<int>(value_size(image.type)) * 8, truth.bits);
    QCOMPARE(image.icc_profile.empty(), truth.icc == 0);
    const Image bytes = to_u8(image);
    QCOMPARE(bytes.bytes.size(), static_cast<std::size_t>(truth.pixels.size()));
    for (std::size_t i = 0; i < bytes.bytes.size(); ++i) {
        const bool hidden = truth.channels == 4 && bytes.u8()[i | 3] == 0;
        const int expected = static_cast<std::uint8_t>(truth.pixels[static_cast<qsizetype>(i)]);
        const int difference = std::abs(int{bytes.u8()[i]} - expected);
        QVERIFY2(hidden || difference <= truth.tolerance,
                 qPrintable(
                     QString("value %1: %2, expected %3").arg(i).arg(bytes.u8()[i]).arg(expected)));
    }
}

void TestImageioLoad::webpIsTurnedUpright() {
    const Image plain = load_image(kPictures / "lossless.webp");
    for (std::uint32_t orientation = 1; orientation <= 8; ++orientation) {
        const Image expected = upright(plain, static_cast<int>(orientation));
        for (const bool big_endian : {false, true}) {
            const Bytes exif = exif_of(orientation, big_endian);
            QCOMPARE(load_image(webp_with_exif(exif), "a"), expected);
            Bytes prefixed;
            add(prefixed, std::string_view("Exif\0\0", 6));
            prefixed.insert(prefixed.end(), exif.begin(), exif.end());
            QCOMPARE(load_image(webp_with_exif(prefixed), "a"), expected);
        }
    }
}

void TestImageioLoad::brokenExifOfWebpCountsAsNone() {
    const Image plain = load_image(kPictures / "lossless.webp");
    const Bytes whole = exif_of(6, false);
    const auto unturned = [&](const Bytes& exif) {
        return load_image(webp_with_exif(exif), "a") == plain;
    };
    for (std::size_t length = 0; length < whole.size(); ++length) {
        QVERIFY(unturned({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}));
    }
    for (const std::uint32_t orientation : {0U, 9U, 77U, 65535U}) {
        QVERIFY(unturned(exif_of(orientation, false)));
    }
    for (std::size_t at = 4; at < 14; ++at) { // where the entries are, how many, tag and type
        Bytes wrong = whole;
        wrong[at] = std::byte{0xEE};
        QVERIFY(at == 8 || at == 9 || unturned(wrong));
    }
    Bytes cut = webp_with_exif(whole);
    cut.resize(cut.size() - 1);
    QCOMPARE(orientation_in_webp(cut), 1);
    QCOMPARE(orientation_in_webp({}), 1);
}

void TestImageioLoad::nameDoesNotMatter() {
    const TempFolder folder;
    fs::copy(kPictures / "rgb.png", folder / "wrong.jpg");
    fs::copy(kPictures / "rgb.jpg", folder / "none");
    fs::copy(kPictures / "rgb.png", folder / "Gr\xC3\xBC\xC3\x9F e \xF0\x9F\x98\x80.png");
    QCOMPARE(load_image(folder / "wrong.jpg"), load_image(kPictures / "rgb.png"));
    QCOMPARE(load_image(folder / "none"), load_image(kPictures / "rgb.jpg"));
    QCOMPARE(load_image(folder / "Gr\xC3\xBC\xC3\x9F e \xF0\x9F\x98\x80.png"),
             load_image(kPictures / "rgb.png"));
    const auto bytes = read_file(kPictures / "rgb.png", 1'000'000);
    QCOMPARE(load_image(bytes, "pasted"), load_image(kPictures / "rgb.png"));
}

void TestImageioLoad::hashIsOfTheBytesThatWereRead() {
    for (const char* const name : {"rgb.png", "rgb.jpg"}) {
        const HashedImage file = load_hashed_image(kPictures / name);
        QCOMPARE(*file.image, load_image(kPictures / name));
        QCOMPARE(file.sha256, sha256(read_file(kPictures / name, 1'000'000)));
    }
    const TempFolder folder;
    put(folder / "text.png", "no picture");
    QCOMPARE(error_of([&] { load_hashed_image(folder / "text.png"); })->code,
             ErrorCode::file_unsupported);
}

void TestImageioLoad::eachFailureHasItsCode_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const QString unsupported = "file_unsupported";
    QTest::newRow("empty") << QByteArray() << "file_damaged"
                           << "is empty";
    QTest::newRow("text") << QByteArray("a note to myself\n") << unsupported << "it is text";
    QTest::newRow("html") << QByteArray("\n <!DOCTYPE HTML><p>404") << unsupported
                          << "an HTML page";
    QTest::newRow("svg") << QByteArray("<?xml version=\"1.0\"?>\n<svg/>") << unsupported
                         << "an SVG drawing";
    QTest::newRow("json") << QByteArray("{\"a\": 1}") << unsupported << "a JSON file";
    QTest::newRow("lfs") << QByteArray("version https://git-lfs.github.com/spec/v1\noid x")
                         << unsupported << "Git LFS pointer";
    QTest::newRow("safetensors") << QByteArray("\x02\0\0\0\0\0\0\0{}", 10) << unsupported
                                 << "a safetensors file";
    QTest::newRow("pdf") << QByteArray("%PDF-1.7\n") << unsupported << "a PDF document";
    QTest::newRow("psd") << QByteArray("8BPS\0\1", 6) << unsupported << "a Photoshop file";
    QTest::newRow("zip") << QByteArray("PK\x03\x04xxxx") << unsupported << "a ZIP archive";
    QTest::newRow("pickle") << QByteArray("\x80\x02}q\0.", 6) << unsupported << "a pickle";
    QTest::newRow("video") << QByteArray("\0\0\0\x18"
                                         "ftypisom\0\0\2\0",
                                         16)
                           << unsupported << "a video or sound file";
    QTest::newRow("hdr") << QByteArray("#?RADIANCE\n") << unsupported << "Radiance";
    QTest::newRow("noise") << QByteArray("\x01\x02\x03\x04\x05") << unsupported << "does not know";
    QTest::newRow("one byte") << QByteArray("\1") << unsupported << "does not know";
    QTest::newRow("only a signature") << QByteArray("\x89PNG\r\n\x1A\n") << "file_damaged"
                                      << "a PNG picture";
    QTest::newRow("heic cut") << QByteArray("\0\0\0\x18"
                                            "ftypheic\0\0\0\0mif1heic",
                                            24)
                              << "file_damaged"
                              << "HEIF";
}

void TestImageioLoad::eachFailureHasItsCode() {
    QFETCH(QByteArray, content);
    QFETCH(QString, code);
    QFETCH(QString, words);
    const TempFolder folder;
    put(folder / "file.png", content.toStdString());
    const auto error = error_of([&] { load_image(folder / "file.png"); });
    QVERIFY(error.has_value());
    QCOMPARE(QString(to_string(error->code)), code);
    QVERIFY2(QString(error->what()).contains(words), error->what());
    QVERIFY2(QString(error->what()).count('\n') <= 2, error->what());
}

void TestImageioLoad::missingFolderAndPipe() {
    const TempFolder folder;
    QCOMPARE(code_of([&] { load_image(folder / "none.png"); }), std::string("file_missing"));
    QCOMPARE(code_of([&] { load_image(folder.path()); }), std::string("file_unreadable"));
    QCOMPARE(::mkfifo((folder / "pipe.png").c_str(), 0600), 0);
    QCOMPARE(code_of([&] { load_image(folder / "pipe.png"); }), std::string("file_unreadable"));
    QCOMPARE(code_of([&] { load_image(fs::path("/dev/zero")); }), std::string("file_unreadable"));
    QCOMPARE(code_of([&] { read_embedded_request(folder / "none.png"); }),
             std::string("file_missing"));
    QCOMPARE(code_of([&] { load_thumbnail(folder / "none.png", 8); }), std::string("file_missing"));
}

void TestImageioLoad::nameIsInTheMessage() {
    const auto error = error_of([&] { load_image({}, "pasted\npicture"); });
    QVERIFY(QString(error->what()).contains("\"pasted?picture\""));
}

// Another program has packed the text chunk.
void TestImageioLoad::compressedRequests() {
    QCOMPARE(*read_embedded_request(kPictures / "text_compressed.png"),
             std::string("{\"prompt\": \"Gr\xC3\xBC\xC3\x9F"
                         "e\"}"));
    QCOMPARE(*read_embedded_request(kPictures / "text_zipped.png"),
             std::string("{\"prompt\": \"zipped\"}"));
    for (const char* name : {"rgb.png", "rgb.jpg", "lossy.webp", "rgb.tif", "rgb.bmp",
                             "animated.gif", "profile.webp"}) {
        QVERIFY2(!read_embedded_request(kPictures / name).has_value(), name);
    }
}

// Where OpenImageIO has a HEIF writer, it makes the file.
void TestImageioLoad::highEfficiencyPictures() {
    const TempFolder folder;
    const auto path = folder / "a.heic";
    const auto output = OIIO::ImageOutput::create("heif");
    const OIIO::ImageSpec spec(64, 48, 3, OIIO::TypeDesc::UINT8);
    const std::vector<unsigned char> pixels(64 * 48 * 3, 100);
    if (!output || !output->open(path.string(), spec) ||
        !output->write_image(OIIO::TypeDesc::UINT8, pixels.data()) || !output->close()) {
        QSKIP("no HEIF writer here");
    }
    const Image image = load_image(path);
    QCOMPARE(image.width, 64);
    QCOMPARE(image.height, 48);
    QVERIFY(std::abs(image.u8()[0] - 100) <= 3);
    QVERIFY(!read_embedded_request(path).has_value());

    auto bytes = read_file(path, 1'000'000);
    QCOMPARE(code_of([&] { load_image(bytes, "pasted"); }), std::string("file_unsupported"));
    QCOMPARE(code_of([&] { load_image(path, {.side = 63}); }), std::string("file_too_large"));
    bytes.resize(bytes.size() - 40);
    write_file_atomically(path, bytes);
    QCOMPARE(code_of([&] { load_image(path); }), std::string("file_damaged"));
}

void TestImageioLoad::thumbnails() {
    const TempFolder folder;
    save_image(folder / "wide.png", make_image(400, 100, 1, PixelType::u16));
    const Image small = load_thumbnail(folder / "wide.png", 64);
    QCOMPARE(small.width, 64);
    QCOMPARE(small.height, 16);
    QCOMPARE(small.channels, 3);
    QVERIFY(small.type == PixelType::u8);
    const Image kept = load_thumbnail(kPictures / "rgba.png", 64);
    QCOMPARE(kept, load_image(kPictures / "rgba.png"));
    save_image(folder / "line.png", make_image(2000, 1, 3));
    QCOMPARE(load_thumbnail(folder / "line.png", 10).height, 1);
}

QTEST_APPLESS_MAIN(TestImageioLoad)
#include "test_imageio_load.moc"
