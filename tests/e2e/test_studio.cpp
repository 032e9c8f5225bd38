#include "app/language.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"
#include "tests/ui/studio_fixture.h"
#include "ui/canvas/picture_view.h"
#include "ui/model/qimage_conversion.h"
#include "ui/widgets/slider_track.h"

#include <QAbstractButton>
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>

#include <filesystem>

using namespace likeness;

namespace {

constexpr int kSteps = 6;

QString tinyModel() {
    return QStringLiteral(LIKENESS_SOURCE_DIR "/tests/golden/tiny_sd");
}

SessionParts torchParts() {
    return {
        .make_runner = [] { return make_torch_runner({}); },
        .model_traits =
            [](const std::string& model) { return read_model_folder(find_model(model)).traits; }};
}

} // namespace

// The window, the engine and a tiny real model: drop, type, generate, steer, stop, save, restore.
class TestStudio : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPictureFormsAndTheStrengthChangesIt();
    void aSavedPictureIsMadeAgainPixelByPixel();
    void stopThenAgainGivesTheSamePicture();
    void aModelThatCannotBeOpenedIsTold();
    void aPickleIsRefusedInGerman();
    void aLoraIsTrainedBesideAPictureAndUsed();
    void anAdapterIsTrainedAndUsed();
    void thePaceIsMeasuredHereAndKnownNextTime();

private:
    // A window with the tiny model open and one reference in the tray.
    std::unique_ptr<StudioFixture> open(const SessionParts& parts = torchParts());
    // On the Train page, with two pictures, a name and settings for a minute.
    static void prepare(StudioFixture& studio, TrainingMethod method);
};

void TestStudio::initTestCase() {
    applyTheme(*qApp, ThemeKind::dark);
}

std::unique_ptr<StudioFixture> TestStudio::open(const SessionParts& parts) {
    auto studio = std::make_unique<StudioFixture>(parts);
    studio->session.openModel(tinyModel());
    // One thread and few steps: two threads waiting for each other on a busy machine take a minute.
    studio->session.request().edit([](GenerationRequest& request) {
        request.threads = 1;
        request.num_inference_steps = kSteps;
    });
    studio->drop({tinyModel() + "/reference_0.png"}, studio->onReferences());
    studio->find<QPlainTextEdit>("prompt")->setPlainText("a red mug");
    const bool is_open = QTest::qWaitFor(
        [&] {
            return studio->session.goodModel() == tinyModel() &&
                   studio->session.references().references().size() == 1U && studio->isIdle();
        },
        10000);
    return is_open ? std::move(studio) : nullptr;
}

void TestStudio::prepare(StudioFixture& studio, TrainingMethod method) {
    studio.find<QAction>("show_train")->trigger();
    studio.drop({tinyModel() + "/reference_0.png", tinyModel() + "/reference_1.png"},
                studio.onCanvas());
    TrainingSet& set = studio.session.trainingSet();
    QTRY_VERIFY(set.rowCount() == 2 && !set.isReading());
    QTest::keyClicks(studio.find<QLineEdit>("training_name"), "tiny-mug");
    set.edit([method](TrainingDraft& draft) {
        draft.request.method = method;
        draft.request.resolution = 32;
        draft.request.max_train_steps = 60;
        draft.request.rank = 2;
        draft.request.learning_rate = 0.02;
        draft.request.validation_steps = 30;
        draft.request.dtype = "float32";
        draft.request.threads = 1;
    });
}

void TestStudio::aPictureFormsAndTheStrengthChangesIt() {
    const auto studio = open();
    QVERIFY(studio);
    QSignalSpy previewed(&studio->session.run(), &PictureRun::previewed);
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 1, 20000);
    QVERIFY(previewed.count() >= 1);
    const ResultImage before = *studio->session.shown();
    QCOMPARE(studio->window.view().image(), toQImage(*before.image));
    QTest::keyClick(studio->find<SliderTrack>("ip_adapter_scale"), Qt::Key_Right,
                    Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 2, 20000);
    const ResultImage after = *studio->session.shown();
    QCOMPARE(after.request.seed, before.request.seed);
    QVERIFY2(*after.image != *before.image, "the strength changed nothing");
}

void TestStudio::aSavedPictureIsMadeAgainPixelByPixel() {
    const QTemporaryDir kept;
    const QString path = kept.filePath("made.png");
    {
        const auto studio = open();
        QVERIFY(studio);
        studio->window.generate();
        QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 1, 20000);
        studio->session.save(path, *studio->session.shown(), studio->session.shownId());
        QTRY_VERIFY(QFile::exists(path));
    }
    StudioFixture studio(torchParts());
    studio.drop({path}, studio.onCanvas());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    const ResultImage dropped = *studio.session.shown();
    studio.window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio.session.library().rowCount(), 1, 20000);
    QCOMPARE(*studio.session.shown()->image, *dropped.image);
}

void TestStudio::stopThenAgainGivesTheSamePicture() {
    const auto studio = open();
    QVERIFY(studio);
    studio->session.request().setSeedLocked(true);
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 1, 20000);
    const ImagePtr whole = studio->session.shown()->image;
    studio->session.request().edit(
        [](GenerationRequest& request) { request.num_inference_steps = 500; });
    studio->window.generate();
    QTRY_VERIFY(studio->session.run().progress().step >= 2);
    studio->session.stop();
    QCOMPARE(studio->session.run().progress().phase, RunProgress::Phase::stopping);
    QTRY_VERIFY(studio->isIdle());
    QCOMPARE(studio->session.library().rowCount(), 1);
    studio->session.request().edit(
        [](GenerationRequest& request) { request.num_inference_steps = kSteps; });
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 2, 20000);
    QCOMPARE(*studio->session.shown()->image, *whole);
}

void TestStudio::aModelThatCannotBeOpenedIsTold() {
    const auto studio = open();
    QVERIFY(studio);
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 1, 20000);
    const QTemporaryDir broken;
    std::filesystem::copy(tinyModel().toStdString(), broken.path().toStdString(),
                          std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(std::filesystem::path(broken.path().toStdString()) /
                                "text_encoder");
    studio->session.openModel(broken.path());
    QTRY_COMPARE(studio->window.notices().notices().size(), 1);
    QVERIFY(studio->window.notices().notices().front().reason.contains("text_encoder"));
    QCOMPARE(studio->session.request().request().model, tinyModel().toStdString());
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 2, 20000);
}

void TestStudio::aPickleIsRefusedInGerman() {
    const Language language("de");
    const auto studio = open();
    QVERIFY(studio);
    const QTemporaryDir pickled;
    std::filesystem::copy(tinyModel().toStdString(), pickled.path().toStdString(),
                          std::filesystem::copy_options::recursive);
    QFile weights(pickled.filePath("unet/diffusion_pytorch_model.fp16.safetensors"));
    QVERIFY(weights.open(QIODevice::WriteOnly));
    const QByteArray attack = QByteArray::fromHex("8002") + "cos\nsystem\n)R.";
    QCOMPARE(weights.write(attack), attack.size());
    weights.close();
    studio->session.openModel(pickled.path());
    QTRY_COMPARE(studio->window.notices().notices().size(), 1);
    QCOMPARE(
        studio->window.notices().notices().front().reason.section('\n', 0, 1),
        QString("unet/diffusion_pytorch_model.fp16.safetensors ließ sich nicht öffnen: Ihr "
                "Pickle nennt \"os.system\", womit auf diesem Rechner Code laufen könnte; kein "
                "Checkpoint braucht das. Nichts davon wurde ausgeführt.\nDiese Datei in keinem "
                "anderen Programm öffnen. Das Modell von anderer Stelle holen, als "
                ".safetensors."));
}

// The same seed before, between the steps of a training, and with what it learned.
void TestStudio::aLoraIsTrainedBesideAPictureAndUsed() {
    const QTemporaryDir disk;
    SessionParts parts = torchParts();
    parts.trained_folder = disk.path().toStdString();
    const auto studio = open(parts);
    QVERIFY(studio);
    const auto pixels = [&studio] { return studio->session.shown()->image; };
    studio->session.request().setSeedLocked(true);
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 1, 20000);
    const ImagePtr before = pixels();

    prepare(*studio, TrainingMethod::lora);
    TrainingModel& training = studio->session.training();
    const auto press = [&studio] {
        QTest::mouseClick(studio->find<QAbstractButton>("start_training"), Qt::LeftButton);
    };
    press();
    QTRY_VERIFY_WITH_TIMEOUT(training.run().step >= 1, 30000);
    studio->window.generate(); // while it learns
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 2, 30000);
    QCOMPARE(*pixels(), *before);
    QTRY_COMPARE_WITH_TIMEOUT(training.run().phase, TrainingRun::Phase::done, 60000);
    QCOMPARE(training.run().samples.size(), 3U); // at 0, 30 and 60
    QVERIFY(training.run().result->proof.picture_change > 0);

    press(); // "Use tiny-mug in Generate"
    QCOMPARE(studio->session.request().request().loras.size(), 1U);
    studio->session.request().edit(
        [](GenerationRequest& request) { request.prompt = "a red mug"; });
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 3, 30000);
    const ImagePtr last = pixels();
    QVERIFY2(*last != *before, "what was learned changes no picture");

    training.takeSample(30); // in its place
    QTRY_VERIFY_WITH_TIMEOUT(!training.run().isBusy(), 60000);
    QCOMPARE(training.run().phase, TrainingRun::Phase::done);
    QCOMPARE(training.run().result->steps, std::int64_t{30});
    QVERIFY(training.run().result->proof.picture_change > 0);
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 4, 30000);
    QVERIFY2(*pixels() != *last, "the file of before is still used");
    QVERIFY(*pixels() != *before);
}

void TestStudio::anAdapterIsTrainedAndUsed() {
    const QTemporaryDir disk;
    SessionParts parts = torchParts();
    parts.trained_folder = disk.path().toStdString();
    const auto studio = open(parts);
    QVERIFY(studio);
    studio->session.request().setSeedLocked(true);
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 1, 20000);
    const ImagePtr before = studio->session.shown()->image;

    prepare(*studio, TrainingMethod::ip_adapter);
    const TrainingModel& training = studio->session.training();
    QTest::mouseClick(studio->find<QAbstractButton>("train_again"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(training.run().phase, TrainingRun::Phase::done, 60000);
    const QString made = disk.filePath("ip_adapters/tiny-mug.safetensors");
    QVERIFY(QFile::exists(made));
    QTest::mouseClick(studio->find<QAbstractButton>("start_training"), Qt::LeftButton); // "Use"
    QTRY_COMPARE(studio->session.request().request().ip_adapter, made.toStdString());
    studio->window.generate();
    QTRY_COMPARE_WITH_TIMEOUT(studio->session.library().rowCount(), 2, 30000);
    QCOMPARE(studio->session.shown()->request.ip_adapter, made.toStdString());
    QVERIFY2(*studio->session.shown()->image != *before, "the adapter changes no picture");
    // It can be learned on from, too.
    studio->session.training().again();
    studio->session.trainingSet().edit([&made](TrainingDraft& draft) {
        draft.name = "tiny-mug-2";
        draft.request.ip_adapter = made.toStdString();
    });
    QTest::mouseClick(studio->find<QAbstractButton>("train_again"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(training.run().phase, TrainingRun::Phase::done, 60000);
    QVERIFY(QFile::exists(disk.filePath("ip_adapters/tiny-mug-2.safetensors")));
}

void TestStudio::thePaceIsMeasuredHereAndKnownNextTime() {
    const QTemporaryDir disk;
    SessionParts parts = torchParts();
    parts.sessions = std::filesystem::path(disk.path().toStdString()) / "sessions";
    double seconds = 0;
    {
        const auto studio = open(parts);
        QVERIFY(studio);
        const QImage reference(tinyModel() + "/reference_1.png");
        QStringList files;
        for (int i = 0; i < 11; ++i) {
            QImage other = reference.convertToFormat(QImage::Format_RGB888);
            other.setPixelColor(i, 0, Qt::white);
            files << disk.filePath(QString("mug_%1.png").arg(i));
            QVERIFY(other.save(files.back()));
        }
        studio->drop(files, studio->onReferences());
        const auto* cost = studio->find<QLabel>("method_cost");
        QTRY_VERIFY(cost->text().contains("not measured"));
        QTest::mouseClick(studio->find<QAbstractButton>("method_measure"), Qt::LeftButton);
        MethodQuestion& question = studio->session.question();
        QVERIFY(question.isMeasuring());
        QTRY_VERIFY_WITH_TIMEOUT(!question.isMeasuring(), 120000);
        QVERIFY2(question.problem().isEmpty(), qPrintable(question.problem()));
        QTRY_VERIFY(!cost->text().contains("not measured"));
        seconds = question.adviceFor(24).of(AdvisedMethod::lora).seconds;
        QVERIFY(seconds > 0);
        QVERIFY(question.adviceFor(24).of(AdvisedMethod::dreambooth).seconds > 0);
        studio->session.shutDown();
    }
    const auto next = open(parts);
    QVERIFY(next);
    QTRY_COMPARE(next->session.question().adviceFor(24).of(AdvisedMethod::lora).seconds, seconds);
}

QTEST_MAIN(TestStudio)
#include "test_studio.moc"
