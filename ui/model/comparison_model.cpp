#include "ui/model/comparison_model.h"

#include "ui/model/engine_client.h"
#include "ui/model/words.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace likeness {

namespace {

double secondsOf(const Result& result) {
    double seconds = 0;
    for (const auto& [stage, each] : result.seconds) {
        seconds += stage == "load" ? 0 : each;
    }
    return seconds;
}

} // namespace

ComparisonModel::ComparisonModel(EngineClient& client, QObject* parent)
    : QObject(parent), client_(client) {
    connect(&client, &EngineClient::previewed, this, [this](JobId job, const ImagePtr& preview) {
        if (job == job_ && running_ >= 0) {
            cells_[static_cast<std::size_t>(running_)].image = toQImage(*preview);
            Q_EMIT cellChanged(running_);
        }
    });
    connect(&client, &EngineClient::imageReady, this,
            [this](JobId job, const ImageReady& ready, const ScreenPicture& screen) {
                if (job != job_ || running_ < 0) {
                    return;
                }
                ComparisonCell& cell = cells_[static_cast<std::size_t>(running_)];
                cell.result = ready.result;
                cell.image = screen.image;
                cell.thumbnail = screen.thumbnail;
                makeSmall(ready.result.image);
                Q_EMIT pictureFinished(ready.result, screen);
            });
    connect(&client, &EngineClient::finished, this, [this](JobId job, const Result& result) {
        if (job == measure_job_ && job != 0) {
            measure_job_ = 0;
            for (ComparisonCell& cell : cells_) {
                if (!result.influences.empty() && cell.result.image == measuring_.front()) {
                    cell.influences = result.influences;
                }
            }
            if (!result.influences.empty()) {
                Q_EMIT measured();
                return;
            }
            for (std::size_t i = 0; i < std::min(measuring_.size(), result.measurements.size());
                 ++i) {
                for (ComparisonCell& cell : cells_) {
                    if (cell.result.image == measuring_[i]) {
                        cell.measurement = result.measurements[i];
                    }
                }
            }
            no_agreement_ = inWords(result.no_agreement);
            Q_EMIT measured();
            return;
        }
        if (!result.images.empty()) {
            seconds_each_ = secondsOf(result) / static_cast<double>(result.images.size());
        }
        if (job == job_ && job != 0) {
            seconds_ += secondsOf(result);
            end(ComparisonCell::State::done);
            next();
        }
    });
    connect(&client, &EngineClient::stopped, this, [this](JobId job) {
        if (job == measure_job_) {
            measure_job_ = 0;
            Q_EMIT stateChanged();
        } else if (job == job_ && job != 0) {
            end(ComparisonCell::State::waiting);
            Q_EMIT stateChanged();
        }
    });
    connect(&client, &EngineClient::failed, this, [this](JobId job, const Failed& failure) {
        const QString reason = inWords(failure.message);
        if (job == measure_job_ && job != 0) {
            measure_job_ = 0;
            no_agreement_ = reason;
            Q_EMIT measured();
        } else if (job == job_ && job != 0) {
            ComparisonCell& cell = cells_[static_cast<std::size_t>(running_)];
            cell.reason = reason;
            const QString caption = cell.caption;
            end(ComparisonCell::State::failed);
            if (!std::exchange(told_failure_, true)) {
                Q_EMIT failed(caption, reason);
            }
            next();
        }
    });
}

void ComparisonModel::setDraft(const ComparisonDraft& draft) {
    if (draft != draft_) {
        draft_ = draft;
        Q_EMIT draftChanged();
    }
}

// Drawing a large picture into a small pane skips most of its pixels: fine patterns would flicker.
void ComparisonModel::makeSmall(const ImagePtr& image) {
    if (std::min(image->width, image->height) <= kSmallSide) {
        return;
    }
    files_.run([this, image]() -> std::function<void()> {
        return [this, image, small = toThumbnail(*image, kSmallSide)] {
            for (std::size_t i = 0; i < cells_.size(); ++i) {
                if (cells_[i].result.image == image) {
                    cells_[i].small = small;
                    Q_EMIT cellChanged(static_cast<int>(i));
                }
            }
        };
    });
}

const ComparisonCell* ComparisonModel::cell(int index) const {
    return index < 0 || index >= static_cast<int>(cells_.size())
               ? nullptr
               : &cells_[static_cast<std::size_t>(index)];
}

int ComparisonModel::columns() const {
    return static_cast<int>(column_count(spec_));
}

int ComparisonModel::rows() const {
    return static_cast<int>(row_count(spec_));
}

int ComparisonModel::running() const {
    return job_ == 0 ? -1 : running_;
}

int ComparisonModel::doneCount() const {
    return static_cast<int>(
        std::ranges::count(cells_, ComparisonCell::State::done, &ComparisonCell::state));
}

bool ComparisonModel::isComplete() const {
    return !cells_.empty() && doneCount() == static_cast<int>(cells_.size());
}

QSize ComparisonModel::naturalSize(int index) const {
    const ComparisonCell* at = cell(index);
    if (!at) {
        return {};
    }
    return {at->request.width.value_or(traits_.default_width),
            at->request.height.value_or(traits_.default_height)};
}

void ComparisonModel::start(const ComparisonSpec& spec) {
    if (job_ != 0) {
        client_.cancel(std::exchange(job_, 0));
        running_ = -1;
    }
    spec_ = spec;
    cells_.clear();
    const std::vector<GenerationRequest> requests = expand(spec);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        cells_.push_back({.request = requests[i], .caption = inWords(caption(spec, i))});
    }
    fillMarks();
    no_agreement_.clear();
    Q_EMIT reset();
    Q_EMIT marksChanged();
    resume();
}

// Two that lie apart and are not the ends: what a ladder is mostly asked about.
void ComparisonModel::fillMarks() {
    const int count = static_cast<int>(cells_.size());
    a_ = count == 0 ? -1 : count / 3;
    b_ = count == 0 ? -1 : std::max(std::min(count - 1, a_ + 1), 2 * count / 3);
}

void ComparisonModel::stop() {
    for (const JobId job : {job_, measure_job_}) {
        if (job != 0) {
            client_.cancel(job);
        }
    }
}

void ComparisonModel::resume() {
    if (job_ != 0) {
        return;
    }
    seconds_ = 0;
    told_failure_ = false;
    for (int i = 0; i < static_cast<int>(cells_.size()); ++i) {
        ComparisonCell& each = cells_[static_cast<std::size_t>(i)];
        if (each.state == ComparisonCell::State::failed) {
            each.state = ComparisonCell::State::waiting;
            each.reason.clear();
            Q_EMIT cellChanged(i);
        }
    }
    next();
}

void ComparisonModel::next() {
    const auto waiting =
        std::ranges::find(cells_, ComparisonCell::State::waiting, &ComparisonCell::state);
    if (waiting == cells_.end()) {
        Q_EMIT stateChanged();
        if (!cells_.empty()) {
            Q_EMIT finished(seconds_);
        }
        return;
    }
    running_ = static_cast<int>(waiting - cells_.begin());
    waiting->state = ComparisonCell::State::running;
    job_ = client_.submit(waiting->request);
    Q_EMIT cellChanged(running_);
    Q_EMIT stateChanged();
}

void ComparisonModel::end(ComparisonCell::State state) {
    const int index = std::exchange(running_, -1);
    job_ = 0;
    ComparisonCell& ended = cells_[static_cast<std::size_t>(index)];
    ended.state = ended.result.image ? ComparisonCell::State::done : state;
    if (ended.state != ComparisonCell::State::done) {
        ended.image = {}; // an unfinished picture says nothing
    }
    Q_EMIT cellChanged(index);
}

bool ComparisonModel::canInsertAfter(int index) const {
    if (!isLadder() || index < 0 || index + 1 >= columns() ||
        cells_.size() >= kMaxComparisonCells) {
        return false;
    }
    const auto& values = spec_.axes[0].values;
    const auto at = static_cast<std::size_t>(index);
    const auto middle = value_between(values[at], values[at + 1]);
    return middle && std::ranges::find(values, *middle) == values.end();
}

bool ComparisonModel::insertAfter(int index) {
    if (!canInsertAfter(index)) {
        return false;
    }
    ComparisonAxis& axis = spec_.axes[0];
    const int place = index + 1;
    const auto at = static_cast<std::size_t>(index);
    const ComparisonValue value = value_between(axis.values[at], axis.values[at + 1]).value();
    axis.values.insert(axis.values.begin() + place, value);
    cells_.insert(cells_.begin() + place, {.request = with_value(spec_.base, axis, value),
                                           .caption = inWords(caption(axis, value))});
    for (int* moved : {&running_, &a_, &b_}) {
        *moved += *moved >= place ? 1 : 0;
    }
    Q_EMIT inserted(place);
    if (job_ == 0) {
        seconds_ = 0;
        next();
    }
    return true;
}

void ComparisonModel::setMarks(int a, int b) {
    if (cell(a) && cell(b) && (a != a_ || b != b_)) {
        a_ = a;
        b_ = b;
        Q_EMIT marksChanged();
    }
}

void ComparisonModel::measure() {
    if (measure_job_ != 0 || cells_.empty()) {
        return;
    }
    measuring_.clear();
    for (const ComparisonCell& each : cells_) {
        if (each.state == ComparisonCell::State::done && !each.measurement) {
            measuring_.push_back(each.result.image);
        }
    }
    if (!measuring_.empty()) {
        measure_job_ = client_.measure({.request = spec_.base, .images = measuring_});
        Q_EMIT stateChanged();
    }
}

void ComparisonModel::askInfluence(int index) {
    const ComparisonCell* at = cell(index);
    if (measure_job_ == 0 && at && at->state == ComparisonCell::State::done) {
        measuring_ = {at->result.image};
        measure_job_ = client_.measure({.request = at->result.request, .influence = true});
        Q_EMIT stateChanged();
    }
}

} // namespace likeness
