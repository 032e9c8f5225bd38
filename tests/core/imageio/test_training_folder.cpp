#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/imageio/training_folder.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <fstream>

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
