#include "tests/ui/studio_fixture.h"
#include "ui/model/prompt_marks.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/prompt_edit.h"
#include "ui/widgets/range_slider.h"
#include "ui/widgets/section.h"

#include <QAbstractButton>
#include <QLabel>

using namespace likeness;

namespace {

// "|" stands at both ends of what is selected.
struct Marked {
    explicit Marked(const QString& text)
        : start(static_cast<int>(text.indexOf('|'))), end(static_cast<int>(text.lastIndexOf('|'))),
          words(QString(text).remove('|')) {
        end = end > start ? end - 1 : end;
    }

    int start;
    int end;
    QString words;
};

} // namespace

// Prompts and how they are read, in the window.
class TestPrompt : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void marksStandWhereTheWordsAre() {
        const QString text = QString::fromUtf8("ein (Bär:1.3), [leise] \\(so\\) BREAK ((laut");
        const std::vector<PromptMark> marks = promptMarks(text);
        QCOMPARE(marks.size(), 4U);
        const auto words = [&](std::size_t i) { return text.mid(marks[i].start, marks[i].length); };
        QCOMPARE(words(0), QString::fromUtf8("Bär"));
        QCOMPARE(marks[0].weight, 1.3);
        QCOMPARE(words(1), QString("leise"));
        QCOMPARE(marks[1].weight, 1 / 1.1);
        QVERIFY(marks[2].breaks);
        QCOMPARE(words(2), QString("BREAK"));
        QCOMPARE(words(3), QString("laut"));
        QVERIFY(promptMarks("nothing of \\(that\\)").empty());
    }

    void weightsChange_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<double>("by");
        QTest::addColumn<QString>("after"); // empty: nothing changes
        const auto row = [](const char* name, const char* before, double by, const char* after) {
            QTest::newRow(name) << QString::fromUtf8(before) << by << QString::fromUtf8(after);
        };
        row("a selection", "a |red mug| here", 0.1, "a (|red mug|:1.1) here");
        row("less", "a |red mug| here", -0.1, "a (|red mug|:0.9) here");
        row("more of it", "a (|red mug|:1.1)", 0.1, "a (|red mug|:1.2)");
        row("back to one", "a (|red mug|:1.1) b", -0.1, "a |red mug| b");
        row("a word at the cursor", "a re|d mug", 0.1, "a (|red|:1.1) mug");
        row("a word in brackets", "a (re|d:1.4) mug", -0.1, "a (|red|:1.3) mug");
        row("round ones", "a (|red|)", 0.1, "a (|red|:1.2)");
        row("square ones", "a [|red|]", -0.1, "a (|red|:0.81)");
        row("selected with them", "a |(red mug:1.5)| b", 0.1, "a (|red mug|:1.6) b");
        row("blanks around", "a| red |mug", 0.1, "a (|red|:1.1) mug");
        row("escaped", "a \\(|red|\\)", 0.1, "a \\((|red|:1.1)\\)");
        row("brackets inside", "|a (red) mug|", 0.1, "(|a (red) mug|:1.1)");
        row("below zero", "(|red|:0.05)", -0.1, "(|red|:-0.05)");
        row("the most", "(|red|:10)", 0.1, "(|red|:10)");
        row("half a bracket", "a |(red| mug)", 0.1, "");
        row("no word", "a , | b", 0.1, "");
        row("nothing", "||", 0.1, "");
    }

    void weightsChange() {
        QFETCH(const QString, before);
        QFETCH(const double, by);
        QFETCH(const QString, after);
        const Marked from(before);
        const auto changed = reweighted(from.words, from.start, from.end, by);
        QCOMPARE(changed.has_value(), !after.isEmpty());
        if (changed) {
            const Marked to(after);
            QCOMPARE(changed->prompt, to.words);
            QCOMPARE(changed->prompt.mid(changed->start, changed->end - changed->start),
                     to.words.mid(to.start, to.end - to.start));
            QCOMPARE(changed->start, to.start);
        }
    }

    void keysChangeTheWeight() {
        StudioFixture studio;
        auto* prompt = studio.find<PromptEdit>("prompt");
        prompt->setPlainText("a red mug");
        QTextCursor cursor = prompt->textCursor();
        cursor.setPosition(2);
        cursor.setPosition(5, QTextCursor::KeepAnchor);
        prompt->setTextCursor(cursor);
        studio.session.edits().endGesture();
        QTest::keyClick(prompt, Qt::Key_Up, Qt::ControlModifier);
        QTest::keyClick(prompt, Qt::Key_Up, Qt::ControlModifier);
        const auto text = [&] { return studio.session.request().request().prompt; };
        QCOMPARE(text(), std::string("a (red:1.2) mug"));
        QCOMPARE(prompt->textCursor().selectedText(), QString("red"));
        QCOMPARE(prompt->extraSelections().size(), 1);
        QCOMPARE(prompt->extraSelections().front().cursor.selectedText(), QString("red"));
        QTest::keyClick(prompt, Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(text(), std::string("a (red:1.1) mug"));
        studio.session.edits().undo();
        QCOMPARE(prompt->toPlainText(), QString("a red mug"));
        QVERIFY(prompt->extraSelections().isEmpty());
    }

    void plainPromptsHaveNoMarks() {
        StudioFixture studio;
        auto* prompt = studio.find<PromptEdit>("prompt");
        prompt->setPlainText("a (red:1.2) mug BREAK more");
        QCOMPARE(prompt->extraSelections().size(), 2);
        QTest::mouseClick(studio.find<QAbstractButton>("fine_tuning_panel_head"), Qt::LeftButton);
        QTest::mouseClick(studio.find<QAbstractButton>("prompt_syntax_1"), Qt::LeftButton);
        QVERIFY(studio.session.request().request().prompt_syntax == PromptSyntax::plain);
        QVERIFY(prompt->extraSelections().isEmpty());
        QVERIFY(studio.find<QLabel>("prompt_syntax_help")->text().contains("as they stand"));
        QTest::keyClick(prompt, Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(prompt->toPlainText(), QString("a (red:1.2) mug BREAK more"));
        studio.session.edits().undo();
        QCOMPARE(prompt->extraSelections().size(), 2);
    }

    void fineTuningIsShownAndUndone() {
        StudioFixture studio;
        auto* panel = studio.find<Section>("fine_tuning_panel");
        QVERIFY(!panel->isOpen());
        panel->setOpen(true);
        const auto request = [&] { return studio.session.request().request(); };
        Q_EMIT studio.find<RangeSlider>("guidance_range")->edited(0.1, 0.8);
        QCOMPARE(request().guidance_start, 0.1);
        QCOMPARE(request().guidance_end, 0.8);
        QCOMPARE(studio.find<QLabel>("guidance_range_words")->text(), QString::fromUtf8("10–80 %"));
        const auto type = [&](const char* name, const char* number) {
            auto* field = studio.find<NumberField>(name);
            field->setText(number);
            Q_EMIT field->returnPressed();
        };
        type("guidance_rescale_number", "0.7");
        type("clip_skip", "2");
        QCOMPARE(request().guidance_rescale, 0.7);
        QCOMPARE(request().clip_skip, 2);
        studio.session.edits().undo();
        QCOMPARE(request().clip_skip, 0);
        QCOMPARE(studio.find<NumberField>("clip_skip")->value(), 0.0);
    }

    void sdxlIsToldMore() {
        StudioFixture studio;
        studio.find<Section>("fine_tuning_panel")->setOpen(true);
        const auto seen = [&](const char* name) {
            return studio.find<QWidget>(name)->isVisibleTo(&studio.window);
        };
        QTRY_VERIFY(!studio.session.request().traits().family.empty());
        QVERIFY(!seen("original_width") && !seen("offer_second_prompts") && !seen("prompt_2"));
        studio.session.openModel("model-xl");
        QTRY_VERIFY(seen("original_width") && seen("offer_second_prompts"));
        QVERIFY(!seen("original_width_clear"));
        auto* width = studio.find<NumberField>("original_width");
        QCOMPARE(width->value(), 128.0); // the picture's own
        width->setText("1024");
        Q_EMIT width->returnPressed();
        const auto request = [&] { return studio.session.request().request(); };
        QCOMPARE(request().sizes.original_width.value_or(0), 1024);
        QTest::mouseClick(studio.find<QAbstractButton>("original_width_clear"), Qt::LeftButton);
        QCOMPARE(request().sizes, SizeConditions{});

        QTest::mouseClick(studio.find<QAbstractButton>("offer_second_prompts"), Qt::LeftButton);
        QVERIFY(seen("prompt_2") && seen("negative_prompt_2"));
        studio.find<PromptEdit>("prompt_2")->setPlainText("oil paint");
        QCOMPARE(request().prompt_2, std::string("oil paint"));
        // Another family does not read them: they are named, and can be left out.
        studio.session.openModel("starter");
        QTRY_VERIFY(seen("second_prompts") && !seen("prompt_2"));
        QTest::mouseClick(studio.find<QAbstractButton>("forget_second_prompts"), Qt::LeftButton);
        QVERIFY(request().prompt_2.empty() && !seen("second_prompts"));
    }
};

QTEST_MAIN(TestPrompt)
#include "test_prompt.moc"
