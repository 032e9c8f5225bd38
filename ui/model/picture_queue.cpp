#include "ui/model/picture_queue.h"

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
        &run_, &PictureRun::runFinished, this,
        [this](const Result& result, const GenerationRequest& request) { learn(request, result); });
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
        std::vector<Row> rows;
        for (const QueuedJob& job : kept.jobs) {
            rows.push_back({.key = key++,
                            .request = job.request,
                            .failed = job.state == QueuedJob::State::failed,
                            .failure = inWords(job.failure)});
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
        const QString prompt = QString::fromStdString(row.request.prompt).simplified();
        return prompt.isEmpty() ? tr("No prompt") : prompt.left(kTitleLetters);
    }
    case Qt::DecorationRole:
        return row.thumbnail;
    case CaptionRole: {
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
    // In the file the running job stands first.
    journal_.move(rows_[static_cast<std::size_t>(place)].key,
                  static_cast<std::size_t>(place) + (running_ ? 1 : 0));
    Q_EMIT changed();
    return true;
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
    put(std::move(row), rowCount());
    pump(false);
    Q_EMIT changed();
}

void PictureQueue::remove(int row) {
    if (row < 0 || row >= rowCount()) {
        return;
    }
    journal_.finish(rows_[static_cast<std::size_t>(row)].key);
    beginRemoveRows({}, row, row);
    rows_.erase(rows_.begin() + row);
    endRemoveRows();
    Q_EMIT changed();
}

void PictureQueue::retry(int row) {
    if (row < 0 || row >= rowCount() || !rows_[static_cast<std::size_t>(row)].failed) {
        return;
    }
    Row& again = rows_[static_cast<std::size_t>(row)];
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
    if (paused_ || running_ || (waited && run_.isBusy())) {
        return;
    }
    const auto next = std::ranges::find(rows_, false, &Row::failed);
    if (next == rows_.end()) {
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
    running_->job = run_.generate(row.request);
}

void PictureQueue::ended(JobId job, RunEnd end, const QString& why) {
    if (!running_ || running_->job != job) {
        return;
    }
    Running done = std::move(*running_);
    running_.reset();
    if (end == RunEnd::failed && done.waited) {
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

std::optional<double> PictureQueue::estimate(const GenerationRequest& request) const {
    const auto cost = costs_.find(kindOf(request));
    if (cost == costs_.end() || !request.num_inference_steps) {
        return std::nullopt;
    }
    const int skipped = request.branch ? request.branch->step : 0;
    return request.num_images *
           (cost->second.step * (*request.num_inference_steps - skipped) + cost->second.other);
}

std::optional<double> PictureQueue::estimateAll() const {
    double seconds = 0;
    for (const Row& row : rows_) {
        const auto each = row.failed ? std::optional(0.0) : estimate(row.request);
        if (!each) {
            return std::nullopt;
        }
        seconds += *each;
    }
    return seconds;
}

} // namespace likeness
