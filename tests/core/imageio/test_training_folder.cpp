#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/image/convert.h"
#include "core/imageio/save.h"
#include "core/imageio/training_folder.h"
#include "core/request/training_crop.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

using namespace likeness;
using likeness::test::TempFolder;

namespace {

void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

const std::string kGif = "GIF89a\1\0\1\0";

} // namespace

class TestTrainingFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void picturesByTheirContentOrTheirName() {
        const TempFolder folder;
        for (const char* name : {"b.gif", "a", "._b.gif", ".c.gif", "b.mask.png", "b.mask.gif"}) {
            write(folder / name, kGif);
        }
        write(folder / "torn.png", "text");
        write(folder / "b.txt", "a caption");
        std::filesystem::create_directory(folder / "d.png");
        std::filesystem::create_symlink("nowhere", folder / "e.png");
        const std::vector<std::filesystem::path> expected{folder / "a", folder / "b.gif",
                                                          folder / "torn.png"};
        QCOMPARE(training_pictures_in(folder.path()), expected);
        QVERIFY_THROWS_EXCEPTION(Error, training_pictures_in(folder / "gone"));
        QCOMPARE(mask_beside(folder / "b.gif"), folder / "b.mask.png");
    }

    void captions_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("caption");
        QTest::newRow("lines") << QByteArray("\r\n a red mug,\n on a table \r\n")
                               << QByteArray("a red mug,\n on a table");
        QTest::newRow("mark") << QByteArray("\xef\xbb\xbf\x61 mug\r\n") << QByteArray("a mug");
        QTest::newRow("UTF-8") << QByteArray("caf\xc3\xa9") << QByteArray("caf\xc3\xa9");
        QTest::newRow("Latin-1") << QByteArray("caf\xe9") << QByteArray("caf\xc3\xa9");
        QTest::newRow("UTF-16") << QByteArray("\xff\xfe\x61\0\xe9\0\x3d\xd8\x00\xde\x0a\0", 12)
                                << QByteArray("a\xc3\xa9\xf0\x9f\x98\x80");
        QTest::newRow("UTF-16, big-endian") << QByteArray("\xfe\xff\0\x61\x20\xac\xdc\0\0", 9)
                                            << QByteArray("a\xe2\x82\xac\xef\xbf\xbd");
        QTest::newRow("nothing") << QByteArray(" \n") << QByteArray();
    }

    void captions() {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, caption);
        const TempFolder folder;
        write(folder / "a.b.txt", bytes.toStdString());
        QCOMPARE(QByteArray::fromStdString(caption_beside(folder / "a.b.jpg")), caption);
        QCOMPARE(caption_beside(folder / "other.jpg"), std::string());
    }

    void largePicturesAreKeptSmaller() {
        const TempFolder folder;
        Image large = make_image(3000, 2000);
        for (std::size_t i = 0; i < large.bytes.size(); ++i) {
            const std::size_t x = i / 3 % 3000;
            const std::size_t y = i / 3 / 3000;
            large.bytes[i] = static_cast<std::byte>((x / 40 + y / 40) % 2 * 90 + x / 30 + i % 3);
        }
        save_image(folder / "large.png", large);
        save_image(folder / "large.mask.png", large);
        const Image small = crop(large, 0, 0, 1500, 600);
        save_image(folder / "small.png", small);
        for (const int resolution : {128, 448}) {
            const TrainingRequest request{.resolution = resolution};
            const TrainingPicture kept = read_training_picture(folder / "large.png", request, {});
            QCOMPARE(whole_size(kept), (PictureSize{.width = 3000, .height = 2000}));
            const TrainingCrop crop = training_crop(whole_size(kept), resolution, 8);
            const double share = kept.image->width / 3000.0;
            QVERIFY(std::lround(share * crop.width) >= 2 * crop.trained_width);
            QVERIFY(std::lround(share * crop.height) >= 2 * crop.trained_height);
            QVERIFY(kept.image->width < 1200 && kept.image->height >= 512);
            QVERIFY(kept.mask && kept.mask->width == kept.image->width);
            // What is trained of it is what would be trained of the whole, but for a part of a
            // pixel by which the cut may lie beside it.
            const PictureSize size{.width = crop.trained_width, .height = crop.trained_height};
            const Image trained = cut_for_training(*kept.image, size);
            const Image expected = cut_for_training(large, size);
            double sum = 0;
            for (std::size_t i = 0; i < trained.bytes.size(); ++i) {
                sum += std::abs(trained.u8()[i] - expected.u8()[i]);
            }
            const double mean = sum / static_cast<double>(trained.bytes.size());
            QVERIFY2(mean < 4, std::to_string(mean).c_str());
            QCOMPARE(*read_training_picture(folder / "small.png", request, {}).image, small);
        }
        // Where it is trained at as many pixels, all of them are kept.
        QCOMPARE(*read_training_picture(folder / "large.png", {.resolution = 2048}, {}).image,
                 large);
    }

    void textIsUtf8OrLatin1_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("is_utf8");
        QTest::newRow("cut") << QByteArray("a\xe2\x82") << false;
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << false;
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << false;
        QTest::newRow("past the end") << QByteArray("\xf4\x90\x80\x80") << false;
        QTest::newRow("the last") << QByteArray("\xf4\x8f\xbf\xbf") << true;
    }

    void textIsUtf8OrLatin1() {
        QFETCH(const QByteArray, bytes);
        QFETCH(const bool, is_utf8);
        const std::string expected =
            is_utf8 ? bytes.toStdString() : QString::fromLatin1(bytes).toStdString();
        QCOMPARE(as_utf8(bytes.toStdString()), expected);
    }
};

QTEST_APPLESS_MAIN(TestTrainingFolder)
#include "test_training_folder.moc"
