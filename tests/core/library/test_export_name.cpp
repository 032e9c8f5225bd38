#include "core/library/export_name.h"

#include <QTest>

using namespace likeness;

class TestExportName : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void wordsStandForThePicturesOwn() {
        const GenerationRequest request{
            .model = "/models/dreamy", .prompt = "a mug on a beach", .seed = 7};
        constexpr std::int64_t kNoon = 1'795'694'400'000; // 26 November 2026, 12:00 UTC
        QCOMPARE(export_name("{date} {prompt} {seed} {model} {number}", request, kNoon, 12),
                 std::string("2026-11-26 a mug on a beach 7 dreamy 012"));
        QCOMPARE(export_name("{what}", request, kNoon, 1), std::string("{what}"));
    }

    void noPromptLeavesTheFolder_data() {
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("name");
        QTest::newRow("separators") << "../../etc/passwd"
                                    << "-..-etc-passwd";
        QTest::newRow("drive") << "C:\\x"
                               << "C--x";
        QTest::newRow("lines") << "a\nb\t\tc "
                               << "a b c";
        QTest::newRow("control") << QString("a\u0007b") << "a b";
        QTest::newRow("hidden") << ".bashrc"
                                << "bashrc";
        QTest::newRow("empty") << ""
                               << "picture";
        QTest::newRow("dots") << ".. . ."
                              << "picture";
        QTest::newRow("reserved") << "CON"
                                  << "_CON";
        QTest::newRow("port") << "lpt1.x"
                              << "_lpt1.x";
        QTest::newRow("word in words") << "{seed}"
                                       << "{seed}";
    }

    void noPromptLeavesTheFolder() {
        QFETCH(QString, prompt);
        QFETCH(QString, name);
        const GenerationRequest request{.prompt = prompt.toStdString()};
        QCOMPARE(QString::fromStdString(export_name("{prompt}", request, 0, 1)), name);
    }

    void longNamesAreCutBetweenCharacters() {
        const GenerationRequest request{.prompt = QString(100, QChar(0x00e4)).toStdString()};
        const std::string name = export_name("{prompt}{prompt}{prompt}", request, 0, 1);
        QVERIFY(name.size() <= 120);
        QVERIFY(!QString::fromStdString(name).contains(QChar::ReplacementCharacter));
    }
};

QTEST_APPLESS_MAIN(TestExportName)
#include "test_export_name.moc"
