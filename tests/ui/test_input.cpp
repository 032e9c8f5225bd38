#include "core/request/json.h"
#include "tests/ui/studio_fixture.h"
#include "ui/canvas/picture_view.h"
#include "ui/panels/canvas_mask.h"
#include "ui/panels/input_panel.h"
#include "ui/widgets/mask_editor.h"
#include "ui/widgets/number_field.h"

#include <QAbstractButton>
#include <QFile>
#include <QLabel>

using namespace likeness;

namespace {

// A studio whose request begins from a picture of 80 x 40.
struct FromPicture : StudioFixture {
    FromPicture() {
        [this] { QTRY_VERIFY(!session.goodModel().isEmpty()); }();
        path = picture("harbour.png", Qt::darkCyan, {80, 40});
        panel = window.findChild<InputPanel*>();
        drop({path}, panel->mapTo(&window, panel->rect().center()));
        [this] { QTRY_VERIFY(now().image); }();
        QTest::qWait(1);
    }

    const GenerationRequest& request() { return session.request().request(); }

    const InputImage& now() { return request().input; }

    void press(const char* name) {
        QTest::mouseClick(window.findChild<QAbstractButton*>(name), Qt::LeftButton);
    }

    void type(const char* name, const QString& number) {
        auto* field = window.findChild<NumberField*>(name);
        field->setText(number);
        Q_EMIT field->returnPressed();
    }

    QString path;
    InputPanel* panel = nullptr;
};

} // namespace

// The picture that image to image begins from, in the window.
class TestInput : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QVERIFY(data_.isValid());
        qputenv("XDG_DATA_HOME", data_.path().toUtf8());
        applyTheme(*qApp, ThemeKind::dark);
    }

    void aDroppedPictureIsWhatOneBeginsFrom() {
        FromPicture studio;
        QCOMPARE(studio.now().path, studio.path.toStdString());
        QCOMPARE(studio.now().image->width, 80);
        QCOMPARE(studio.session.references().rowCount(), 0);
        // As many pixels as the model is made for, twice as wide as high.
        const GenerationRequest& request = studio.request();
        QVERIFY(*request.width > *request.height);
        QVERIFY(studio.window.findChild<QWidget*>("strength")->isVisible());
        QCOMPARE(studio.window.findChild<QLabel*>("input_name")->text(), "harbour.png");

        studio.type("strength_number", "0.4");
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value());
        const GenerationRequest& made = studio.session.shown()->request;
        QCOMPARE(made.input.image, studio.now().image);
        QCOMPARE(made.strength.value_or(0), 0.4);

        studio.session.edits().undo();
        QVERIFY(!studio.request().strength);
        studio.session.edits().undo();
        QVERIFY(!studio.now().is_given());
        QVERIFY(!studio.request().width);
        studio.session.edits().redo();
        QVERIFY(studio.now().image);
        studio.press("clear_input");
        QVERIFY(!studio.now().is_given());
        QVERIFY(!studio.window.findChild<QWidget*>("strength")->isVisible());
    }

    void theShownPictureIsTaken() {
        FromPicture studio;
        studio.press("clear_input");
        auto* shown = studio.window.findChild<QAbstractButton*>("shown_as_input");
        QVERIFY(!shown->isEnabled());
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value());
        QTRY_VERIFY(shown->isEnabled());
        QTest::mouseClick(shown, Qt::LeftButton);
        QTRY_VERIFY(studio.now().image);
        QCOMPARE(*studio.now().image, *studio.session.shown()->image);
        QVERIFY(QFile::exists(QString::fromStdString(studio.now().path)));
    }

    void whatIsMadeAnewIsPaintedOverThePicture() {
        FromPicture studio;
        auto* bar = studio.window.findChild<CanvasMask*>();
        QVERIFY(!studio.window.findChild<QWidget*>("mask_feather")->isVisible());
        studio.press("paint_input_mask");
        QVERIFY(bar->isVisible());
        QCOMPARE(studio.window.view().image().size(), QSize(80, 40));
        auto* brush = studio.window.view().findChild<MaskEditor*>();
        const QRectF room = studio.window.view().pictureRect();
        const QPoint left(qRound(room.left() + room.width() / 4), qRound(room.center().y()));
        QTest::mouseClick(brush, Qt::LeftButton, {}, left);
        const ImagePtr mask = studio.now().mask;
        QVERIFY(mask);
        const auto at = [&](double x) {
            return int(mask->u8()[mask->height / 2 * mask->width + int(x * mask->width)]);
        };
        QCOMPARE(at(0.25), 255);
        QCOMPARE(at(0.75), 0);
        QTRY_VERIFY(QFile::exists(QString::fromStdString(studio.now().mask_path)));
        QVERIFY(studio.window.findChild<QWidget*>("mask_feather")->isVisible());
        studio.session.edits().undo(); // the brush follows
        QVERIFY(!studio.now().mask && brush->isEmpty());
        studio.session.edits().redo();
        QVERIFY(!brush->isEmpty());
        studio.press("mask_done");
        QVERIFY(!bar->isVisible());
        QVERIFY(studio.window.view().image().isNull()); // nothing was made yet

        // Settings that come back bring the pixels of both files with them.
        const GenerationRequest kept = request_from_json(to_json(studio.request()));
        studio.press("clear_input");
        studio.session.useSettings(kept);
        QTRY_VERIFY(studio.now().image && studio.now().mask);
        QCOMPARE(*studio.now().mask, *mask);

        studio.press("remove_input_mask");
        QVERIFY(!studio.now().mask && studio.now().mask_path.empty());
    }

    void newCanvasMakesThePictureLarger() {
        FromPicture studio;
        const int width = *studio.request().width;
        const int height = *studio.request().height;
        studio.type("pad_right", "80");
        QCOMPARE(studio.now().pad[2], 80);
        QVERIFY(*studio.request().width > 1.8 * width);
        QCOMPARE(*studio.request().height, height);
        QVERIFY(studio.request().input.is_masked());
    }

    void aFileThatIsGoneIsToldOnce() {
        FromPicture studio;
        GenerationRequest lost = studio.request();
        lost.input = {};
        lost.input.path = "/nowhere/harbour.png";
        studio.session.useSettings(lost);
        QTRY_COMPARE(studio.window.notices().notices().size(), 1);
        QVERIFY(studio.window.notices().notices().front().reason.contains("harbour.png"));
        QVERIFY(!studio.now().is_given()); // as a lost reference goes
        studio.session.request().edit(
            [](GenerationRequest& request) { request.guidance_scale = 4; });
        QTest::qWait(50);
        QCOMPARE(studio.window.notices().notices().size(), 1);
    }

private:
    QTemporaryDir data_;
};

QTEST_MAIN(TestInput)
#include "test_input.moc"
