#pragma once

#include "core/request/comparison.h"
#include "core/request/validate.h"
#include "ui/model/notice.h"
#include "ui/model/picture_run.h"
#include "ui/model/queue_journal.h"

#include <QAbstractListModel>
#include <QImage>

#include <map>
#include <optional>
#include <vector>

namespace likeness {

// The pictures that are asked for and not made yet, each job in its turn. What runs is not a row:
// the progress strip shows it. Kept on disk, so that neither a restart nor a kill loses a job; a
// job that fails stops nothing and stays as a row that can be tried again.
//
// A comparison is one job of many pictures, its panes. It stays a row until all of them are made,
// and what goes before it comes between two panes: a remake, a row that was moved up, and every
// picture asked for once it has begun.
class PictureQueue : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { CaptionRole = Qt::UserRole, FailureRole, FailedRole, TooLargeRole, StoppedRole };

    // One picture of a comparison.
    struct Pane {
        // Made: finished, and on its way to the disk or refused there. Kept: it lies there.
        enum class State { waiting, running, made, kept, failed };

        quint64 id = 0; // stays the same where its place changes
        State state = State::waiting;
        std::string file{}; // of a kept one, its name in the library
        QString failure{};
    };

    struct Row {
        quint64 key = 0;
        GenerationRequest request{}; // of a comparison: its base
        QImage thumbnail{};          // of its first reference, where one was at hand
        bool failed = false;
        bool too_large = false; // memory did not hold it
        QString failure{};
        std::vector<ComparisonAxis> axes{}; // of a comparison; none: pictures of one request
        std::vector<Pane> panes{};          // one a cell
        bool stopped = false;               // a comparison that goes on by hand only
        double seconds = 0;                 // that its panes took since it was started or resumed

        bool isComparison() const { return !axes.empty(); }

        ComparisonSpec spec() const { return {.base = request, .axes = axes}; }

        int placeOf(quint64 pane) const; // -1: there is no pane of that id
        int count(Pane::State state) const;

        int doneCount() const { return count(Pane::State::made) + count(Pane::State::kept); }
    };

    explicit PictureQueue(PictureRun& run, QObject* parent = nullptr);

    // Keeps the queue in that file from now on, and goes on with what waits there.
    void open(const QString& file);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override;
    bool moveRows(const QModelIndex& from_parent, int from, int count, const QModelIndex& to_parent,
                  int to) override;

    const std::vector<Row>& rows() const { return rows_; }

    bool isPaused() const { return paused_; }

    // At the end, but before a comparison that has begun; starts at once when nothing is in its
    // way.
    void add(const GenerationRequest& request, const QImage& thumbnail = {});

    // A valid comparison, at the end; gives its key.
    quint64 add(const ComparisonSpec& spec, const QImage& thumbnail = {});

    // A comparison's panes that are finished stay in the library.
    void remove(int row);
    void retry(int row); // of a comparison only the panes that are missing or failed
    void setPaused(bool paused);

    // A comparison by its key: one that is a row, or one of this sitting's that are done; nullptr:
    // none.
    const Row* comparison(quint64 key) const;

    // The pane that is at work or stops; -1: none of this comparison's.
    int runningPane(quint64 key) const;

    // What is finished stays; the pane at work ends at its next step.
    void stop(quint64 key);
    void resume(quint64 key); // makes what is missing or failed

    // Another value between two of the only axis: one more pane, made in its turn.
    void insertPane(quint64 key, int place, const ComparisonValue& value);
    void losePane(quint64 key, int pane); // its file is gone: it is missing

    // A finished picture is on the disk under that name in the library, or was refused there
    // (empty). False: it is no pane.
    bool takePane(const ResultImage& picture, const ScreenPicture& screen, const std::string& file);

    // Everything made so far is on the disk: the jobs that made it may leave the file. Until then a
    // kill gives them back.
    void settle();

    // The program ends as it should: what runs or is not on the disk yet waits again in the file,
    // and nothing begins any more.
    void shutDown();

    // What a request leaves open, for estimates.
    void setTraits(const ModelTraits& traits) { traits_ = traits; }

    // How long that request will take in seconds, from what the last ones like it took; nullopt
    // where none was made yet.
    std::optional<double> estimate(const GenerationRequest& request) const;
    std::optional<double> estimate(const ComparisonSpec& spec) const;

    // Of what is missing of a job.
    std::optional<double> estimate(const Row& row) const;

    // Of all rows that wait; nullopt when one of them is unknown.
    std::optional<double> estimateAll() const;

Q_SIGNALS:
    void changed(); // rows, pause or estimates
    void noticed(const likeness::Notice& notice);

    // Of comparisons, by key; a pane by its place.
    void comparisonFound(quint64 key);   // the last one asked for in an earlier sitting
    void comparisonChanged(quint64 key); // waits, runs, stops
    void comparisonRemoved(quint64 key);
    void comparisonFinished(quint64 key, double seconds); // every pane that could be made is made
    void paneInserted(quint64 key, int pane);
    void paneChanged(quint64 key, int pane); // its state
    void panePreviewed(quint64 key, int pane, const likeness::ImagePtr& preview);
    // Made, but not on the disk yet: takePane() is waited for.
    void paneMade(const likeness::ResultImage& picture, const likeness::ScreenPicture& screen);
    void paneKept(quint64 key, int pane, const likeness::ResultImage& picture,
                  const likeness::ScreenPicture& screen);
    void paneFailed(quint64 key, int pane, const QString& reason);

private:
    struct Running {
        quint64 key = 0;
        JobId job = 0;
        Row row{};           // of a picture
        bool waited = false; // it was a row for a while: a failure leaves it there
        quint64 pane = 0;    // of a comparison, whose row stays; 0: a picture
    };

    // A pane on its way to the disk.
    struct Keeping {
        ImagePtr image{};
        quint64 key = 0;
        quint64 pane = 0;
    };

    // What a picture of one kind (model, size, guidance) takes.
    struct Cost {
        double step = 0;  // seconds a denoising step
        double other = 0; // seconds a picture beside the steps
    };

    void pump(bool waited);
    void start(Row row, bool waited);
    void ended(JobId job, RunEnd end, const QString& why);
    void learn(const GenerationRequest& request, const Result& result);
    void put(Row row, int place);
    int rowOf(quint64 key) const;
    const Row* find(quint64 key) const; // waiting or done; nullptr: none
    Row* find(quint64 key);
    void tell(quint64 key); // a comparison changed

    void connectPanes();
    void restore(const QueuedJob& job, Row& row);
    void startPane(Row& row);
    std::size_t nextPane(const Row& row, const std::vector<GenerationRequest>& requests);
    void paneEnded(const Running& done, RunEnd end, const QString& why);
    void settleComparison(quint64 key);
    bool relist(quint64 key);
    void goOn(Row& row);
    static bool canRun(const Row& row);

    PictureRun& run_;
    QueueJournal journal_;
    std::vector<Row> rows_{};
    std::optional<Running> running_{};
    GenerationRequest last_{}; // of the job begun last: its files are open
    std::map<std::string, Cost> costs_{};
    ModelTraits traits_{};
    quint64 next_key_ = 1;
    std::vector<quint64> made_{}; // whose pictures are on their way to the disk
    bool out_of_memory_ = false;  // why the last run failed
    quint64 next_pane_ = 1;
    std::vector<Row> done_{}; // comparisons
    std::vector<Keeping> keeping_{};
    bool paused_ = false;
    bool shut_down_ = false;
};

} // namespace likeness
