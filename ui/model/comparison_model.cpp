#include "ui/model/comparison_model.h"

#include "core/base/error.h"
#include "core/request/json.h"
#include "ui/model/engine_client.h"
#include "ui/model/words.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace likeness {

ComparisonModel::ComparisonModel(EngineClient& client, PictureQueue& queue, QString folder,
                                 QObject* parent)
    : QObject(parent), client_(client), queue_(queue), folder_(std::move(folder)) {
    connectQueue();
    connectMeasures();
}

void ComparisonModel::connectQueue() {
    connect(&queue_, &PictureQueue::paneChanged, this, [this](quint64 key, int pane) {
        if (key == key_) {
            showState(pane);
        }
    });
    connect(&queue_, &PictureQueue::panePreviewed, this,
            [this](quint64 key, int pane, const ImagePtr& preview) {
                if (key == key_) {
                    cells_[static_cast<std::size_t>(pane)].image = toQImage(*preview);
                    Q_EMIT cellChanged(pane);
                }
            });
    connect(&queue_, &PictureQueue::paneKept, this,
            [this](quint64 key, int pane, const ResultImage& picture, const ScreenPicture& screen) {
                if (key == key_) {
                    showPicture(pane, picture, screen);
                }
            });
    connect(&queue_, &PictureQueue::paneInserted, this, [this](quint64 key, int pane) {
        if (key != key_) {
            return;
        }
        spec_ = row()->spec();
        cells_.insert(cells_.begin() + pane,
                      {.request = expand(spec_)[static_cast<std::size_t>(pane)],
                       .caption = inWords(caption(spec_, static_cast<std::size_t>(pane)))});
        for (int* moved : {&a_, &b_}) {
            *moved += *moved >= pane ? 1 : 0;
        }
        Q_EMIT inserted(pane);
    });
    connect(&queue_, &PictureQueue::comparisonChanged, this, [this](quint64 key) {
        if (key == key_) {
            Q_EMIT stateChanged();
        }
    });
    connect(&queue_, &PictureQueue::comparisonRemoved, this, [this](quint64 key) {
        if (key == key_) {
            key_ = 0;
            spec_ = {};
            cells_.clear();
            fillMarks();
            Q_EMIT reset();
            Q_EMIT marksChanged();
            Q_EMIT stateChanged();
        }
    });
}

void ComparisonModel::connectMeasures() {
    connect(&client_, &EngineClient::finished, this, [this](JobId job, const Result& result) {
        if (job != measure_job_ || job == 0) {
            return;
        }
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
        for (std::size_t i = 0; i < std::min(measuring_.size(), result.measurements.size()); ++i) {
            for (ComparisonCell& cell : cells_) {
                if (cell.result.image == measuring_[i]) {
                    cell.measurement = result.measurements[i];
                }
            }
        }
        no_agreement_ = inWords(result.no_agreement);
        Q_EMIT measured();
    });
    connect(&client_, &EngineClient::stopped, this, [this](JobId job) {
        if (job == measure_job_ && job != 0) {
            measure_job_ = 0;
            Q_EMIT stateChanged();
        }
    });
    connect(&client_, &EngineClient::failed, this, [this](JobId job, const Failed& failure) {
        if (job == measure_job_ && job != 0) {
            measure_job_ = 0;
            no_agreement_ = inWords(failure.message);
            Q_EMIT measured();
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
    return queue_.runningPane(key_);
}

bool ComparisonModel::isRunning() const {
    const PictureQueue::Row* job = row();
    return job && !job->stopped && !job->failed &&
           std::ranges::any_of(cells_, [](const ComparisonCell& each) {
               return each.state == ComparisonCell::State::waiting ||
                      each.state == ComparisonCell::State::running;
           });
}

bool ComparisonModel::isWaiting() const {
    return isRunning() && std::ranges::find(cells_, ComparisonCell::State::running,
                                            &ComparisonCell::state) == cells_.end();
}

bool ComparisonModel::isStopping() const {
    const PictureQueue::Row* job = row();
    return job && job->stopped && running() >= 0;
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

void ComparisonModel::start(const ComparisonSpec& spec, const QImage& thumbnail) {
    show(queue_.add(spec, thumbnail));
}

void ComparisonModel::show(quint64 key) {
    const PictureQueue::Row* job = queue_.comparison(key);
    if (!job || key == key_) {
        return;
    }
    key_ = key;
    spec_ = job->spec();
    cells_.clear();
    const std::vector<GenerationRequest> requests = expand(spec_);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        cells_.push_back({.request = requests[i], .caption = inWords(caption(spec_, i))});
    }
    fillMarks();
    no_agreement_.clear();
    Q_EMIT reset();
    Q_EMIT marksChanged();
    for (int i = 0; i < static_cast<int>(cells_.size()); ++i) {
        showState(i);
    }
    Q_EMIT stateChanged();
}

// What the queue says of that pane.
void ComparisonModel::showState(int index) {
    const PictureQueue::Pane& pane = row()->panes[static_cast<std::size_t>(index)];
    ComparisonCell& cell = cells_[static_cast<std::size_t>(index)];
    cell.reason = pane.failure;
    switch (pane.state) {
    case PictureQueue::Pane::State::waiting:
    case PictureQueue::Pane::State::failed:
        cell.state = pane.state == PictureQueue::Pane::State::failed
                         ? ComparisonCell::State::failed
                         : ComparisonCell::State::waiting;
        cell.image = {}; // an unfinished picture says nothing
        break;
    case PictureQueue::Pane::State::running:
    case PictureQueue::Pane::State::made:
        cell.state = ComparisonCell::State::running;
        break;
    case PictureQueue::Pane::State::kept:
        if (!cell.result.image) {
            cell.state = ComparisonCell::State::reading;
            read(index);
        }
        break;
    }
    Q_EMIT cellChanged(index);
}

void ComparisonModel::showPicture(int index, const ResultImage& picture,
                                  const ScreenPicture& screen) {
    const std::string& file = row()->panes[static_cast<std::size_t>(index)].file;
    ComparisonCell& cell = cells_[static_cast<std::size_t>(index)];
    cell.state = ComparisonCell::State::done;
    cell.path = file.empty() ? QString() : folder_ + '/' + QString::fromStdString(file);
    cell.result = picture;
    cell.image = screen.image;
    cell.thumbnail = screen.thumbnail;
    makeSmall(picture.image);
    Q_EMIT cellChanged(index);
}

// A picture of an earlier time comes from the disk, with the request it carries. Where it does not
// it is missing.
void ComparisonModel::read(int index) {
    const PictureQueue::Pane& pane = row()->panes[static_cast<std::size_t>(index)];
    const QString path = folder_ + '/' + QString::fromStdString(pane.file);
    const auto place = [this, key = key_, id = pane.id] { // -1: another comparison is shown
        const PictureQueue::Row* job = key == key_ ? row() : nullptr;
        return job ? job->placeOf(id) : -1;
    };
    const auto lost = [this, place] {
        if (const int at = place(); at >= 0) {
            queue_.losePane(key_, at);
        }
    };
    files_.load(
        {.name = QFileInfo(path).fileName(), .path = path},
        [this, place, lost](const LoadedPicture& picture) {
            try {
                const ResultImage result{
                    .image = picture.image,
                    .request = request_from_json(picture.request_json.value_or(std::string()))};
                if (const int at = place(); at >= 0) {
                    showPicture(at, result, picture.screen);
                    Q_EMIT stateChanged();
                }
            } catch (const Error&) {
                lost(); // somebody else's picture
            }
        },
        [lost](const Refusal&) { lost(); });
}

// Two that lie apart and are not the ends: what a ladder is mostly asked about.
void ComparisonModel::fillMarks() {
    const int count = static_cast<int>(cells_.size());
    a_ = count == 0 ? -1 : count / 3;
    b_ = count == 0 ? -1 : std::max(std::min(count - 1, a_ + 1), 2 * count / 3);
}

void ComparisonModel::stop() {
    queue_.stop(key_);
    if (measure_job_ != 0) {
        client_.cancel(measure_job_);
    }
}

void ComparisonModel::resume() {
    if (!isRunning() && !isComplete()) {
        queue_.resume(key_);
    }
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
    const std::vector<ComparisonValue>& values = spec_.axes[0].values;
    const auto at = static_cast<std::size_t>(index);
    queue_.insertPane(key_, index + 1, value_between(values[at], values[at + 1]).value());
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
