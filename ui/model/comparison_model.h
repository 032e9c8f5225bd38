#pragma once

#include "core/request/comparison.h"
#include "core/request/job_event.h"
#include "ui/model/comparison_draft.h"
#include "ui/model/picture_files.h"
#include "ui/model/picture_queue.h"
#include "ui/model/qimage_conversion.h"

#include <QObject>
#include <QSize>
#include <QString>

#include <optional>
#include <vector>

namespace likeness {

class EngineClient;

// One picture of a comparison, from its request to its pixels.
struct ComparisonCell {
    // Reading: made in an earlier sitting, and on its way from the disk.
    enum class State { waiting, running, reading, done, failed };

    GenerationRequest request{};
    QString caption{}; // only what differs
    State state = State::waiting;
    QImage image{};     // the newest preview while it runs, the picture when it is done
    QImage thumbnail{}; // of the finished picture
    QImage small{};     // of a large one, at most kSmallSide: what small panes are drawn from
    ResultImage result{};
    QString path{};   // of the picture where it lies on the disk
    QString reason{}; // of a failure, one sentence
    std::optional<Measurement> measurement{};
    std::vector<Influence> influences{}; // of its references, once asked for
};

// The ladder or sheet that is looked at, a job of the queue: its pictures, each shown where it
// belongs while it grows, finished when it is on the disk. Stopping keeps what is finished; going
// on makes what is missing. Two of the pictures are marked A and B: what wipe, blink and difference
// show.
class ComparisonModel : public QObject {
    Q_OBJECT

public:
    // `queue` makes the pictures, the library in `folder` keeps them, `client` measures them.
    ComparisonModel(EngineClient& client, PictureQueue& queue, QString folder,
                    QObject* parent = nullptr);

    // What the panel holds: the next comparison, not yet made.
    const ComparisonDraft& draft() const { return draft_; }

    void setDraft(const ComparisonDraft& draft);

    const ComparisonSpec& spec() const { return spec_; }

    const std::vector<ComparisonCell>& cells() const { return cells_; }

    const ComparisonCell* cell(int index) const; // nullptr: there is none

    int columns() const;
    int rows() const;

    bool isLadder() const { return spec_.axes.size() == 1; }

    // Pictures are on their way, or wait for their turn in the queue.
    bool isRunning() const;
    bool isWaiting() const;  // of these, none is at work
    bool isStopping() const; // stopped, and the one at work comes to its next step
    bool isComplete() const; // every cell is done
    int running() const;     // the cell at work; -1: none
    int doneCount() const;

    int a() const { return a_; }

    int b() const { return b_; }

    // Pictures of the size the base asks for, before one is there.
    QSize naturalSize(int index) const;

    void setTraits(const ModelTraits& traits) { traits_ = traits; }

    quint64 key() const { return key_; } // in the queue; 0: there is none

    // Puts another comparison into the queue and shows it; the one shown before goes on. The spec
    // must be valid.
    void start(const ComparisonSpec& spec, const QImage& thumbnail = {});
    void show(quint64 key); // one that the queue has
    void stop();
    void resume(); // makes what is missing or failed

    // Adds a rung between `index` and the next and makes it. False where there is none in between.
    bool insertAfter(int index);
    bool canInsertAfter(int index) const;
    void setMarks(int a, int b);

    void swapMarks() { setMarks(b_, a_); }

    // Asks the worker how near the finished pictures are to the references and the prompt; only
    // pictures not yet measured are read.
    void measure();

    // Asks the worker where each reference acted on that finished picture; measured() follows.
    void askInfluence(int index);

    bool isMeasuring() const { return measure_job_ != 0; }

    // Why there is no agreement with the prompt; empty while there is one or nothing was measured.
    const QString& noAgreement() const { return no_agreement_; }

Q_SIGNALS:
    void draftChanged();
    void reset();                // other cells
    void inserted(int index);    // one more cell; those after it moved
    void cellChanged(int index); // its state, picture or numbers
    void marksChanged();
    void stateChanged(); // running, stopped, finished
    void measured();

private:
    static constexpr int kSmallSide = 512;

    void connectQueue();
    void connectMeasures();
    void showState(int index);
    void showPicture(int index, const ResultImage& picture, const ScreenPicture& screen);
    void read(int index);
    void makeSmall(const ImagePtr& image);
    void fillMarks();

    const PictureQueue::Row* row() const { return queue_.comparison(key_); }

    EngineClient& client_;
    PictureQueue& queue_;
    QString folder_;
    PictureFiles files_;
    ModelTraits traits_{};
    ComparisonDraft draft_{};
    ComparisonSpec spec_{};
    std::vector<ComparisonCell> cells_{};
    int a_ = -1;
    int b_ = -1;
    quint64 key_ = 0;
    JobId measure_job_ = 0;
    std::vector<ImagePtr> measuring_{};
    QString no_agreement_{};
};

} // namespace likeness
