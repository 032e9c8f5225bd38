// The queue's comparisons: jobs of many pictures that come further pane by pane.

#include "ui/model/picture_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace likeness {

namespace {

using Pane = PictureQueue::Pane;

// As the queue's file has it.
ComparisonRecord recordOf(const PictureQueue::Row& row) {
    ComparisonRecord record{.axes = row.axes};
    for (const Pane& pane : row.panes) {
        record.panes.push_back({.file = pane.file, .failure = pane.failure.toStdString()});
    }
    return record;
}

} // namespace

int PictureQueue::Row::placeOf(quint64 pane) const {
    const auto found = std::ranges::find(panes, pane, &Pane::id);
    return found == panes.end() ? -1 : static_cast<int>(found - panes.begin());
}

int PictureQueue::Row::count(Pane::State state) const {
    return static_cast<int>(std::ranges::count(panes, state, &Pane::state));
}

void PictureQueue::connectPanes() {
    connect(&run_, &PictureRun::panePreviewed, this, [this](JobId job, const ImagePtr& preview) {
        const Row* row = running_ && running_->job == job ? find(running_->key) : nullptr;
        if (row) {
            Q_EMIT panePreviewed(row->key, row->placeOf(running_->pane), preview);
        }
    });
    connect(&run_, &PictureRun::paneFinished, this,
            [this](JobId job, const ResultImage& picture, const ScreenPicture& screen) {
                if (!running_ || running_->job != job) {
                    return;
                }
                keeping_.push_back({picture.image, running_->key, running_->pane});
                if (Row* row = find(running_->key)) {
                    row->panes[static_cast<std::size_t>(row->placeOf(running_->pane))].state =
                        Pane::State::made;
                    tell(row->key);
                }
                Q_EMIT paneMade(picture, screen);
            });
    connect(&run_, &PictureRun::timed, this, [this](const Result& result) {
        if (Row* row = running_ && running_->pane != 0 ? find(running_->key) : nullptr) {
            for (const auto& [stage, seconds] : result.seconds) {
                row->seconds += stage == "load" ? 0 : seconds;
            }
        }
    });
}

void PictureQueue::restore(const QueuedJob& job, Row& row) {
    row.axes = job.comparison->axes;
    row.stopped = job.state == QueuedJob::State::stopped || job.state == QueuedJob::State::done;
    for (const PaneRecord& kept : job.comparison->panes) {
        row.panes.push_back({.id = next_pane_++,
                             .state = !kept.file.empty()      ? Pane::State::kept
                                      : !kept.failure.empty() ? Pane::State::failed
                                                              : Pane::State::waiting,
                             .file = kept.file,
                             .failure = QString::fromStdString(kept.failure)});
    }
}

const PictureQueue::Row* PictureQueue::find(quint64 key) const {
    for (const std::vector<Row>* list : {&rows_, &done_}) {
        const auto found = std::ranges::find(*list, key, &Row::key);
        if (found != list->end()) {
            return &*found;
        }
    }
    return nullptr;
}

PictureQueue::Row* PictureQueue::find(quint64 key) {
    return const_cast<Row*>(std::as_const(*this).find(key));
}

const PictureQueue::Row* PictureQueue::comparison(quint64 key) const {
    const Row* row = find(key);
    return row && row->isComparison() ? row : nullptr;
}

void PictureQueue::tell(quint64 key) {
    if (const int row = rowOf(key); row >= 0) {
        Q_EMIT dataChanged(index(row), index(row));
    }
    Q_EMIT changed();
    if (comparison(key)) {
        Q_EMIT comparisonChanged(key);
    }
}

int PictureQueue::runningPane(quint64 key) const {
    const Row* row = running_ && running_->key == key ? comparison(key) : nullptr;
    return row ? row->placeOf(running_->pane) : -1;
}

quint64 PictureQueue::add(const ComparisonSpec& spec, const QImage& thumbnail) {
    Row row{.key = next_key_++,
            .request = spec.base,
            .thumbnail = thumbnail,
            .axes = spec.axes,
            .panes = std::vector<Pane>(column_count(spec) * row_count(spec))};
    for (Pane& pane : row.panes) {
        pane.id = next_pane_++;
    }
    const quint64 key = row.key;
    journal_.add(key, row.request, recordOf(row));
    put(std::move(row), rowCount());
    pump(true);
    Q_EMIT changed();
    return key;
}

// The first that waits, but those before it that need the files which are open already: each model
// is loaded once, and each adapter once a model.
std::size_t PictureQueue::nextPane(const Row& row, const std::vector<GenerationRequest>& requests) {
    const auto shared = [this](const GenerationRequest& request) {
        const bool model = request.model == last_.model && request.vae == last_.vae;
        const bool adapter =
            request.ip_adapter == last_.ip_adapter && request.image_encoder == last_.image_encoder;
        return model ? 1 + static_cast<int>(adapter) : 0;
    };
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < row.panes.size(); ++i) {
        if (row.panes[i].state == Pane::State::waiting &&
            (!best || shared(requests[i]) > shared(requests[*best]))) {
            best = i;
        }
    }
    return best.value(); // one waits: the row could run
}

void PictureQueue::startPane(Row& row) {
    const std::vector<GenerationRequest> requests = expand(row.spec());
    const std::size_t place = nextPane(row, requests);
    Pane& next = row.panes[place];
    journal_.start(row.key);
    next.state = Pane::State::running;
    running_ = Running{.key = row.key, .pane = next.id};
    last_ = requests[place];
    running_->job = run_.makePane(requests[place]);
    Q_EMIT paneChanged(row.key, static_cast<int>(place));
    tell(row.key);
}

void PictureQueue::paneEnded(const Running& done, RunEnd end, const QString& why) {
    Row* row = find(done.key);
    if (!row) {
        return; // it was removed
    }
    const int place = row->placeOf(done.pane);
    Pane& pane = row->panes[static_cast<std::size_t>(place)];
    if (pane.state == Pane::State::running) { // no picture came
        pane.state = end == RunEnd::failed ? Pane::State::failed : Pane::State::waiting;
        pane.failure = end == RunEnd::failed ? why : QString();
        journal_.keep(row->key, recordOf(*row), false);
        Q_EMIT paneChanged(row->key, place);
        if (end == RunEnd::failed && row->count(Pane::State::failed) == 1) {
            Q_EMIT paneFailed(row->key, place, why);
        }
    }
    settleComparison(done.key);
    tell(done.key);
}

bool PictureQueue::takePane(const ResultImage& picture, const ScreenPicture& screen,
                            const std::string& file) {
    const auto found = std::ranges::find(keeping_, picture.image, &Keeping::image);
    if (found == keeping_.end()) {
        return false;
    }
    const Keeping taken = *found;
    const auto show = [this, taken, picture, screen] {
        if (Row* row = find(taken.key)) {
            if (row->thumbnail.isNull()) {
                row->thumbnail = screen.thumbnail;
            }
            Q_EMIT paneKept(taken.key, row->placeOf(taken.pane), picture, screen);
            settleComparison(taken.key);
            tell(taken.key);
        }
    };
    if (file.empty()) {
        show(); // in memory only; it is tried again
        return true;
    }
    keeping_.erase(found);
    if (Row* row = find(taken.key)) {
        Pane& pane = row->panes[static_cast<std::size_t>(row->placeOf(taken.pane))];
        pane.state = Pane::State::kept;
        pane.file = file;
        journal_.keep(taken.key, recordOf(*row), false, show);
    }
    return true;
}

// Where nothing is left to be made the comparison is done, or waits to be tried again.
void PictureQueue::settleComparison(quint64 key) {
    const int place = rowOf(key);
    Row* row = find(key);
    if (place < 0 || row->failed || row->count(Pane::State::waiting) > 0 ||
        row->count(Pane::State::running) > 0 || row->count(Pane::State::made) > 0) {
        return;
    }
    const double seconds = row->seconds;
    const auto failed = std::ranges::find(row->panes, Pane::State::failed, &Pane::state);
    if (failed != row->panes.end()) {
        row->failed = true;
        row->failure = failed->failure;
        journal_.fail(key, row->failure);
    } else {
        journal_.keep(key, recordOf(*row), true);
        done_.push_back(*row);
        done_.back().stopped = true; // it goes on by hand only: another rung, a file that is gone
        beginRemoveRows({}, place, place);
        rows_.erase(rows_.begin() + place);
        endRemoveRows();
    }
    Q_EMIT comparisonFinished(key, seconds);
}

void PictureQueue::stop(quint64 key) {
    const int place = rowOf(key);
    Row* row = place < 0 ? nullptr : find(key);
    if (!row || (!canRun(*row) && runningPane(key) < 0)) {
        return;
    }
    row->stopped = true;
    journal_.stop(key);
    if (running_ && running_->key == key) {
        run_.stopPane(running_->job);
    }
    tell(key);
    pump(true);
}

// A comparison that was done has something to be made again.
bool PictureQueue::relist(quint64 key) {
    const auto found = std::ranges::find(done_, key, &Row::key);
    if (found == done_.end()) {
        return rowOf(key) >= 0;
    }
    Row row = std::move(*found);
    done_.erase(found);
    put(std::move(row), rowCount());
    journal_.move(key, 0);
    return true;
}

void PictureQueue::goOn(Row& row) {
    row.stopped = false;
    row.failed = false;
    row.failure.clear();
    journal_.keep(row.key, recordOf(row), false);
    journal_.retry(row.key);
    const quint64 key = row.key;
    tell(key);
    pump(true);
    settleComparison(key); // nothing may be missing
}

void PictureQueue::resume(quint64 key) {
    if (!relist(key)) {
        return;
    }
    Row& row = *find(key);
    row.seconds = 0;
    for (std::size_t i = 0; i < row.panes.size(); ++i) {
        if (row.panes[i].state == Pane::State::failed) {
            row.panes[i].state = Pane::State::waiting;
            row.panes[i].failure.clear();
            Q_EMIT paneChanged(key, static_cast<int>(i));
        }
    }
    goOn(row);
}

void PictureQueue::insertPane(quint64 key, int place, const ComparisonValue& value) {
    if (!relist(key)) {
        return;
    }
    Row& row = *find(key);
    row.axes[0].values.insert(row.axes[0].values.begin() + place, value);
    row.panes.insert(row.panes.begin() + place, {.id = next_pane_++});
    Q_EMIT paneInserted(key, place);
    goOn(row);
}

void PictureQueue::losePane(quint64 key, int place) {
    Row* row = find(key);
    if (row && place >= 0 && place < static_cast<int>(row->panes.size())) {
        row->panes[static_cast<std::size_t>(place)] = {.id = next_pane_++};
        journal_.keep(key, recordOf(*row), false);
        Q_EMIT paneChanged(key, place);
        tell(key);
        pump(true);
    }
}

} // namespace likeness
