#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/request/json.h"
#include "tests/ui/studio_fixture.h"
#include "ui/model/picture_export.h"
#include "ui/model/picture_library.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/library_panel.h"
#include "ui/panels/picture_tiles.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSet>
#include <QSignalSpy>

#include <filesystem>

using namespace likeness;

namespace {

namespace fs = std::filesystem;

ResultImage made(std::uint64_t seed, const std::string& prompt) {
    Image image = make_image(32, 24);
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        image.u8()[i] = static_cast<std::uint8_t>(i * 3 + seed * 40);
    }
    return {std::make_shared<const Image>(std::move(image)),
            {.prompt = prompt, .width = 32, .height = 24, .seed = seed}};
}

// A library with a picture for each prompt, seeds counting from 1; the last one is the newest.
std::unique_ptr<PictureLibrary> filled(const QString& folder,
                                       const std::vector<std::string>& prompts) {
    auto library = std::make_unique<PictureLibrary>(folder);
    std::uint64_t seed = 0;
    for (const std::string& prompt : prompts) {
        const ResultImage result = made(++seed, prompt);
        library->keep(result, toScreen(*result.image));
    }
    const bool kept = QTest::qWaitFor(
        [&] {
            return !library->isKeeping() && !library->isSearching() &&
                   library->rowCount() == static_cast<int>(prompts.size());
        },
        10'000);
    return kept ? std::move(library) : nullptr;
}

SessionParts partsIn(const QString& folder) {
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.library_folder = folder;
    return parts;
}

QString wordsOfNotices(const StudioFixture& studio) {
    QString words;
    for (const Notice& notice : const_cast<StudioFixture&>(studio).window.notices().notices()) {
        words += notice.title + '\n' + notice.reason + '\n';
    }
    return words;
}

QAction* actionOf(QMenu& menu, const QString& text) {
    for (QAction* action : menu.actions()) {
        if (action->text().startsWith(text)) {
            return action;
        }
    }
    return nullptr;
}

} // namespace

// The library as a person meets it: the model, the dock, and the window over the fake runner.
class TestPictureLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        init_imageio();
        applyTheme(*qApp, ThemeKind::dark);
    }

    void aPictureIsOnTheDiskWhenItIsShown();
    void severalAtOnceKeepTheirOrder();
    void aRestartFindsThem();
    void wordsStarsAndOrderChoose();
    void thumbnailsComeAndAreKept();
    void trashAndBack();
    void theDiskRefuses();
    void aLibraryThatCannotBeOpenedStopsNothing();
    void draggedTilesAreReferencesSettingsAndFiles();
    void theHeadFindsAndSorts();
    void keysAndClicksGiveStars();
    void theMenuKnowsItsPictures();
    void albumsAreChosenAndLeft();
    void exportKeepsOrStripsTheSettings();
    void exportTellsAllFailuresOnce();
    void theDialogAsksForAllOfIt();
    void settingsOfOtherProgramsComeBack();
    void killsCostNoPictureThatWasShown();
    void whatIsChosenStaysChosen();
    void eachUndoOfTheTrashIsItsOwn();
    void aMissingFileStopsNoTrash();
    void aTileLetGoInTheLibraryGoesNowhere();
};

void TestPictureLibrary::aPictureIsOnTheDiskWhenItIsShown() {
    const QTemporaryDir folder;
    StudioFixture studio(partsIn(folder.path()));
    studio.find<QPlainTextEdit>("prompt")->setPlainText("a mug on a beach");
    QString path;
    bool whole = false;
    QObject::connect(&studio.session, &Session::shownChanged, [&] {
        path = studio.session.library().pathOf(studio.session.shownId());
        whole = QFile::exists(path) && QFile::exists(path + ".json");
    });
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value());
    QVERIFY(whole);
    QVERIFY(path.startsWith(folder.path()));
    const std::optional<std::string> inside = read_embedded_request(path.toStdString());
    QVERIFY(inside.has_value());
    QCOMPARE(request_from_json(*inside).prompt, std::string("a mug on a beach"));
    QCOMPARE(load_image(path.toStdString()), *studio.session.shown()->image);
    QCOMPARE(studio.session.library().rowOf(studio.session.shownId()), 0);
    QCOMPARE(studio.find<PictureTiles>("pictures")->currentPicture(), studio.session.shownId());
}

void TestPictureLibrary::severalAtOnceKeepTheirOrder() {
    const QTemporaryDir folder;
    const auto library = filled(folder.path(), {"a", "b", "c", "d", "e"});
    QVERIFY(library);
    const QAbstractItemModelTester tester(library.get());
    const ResultImage last = made(9, "last");
    library->keep(last, toScreen(*last.image)); // goes with it: closing waits for the disk
    QStringList seeds;
    for (int row = 0; row < library->rowCount(); ++row) {
        library->load(
            library->idAt(row),
            [&](const LibraryPicture& picture) {
                seeds << QString::number(picture.result.request.seed);
            },
            [](const Refusal&) {});
    }
    QCOMPARE(seeds, (QStringList{"5", "4", "3", "2", "1"}));
}

void TestPictureLibrary::aRestartFindsThem() {
    const QTemporaryDir folder;
    PictureId best = 0;
    {
        const auto library = filled(folder.path(), {"a mug", "a duck"});
        QVERIFY(library);
        best = library->idAt(1);
        library->setStars({best}, 4);
        const ResultImage last = made(3, "just before the end");
        library->keep(last, toScreen(*last.image));
    }
    {
        PictureLibrary library(folder.path());
        QTRY_COMPARE(library.rowCount(), 3);
        QCOMPARE(library.index(2).data(PictureLibrary::StarsRole).toInt(), 4);
        QCOMPARE(library.idAt(2), best);
    }
    fs::remove(fs::path(folder.path().toStdString()) / "index.sqlite");
    PictureLibrary library(folder.path()); // the index is only an index
    QTRY_COMPARE(library.rowCount(), 3);
    QCOMPARE(library.index(2).data(PictureLibrary::StarsRole).toInt(), 4);
}

void TestPictureLibrary::wordsStarsAndOrderChoose() {
    const QTemporaryDir folder;
    const auto library = filled(folder.path(), {"a red mug", "a blue duck", "a red duck"});
    QVERIFY(library);
    const QAbstractItemModelTester tester(library.get());
    const PictureId mug = library->idAt(2);
    library->setFilter({.words = "DUCK red"});
    QTRY_COMPARE(library->rowCount(), 1);
    library->setFilter({.words = "zebra"});
    QTRY_COMPARE(library->rowCount(), 0);
    library->setFilter({.order = PictureOrder::oldest});
    QTRY_COMPARE(library->rowCount(), 3);
    QCOMPARE(library->idAt(0), mug);
    library->setFilter({.order = PictureOrder::newest});
    QTRY_COMPARE(library->idAt(2), mug);
    library->setStars({mug}, 2);
    library->setFilter({.order = PictureOrder::most_stars});
    QTRY_COMPARE(library->idAt(0), mug);
    library->setFilter({.stars = 2});
    QTRY_COMPARE(library->rowCount(), 1);
    library->setStars({mug}, 1); // it no longer belongs here
    QTRY_COMPARE(library->rowCount(), 0);
}

void TestPictureLibrary::thumbnailsComeAndAreKept() {
    const QTemporaryDir folder;
    QVERIFY(filled(folder.path(), {"a mug"}));
    {
        PictureLibrary library(folder.path());
        QTRY_COMPARE(library.rowCount(), 1);
        QTRY_VERIFY(!library.index(0).data(Qt::DecorationRole).value<QImage>().isNull());
        const auto tile = library.index(0).data(Qt::DecorationRole).value<QImage>();
        QCOMPARE(tile.width(), tile.height());
        QVERIFY(library.index(0).data(Qt::ToolTipRole).toString().contains("a mug"));
        QVERIFY(library.index(0).data(Qt::ToolTipRole).toString().contains("32 x 24"));
    }
    QDir cache(folder.filePath(".thumbnails"));
    QCOMPARE(cache.entryList(QDir::Files).size(), 1);
    QFile kept(cache.filePath(cache.entryList(QDir::Files).front()));
    QVERIFY(kept.open(QIODevice::WriteOnly));
    kept.write("cut");
    kept.close();
    PictureLibrary library(folder.path());
    QTRY_COMPARE(library.rowCount(), 1);
    QTRY_VERIFY(!library.index(0).data(Qt::DecorationRole).value<QImage>().isNull()); // anew
}

void TestPictureLibrary::trashAndBack() {
    const QTemporaryDir folder;
    StudioFixture studio(partsIn(folder.path()));
    PictureLibrary& library = studio.session.library();
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 1);
    const PictureId id = library.idAt(0);
    library.setStars({id}, 3);
    const QString path = library.pathOf(id);
    auto* tiles = studio.find<PictureTiles>("pictures");
    tiles->setCurrentIndex(library.index(0));
    QTest::keyClick(tiles, Qt::Key_Delete);
    QCOMPARE(library.rowCount(), 0); // at once
    QTRY_VERIFY(!QFile::exists(path));
    QTRY_COMPARE(library.trashed(), 1);
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QTRY_COMPARE(library.rowCount(), 1);
    QVERIFY(QFile::exists(path));
    QCOMPARE(library.index(0).data(PictureLibrary::StarsRole).toInt(), 3);
    library.trash({id});
    library.setFilter({.trashed = true});
    QTRY_COMPARE(library.rowCount(), 1);
    QTRY_COMPARE(library.trashed(), 1);
    QMenu menu;
    studio.find<LibraryPanel>("library_panel")->fillMenu(menu, {id});
    QAction* restore = actionOf(menu, "Restore");
    QVERIFY(restore);
    restore->trigger();
    QTRY_COMPARE(library.trashed(), 0);
    library.setFilter({});
    QTRY_COMPARE(library.rowCount(), 1);
    library.trash({id});
    library.emptyTrash();
    QTRY_VERIFY(!fs::exists(fs::path(folder.path().toStdString()) / "trash" /
                            fs::path(path.toStdString()).parent_path().filename() /
                            fs::path(path.toStdString()).filename()));
    QTRY_COMPARE(library.trashed(), 0);
}

// Where the folder cannot be written, the picture stays in memory and is told of.
void TestPictureLibrary::theDiskRefuses() {
    const QTemporaryDir folder;
    StudioFixture studio(partsIn(folder.path()));
    PictureLibrary& library = studio.session.library();
    QTRY_VERIFY(library.isOpen());
    // Whoever the tests run as: a file in the place of the day's folder.
    const QString day = folder.filePath(QDate::currentDate().toString("yyyy-MM-dd"));
    QFile obstacle(day);
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    obstacle.close();
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value());
    QVERIFY(studio.session.shownId() < 0);
    QCOMPARE(library.rowCount(), 1);
    QVERIFY(!library.index(0).data(PictureLibrary::SavedRole).toBool());
    QTRY_VERIFY(wordsOfNotices(studio).contains("still here in memory"));
    QTRY_VERIFY(!library.isSearching());
    QCOMPARE(library.rowCount(), 1); // a search does not lose it
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton); // try again
    QTRY_VERIFY(!library.isKeeping());
    QVERIFY(studio.session.shownId() < 0);
    const QString elsewhere = studio.folder.filePath("saved.png");
    studio.session.save(elsewhere, *studio.session.shown(), studio.session.shownId());
    QTRY_VERIFY(QFile::exists(elsewhere));
    QVERIFY(QFile::remove(day));
    studio.window.generate(); // the next one takes it along
    QTRY_COMPARE(library.rowCount(), 2);
    QTRY_VERIFY(library.idAt(0) > 0 && library.idAt(1) > 0);
    QVERIFY(QFile::exists(library.pathOf(library.idAt(1))));
}

void TestPictureLibrary::aLibraryThatCannotBeOpenedStopsNothing() {
    const QTemporaryDir folder;
    QFile obstacle(folder.filePath("library"));
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    obstacle.close();
    StudioFixture studio(partsIn(folder.filePath("library")));
    QTRY_VERIFY(wordsOfNotices(studio).contains("was not opened"));
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value());
    QCOMPARE(studio.session.library().rowCount(), 1);
    QVERIFY(QFile::remove(folder.filePath("library")));
    studio.session.library().keepAgain();
    QTRY_VERIFY(studio.session.library().isOpen());
    QTRY_VERIFY(studio.session.library().idAt(0) > 0);
}

void TestPictureLibrary::draggedTilesAreReferencesSettingsAndFiles() {
    StudioFixture studio;
    PictureLibrary& library = studio.session.library();
    studio.find<QPlainTextEdit>("prompt")->setPlainText("first");
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 1);
    studio.find<QPlainTextEdit>("prompt")->setPlainText("second");
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 2);
    const std::unique_ptr<QMimeData> both(library.mimeData({library.index(0), library.index(1)}));
    QCOMPARE(both->urls().size(), 2);
    for (const QUrl& url : both->urls()) {
        QVERIFY(QFile::exists(url.toLocalFile()));
    }
    const auto drop = [&](const QMimeData& data, const QPoint& at) {
        QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&studio.window, &enter);
        QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&studio.window, &event);
    };
    drop(*both, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 2U);
    QVERIFY(!studio.session.references().references()[0].path.empty());
    const std::unique_ptr<QMimeData> first(library.mimeData({library.index(1)}));
    drop(*first, studio.onCanvas());
    QTRY_COMPARE(studio.find<QPlainTextEdit>("prompt")->toPlainText(), QString("first"));
    QCOMPARE(studio.session.shownId(), library.idAt(1));
}

void TestPictureLibrary::theHeadFindsAndSorts() {
    const auto library = filled({}, {"a red mug", "a blue duck", "a red duck"});
    QVERIFY(library);
    LibraryPanel panel(*library);
    panel.resize(1200, 160);
    panel.show();
    auto* count = panel.findChild<PlainLabel*>("picture_count");
    QCOMPARE(count->text(), QString("3 pictures"));
    auto* search = panel.findChild<QLineEdit*>("search");
    QTest::keyClicks(search, "duck");
    QTRY_COMPARE(library->rowCount(), 2);
    QTRY_COMPARE(count->text(), QString("2 pictures found"));
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(search->text(), QString());
    QTRY_COMPARE(library->rowCount(), 3);
    const PictureId newest = library->idAt(0);
    auto* order = panel.findChild<ChoiceBox*>("order");
    order->setFocus();
    QTest::keyClick(order, Qt::Key_Down);
    QTRY_COMPARE(library->idAt(2), newest);
    const int strip = panel.maximumHeight();
    QSignalSpy toggled(&panel, &LibraryPanel::gridToggled);
    QTest::mouseClick(panel.findChild<IconButton*>("grid"), Qt::LeftButton);
    QCOMPARE(toggled.count(), 1);
    QVERIFY(panel.isGrid() && panel.maximumHeight() > strip);
    QVERIFY(panel.sizeHint().height() > strip);
}

void TestPictureLibrary::keysAndClicksGiveStars() {
    const auto library = filled({}, {"a", "b", "c"});
    QVERIFY(library);
    LibraryPanel panel(*library);
    panel.resize(800, 160);
    panel.show();
    auto* tiles = panel.findChild<PictureTiles*>("pictures");
    const auto stars = [&](int row) {
        return library->index(row).data(PictureLibrary::StarsRole).toInt();
    };
    tiles->setCurrentIndex(library->index(0));
    tiles->selectionModel()->select(library->index(2), QItemSelectionModel::Select);
    QTest::keyClick(tiles, Qt::Key_4);
    QCOMPARE(stars(0), 4);
    QCOMPARE(stars(1), 0);
    QCOMPARE(stars(2), 4);
    // The third star under the second tile; the same again takes them away. Neither chooses it.
    QSignalSpy chosen(&panel, &LibraryPanel::chosen);
    const QRect cell = tiles->visualRect(library->index(1));
    const QPoint third(cell.x() + 4 + 2 * 13 + 6, cell.bottom() - 8);
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, third);
    QCOMPARE(stars(1), 3);
    QCOMPARE(stars(0), 4); // not among the chosen ones: only it
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, third);
    QCOMPARE(stars(1), 0);
    QCOMPARE(chosen.count(), 0);
    QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {}, cell.center());
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][0].value<PictureId>(), library->idAt(1));
}

void TestPictureLibrary::theMenuKnowsItsPictures() {
    const auto library = filled({}, {"a", "b"});
    QVERIFY(library);
    LibraryPanel panel(*library);
    QMenu one, both;
    const PictureId a = library->idAt(1), b = library->idAt(0);
    panel.fillMenu(one, {a});
    panel.fillMenu(both, {a, b});
    QVERIFY(actionOf(one, "Use its settings")->isEnabled());
    QVERIFY(!actionOf(both, "Use its settings")->isEnabled());
    QSignalSpy references(&panel, &LibraryPanel::referencesRequested);
    actionOf(both, "Use as references")->trigger();
    QCOMPARE(references[0][0].value<QList<PictureId>>(), (QList<PictureId>{a, b}));
    QSignalSpy exported(&panel, &LibraryPanel::exportRequested);
    actionOf(both, "Export 2")->trigger();
    QCOMPARE(exported.count(), 1);
    actionOf(one, "Move to the trash")->trigger();
    QCOMPARE(library->rowCount(), 1);
    QCOMPARE(library->rowOf(a), -1);
}

void TestPictureLibrary::albumsAreChosenAndLeft() {
    const auto library = filled({}, {"a", "b"});
    QVERIFY(library);
    LibraryPanel panel(*library);
    const PictureId a = library->idAt(1);
    library->addToAlbum({a}, "<b>&mugs");
    auto* albums = panel.findChild<ChoiceBox*>("albums");
    QTRY_COMPARE(albums->count(), 3);
    QCOMPARE(albums->itemText(1), QString("<b>&mugs (1)"));
    albums->setCurrentIndex(1);
    Q_EMIT albums->activated(1);
    QTRY_COMPARE(library->rowCount(), 1);
    QCOMPARE(library->idAt(0), a);
    QTRY_COMPARE(albums->currentIndex(), 1);
    library->removeFromAlbum({a}, "<b>&mugs");
    QTRY_COMPARE(library->rowCount(), 0);
    // It is told what is shown, with nothing left in it.
    QTRY_COMPARE(albums->currentText(), QString("<b>&mugs (0)"));
    albums->setCurrentIndex(0);
    Q_EMIT albums->activated(0);
    QTRY_COMPARE(library->rowCount(), 2);
    QTRY_COMPARE(albums->count(), 2);
}

void TestPictureLibrary::exportKeepsOrStripsTheSettings() {
    StudioFixture studio;
    PictureLibrary& library = studio.session.library();
    studio.find<QPlainTextEdit>("prompt")->setPlainText("a mug");
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 1);
    const std::uint64_t seed = studio.session.shown()->request.seed;
    const PictureId id = library.idAt(0);
    ExportOptions options{.folder = studio.folder.filePath("out"),
                          .name_template = "{prompt} {seed} {number}"};
    studio.session.exportPictures({id}, options);
    const QString stem = QString("a mug %1 001").arg(seed);
    const QString path = options.folder + '/' + stem + ".png";
    QTRY_VERIFY(QFile::exists(path));
    QCOMPARE(load_image(path.toStdString()), *studio.session.shown()->image);
    QCOMPARE(request_from_json(*read_embedded_request(path.toStdString())).prompt,
             std::string("a mug"));
    options.with_settings = false;
    options.longest_side = 64;
    for (const auto& [format, ending] :
         {std::pair(ImageFormat::png, "png"), std::pair(ImageFormat::jpeg, "jpg"),
          std::pair(ImageFormat::tiff, "tif"), std::pair(ImageFormat::webp, "webp"),
          std::pair(ImageFormat::exr, "exr")}) {
        options.format = format;
        studio.session.exportPictures({id}, options);
        const bool taken = format == ImageFormat::png; // a name that is there is not written over
        const QString stripped =
            options.folder + '/' + stem + (taken ? " 2." : ".") + QLatin1String(ending);
        QTRY_VERIFY2(QFile::exists(stripped), qPrintable(stripped));
        QVERIFY(!read_embedded_request(stripped.toStdString()));
        QCOMPARE(load_image(stripped.toStdString()).width, 64);
    }
    QCOMPARE(load_image(path.toStdString()).width, 128);
    QVERIFY(studio.window.notices().notices().isEmpty());
}

void TestPictureLibrary::exportTellsAllFailuresOnce() {
    StudioFixture studio;
    PictureLibrary& library = studio.session.library();
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 1);
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 2);
    QFile obstacle(studio.folder.filePath("file"));
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    studio.session.exportPictures({library.idAt(0), library.idAt(1)},
                                  {.folder = studio.folder.filePath("file")});
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(wordsOfNotices(studio).contains("not exported"));
}

void TestPictureLibrary::theDialogAsksForAllOfIt() {
    ExportDialog dialog({.folder = "/somewhere", .format = ImageFormat::jpeg, .quality = 80}, 2);
    dialog.show();
    QCOMPARE(dialog.options().format, ImageFormat::jpeg);
    auto* quality = dialog.findChild<NumberField*>("export_quality");
    QVERIFY(quality->isEnabled());
    QCOMPARE(quality->value(), 80.0);
    auto* format = dialog.findChild<ChoiceBox*>("export_format");
    format->setCurrentIndex(0);
    QVERIFY(!quality->isEnabled()); // a PNG has none
    dialog.findChild<QCheckBox*>("export_settings")->setChecked(false);
    dialog.findChild<QLineEdit*>("export_name")->setText("{number}");
    QSignalSpy wished(&dialog, &ExportDialog::exportRequested);
    QTest::mouseClick(dialog.findChild<TextButton*>("export_now"), Qt::LeftButton);
    QCOMPARE(wished.count(), 1);
    const auto options = wished[0][0].value<ExportOptions>();
    QCOMPARE(options, (ExportOptions{.folder = "/somewhere",
                                     .quality = 80,
                                     .name_template = "{number}",
                                     .with_settings = false}));
    QVERIFY(!dialog.isVisible());
}

void TestPictureLibrary::settingsOfOtherProgramsComeBack() {
    StudioFixture studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QImage image(64, 64, QImage::Format_RGB888);
    image.fill(Qt::green);
    image.setText("parameters", "a duck <lora:film:0.8>\nNegative prompt: blur\nSteps: 9, Sampler: "
                                "DPM fast, CFG scale: 4, Seed: 77, Size: 128x64, Model: unknown");
    const QString path = studio.folder.filePath("theirs.png");
    QVERIFY(image.save(path));
    studio.drop({path}, studio.onCanvas());
    QTRY_COMPARE(studio.find<QPlainTextEdit>("prompt")->toPlainText(), QString("a duck"));
    const GenerationRequest& request = studio.session.request().request();
    QCOMPARE(request.num_inference_steps, std::optional(9));
    QCOMPARE(request.seed, std::uint64_t{77});
    QCOMPARE(request.height, std::optional(64));
    QCOMPARE(studio.session.references().rowCount(), 1); // theirs had none: mine stays
    const QString words = wordsOfNotices(studio);
    for (const char* what : {"AUTOMATIC1111", "LoRA film (0.8)", "DPM fast", "unknown"}) {
        QVERIFY2(words.contains(what), qPrintable(words));
    }
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QCOMPARE(studio.find<QPlainTextEdit>("prompt")->toPlainText(), QString());
    image.setText("parameters", "cut before its last line");
    QVERIFY(image.save(path));
    studio.drop({path}, studio.onCanvas());
    QTRY_VERIFY(wordsOfNotices(studio).contains("not read"));
    QCOMPARE(studio.session.references().rowCount(), 1);
}

void TestPictureLibrary::killsCostNoPictureThatWasShown() {
    constexpr int kKills = 12;
    const QTemporaryDir folder;
    QStringList shown;
    for (int kill = 0; kill < kKills; ++kill) {
        QProcess studio;
        studio.start(QCoreApplication::applicationDirPath() + "/keep-until-killed",
                     {folder.path()});
        QVERIFY(studio.waitForReadyRead(10'000));
        QTest::qWait(kill * 7);
        studio.kill();
        QVERIFY(studio.waitForFinished());
        const QString told = QString::fromLocal8Bit(studio.readAllStandardOutput());
        shown += told.left(told.lastIndexOf('\n')).split('\n', Qt::SkipEmptyParts);
    }
    QVERIFY2(shown.size() >= kKills, qPrintable(QString::number(shown.size())));
    PictureLibrary library(folder.path());
    QSet<QString> listed;
    QTRY_VERIFY(library.rowCount() >= shown.size() && !library.isSearching());
    for (int row = 0; row < library.rowCount(); ++row) {
        listed.insert(library.pathOf(library.idAt(row)));
    }
    for (const QString& path : std::as_const(shown)) {
        QVERIFY2(listed.contains(path), qPrintable(path));
        QVERIFY(QFile::exists(path + ".json"));
        QCOMPARE(load_image(path.toStdString()).width, 64);
    }
}

void TestPictureLibrary::whatIsChosenStaysChosen() {
    const auto library = filled({}, {"a", "b", "c", "d"});
    QVERIFY(library);
    LibraryPanel panel(*library);
    panel.show();
    auto* tiles = panel.findChild<PictureTiles*>("pictures");
    const PictureId b = library->idAt(2), c = library->idAt(1);
    tiles->setCurrentIndex(library->index(1));
    tiles->selectionModel()->select(library->index(2), QItemSelectionModel::Select);
    const ResultImage next = made(5, "e");
    QObject::connect(library.get(), &PictureLibrary::kept,
                     [&](const LibraryPicture& picture) { panel.setCurrent(picture.id); });
    library->keep(next, toScreen(*next.image));
    QTRY_COMPARE(library->rowCount(), 5); // a picture comes in while two are chosen
    QCOMPARE(tiles->selectedPictures(), (QList<PictureId>{c, b}));
    library->setFilter({.order = PictureOrder::oldest});
    QTRY_COMPARE(library->rowOf(b), 1);
    QCOMPARE(tiles->selectedPictures(), (QList<PictureId>{b, c}));
    QTest::keyClick(tiles, Qt::Key_Delete);
    QTRY_COMPARE(library->rowCount(), 3);
    QCOMPARE(tiles->selectedPictures(), QList<PictureId>{tiles->currentPicture()}); // a neighbour
}

void TestPictureLibrary::eachUndoOfTheTrashIsItsOwn() {
    StudioFixture studio;
    PictureLibrary& library = studio.session.library();
    for (int i = 1; i <= 3; ++i) {
        studio.window.generate();
        QTRY_COMPARE(library.rowCount(), i);
    }
    const PictureId first = library.idAt(2);
    const QList<PictureId> others{library.idAt(0), library.idAt(1)};
    library.trash({first});
    library.trash(others);
    QTRY_COMPARE(library.trashed(), 3);
    const auto actions = studio.window.findChildren<TextButton*>("notice_action");
    QCOMPARE(actions.size(), 2);
    for (TextButton* action : actions) {
        const bool is_first = action->parentWidget()->accessibleName().startsWith("1 ");
        if (is_first) {
            QTest::mouseClick(action, Qt::LeftButton);
            break;
        }
    }
    QTRY_COMPARE(library.rowCount(), 1);
    QCOMPARE(library.idAt(0), first);
}

void TestPictureLibrary::aMissingFileStopsNoTrash() {
    const QTemporaryDir folder;
    StudioFixture studio(partsIn(folder.path()));
    PictureLibrary& library = studio.session.library();
    for (int i = 1; i <= 3; ++i) {
        studio.window.generate();
        QTRY_COMPARE(library.rowCount(), i);
    }
    QVERIFY(QFile::remove(library.pathOf(library.idAt(1))));
    library.trash({library.idAt(0), library.idAt(1), library.idAt(2)});
    QTRY_COMPARE(library.trashed(), 2);
    QCOMPARE(library.rowCount(), 0); // the missing one does not come back
    const QString told = wordsOfNotices(studio);
    QVERIFY2(told.contains("2 pictures moved to the trash"), qPrintable(told));
    QVERIFY2(told.contains("not there any more"), qPrintable(told));
}

void TestPictureLibrary::aTileLetGoInTheLibraryGoesNowhere() {
    StudioFixture studio;
    PictureLibrary& library = studio.session.library();
    studio.window.generate();
    QTRY_COMPARE(library.rowCount(), 1);
    const std::unique_ptr<QMimeData> data(library.mimeData({library.index(0)}));
    auto* tiles = studio.find<PictureTiles>("pictures");
    const QPoint at = tiles->mapTo(&studio.window, tiles->rect().center());
    QDropEvent event(at, Qt::CopyAction, data.get(), Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&studio.window, &event);
    QTest::qWait(50);
    QCOMPARE(studio.session.references().rowCount(), 0);
}

QTEST_MAIN(TestPictureLibrary)
#include "test_picture_library.moc"
