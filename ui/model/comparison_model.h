#pragma once

#include "core/request/comparison.h"
#include "core/request/job_event.h"
#include "ui/model/comparison_draft.h"
#include "ui/model/picture_files.h"
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
    enum class State { waiting, running, done, failed };

    GenerationRequest request{};
    QString caption{}; // only what differs
    State state = State::waiting;
    QImage image{};     // the newest preview while it runs, the picture when it is done
    QImage thumbnail{}; // of the finished picture
    QImage small{};     // of a large one, at most kSmallSide: what small panes are drawn from
    ResultImage result{};
    QString reason{}; // of a failure, one sentence
    std::optional<Measurement> measurement{};
    std::vector<Influence> influences{}; // of its references, once asked for
};

// A ladder or a sheet: its pictures made one after another through the engine, each shown where it
// belongs while it grows. Stopping keeps what is finished; going on makes what is missing. Two of
// the pictures are marked A and B: what wipe, blink and difference show.
class ComparisonModel : public QObject {
    Q_OBJECT

public:
    explicit ComparisonModel(EngineClient& client, QObject* parent = nullptr);

    // What the panel holds: the next comparison, not yet made.
    const ComparisonDraft& draft() const { return draft_; }

    void setDraft(const ComparisonDraft& draft);

    const ComparisonSpec& spec() const { return spec_; }

    const std::vector<ComparisonCell>& cells() const { return cells_; }

    const ComparisonCell* cell(int index) const; // nullptr: there is none

    int columns() const;
    int rows() const;

    bool isLadder() const { return spec_.axes.size() == 1; }

    bool isRunning() const { return job_ != 0; }

    bool isComplete() const; // every cell is done
    int running() const;     // the cell at work; -1: none
    int doneCount() const;

    int a() const { return a_; }

    int b() const { return b_; }

    // Pictures of the size the base asks for, before one is there.
    QSize naturalSize(int index) const;

    // How long one picture took last, without opening the model; empty before the first.
    std::optional<double> secondsEach() const { return seconds_each_; }

    void setTraits(const ModelTraits& traits) { traits_ = traits; }

    // Begins another comparison; what runs of the old one is stopped. The spec must be valid.
    void start(const ComparisonSpec& spec);
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
    void pictureFinished(const likeness::ResultImage& picture,
                         const likeness::ScreenPicture& screen);
    void failed(const QString& caption, const QString& reason); // the first of this run
    void finished(double seconds); // every cell that could be made is made
    void measured();

private:
    static constexpr int kSmallSide = 512;

    void next();
    void makeSmall(const ImagePtr& image);
    void end(ComparisonCell::State state);
    void fillMarks();

    EngineClient& client_;
    PictureFiles files_;
    ModelTraits traits_{};
    ComparisonDraft draft_{};
    ComparisonSpec spec_{};
    std::vector<ComparisonCell> cells_{};
    int a_ = -1;
    int b_ = -1;
    JobId job_ = 0;
    int running_ = -1;
    bool told_failure_ = false;
    double seconds_ = 0; // of this run's pictures
    std::optional<double> seconds_each_{};
    JobId measure_job_ = 0;
    std::vector<ImagePtr> measuring_{};
    QString no_agreement_{};
};

} // namespace likeness
