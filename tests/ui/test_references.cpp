#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/image/encoder_view.h"
#include "core/request/json.h"
#include "tests/ui/studio_fixture.h"
#include "ui/canvas/picture_view.h"
#include "ui/model/encoder_eye.h"
#include "ui/model/kept_pictures.h"
#include "ui/model/mask_painting.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/reading_runner.h"
#include "ui/model/reference_sets.h"
#include "ui/panels/canvas_mask.h"
#include "ui/panels/reference_card_view.h"
#include "ui/panels/reference_details.h"
#include "ui/widgets/block_weights.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/crop_view.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/mask_editor.h"
#include "ui/widgets/menu_button.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/range_slider.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>

#include <algorithm>

using namespace likeness;

namespace {

ImagePtr picture(int width, int height, int seed = 0) {
    Image image = make_image(width, height);
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        image.u8()[i] = static_cast<std::uint8_t>(i * 7 + i / 31 + static_cast<std::size_t>(seed));
    }
    return std::make_shared<const Image>(std::move(image));
}

// A studio with one card of an 80 x 60 picture, opened.
struct OpenCard : StudioFixture {
    OpenCard() {
        [this] { QTRY_VERIFY(!session.references().blocks().empty()); }();
        id = *session.references().add({.name = "mug.png", .image = ::picture(80, 60)});
        card = window.findChild<ReferenceCardView*>();
        QTest::mouseClick(card->findChild<IconButton*>("open"), Qt::LeftButton);
        details = card->findChild<ReferenceDetails*>();
        window.resize(1280, 1000);
        QTest::qWait(1);
    }

    const ReferenceCard& now() { return *session.references().card(id); }

    // The encoder's pixels as they must be now.
    QImage wanted() {
        return toQImage(encoder_pixels(*now().image, now().view, session.encoderEye().encoder()));
    }

    bool showsTheEncodersPixels() { return details->eyePixels() == wanted(); }

    quint64 id = 0;
    ReferenceCardView* card = nullptr;
    ReferenceDetails* details = nullptr;
};

} // namespace

// What is on a reference card, from the model to the widgets.
class TestReferences : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QVERIFY(data_.isValid());
        qputenv("XDG_DATA_HOME", data_.path().toUtf8());
        applyTheme(*qApp, ThemeKind::dark);
    }

    void rolesAreOnlyNumbers();
    void publishedRolesNameThePublishedBlocks();
    void aRoleFollowsTheModel();
    void numbersOfAPictureAreNotTouched();
    void otherModelsBlocksAreNotSent();
    void reorderingIsNoEditOfThePicture();
    void rangesStayARange();
    void theRangeSliderMovesTwoKnobs();
    void blocksAreDragged();
    void theCardShowsRoleAndRange();
    void numbersAreEditableWhenOpen();
    void theEyeShowsTheEncodersPixels();
    void theCropIsMovedAndZoomed();
    void cardsMoveByHandleAndKeyboard();
    void strokesPaintAndErase();
    void aStrokeIsOneChange();
    void theLookMaskCoversTheRest();
    void theOutputMaskIsPaintedOverThePicture();
    void masksComeBackWithTheSettings();
    void aReferenceHasAnAdapterOfItsOwn();
    void aFileThatIsAnotherPictureIsTold();
    void aWaitingJobTellsItToo();
    void setsAreKeptAndLoaded();
    void damagedSetsAreRefused();
    void badNamesAreRefused();

private:
    QTemporaryDir data_;
};

void TestReferences::rolesAreOnlyNumbers() {
    ReferenceListModel model;
    model.setBlocks(kFakeBlocks);
    const quint64 id = *model.add({.name = "a", .image = picture(4, 4)});
    QCOMPARE(model.role(*model.card(id)), ReferenceRole::everything);
    QSignalSpy edited(&model, &ReferenceListModel::strengthEdited);
    for (const ReferenceRole role : kReferenceRoles) {
        model.setRole(id, role);
        QCOMPARE(model.role(*model.card(id)), role);
        QVERIFY(!model.isChanged(*model.card(id)));
    }
    QCOMPARE(edited.count(), 5); // everything was chosen as well, not only inferred
    model.setRole(id, ReferenceRole::style);
    QCOMPARE(model.references()[0].block_scales.at("mid"), 0.0);
    QCOMPARE(model.references()[0].range_start, 0.2);
    model.setBlockScale(id, "mid", 0.5);
    QVERIFY(model.isChanged(*model.card(id)));
    QCOMPARE(model.role(*model.card(id)), ReferenceRole::style); // it was
    model.setBlockScale(id, "mid", 0);
    QVERIFY(!model.isChanged(*model.card(id)));
    model.setRole(id, ReferenceRole::everything);
    QVERIFY(model.references()[0].block_scales.empty());
}

void TestReferences::publishedRolesNameThePublishedBlocks() {
    const BlockNames sdxl = {"down.block_1.attentions_0",
                             "down.block_1.attentions_1",
                             "down.block_2.attentions_0",
                             "down.block_2.attentions_1",
                             "mid",
                             "up.block_0.attentions_0",
                             "up.block_0.attentions_1",
                             "up.block_0.attentions_2",
                             "up.block_1.attentions_0",
                             "up.block_1.attentions_1",
                             "up.block_1.attentions_2"};
    const auto acting = [&sdxl](ReferenceRole role) {
        QStringList names;
        for (const std::string& block : sdxl) {
            if (blockFactor(roleNumbers(role, sdxl).block_scales, block) > 0) {
                names << QString::fromStdString(block);
            }
        }
        return names;
    };
    QCOMPARE(acting(ReferenceRole::style), QStringList{"up.block_0.attentions_1"});
    QCOMPARE(acting(ReferenceRole::composition), QStringList{"down.block_2.attentions_1"});
    QCOMPARE(acting(ReferenceRole::scene).size(), 2);
    QCOMPARE(acting(ReferenceRole::product).size(), 11);
    for (const ReferenceRole role : kReferenceRoles) {
        QVERIFY(!roleName(role).isEmpty() && !roleExplained(role).isEmpty());
        QCOMPARE(roleFromKey(roleKey(role)), std::optional(role));
    }
    QVERIFY(!roleFromKey("nobody"));
}

void TestReferences::aRoleFollowsTheModel() {
    ReferenceListModel model;
    model.setBlocks({"down.block_0.attentions_0", "mid"});
    const quint64 id = *model.add({.name = "a", .image = picture(4, 4)});
    const quint64 custom = *model.add({.name = "b", .image = picture(4, 4)});
    model.setRole(id, ReferenceRole::style);
    model.setRole(custom, ReferenceRole::style);
    model.setBlockScale(custom, "mid", 0.75);
    model.setBlocks(kFakeBlocks);
    QVERIFY(!model.isChanged(*model.card(id)));
    QCOMPARE(blockFactor(model.card(id)->block_scales, "up.block_0.attentions_1"), 0.5);
    QVERIFY(model.isChanged(*model.card(custom)));
    QCOMPARE(blockFactor(model.card(custom)->block_scales, "mid"), 0.75);
}

// A range that happens to be a role's must not draw that role's blocks in.
void TestReferences::numbersOfAPictureAreNotTouched() {
    ReferenceListModel model;
    const quint64 id =
        *model.add({.name = "a", .image = picture(4, 4), .range_start = 0, .range_end = 0.6});
    const auto before = model.references();
    model.setBlocks(kFakeBlocks);
    QVERIFY(model.references() == before);
    QVERIFY(model.card(id)->block_scales.empty());
}

void TestReferences::otherModelsBlocksAreNotSent() {
    ReferenceListModel model;
    ReferenceCard card{.name = "a", .image = picture(4, 4)};
    card.block_scales = {{"up.block_7.attentions_0", 0.5}, {"up.block_0", 0.25}};
    model.add(card);
    QCOMPARE(model.references()[0].block_scales.size(), 2U); // no model is known yet
    model.setBlocks(kFakeBlocks);
    const auto sent = model.references()[0].block_scales;
    QCOMPARE(sent.size(), 2U);
    QCOMPARE(sent.at("up.block_0.attentions_0"), 0.25);
    QCOMPARE(sent.at("up.block_0.attentions_1"), 0.25);
}

void TestReferences::reorderingIsNoEditOfThePicture() {
    ReferenceListModel model;
    const QAbstractItemModelTester tester(&model);
    QList<quint64> ids;
    for (int i = 0; i < 4; ++i) {
        ids << *model.add({.name = QString::number(i), .image = picture(4, 4, i)});
    }
    const auto order = [&model] {
        QString names;
        for (const ReferenceCard& card : model.cards()) {
            names += card.name;
        }
        return names;
    };
    QSignalSpy edited(&model, &ReferenceListModel::strengthEdited);
    QSignalSpy pictures(&model, &ReferenceListModel::picturesChanged);
    model.move(ids[0], 2);
    QCOMPARE(order(), QString("1203"));
    model.move(ids[3], 0);
    QCOMPARE(order(), QString("3120"));
    model.move(ids[3], 99);
    QCOMPARE(order(), QString("1203"));
    model.move(ids[3], 3);
    model.move(99, 0);
    QCOMPARE(order(), QString("1203"));
    QCOMPARE(edited.count() + pictures.count(), 0);
}

void TestReferences::rangesStayARange() {
    ReferenceListModel model;
    const quint64 id = *model.add({.name = "a", .image = picture(4, 4)});
    model.setRange(id, 0.9, 0.2);
    QVERIFY(model.card(id)->range_start < model.card(id)->range_end);
    model.setRange(id, 1, 1);
    QVERIFY(model.card(id)->range_start < 1);
    QCOMPARE(model.card(id)->range_end, 1.0);
    GenerationRequest request;
    request.references = model.references();
    QVERIFY(validate(request, {.has_ip_adapter = true}).empty());
}

void TestReferences::theRangeSliderMovesTwoKnobs() {
    RangeSlider slider;
    slider.resize(206, 24); // 200 pixels between the ends
    slider.show();
    QSignalSpy edited(&slider, &RangeSlider::edited);
    QTest::mousePress(&slider, Qt::LeftButton, {}, {3, 12});
    QTest::mouseMove(&slider, {43, 12});
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, {43, 12});
    QCOMPARE(slider.start(), 0.2);
    QTest::mousePress(&slider, Qt::LeftButton, {}, {203, 12});
    QTest::mouseMove(&slider, {163, 12});
    QTest::mouseRelease(&slider, Qt::LeftButton, {}, {163, 12});
    QCOMPARE(slider.end(), 0.8);
    QVERIFY(edited.count() >= 2);
    QTest::keyClick(&slider, Qt::Key_Left); // the end, which was moved last
    QCOMPARE(slider.end(), 0.75);
    QTest::keyClick(&slider, Qt::Key_Up);
    QTest::keyClick(&slider, Qt::Key_End); // the start goes as far as the end lets it
    QVERIFY(slider.start() < slider.end());
    QTest::mouseDClick(&slider, Qt::LeftButton, {}, {100, 12});
    QCOMPARE(slider.start(), 0.0);
    QCOMPARE(slider.end(), 1.0);
    edited.clear();
    slider.setRange(0.1, 0.4);
    QCOMPARE(edited.count(), 0);
}

void TestReferences::blocksAreDragged() {
    BlockWeights weights;
    std::vector<BlockWeights::Column> columns;
    for (const std::string& block : kFakeBlocks) {
        columns.push_back({block, 1});
    }
    weights.resize(270, weights.height());
    weights.setColumns(columns);
    weights.show();
    QSignalSpy edited(&weights, &BlockWeights::edited);
    const QRect third = weights.columnRect(2);
    QTest::mousePress(&weights, Qt::LeftButton, {}, {third.center().x(), third.bottom()});
    QCOMPARE(weights.columns()[2].scale, 0.0);
    QTest::mouseMove(&weights, {third.center().x(), third.top()});
    QCOMPARE(weights.columns()[2].scale, 1.0);
    QTest::mouseRelease(&weights, Qt::LeftButton);
    QCOMPARE(edited.count(), 2);
    QTest::keyClick(&weights, Qt::Key_Right);
    QCOMPARE(weights.current(), 3);
    QTest::keyClick(&weights, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(weights.columns()[3].scale, 0.75);
    QTest::keyClick(&weights, Qt::Key_Delete);
    QCOMPARE(weights.columns()[3].scale, 1.0);
    for (int i = 0; i < 40; ++i) {
        QTest::keyClick(&weights, Qt::Key_Up);
    }
    QCOMPARE(weights.columns()[3].scale, 2.0);
    for (int i = 1; i < 7; ++i) {
        QVERIFY(weights.columnRect(i).left() > weights.columnRect(i - 1).right());
    }
    QVERIFY(weights.columnRect(6).right() < weights.width());
}

void TestReferences::theCardShowsRoleAndRange() {
    OpenCard studio;
    auto* role = studio.card->findChild<MenuButton*>("role");
    QCOMPARE(role->text(), QString("Everything"));
    auto* scene = studio.card->findChild<QAction*>("role_scene");
    QVERIFY(scene);
    scene->trigger();
    QCOMPARE(role->text(), QString("Scene"));
    auto* words = studio.card->findChild<QLabel*>("range_words");
    QVERIFY(words->text().contains("50"));
    studio.session.references().setRange(studio.id, 0.1, 0.5);
    QCOMPARE(role->text(), QString("Custom"));
    QVERIFY(role->toolTip().contains("Scene"));
}

void TestReferences::numbersAreEditableWhenOpen() {
    OpenCard studio;
    auto* start = studio.card->findChild<NumberField*>("range_start_number");
    start->setFocus();
    start->selectAll();
    QTest::keyClicks(start, "0.3");
    QTest::keyClick(start, Qt::Key_Return);
    QCOMPARE(studio.now().range_start, 0.3);
    auto* weights = studio.card->findChild<BlockWeights*>("block_scales");
    QCOMPARE(weights->columns().size(), kFakeBlocks.size());
    QTest::mouseClick(weights, Qt::LeftButton, {}, weights->columnRect(2).center());
    auto* scale = studio.card->findChild<NumberField*>("block_scale_number");
    scale->selectAll();
    QTest::keyClicks(scale, "1.7");
    QTest::keyClick(scale, Qt::Key_Return);
    QCOMPARE(studio.now().block_scales.at("mid"), 1.7);
    QCOMPARE(studio.session.references().references()[0].block_scales.at("mid"), 1.7);
}

// The pixels of the window are, bit for bit, those the pipeline normalises (core/pipeline compares
// these with the tensor).
void TestReferences::theEyeShowsTheEncodersPixels() {
    OpenCard studio;
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    QCOMPARE(studio.details->eyePixels().size(), QSize(64, 64));
    const QImage cropped = studio.details->eyePixels();
    for (const char* fit : {"fit_1", "fit_2"}) {
        QTest::mouseClick(studio.card->findChild<QAbstractButton*>(fit), Qt::LeftButton);
        QTRY_VERIFY(studio.showsTheEncodersPixels());
        QVERIFY(studio.details->eyePixels() != cropped);
    }
    QCOMPARE(studio.now().view.fit, EncoderFit::pad);
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("fit_0"), Qt::LeftButton);
    QTRY_COMPARE(studio.details->eyePixels(), cropped);
}

void TestReferences::theCropIsMovedAndZoomed() {
    OpenCard studio;
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    auto* crop = studio.card->findChild<CropView*>("crop");
    QSignalSpy looked(&studio.session.references(), &ReferenceListModel::looksEdited);
    const QRectF room = crop->pictureRect();
    // The middle square of 80 x 60.
    QCOMPARE(crop->seen(), (PictureShare{0.125, 0, 0.75, 1}));
    QTest::mousePress(crop, Qt::LeftButton, {}, room.center().toPoint());
    QTest::mouseMove(crop, (room.center() - QPointF(room.width(), 0)).toPoint());
    QTRY_VERIFY(studio.details->eyePixels() != studio.wanted()); // seen while it is dragged
    QCOMPARE(studio.now().view.crop, PictureShare{});
    QTest::mouseRelease(crop, Qt::LeftButton);
    QCOMPARE(studio.now().view.crop, (PictureShare{0, 0, 0.75, 1})); // one change, when let go
    QCOMPARE(looked.count(), 1);
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    crop->setFocus();
    QTest::keyClick(crop, Qt::Key_Plus);
    const PictureShare zoomed = studio.now().view.crop;
    QVERIFY(zoomed.width < 0.75);
    QVERIFY(qAbs(zoomed.width * 80 - zoomed.height * 60) < 0.01); // still a square
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    for (int i = 0; i < 200; ++i) {
        QTest::keyClick(crop, i % 2 ? Qt::Key_Plus : Qt::Key_Right, Qt::ShiftModifier);
    }
    GenerationRequest request;
    request.references = studio.session.references().references();
    QVERIFY(validate(request, {.has_ip_adapter = true}).empty()); // never past the picture
    QTest::keyClick(crop, Qt::Key_Delete);
    QCOMPARE(studio.now().view.crop, PictureShare{});
}

void TestReferences::cardsMoveByHandleAndKeyboard() {
    StudioFixture studio;
    for (int i = 0; i < 3; ++i) {
        studio.session.references().add({.name = QString::number(i), .image = picture(8, 8, i)});
    }
    const auto order = [&studio] {
        QString names;
        for (const ReferenceCard& card : studio.session.references().cards()) {
            names += card.name;
        }
        return names;
    };
    QTRY_VERIFY(studio.isIdle());
    QTest::qWait(1); // the cards are laid out
    const auto views = [&studio] {
        QList<ReferenceCardView*> found = studio.window.findChildren<ReferenceCardView*>();
        std::ranges::sort(found, {}, [](const ReferenceCardView* view) { return view->y(); });
        return found;
    };
    ReferenceCardView* first = views()[0];
    auto* handle = first->findChild<QWidget*>("handle");
    const int pitch = views()[1]->y() - first->y();
    QTest::mousePress(handle, Qt::LeftButton, {}, {20, 20});
    QTest::mouseMove(handle, {20, 60});
    QTest::mouseMove(handle, {20, 50 + pitch});
    QVERIFY(studio.find<QWidget>("drop_mark")->isVisible());
    QCOMPARE(order(), QString("012")); // not before it is let go
    QTest::mouseRelease(handle, Qt::LeftButton, {}, {20, 50 + pitch});
    QCOMPARE(order(), QString("102"));
    QVERIFY(!studio.find<QWidget>("drop_mark")->isVisible());
    QTRY_COMPARE(views()[1], first);
    QCOMPARE(studio.script->runs.load(), 0);

    QApplication::setActiveWindow(&studio.window);
    handle->setFocus();
    QTRY_VERIFY(handle->hasFocus());
    QTest::keyClick(handle, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(order(), QString("120"));
    QVERIFY(handle->hasFocus()); // and can go on
    QTest::keyClick(handle, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(order(), QString("120"));
    QTest::keyClick(handle, Qt::Key_Up, Qt::AltModifier);
    QTest::keyClick(handle, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(order(), QString("012"));
}

void TestReferences::strokesPaintAndErase() {
    const auto at = [](const MaskPainting& painting, int x, int y) {
        return qGray(painting.pixels().pixel(x, y));
    };
    MaskPainting painting(nullptr, {100, 100});
    QVERIFY(painting.isEmpty());
    QVERIFY(!painting.finished());
    painting.stroke({20, 50}, {80, 50}, {.radius = 10, .feather = 0.5});
    QCOMPARE(at(painting, 50, 50), 255);
    QCOMPARE(at(painting, 50, 70), 0); // the first stroke began from nothing
    QVERIFY(at(painting, 50, 57) > 0 && at(painting, 50, 57) < 255); // feathered
    painting.stroke({50, 50}, {50, 50}, {.radius = 10, .feather = 0, .erase = true});
    QCOMPARE(at(painting, 50, 50), 0);
    QCOMPARE(at(painting, 30, 50), 255);
    const ImagePtr kept = painting.finished();
    QCOMPARE(kept->channels, 1);
    const MaskPainting again(kept, {100, 100});
    QCOMPARE(again.pixels(), painting.pixels());
    painting.invert();
    QCOMPARE(at(painting, 50, 70), 255);
    painting.clear();
    QVERIFY(!painting.finished());
    MaskPainting erased(nullptr, {100, 100});
    erased.stroke({50, 50}, {50, 50}, {.radius = 10, .erase = true});
    QCOMPARE(at(erased, 50, 50), 0);
    QCOMPARE(at(erased, 5, 5), 255); // began from all
}

void TestReferences::aStrokeIsOneChange() {
    OpenCard studio;
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("look_mask"), Qt::LeftButton);
    auto* brush = studio.card->findChild<MaskEditor*>("mask_editor");
    QVERIFY(brush->isVisible());
    QSignalSpy changed(&studio.session.references(), &QAbstractItemModel::dataChanged);
    const QPoint middle = brush->rect().center();
    QTest::mousePress(brush, Qt::LeftButton, {}, middle);
    for (int i = 0; i < 10; ++i) {
        QTest::mouseMove(brush, middle + QPoint(i, i));
    }
    QCOMPARE(changed.count(), 0);
    QTest::mouseRelease(brush, Qt::LeftButton, {}, middle + QPoint(10, 10));
    QCOMPARE(changed.count(), 1);
    QVERIFY(studio.now().view.look_mask);
    QCOMPARE(studio.now().look_mask_path, keptPath(Kept::mask, *studio.now().view.look_mask));
    QTRY_VERIFY(QFile::exists(studio.now().look_mask_path));
    const double before = brush->brushShare();
    QTest::keyClick(brush, Qt::Key_BracketRight);
    QVERIFY(brush->brushShare() > before);
    QTest::keyClick(brush, Qt::Key_BracketLeft);
    QTest::keyClick(brush, Qt::Key_Escape);
    QVERIFY(!brush->isVisible());
    QVERIFY(studio.now().view.look_mask);
}

void TestReferences::theLookMaskCoversTheRest() {
    OpenCard studio;
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("look_mask"), Qt::LeftButton);
    auto* brush = studio.card->findChild<MaskEditor*>("mask_editor");
    QTest::mouseClick(brush, Qt::LeftButton, {}, brush->rect().center());
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    QCOMPARE(studio.details->eyePixels().pixelColor(2, 2), QColor(123, 117, 104));
    QVERIFY(studio.details->eyePixels().pixelColor(32, 32) != QColor(123, 117, 104));
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("invert_look_mask"), Qt::LeftButton);
    QTRY_VERIFY(studio.showsTheEncodersPixels());
    QTRY_COMPARE(studio.details->eyePixels().pixelColor(32, 32), QColor(123, 117, 104));
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("clear_look_mask"), Qt::LeftButton);
    QVERIFY(!studio.now().view.look_mask);
    QVERIFY(studio.now().look_mask_path.isEmpty());
    QTRY_VERIFY(studio.showsTheEncodersPixels());
}

void TestReferences::theOutputMaskIsPaintedOverThePicture() {
    OpenCard studio;
    QSignalSpy shown(&studio.window, &MainWindow::pictureShown);
    studio.window.generate();
    QVERIFY(shown.wait());
    QTRY_VERIFY(studio.isIdle());
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("paint_mask"), Qt::LeftButton);
    auto* bar = studio.find<CanvasMask>("canvas_mask");
    QVERIFY(bar->isVisible());
    auto* brush = studio.window.view().findChild<MaskEditor*>("mask_editor");
    const QRectF room = studio.window.view().pictureRect();
    const QPoint left(qRound(room.left() + room.width() / 4), qRound(room.center().y()));
    QTest::mouseClick(brush, Qt::LeftButton, {}, left);
    const ImagePtr mask = studio.now().mask;
    QVERIFY(mask);
    QCOMPARE(mask->width, 512); // of a picture of 128 x 128
    QCOMPARE(int(mask->u8()[256 * 512 + 128]), 255);
    QCOMPARE(int(mask->u8()[256 * 512 + 384]), 0);
    // The right button erases what it meets.
    QTest::mouseClick(brush, Qt::RightButton, {}, left);
    QCOMPARE(int(studio.now().mask->u8()[256 * 512 + 128]), 0);
    QTest::mouseClick(brush, Qt::LeftButton, {}, left);
    QTRY_COMPARE(studio.session.shown()->request.references[0].mask, studio.now().mask);
    QTest::keyClick(brush, Qt::Key_Escape);
    QVERIFY(!bar->isVisible());
    QVERIFY(studio.window.areDocksVisible()); // hiding the brush is no Tab on the picture
    // A closed card, too, says that its strength is not that of the whole picture.
    const auto* tile = studio.card->findChild<ImageTile*>("handle");
    QCOMPARE(tile->mark(), QString("brush"));
    QVERIFY(tile->toolTip().contains("only in a part"));
    QTest::mouseClick(studio.card->findChild<QAbstractButton*>("clear_mask"), Qt::LeftButton);
    QVERIFY(!studio.now().mask);
    QCOMPARE(tile->mark(), QString());
}

void TestReferences::aReferenceHasAnAdapterOfItsOwn() {
    OpenCard studio;
    auto* choice = studio.card->findChild<ChoiceBox*>("card_adapter");
    const auto asked = [&] { return studio.session.currentRequest().references.at(0).ip_adapter; };
    QCOMPARE(choice->count(), 1);
    studio.session.references().setAdapters({"plain", "/models/style & colour.safetensors"});
    QCOMPARE(choice->count(), 3);
    QCOMPARE(choice->itemText(2), QString("style & colour"));
    const auto choose = [&](int index) {
        choice->setCurrentIndex(index);
        Q_EMIT choice->activated(index);
    };
    choose(1);
    QCOMPARE(asked(), std::string("plain"));
    const EditHistory& edits = studio.session.edits();
    QCOMPARE(edits.stack().undoText(), QString("Adapter of mug.png"));
    studio.session.edits().undo();
    QCOMPARE(asked(), std::string());
    QCOMPARE(choice->currentIndex(), 0);
    studio.session.edits().redo();
    QCOMPARE(asked(), std::string("plain"));
    // What a request brings back is shown, known or not.
    GenerationRequest request = studio.session.currentRequest();
    request.references[0].path = studio.picture("mug.png", Qt::red).toStdString();
    request.references[0].ip_adapter = "/elsewhere/face.safetensors";
    studio.session.useSettings(request_from_json(to_json(request)));
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QCOMPARE(asked(), std::string("/elsewhere/face.safetensors"));
    // A file that is none is told and not taken.
    const quint64 id = studio.session.references().cards().front().id;
    studio.session.setCardAdapter(id, studio.folder.filePath("film-lora.safetensors"));
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(studio.window.notices().notices().back().reason.contains("wanted here: an IP-Adapter"));
    QCOMPARE(asked(), std::string("/elsewhere/face.safetensors"));
    studio.session.setCardAdapter(id, studio.folder.filePath("style-adapter.safetensors"));
    QTRY_COMPARE(asked(), studio.folder.filePath("style-adapter.safetensors").toStdString());
    // It was for that model.
    studio.session.openModel(studio.folder.filePath("other-model.safetensors"));
    QTRY_COMPARE(asked(), std::string());
    studio.session.edits().undo();
    QCOMPARE(asked(), studio.folder.filePath("style-adapter.safetensors").toStdString());
}

void TestReferences::masksComeBackWithTheSettings() {
    OpenCard studio;
    Image mask = make_image(32, 32, 1);
    std::fill_n(mask.u8(), 512, std::uint8_t{255});
    const auto painted = std::make_shared<const Image>(mask);
    studio.session.setMask(studio.id, painted);
    studio.session.setLookMask(studio.id, painted);
    studio.session.references().setRole(studio.id, ReferenceRole::style);
    studio.session.references().setFit(studio.id, EncoderFit::pad);
    QTRY_VERIFY(QFile::exists(studio.now().mask_path));
    GenerationRequest request = studio.session.currentRequest();
    request.references[0].path = studio.picture("mug.png", Qt::red).toStdString();
    const GenerationRequest read = request_from_json(to_json(request));
    studio.session.useSettings(read);
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    const ReferenceCard& back = studio.session.references().cards().front();
    QCOMPARE(*back.mask, mask);
    QCOMPARE(*back.view.look_mask, mask);
    QCOMPARE(back.view.fit, EncoderFit::pad);
    QCOMPARE(studio.session.references().role(back), ReferenceRole::style);
    // A mask that is gone is told, and the reference stays.
    GenerationRequest without = read;
    without.references[0].mask_path = "/nowhere/mask.png";
    studio.session.useSettings(without);
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(studio.window.notices().notices().front().reason.contains("mask.png"));
    QCOMPARE(studio.session.references().references().size(), 1U);
}

void TestReferences::aFileThatIsAnotherPictureIsTold() {
    StudioFixture studio;
    const QString path = studio.picture("mug.png", Qt::red);
    const auto content = [&] { return sha256(read_file(path.toStdString(), 1U << 20U)); };
    const auto& references = studio.session.references();
    studio.drop({path}, studio.onReferences());
    QTRY_COMPARE(references.references().size(), 1U);
    const GenerationRequest request = studio.session.currentRequest();
    QCOMPARE(request.references[0].sha256, content());
    const auto read = request_from_json(to_json(request));
    const auto notices = [&] { return studio.window.notices().notices(); };
    const auto use = [&] {
        studio.session.useSettings(read);
        return QTest::qWaitFor([&] { return references.references().size() == 1; });
    };
    QVERIFY(use());
    QVERIFY(notices().isEmpty());
    studio.picture("mug.png", Qt::blue);
    QVERIFY(use());
    QTRY_COMPARE(notices().size(), 1);
    QCOMPARE(notices().front().title, QString("mug.png is another picture than it was"));
    QCOMPARE(studio.session.currentRequest().references[0].sha256, content());
    QVERIFY(content() != request.references[0].sha256);
}

void TestReferences::aWaitingJobTellsItToo() {
    StudioFixture studio;
    const auto runner =
        reading([] { return std::make_unique<FakeRunner>(std::make_shared<FakeScript>()); })();
    GenerationRequest request{.width = 32, .height = 32, .num_inference_steps = 2};
    request.references = {{.path = studio.picture("mug.png", Qt::red).toStdString()}};
    const Result first = runner->run(request, Progress{});
    QVERIFY(first.notices.empty());
    request.references[0].sha256 = first.images.at(0).request.references.at(0).sha256;
    QCOMPARE(request.references[0].sha256.size(), 64U);
    QVERIFY(runner->run(request, Progress{}).notices.empty());
    studio.picture("mug.png", Qt::blue);
    const Result changed = runner->run(request, Progress{});
    QCOMPARE(changed.notices.size(), 1U);
    QVERIFY(changed.notices[0].text().find("mug.png") != std::string::npos);
    QVERIFY(changed.images.at(0).request.references.at(0).sha256 != request.references[0].sha256);
}

void TestReferences::setsAreKeptAndLoaded() {
    StudioFixture studio;
    auto& references = studio.session.references();
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(references.references().size(), 1U);
    studio.session.addPictures({.sources = {{.name = "pasted", .pixels = picture(20, 10)}}});
    QTRY_COMPARE(references.references().size(), 2U);
    QTRY_VERIFY(QFileInfo::exists(references.cards()[1].path));
    QTRY_VERIFY(!references.blocks().empty());
    const quint64 mug = references.cards()[0].id;
    references.setRole(mug, ReferenceRole::composition);
    references.setScale(mug, 0.9);
    references.setMuted(references.cards()[1].id, true);
    studio.session.request().edit([](GenerationRequest& r) { r.master_scale = 0.5; });
    const auto before = references.cards();

    studio.session.saveReferenceSet("Harbour & mug");
    QTRY_COMPARE(reference_sets::names(), QStringList{"Harbour & mug"});
    references.clear();
    studio.session.request().edit([](GenerationRequest& r) { r.master_scale = 1; });
    studio.session.loadReferenceSet("Harbour & mug");
    QTRY_COMPARE(references.rowCount(), 2);
    QTRY_VERIFY(!references.isReading());
    for (std::size_t i = 0; i < before.size(); ++i) {
        const ReferenceCard& after = references.cards()[i];
        QCOMPARE(after.name, before[i].name);
        QCOMPARE(after.role, before[i].role);
        QCOMPARE(after.muted, before[i].muted);
        QCOMPARE(after.ip_adapter_scale, before[i].ip_adapter_scale);
        QVERIFY(after.block_scales == before[i].block_scales);
        QCOMPARE(*after.image, *before[i].image); // the pasted one, too, was kept
    }
    QCOMPARE(studio.session.request().request().master_scale, 0.5);
    // It is offered in the menu.
    auto* menu = studio.find<QMenu>("references_menu");
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->findChild<QAction*>("open_set")->text(), QString("Harbour && mug"));
    studio.session.loadReferenceSet("not there");
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QCOMPARE(references.rowCount(), 2); // what was there stays
}

void TestReferences::damagedSetsAreRefused() {
    ReferenceSet set;
    set.cards.push_back({.name = "a", .path = "/a.png"});
    const std::string good = reference_sets::toJson(set);
    QCOMPARE(reference_sets::fromJson(good).cards.size(), 1U);
    const std::string bad[] = {
        "",
        "[]",
        "{}",
        "null",
        R"({"reference_set":2,"request":{}})",
        R"({"reference_set":1,"request":[]})",
        R"({"reference_set":1,"request":{"references":[{"path":1}]}})",
        R"({"reference_set":1,"request":{"references":[{"path":"a","range":[1,0]}]}})",
        R"({"reference_set":1,"request":{"references":[{"path":"a","block_scales":{"x":1}}]}})",
        good.substr(0, good.size() / 2)};
    for (const std::string& text : bad) {
        QVERIFY_EXCEPTION_THROWN((void)reference_sets::fromJson(text), Error);
    }
    // What stands beside the request may be missing or odd.
    const auto odd = reference_sets::fromJson(
        R"({"reference_set":1,"cards":[7],"request":{"references":[{"path":"a"}]}})");
    QVERIFY(odd.cards[0].name.isEmpty());
}

void TestReferences::badNamesAreRefused() {
    for (const char* name : {"", " ", "a/b", "..", ".hidden", "a.", "CON", "nul.txt", "COM1",
                             "a\\b", "a:b", "tab\there", " a", "a "}) {
        QVERIFY2(!reference_sets::nameProblem(name).isEmpty(), name);
    }
    QVERIFY(!reference_sets::nameProblem(QString(81, 'a')).isEmpty());
    for (const char* name : {"Mug", "Häfen & Boote", "v1.2", "CONTROL", "日本"}) {
        QVERIFY2(reference_sets::nameProblem(name).isEmpty(), name);
    }
}

QTEST_MAIN(TestReferences)
#include "test_references.moc"
