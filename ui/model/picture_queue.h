#pragma once

#include "core/request/generation_request.h"
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
class PictureQueue : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { CaptionRole = Qt::UserRole, FailureRole, FailedRole, TooLargeRole };

    struct Row {
        quint64 key = 0;
        GenerationRequest request{};
        QImage thumbnail{}; // of its first reference, where one was at hand
        bool failed = false;
        bool too_large = false; // memory did not hold it
        QString failure{};
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

    // At the end; starts at once when nothing is in its way.
    void add(const GenerationRequest& request, const QImage& thumbnail = {});
    void remove(int row);
    void retry(int row);
    void setPaused(bool paused);

    // Everything made so far is on the disk: the jobs that made it may leave the file. Until then a
    // kill gives them back.
    void settle();

    // How long that request will take in seconds, from what the last ones like it took; nullopt
    // where none was made yet.
    std::optional<double> estimate(const GenerationRequest& request) const;

    // Of all rows that wait; nullopt when one of them is unknown.
    std::optional<double> estimateAll() const;

Q_SIGNALS:
    void changed(); // rows, pause or estimates
    void noticed(const likeness::Notice& notice);

private:
    struct Running {
        quint64 key = 0;
        JobId job = 0;
        Row row{};
        bool waited = false; // it was a row for a while: a failure leaves it there
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

    PictureRun& run_;
    QueueJournal journal_;
    std::vector<Row> rows_{};
    std::optional<Running> running_{};
    std::map<std::string, Cost> costs_{};
    quint64 next_key_ = 1;
    std::vector<quint64> made_{}; // whose pictures are on their way to the disk
    bool out_of_memory_ = false;  // why the last run failed
    bool paused_ = false;
};

} // namespace likeness
