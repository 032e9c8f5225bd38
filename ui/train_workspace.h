#pragma once

#include <QTimer>
#include <QWidget>

class QMenuBar;
class QStackedWidget;

namespace likeness {

class ActivePanel;
class DatasetPanel;
class LossPlot;
class MethodCards;
class PlainLabel;
class SampleStrip;
class SampleView;
class Session;
class TextButton;
class TrainingModel;
class TrainingPanel;
class TrainingProofPanel;
class TrainingStrip;

// The Train workspace: the ways to a likeness, samples and loss in the middle, the dataset at the
// left, settings and proof at the right, and the wiring between them and the session.
class TrainWorkspace : public QWidget {
    Q_OBJECT

public:
    explicit TrainWorkspace(Session& session, QWidget* parent = nullptr);

    QWidget* side() const { return side_; } // for the right dock

    DatasetPanel& dataset() const { return *dataset_; } // for the left dock

    MethodCards& cards() const { return *cards_; }

    ActivePanel& active() const { return *active_; }

    void fillMenu(QMenuBar& bar);

    void setModels(const QStringList& models);
    void setNotices(QWidget* notices); // shown over the button at the foot, until it is taken away

    void start(); // what the button does: train, use the result, or use the pictures

    // What Space does; false: nothing runs or waits.
    bool pauseOrGoOn();

    void browseFiles();
    void browseFolder();
    void browseAdapter();
    void browseMissing(); // where the pictures are that are missing
    void askToDiscard();  // whether what the unfinished training learned is thrown away

Q_SIGNALS:
    void shown(); // the workspace wants to be seen
    void used();  // the result is in Generate's settings

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeSide();
    void connectModels();
    void showDraft();
    void showAdapters();
    void showRun();
    void showSteps();
    void showSamples();
    void showStart();
    void showSample();
    void openSample(std::int64_t step, int seed);
    void closeSample();
    bool isSampleOpen() const;
    void showCards();

    Session& session_;
    TrainingModel& training_;
    MethodCards* cards_;
    ActivePanel* active_;
    PlainLabel* samples_note_;
    PlainLabel* loss_note_;
    SampleStrip* samples_;
    SampleView* sample_view_;
    QStackedWidget* pages_; // all of it, or one sample large
    LossPlot* plot_;
    TrainingStrip* strip_;
    DatasetPanel* dataset_;
    TrainingPanel* panel_;
    TrainingProofPanel* proof_;
    PlainLabel* words_;
    TextButton* again_;
    TextButton* start_;
    QWidget* side_;
    bool is_sample_by_key_ = false;
    QTimer step_timer_; // steps that follow quickly are drawn together
};

} // namespace likeness
