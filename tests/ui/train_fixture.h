#pragma once

#include "tests/ui/studio_fixture.h"

#include <QAbstractButton>
#include <QAction>
#include <QLineEdit>

#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

namespace likeness {

using Phase = TrainingRun::Phase;

// Remembers what it was asked to train.
class RecordingRunner : public FakeRunner {
public:
    RecordingRunner(const std::shared_ptr<FakeScript>& script,
                    std::shared_ptr<std::vector<TrainingRequest>> asked)
        : FakeRunner(script), asked_(std::move(asked)) {}

    TrainingResult train(const TrainingRequest& request, const Progress& progress,
                         const TrainingListener& listener) override {
        asked_->push_back(request);
        return FakeRunner::train(request, progress, listener);
    }

private:
    std::shared_ptr<std::vector<TrainingRequest>> asked_;
};

// A window on its Train page, with a folder of twelve pictures that may be dropped.
struct TrainFixture : StudioFixture {
    explicit TrainFixture(int step_milliseconds = 0)
        : TrainFixture(makeScript(step_milliseconds), std::make_shared<QTemporaryDir>()) {}

    // With what lies on a disk: two of them after each other are two sittings.
    TrainFixture(const std::shared_ptr<FakeScript>& with, std::shared_ptr<QTemporaryDir> on,
                 std::shared_ptr<std::vector<TrainingRequest>> into =
                     std::make_shared<std::vector<TrainingRequest>>())
        : StudioFixture(keptParts(with, *on, into)), disk(std::move(on)), asked(std::move(into)),
          training(session.training()), set(session.trainingSet()) {
        script = with;
        window.setModels({"starter"});
        find<QAction>("show_train")->trigger();
    }

    static std::shared_ptr<FakeScript> makeScript(int step_milliseconds) {
        auto made = std::make_shared<FakeScript>();
        made->train_step_milliseconds = step_milliseconds;
        return made;
    }

    static SessionParts keptParts(const std::shared_ptr<FakeScript>& with, const QTemporaryDir& on,
                                  const std::shared_ptr<std::vector<TrainingRequest>>& into) {
        SessionParts parts = fakeParts(with);
        parts.make_runner = [with, into] { return std::make_unique<RecordingRunner>(with, into); };
        const std::filesystem::path root = on.path().toStdString();
        parts.sessions = root / "sessions";
        parts.trained_folder = root / "models";
        parts.look_at_file = [](const std::string& path) {
            const bool is_model = std::filesystem::is_directory(path);
            return FileFacts{.kind = is_model ? FileKind::model : FileKind::lora,
                             .family = "sd15",
                             .cross_attention_dim = 768};
        };
        return parts;
    }

    ~TrainFixture() { session.shutDown(); } // before the disk goes

    QString dataset() const {
        const QString path = disk->filePath("mugs");
        QDir().mkpath(path);
        for (int i = 0; i < 12; ++i) {
            QImage image(96, 64, QImage::Format_RGB888);
            image.fill(QColor::fromHsv(i * 25, 200, 200));
            image.save(path + QString("/mug_%1.png").arg(i, 2, 10, QChar('0')));
        }
        std::ofstream((path + "/mug_00.txt").toStdString()) << "a harbour-mug on a table\n";
        QImage mask(96, 64, QImage::Format_Grayscale8);
        mask.fill(255);
        mask.save(path + "/mug_01.mask.png");
        return path;
    }

    void dropDataset() {
        drop({dataset()}, onCanvas());
        [this] { QTRY_VERIFY(set.rowCount() == 12 && !set.isReading()); }();
    }

    void name(const QString& text) {
        auto* line = find<QLineEdit>("training_name");
        line->clear();
        QTest::keyClicks(line, text);
    }

    // Everything a person does before the button.
    void prepare(int steps = 40) {
        dropDataset();
        name("harbour-mug");
        set.edit([steps](TrainingDraft& draft) {
            draft.request.max_train_steps = steps;
            draft.request.validation_steps = steps / 4;
        });
    }

    void press(const char* button) {
        QTest::mouseClick(find<QAbstractButton>(QLatin1String(button)), Qt::LeftButton);
    }

    std::filesystem::path result() const {
        return std::filesystem::path(disk->path().toStdString()) / "models" / "loras" /
               "harbour-mug.safetensors";
    }

    Phase phase() const { return training.run().phase; }

    std::shared_ptr<QTemporaryDir> disk;
    std::shared_ptr<std::vector<TrainingRequest>> asked;
    TrainingModel& training;
    TrainingSet& set;
};

} // namespace likeness
