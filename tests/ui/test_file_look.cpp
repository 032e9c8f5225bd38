#include "app/file_look.h"
#include "core/base/error.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace likeness;

Q_DECLARE_METATYPE(likeness::FileKind)

// What the studio sees in files and folders of weights.
class TestFileLook : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void kinds_data() {
        QTest::addColumn<FileKind>("kind");
        QTest::newRow("tests/golden/tiny_sd") << FileKind::model;
        QTest::newRow("tests/golden/tiny_sd/vae") << FileKind::vae;
        QTest::newRow("resources/starter/vae/diffusion_pytorch_model.safetensors") << FileKind::vae;
        QTest::newRow("tests/golden/tiny_sd/second_adapter.safetensors") << FileKind::ip_adapter;
        QTest::newRow("resources/starter/unet/diffusion_pytorch_model.safetensors")
            << FileKind::other;
        QTest::newRow("tests/golden/pickles/module.bin.safetensors") << FileKind::other;
        for (const char* lora : {"kohya", "kohya_sdxl", "peft", "loha", "lokr", "dora"}) {
            QTest::newRow(qPrintable(QString("tests/golden/loras/%1.safetensors").arg(lora)))
                << FileKind::lora;
        }
        for (const char* word : {"a1111", "diffusers", "sdxl"}) {
            QTest::newRow(qPrintable(QString("tests/golden/loras/word_%1.safetensors").arg(word)))
                << FileKind::learned_word;
        }
    }

    void kinds() {
        QFETCH(const FileKind, kind);
        const FileFacts facts =
            lookAtFile(std::string(LIKENESS_SOURCE_DIR "/") + QTest::currentDataTag());
        QCOMPARE(static_cast<int>(facts.kind), static_cast<int>(kind));
        QCOMPARE(facts.token.empty(), kind != FileKind::learned_word);
    }

    void whatCannotBeReadSaysWhy() {
        const QTemporaryDir folder;
        QFile cut(folder.filePath("cut.safetensors"));
        QVERIFY(cut.open(QIODevice::WriteOnly));
        QCOMPARE(cut.write("\x10\0\0\0\0\0\0\0{\"a\":", 13), 13);
        cut.close();
        for (const QString& path : {folder.filePath("cut.safetensors"), folder.path(),
                                    folder.filePath("nowhere.safetensors")}) {
            bool refused = false;
            try {
                (void)lookAtFile(path.toStdString());
            } catch (const Error& error) {
                refused = !error.message.empty();
            }
            QVERIFY2(refused, qPrintable(path));
        }
    }
};

QTEST_GUILESS_MAIN(TestFileLook)
#include "test_file_look.moc"
