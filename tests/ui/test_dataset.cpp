#include "tests/ui/train_fixture.h"
#include "ui/model/session_keeper.h"
#include "ui/panels/notice_list.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QFileDialog>
#include <QSignalSpy>

using namespace likeness;

namespace {

// Two sittings over one disk: the first drops a folder and writes captions, the second goes on with
// it after something has become of the folder.
struct TwoSittings {
    TwoSittings() {
        TrainFixture first(script, disk);
        QDir().rename(first.dataset(), folder);
        first.drop({folder}, first.onCanvas());
        [&first] { QTRY_VERIFY(first.set.rowCount() == 12 && !first.set.isReading()); }();
        first.name("harbour-mug");
        first.set.setCaption(first.set.pictures()[4].id, "by hand");
    }

    void goOn() {
        second = std::make_unique<TrainFixture>(script, disk);
        told = std::make_unique<QSignalSpy>(&second->session, &Session::noticed);
        [this] {
            QVERIFY(second->session.keeper()->goOn());
            QTRY_VERIFY(second->set.rowCount() == 12 && !second->set.isReading());
        }();
    }

    void paint(const QString& name, Qt::GlobalColor colour) const {
        QImage other(96, 64, QImage::Format_RGB888);
        other.fill(colour);
        QVERIFY(other.save(folder + name));
    }

    Notice notice(int i) const { return told->at(i).front().value<Notice>(); }

    QStringList captions() const {
        QStringList all;
        for (const DatasetPicture& picture : second->set.pictures()) {
            all << picture.caption;
        }
        return all;
    }

    std::shared_ptr<FakeScript> script = TrainFixture::makeScript(0);
    std::shared_ptr<QTemporaryDir> disk = std::make_shared<QTemporaryDir>();
    QString folder = disk->filePath("kept");
    QString moved = disk->filePath("archive/mugs of 2026");
    std::unique_ptr<TrainFixture> second{};
    std::unique_ptr<QSignalSpy> told{};
};

} // namespace

// A dataset whose folder was moved or changed since its project was kept.
class TestDataset : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void whatIsAsItWasIsNotTold() {
        TwoSittings sittings;
        sittings.goOn();
        QCOMPARE(sittings.told->count(), 0);
        QVERIFY(sittings.second->set.missing().isEmpty());
    }

    void aMovedFolderIsPointedAt() {
        TwoSittings sittings;
        QDir().mkpath(sittings.disk->filePath("archive"));
        QVERIFY(QDir().rename(sittings.folder, sittings.moved));
        QVERIFY(QFile::rename(sittings.moved + "/mug_07.png", sittings.moved + "/the best.png"));
        sittings.goOn();
        TrainFixture& studio = *sittings.second;
        QTRY_COMPARE(sittings.told->count(), 1);
        QCOMPARE(sittings.notice(0).title, QString("12 of 12 pictures of the dataset are missing"));
        QCOMPARE(sittings.notice(0).action, Notice::Action::find_dataset);
        QCOMPARE(studio.find<PlainLabel>("dataset_count")->text(),
                 QString("12 pictures, 12 missing"));
        QVERIFY(!studio.find<TextButton>("start_training")->isEnabled());
        QVERIFY(studio.find<PlainLabel>("training_words")->text().contains("12 of 12"));
        const QStringList captions = sittings.captions();
        QCOMPARE(captions[4], QString("by hand"));

        studio.window.notices().findChild<QAbstractButton*>("notice_action")->click();
        auto* dialog = studio.window.findChild<QFileDialog*>("file_dialog");
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(sittings.disk->filePath("archive")); // the one above it does
        dialog->close();
        QTRY_VERIFY(studio.set.missing().isEmpty() && !studio.set.isReading());
        QCOMPARE(studio.set.pictures()[0].path, sittings.moved + "/mug_00.png");
        QCOMPARE(studio.set.pictures()[7].path, sittings.moved + "/the best.png"); // by content
        QCOMPARE(studio.set.pictures()[7].name, QString("the best.png"));
        QCOMPARE(sittings.captions(), captions);
        QTRY_VERIFY(!studio.set.thumbnail(studio.set.pictures()[7].id).isNull());
        QCOMPARE(sittings.told->count(), 1); // nothing has changed in them
        QVERIFY(studio.find<TextButton>("start_training")->isEnabled());
        studio.session.edits().undo();
        QCOMPARE(studio.set.missing().size(), 12);
    }

    void aFolderWithoutThemIsTold() {
        TwoSittings sittings;
        QVERIFY(QDir().rename(sittings.folder, sittings.disk->filePath("elsewhere")));
        sittings.goOn();
        TrainFixture& studio = *sittings.second;
        QTRY_COMPARE(sittings.told->count(), 1);
        QDir().mkpath(sittings.disk->filePath("wrong"));
        studio.set.findMissing(sittings.disk->filePath("wrong"));
        QTRY_COMPARE(sittings.told->count(), 2);
        QVERIFY(sittings.notice(1).reason.contains("12"));
        QCOMPARE(studio.set.missing().size(), 12);
    }

    void someAreLeftOut() {
        TwoSittings sittings;
        QFile::remove(sittings.folder + "/mug_03.png");
        QFile::remove(sittings.folder + "/mug_09.png");
        sittings.goOn();
        TrainFixture& studio = *sittings.second;
        QTRY_COMPARE(sittings.told->count(), 1);
        QCOMPARE(sittings.notice(0).title, QString("2 of 12 pictures of the dataset are missing"));
        QVERIFY(sittings.notice(0).reason.contains("mug_03.png, mug_09.png"));
        studio.window.notices().findChild<QAbstractButton*>("notice_other_action")->click();
        QCOMPARE(studio.set.rowCount(), 10);
        QVERIFY(studio.set.missing().isEmpty());
    }

    void whatHasChangedIsToldOnce() {
        TwoSittings sittings;
        sittings.paint("/mug_02.png", Qt::white);
        sittings.goOn();
        QTRY_COMPARE(sittings.told->count(), 1);
        QCOMPARE(sittings.notice(0).title, QString("1 of 12 pictures of the dataset have changed"));
        QVERIFY(sittings.notice(0).reason.contains("mug_02.png"));
        QCOMPARE(sittings.captions()[4], QString("by hand"));
        sittings.second.reset();
        sittings.goOn(); // nothing was edited, and so nothing kept
        QCOMPARE(sittings.told->count(), 0);
        sittings.second.reset();
        sittings.paint("/mug_02.png", Qt::black);
        sittings.goOn(); // another change
        QTRY_COMPARE(sittings.told->count(), 1);
        QVERIFY(sittings.notice(0).reason.contains("mug_02.png"));
        sittings.second.reset();
        std::ofstream(sittings.disk->filePath("told-changes.json").toStdString()) << "{ torn";
        sittings.goOn(); // nobody knows of it any more
        QTRY_COMPARE(sittings.told->count(), 1);
        sittings.second->set.setCaption(sittings.second->set.pictures()[2].id, "black now");
        sittings.second.reset();
        QVERIFY(QFile::remove(sittings.disk->filePath("told-changes.json")));
        sittings.goOn(); // with the next edit it was kept as it is now
        QCOMPARE(sittings.told->count(), 0);
    }

    // The file stays as it was saved; each opening compares with that.
    void aSavedProjectTellsAChangeOnce() {
        TwoSittings sittings;
        sittings.goOn();
        const QString file = sittings.disk->filePath("mugs.likeness");
        SessionKeeper& keeper = *sittings.second->session.keeper();
        QSignalSpy used(&keeper, &SessionKeeper::fileUsed);
        keeper.save(file);
        QTRY_COMPARE(used.count(), 1);
        sittings.paint("/mug_03.png", Qt::white);
        for (int opened = 2; opened <= 4; ++opened) {
            keeper.open(file);
            QTRY_COMPARE(used.count(), opened);
            QTRY_VERIFY(sittings.second->set.rowCount() == 12 && !sittings.second->set.isReading());
            QCOMPARE(sittings.told->count(), 1);
        }
        QVERIFY(sittings.notice(0).reason.contains("mug_03.png"));
    }

    void droppingTheMovedFolderFindsThem() {
        TwoSittings sittings;
        QDir().mkpath(sittings.disk->filePath("archive"));
        QVERIFY(QDir().rename(sittings.folder, sittings.moved));
        sittings.goOn();
        TrainFixture& studio = *sittings.second;
        const QStringList captions = sittings.captions();
        studio.drop({sittings.moved}, studio.onCanvas());
        QTRY_VERIFY(studio.set.missing().isEmpty() && !studio.set.isReading());
        QCOMPARE(studio.set.rowCount(), 12);
        QCOMPARE(sittings.captions(), captions);
    }
};

QTEST_MAIN(TestDataset)
#include "test_dataset.moc"
