#include "ui/canvas/picture_view.h"
#include "ui/theme.h"
#include "ui/widgets/drop_well.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/slider_track.h"

#include <QAbstractButton>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace likeness;

namespace {

void turnWheel(QWidget& widget, int notches) {
    QWheelEvent event(QPointF(5, 5), widget.mapToGlobal(QPointF(5, 5)), {}, {0, 120 * notches},
                      Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

double luminance(const QColor& color) {
    const auto part = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) +
           0.0722 * part(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double light = std::max(luminance(a), luminance(b));
    const double dark = std::min(luminance(a), luminance(b));
    return (light + 0.05) / (dark + 0.05);
}

} // namespace

class TestWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void showingAValueIsNoEdit();
    void arrowsAreFineAndShiftIsCoarse();
    void theSliderIsDraggedWithLiveValue();
    void doubleClickResets();
    void theWheelWorksOnlyWhileFocused();
    void typedNumbersAreClampedAndWordsIgnored();
    void theNumberGoesBeyondTheTrack();
    void oneSegmentIsOn();
    void zoomKeepsThePointUnderTheCursor();
    void sharpFitIsAWholeMultiple();
    void aPreviewFillsThePlaceOfThePicture();
    void textFromFilesIsCleaned();
    void themesKeepTheirContrast();
};

void TestWidgets::showingAValueIsNoEdit() {
    ScaleSlider slider(limit("ip_adapter_scale"));
    QSignalSpy edited(&slider, &ScaleSlider::edited);
    slider.setValue(1.2);
    QCOMPARE(slider.value(), 1.2);
    QCOMPARE(slider.track()->value(), 120);
    QCOMPARE(slider.number()->text(), QString("1.20"));
    QCOMPARE(edited.count(), 0);
}

void TestWidgets::arrowsAreFineAndShiftIsCoarse() {
    ScaleSlider slider(limit("ip_adapter_scale"));
    slider.setValue(0.5);
    QSignalSpy edited(&slider, &ScaleSlider::edited);
    QTest::keyClick(slider.track(), Qt::Key_Right);
    QCOMPARE(slider.value(), 0.55);
    QTest::keyClick(slider.track(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(slider.value(), 1.05);
    QTest::keyClick(slider.number(), Qt::Key_Down);
    QCOMPARE(slider.value(), 1.0);
    QCOMPARE(edited.count(), 3);
    QTest::keyClick(slider.track(), Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(slider.track(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(slider.value(), 1.5); // never past the limit
}

void TestWidgets::theSliderIsDraggedWithLiveValue() {
    ScaleSlider slider(limit("ip_adapter_scale"));
    slider.resize(300, 24);
    slider.show();
    slider.setValue(0);
    QSignalSpy edited(&slider, &ScaleSlider::edited);
    SliderTrack* track = slider.track();
    QTest::mousePress(track, Qt::LeftButton, {}, {4, 12});
    for (int x = 10; x <= track->width(); x += 20) {
        QTest::mouseMove(track, {x, 12});
    }
    QTest::mouseMove(track, {track->width() - 1, 12});
    QTest::mouseRelease(track, Qt::LeftButton, {}, {track->width() - 1, 12});
    QVERIFY2(edited.count() > 5, "the value must follow the hand");
    QCOMPARE(slider.value(), 1.5);
}

void TestWidgets::doubleClickResets() {
    ScaleSlider slider(limit("ip_adapter_scale"));
    slider.setValue(1.3);
    slider.show();
    QTest::mouseDClick(slider.track(), Qt::LeftButton);
    QCOMPARE(slider.value(), 0.6);
}

void TestWidgets::theWheelWorksOnlyWhileFocused() {
    QWidget window;
    auto* slider = new ScaleSlider(limit("ip_adapter_scale"), &window);
    auto* other = new QLineEdit(&window);
    window.show();
    QApplication::setActiveWindow(&window);
    other->setFocus();
    slider->setValue(0.5);
    turnWheel(*slider->number(), 1);
    turnWheel(*slider->track(), 1);
    QCOMPARE(slider->value(), 0.5);
    slider->number()->setFocus();
    QTRY_VERIFY(slider->number()->hasFocus());
    turnWheel(*slider->number(), 1);
    QCOMPARE(slider->value(), 0.55);
}

void TestWidgets::typedNumbersAreClampedAndWordsIgnored() {
    NumberField field(limit("guidance_scale"));
    QSignalSpy edited(&field, &NumberField::edited);
    field.setValue(3);
    field.selectAll();
    QTest::keyClicks(&field, "99");
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(field.value(), 30.0);
    QCOMPARE(field.text(), QString("30.0"));
    for (const char* text : {"seven", "nan", "1e999", ""}) {
        field.setText(text);
        QTest::keyClick(&field, Qt::Key_Return);
        QCOMPARE(field.value(), 30.0);
        QCOMPARE(field.text(), QString("30.0"));
    }
    field.setText("4,5");
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(field.value(), 4.5);
    QCOMPARE(edited.count(), 2);
}

void TestWidgets::theNumberGoesBeyondTheTrack() {
    ScaleSlider slider(limit("num_inference_steps"));
    slider.setTrackMaximum(60);
    slider.number()->setText("200");
    QTest::keyClick(slider.number(), Qt::Key_Return);
    QCOMPARE(slider.value(), 200.0);
    QCOMPARE(slider.track()->value(), 60);
    QCOMPARE(slider.number()->text(), QString("200"));
}

void TestWidgets::oneSegmentIsOn() {
    SegmentedControl control({{"1", {}}, {"2", {}}, {"4", {}}});
    control.setNames("count", "Count");
    control.show();
    QSignalSpy edited(&control, &SegmentedControl::edited);
    control.setCurrent(0);
    QCOMPARE(edited.count(), 0);
    QTest::mouseClick(control.findChild<QAbstractButton*>("count_2"), Qt::LeftButton);
    QCOMPARE(control.current(), 2);
    QCOMPARE(edited.count(), 1);
    control.setCurrent(-1);
    QCOMPARE(control.current(), -1);
}

void TestWidgets::zoomKeepsThePointUnderTheCursor() {
    PictureView view;
    view.resize(600, 500);
    QImage image(128, 128, QImage::Format_RGB32);
    image.fill(Qt::gray);
    view.setImage(image);
    const QPointF at(220, 180);
    const auto under = [&] {
        const QRectF area = view.pictureRect();
        return QPointF((at.x() - area.x()) / area.width(), (at.y() - area.y()) / area.height());
    };
    const QPointF before = under();
    for (const double factor : {1.25, 1.25, 0.8, 2.0}) {
        view.zoomBy(factor, at);
        QVERIFY2((under() - before).manhattanLength() < 0.01,
                 "the point under the cursor moved while zooming");
    }
    QVERIFY(!view.isFit());
    view.setZoom(1);
    QCOMPARE(view.pictureRect().size(), QSizeF(128, 128) / view.devicePixelRatioF());
}

void TestWidgets::sharpFitIsAWholeMultiple() {
    PictureView view;
    view.resize(700, 500);
    QImage image(128, 128, QImage::Format_RGB32);
    view.setImage(image);
    QVERIFY(view.zoom() > 3.0 && view.zoom() < 4.0);
    view.setSharp(true);
    QCOMPARE(view.zoom(), 3.0);
}

void TestWidgets::aPreviewFillsThePlaceOfThePicture() {
    PictureView view;
    view.resize(600, 500);
    view.setImage(QImage(128, 128, QImage::Format_RGB32));
    const QRectF place = view.pictureRect();
    view.setImage(QImage(32, 32, QImage::Format_RGB32), {128, 128});
    QCOMPARE(view.pictureRect(), place);
}

void TestWidgets::textFromFilesIsCleaned() {
    QCOMPARE(cleaned(QString::fromUtf8("mug\u202Egnp.exe\x07")), QString("muggnp.exe"));
    QVERIFY(cleaned(QString(100000, 'x')).size() <= 4096);
    PlainLabel label("<b>bold</b>");
    QCOMPARE(label.textFormat(), Qt::PlainText);
}

void TestWidgets::themesKeepTheirContrast() {
    for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light}) {
        const Theme theme = makeTheme(kind);
        for (const QColor& ground : {theme.panel, theme.raised, theme.field, theme.chrome,
                                     theme.hover, theme.pressed, theme.canvas}) {
            const QByteArray which = ground.name().toLatin1();
            QVERIFY2(contrast(theme.text, ground) >= 4.5, which.constData());
            QVERIFY2(contrast(theme.text2, ground) >= 4.5, which.constData());
        }
        for (const QColor& ground : {theme.panel, theme.raised, theme.hover}) { // links
            QVERIFY2(contrast(theme.accent, ground) >= 4.5, ground.name().toLatin1().constData());
        }
        QVERIFY(contrast(theme.text, theme.soft) >= 4.5);
        QVERIFY(contrast(Qt::white, theme.fill) >= 4.5);
        QVERIFY(contrast(Qt::white, theme.fillHover) >= 4.5);
        QVERIFY(contrast(theme.accent, theme.panel) >= 3);
        QVERIFY(contrast(theme.error, theme.panel) >= 3);
        QVERIFY(contrast(theme.control, theme.panel) >= 3);
        for (const QColor& surface :
             {theme.canvas, theme.chrome, theme.panel, theme.raised, theme.field}) {
            QVERIFY2(surface.red() == surface.green() && surface.green() == surface.blue(),
                     "a tinted grey beside a picture that is judged for colour");
        }
    }
}

QTEST_MAIN(TestWidgets)
#include "test_widgets.moc"
