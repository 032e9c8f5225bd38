#include "tests/ui/train_fixture.h"
#include "ui/panels/method_cards.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/section.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFontMetrics>

#include <algorithm>

using namespace likeness;

namespace {

void setMethod(TrainingSet& set, TrainingMethod method) {
    set.edit([method](TrainingDraft& draft) { draft.request.method = method; });
}

// The lines that the words take in that width.
int heightOf(const QFont& font, int width, const QString& words) {
    return QFontMetrics(font)
        .boundingRect(QRect(0, 0, width, 1000), Qt::TextWordWrap, words)
        .height();
}

} // namespace

// Settings that a training has only sometimes, and the cards in a narrow window.
class TestTrainingSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void theTextEncoderHasARateOfItsOwn() {
        TrainFixture studio;
        studio.prepare();
        studio.find<Section>("training_more")->setOpen(true);
        auto* rate = studio.find<NumberField>("text_encoder_learning_rate");
        QVERIFY(!rate->isVisible());
        studio.find<QCheckBox>("train_text_encoder")->click();
        QVERIFY(rate->isVisible());
        QCOMPARE(rate->value(), 0.0); // as the others
        rate->setFocus();
        rate->selectAll();
        QTest::keyClicks(rate, "0.00002");
        QTest::keyClick(rate, Qt::Key_Return);
        QCOMPARE(studio.set.draft().request.text_encoder_learning_rate, std::optional(2e-5));
        studio.press("start_training");
        QTRY_COMPARE(studio.asked->size(), 1U);
        QCOMPARE(studio.asked->front().text_encoder_learning_rate, std::optional(2e-5));
        QTRY_COMPARE(studio.phase(), Phase::done);
        studio.training.again();
        studio.find<QCheckBox>("train_text_encoder")->click(); // without it there is none
        QVERIFY(!rate->isVisible());
        QVERIFY(!studio.set.draft().request.text_encoder_learning_rate);
    }

    void whatTheMethodDoesNotHaveIsNotAskedFor() {
        TrainFixture studio;
        studio.prepare();
        studio.set.edit([](TrainingDraft& draft) {
            draft.request.method = TrainingMethod::dreambooth;
            draft.request.class_prompt = "a photo of a mug";
            draft.request.train_text_encoder = true;
        });
        setMethod(studio.set, TrainingMethod::lora);
        QVERIFY(studio.training.problems().isEmpty());
        setMethod(studio.set, TrainingMethod::ip_adapter);
        QVERIFY(studio.training.problems().isEmpty());
        setMethod(studio.set, TrainingMethod::dreambooth);
        QVERIFY(studio.training.problems().isEmpty());
        QCOMPARE(requestOf(studio.set.draft(), "/models").class_prompt,
                 std::string("a photo of a mug")); // it was kept
    }

    void anAdapterIsGoneOnFrom() {
        TrainFixture studio;
        studio.prepare();
        studio.find<Section>("training_more")->setOpen(true);
        auto* adapter = studio.find<ChoiceBox>("training_adapter");
        QVERIFY(!adapter->isVisible()); // of a LoRA
        setMethod(studio.set, TrainingMethod::ip_adapter);
        QVERIFY(adapter->isVisible());
        QVERIFY(!studio.find<NumberField>("text_encoder_learning_rate")->isVisible());
        QCOMPARE(adapter->currentText(), QString("The model's own"));
        studio.press("open_training_adapter");
        auto* dialog = studio.window.findChild<QFileDialog*>("file_dialog");
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected("/adapters/plus.safetensors");
        dialog->close();
        QCOMPARE(adapter->currentText(), QString("plus"));
        QCOMPARE(studio.set.draft().request.ip_adapter, std::string("/adapters/plus.safetensors"));
        studio.press("train_again"); // "Train the adapter"
        QTRY_COMPARE(studio.asked->size(), 1U);
        QCOMPARE(studio.asked->front().ip_adapter, std::string("/adapters/plus.safetensors"));
        QTRY_COMPARE(studio.phase(), Phase::done);
        setMethod(studio.set, TrainingMethod::lora);
        QVERIFY(requestOf(studio.set.draft(), "/models").ip_adapter.empty());
    }

    // Every card is as high as all its words, wrapped.
    void cardsShowAllTheirWords_data() {
        QTest::addColumn<int>("width");
        QTest::newRow("the least") << 380;
        QTest::newRow("narrow") << 540;
        QTest::newRow("wide") << 1000;
    }

    void cardsShowAllTheirWords() {
        QFETCH(int, width);
        MethodCards cards;
        const MethodWords words{
            .note = "advised, on, 3 references",
            .when = "about 1 h 24 min here: 1,600 steps of 3.14 s and 200 pictures of its kind",
            .what = "It does not keep letters and fine print; the file is as large as the model."};
        cards.setAdvice(LikenessWay::dreambooth, words);
        cards.resize(width, 400);
        cards.show();
        const auto* card = cards.findChild<QAbstractButton*>("method_dreambooth");
        const int room = card->width() - 24;
        const int least = heightOf(textFont(13, QFont::DemiBold), room - 22, card->text()) +
                          heightOf(textFont(12, QFont::DemiBold), room, words.when) +
                          heightOf(textFont(12), room, words.what);
        QVERIFY2(card->height() >= least,
                 qPrintable(QString("%1 px of %2").arg(card->height()).arg(least)));
        QVERIFY(card->toolTip().contains(words.when) && card->toolTip().contains(words.what));
        for (const char* other : {"method_image_prompt", "method_lora"}) {
            QCOMPARE(cards.findChild<QAbstractButton*>(other)->height(), card->height());
        }
    }

    void theNarrowWindowHoldsThePage() {
        TrainFixture studio;
        studio.prepare();
        studio.window.resize(1100, 700);
        QTRY_COMPARE(studio.window.size(), QSize(1100, 700));
        const auto* strip = studio.find<QWidget>("training_strip");
        const auto* page = studio.find<QWidget>("train_workspace");
        QVERIFY(page->rect().contains(strip->geometry()));
        const auto* cards = studio.find<QWidget>("method_cards");
        QVERIFY(cards->mapTo(page, QPoint(0, cards->height())).y() < strip->y());
        for (const char* name :
             {"method_cards", "sample_strip", "loss_plot"}) { // below: scrolled to
            const auto* part = studio.find<QWidget>(name);
            QVERIFY2(part->parentWidget()->rect().contains(part->geometry()), name);
            QVERIFY2(part->height() >= std::max(30, part->minimumSizeHint().height()), name);
        }
    }
};

QTEST_MAIN(TestTrainingSettings)
#include "test_training_settings.moc"
