#include "ui/model/picture_queue.h"

#include "core/request/resolve.h"
#include "ui/model/words.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr int kTitleLetters = 120;

// Pictures of one kind take alike.
std::string kindOf(const GenerationRequest& request) {
    return fmt::format("{}|{}x{}|{}", request.model, request.width.value_or(0),
                       request.height.value_or(0), request.guidance_scale.value_or(7.5) > 1);
}

} // namespace

PictureQueue::PictureQueue(PictureRun& run, QObject* parent)
    : QAbstractListModel(parent), run_(run) {
    connect(&run_, &PictureRun::ended, this, &PictureQueue::ended);
    connect(&run_, &PictureRun::failed, this,
            [this](const GenerationRequest&, const Failed& failure) {
                out_of_memory_ = failure.code == ErrorCode::out_of_memory;
            });
    connect(
        &run_, &PictureRun::timed, this,
        [this](const Result& result, const GenerationRequest& request) { learn(request, result); });
    connectPanes();
    connect(&run_, &PictureRun::progressChanged, this, [this] {
        if (!run_.isBusy()) {
            pump(true);
        }
    });
    connect(&journal_, &QueueJournal::refused, this, [this](const QString& why) {
        Q_EMIT noticed(
            {.severity = Notice::Severity::warning,
             .title = tr("The queue is not kept on disk"),
             .reason = why + '\n' + tr("It goes on, but would not outlive the program.")});
    });
}

void PictureQueue::open(const QString& file) {
    constexpr quint64 kReserved = 1'000'000; // for jobs added before the file is read
    journal_.open(file, kReserved, [this](const QueueJournal::Kept& kept) {
        quint64 key = kReserved;
        std::vector<Row> rows, done;
        std::pair<QueueId, quint64> newest; // comparison
        for (const QueuedJob& job : kept.jobs) {
            Row row{.key = key++,
                    .request = job.request,
                    .failed = job.state == QueuedJob::State::failed,
                    .failure = inWords(job.failure)};
            if (job.comparison) {
                restore(job, row);
                newest = std::max(newest, {job.id, row.key});
            }
            (job.state == QueuedJob::State::done ? done : rows).push_back(std::move(row));
        }
        for (Row& row : done) { // only the last one that was looked at is remembered
            row.key == newest.second ? done_.push_back(row) : journal_.finish(row.key);
        }
        beginResetModel();
        rows_.insert(rows_.begin(), rows.begin(), rows.end());
        endResetModel();
        next_key_ = std::max(next_key_, key);
        paused_ = paused_ || kept.paused;
        if (!kept.problem.isEmpty()) {
            Q_EMIT noticed({.severity = Notice::Severity::warning, .title = kept.problem});
        }
        Q_EMIT changed();
        if (newest.second != 0) {
            settleComparison(newest.second);
            Q_EMIT comparisonFound(newest.second);
        }
        pump(true);
    });
}

int PictureQueue::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PictureQueue::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: {
        if (row.isComparison()) {
            return row.axes.size() == 1 ? tr("Ladder, %1 rungs").arg(row.panes.size())
                                        : tr("Sheet %1 x %2")
                                              .arg(column_count(row.spec()))
                                              .arg(row_count(row.spec()));
        }
        const QString prompt = QString::fromStdString(row.request.prompt).simplified();
        return prompt.isEmpty() ? tr("No prompt") : prompt.left(kTitleLetters);
    }
    case Qt::DecorationRole:
        return row.thumbnail;
    case CaptionRole: {
        if (row.isComparison()) {
            const int total = static_cast<int>(row.panes.size());
            if (row.failed) {
                return tr("%1 of %2 not made").arg(total - row.doneCount()).arg(total);
            }
            QString caption = tr("%1 of %2").arg(row.doneCount()).arg(total);
            if (const auto seconds = estimate(row)) {
                caption += tr(", %1 s").arg(*seconds, 0, 'f', *seconds < 10 ? 1 : 0);
            }
            return caption;
        }
        if (row.failed) {
            return tr("not made");
        }
        const int count = row.request.num_images;
        QString caption = count == 1 ? tr("1 picture") : tr("%1 pictures").arg(count);
        if (const auto seconds = estimate(row.request)) {
            caption += tr(", %1 s").arg(*seconds, 0, 'f', *seconds < 10 ? 1 : 0);
        }
        return caption;
    }
    case FailureRole:
    case Qt::ToolTipRole:
        return role == FailureRole ? QVariant(row.failure) : QVariant();
    case FailedRole:
        return row.failed;
    case TooLargeRole:
        return row.too_large;
    case StoppedRole:
        return row.stopped;
    case Qt::AccessibleTextRole:
        return row.failed ? tr("Not made: %1").arg(data(index, Qt::DisplayRole).toString())
                          : data(index, Qt::DisplayRole);
    default:
        return {};
    }
}

Qt::ItemFlags PictureQueue::flags(const QModelIndex& index) const {
    const Qt::ItemFlags own = QAbstractListModel::flags(index);
    return index.isValid() ? own | Qt::ItemIsDragEnabled : own | Qt::ItemIsDropEnabled;
}

Qt::DropActions PictureQueue::supportedDropActions() const {
    return Qt::MoveAction;
}

bool PictureQueue::moveRows(const QModelIndex& from_parent, int from, int count,
                            const QModelIndex& to_parent, int to) {
    if (count != 1 || from < 0 || from >= rowCount() || to < 0 || to > rowCount() ||
        !beginMoveRows(from_parent, from, from, to_parent, to)) {
        return false;
    }
    const auto first = rows_.begin();
    const int place = to > from ? to - 1 : to;
    if (place > from) {
        std::rotate(first + from, first + from + 1, first + place + 1);
    } else {
        std::rotate(first + place, first + from, first + from + 1);
    }
    endMoveRows();
    const auto next = static_cast<std::size_t>(place) + 1;
    journal_.move(rows_[next - 1].key, next < rows_.size() ? rows_[next].key : 0);
    Q_EMIT changed();
    return true;
}

bool PictureQueue::canRun(const Row& row) {
    return !row.failed && !row.stopped &&
           (!row.isComparison() || row.count(Pane::State::waiting) > 0);
}

int PictureQueue::rowOf(quint64 key) const {
    const auto found = std::ranges::find(rows_, key, &Row::key);
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

void PictureQueue::put(Row row, int place) {
    beginInsertRows({}, place, place);
    rows_.insert(rows_.begin() + place, std::move(row));
    endInsertRows();
}

void PictureQueue::add(const GenerationRequest& request, const QImage& thumbnail) {
    Row row{.key = next_key_++, .request = request, .thumbnail = thumbnail};
    journal_.add(row.key, request);
    const auto begun = std::ranges::find_if(rows_, [](const Row& each) {
        return canRun(each) && each.isComparison() &&
               each.count(Pane::State::waiting) < static_cast<int>(each.panes.size());
    });
    if (begun != rows_.end()) {
        journal_.move(row.key, begun->key);
    }
    put(std::move(row), static_cast<int>(begun - rows_.begin()));
    pump(false);
    Q_EMIT changed();
}

void PictureQueue::remove(int row) {
    if (row < 0 || row >= rowCount()) {
        return;
    }
    const quint64 key = rows_[static_cast<std::size_t>(row)].key;
    const bool is_comparison = rows_[static_cast<std::size_t>(row)].isComparison();
    journal_.finish(key);
    beginRemoveRows({}, row, row);
    rows_.erase(rows_.begin() + row);
    endRemoveRows();
    if (is_comparison) {
        if (running_ && running_->key == key) {
            run_.stopPane(running_->job);
        }
        Q_EMIT comparisonRemoved(key);
    }
    Q_EMIT changed();
}

void PictureQueue::retry(int row) {
    if (row < 0 || row >= rowCount()) {
        return;
    }
    Row& again = rows_[static_cast<std::size_t>(row)];
    if (again.isComparison() && (again.failed || again.stopped)) {
        resume(again.key);
    }
    if (again.isComparison() || !again.failed) {
        return;
    }
    again.failed = false;
    again.too_large = false;
    again.failure.clear();
    journal_.retry(again.key);
    Q_EMIT dataChanged(index(row), index(row));
    pump(true);
    Q_EMIT changed();
}

void PictureQueue::setPaused(bool paused) {
    if (std::exchange(paused_, paused) != paused) {
        journal_.pause(paused);
        pump(true);
        Q_EMIT changed();
    }
}

void PictureQueue::pump(bool waited) {
    // A remake goes before what waits, but gives way to a picture asked for by hand.
    if (shut_down_ || paused_ || running_ || (waited && run_.isBusy())) {
        return;
    }
    const auto next = std::ranges::find_if(rows_, canRun);
    if (next == rows_.end() || (next->isComparison() && run_.isBusy())) {
        return;
    }
    if (next->isComparison()) {
        startPane(*next);
        return;
    }
    const int row = static_cast<int>(next - rows_.begin());
    beginRemoveRows({}, row, row);
    Row taken = std::move(*next);
    rows_.erase(next);
    endRemoveRows();
    start(std::move(taken), waited);
}

void PictureQueue::start(Row row, bool waited) {
    journal_.start(row.key);
    running_ = Running{.key = row.key, .row = row, .waited = waited};
    last_ = row.request;
    running_->job = run_.generate(row.request);
}

void PictureQueue::ended(JobId job, RunEnd end, const QString& why) {
    if (!running_ || running_->job != job) {
        return;
    }
    Running done = std::move(*running_);
    running_.reset();
    if (done.pane != 0) {
        paneEnded(done, end, why);
    } else if (end == RunEnd::failed && done.waited) {
        journal_.fail(done.key, why);
        done.row.failed = true;
        done.row.too_large = out_of_memory_;
        done.row.failure = why;
        // After those that failed before it.
        const auto place = std::ranges::find(rows_, false, &Row::failed);
        put(std::move(done.row), static_cast<int>(place - rows_.begin()));
    } else if (end == RunEnd::finished) {
        made_.push_back(done.key);
    } else {
        journal_.finish(done.key);
    }
    pump(true);
    Q_EMIT changed();
}

void PictureQueue::settle() {
    for (const quint64 key : std::exchange(made_, {})) {
        journal_.finish(key);
    }
}

void PictureQueue::shutDown() {
    shut_down_ = true;
    if (running_) {
        made_.push_back(running_->key);
        running_.reset(); // how it ends is not its end
    }
    for (const quint64 key : std::exchange(made_, {})) {
        journal_.putBack(key);
    }
}

void PictureQueue::learn(const GenerationRequest& request, const Result& result) {
    if (result.images.empty() || !request.num_inference_steps.has_value()) {
        return;
    }
    const auto seconds = [&](const char* stage) {
        const auto found = result.seconds.find(stage);
        return found == result.seconds.end() ? 0.0 : found->second;
    };
    const double pictures = static_cast<double>(result.images.size());
    const int skipped = request.branch ? request.branch->step : 0;
    const int steps = std::max(1, *request.num_inference_steps - skipped);
    costs_[kindOf(request)] = {.step = seconds("denoise") / pictures / steps,
                               .other = seconds("decode") / pictures};
    if (!rows_.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

std::optional<double> PictureQueue::estimate(const GenerationRequest& asked) const {
    const GenerationRequest request = resolve(asked, traits_);
    const auto cost = costs_.find(kindOf(request));
    if (cost == costs_.end()) {
        return std::nullopt;
    }
    const int skipped = request.branch ? request.branch->step : 0;
    return request.num_images *
           (cost->second.step * (*request.num_inference_steps - skipped) + cost->second.other);
}

std::optional<double> PictureQueue::estimate(const ComparisonSpec& spec) const {
    double seconds = 0;
    for (const GenerationRequest& request : expand(spec)) {
        const auto each = estimate(request);
        if (!each) {
            return std::nullopt;
        }
        seconds += *each;
    }
    return seconds;
}

std::optional<double> PictureQueue::estimate(const Row& row) const {
    if (!row.isComparison()) {
        return estimate(row.request);
    }
    const auto all = estimate(row.spec());
    const auto missing = row.count(Pane::State::waiting) + row.count(Pane::State::running);
    return all ? std::optional(*all * missing / static_cast<double>(row.panes.size())) : all;
}

std::optional<double> PictureQueue::estimateAll() const {
    double seconds = 0;
    for (const Row& row : rows_) {
        const auto each = canRun(row) ? estimate(row) : std::optional(0.0);
        if (!each) {
            return std::nullopt;
        }
        seconds += *each;
    }
    return seconds;
}

} // namespace likeness
