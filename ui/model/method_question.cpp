#include "ui/model/method_question.h"

#include "core/request/proposed_training.h"
#include "ui/model/engine_client.h"
#include "ui/model/request_model.h"
#include "ui/model/words.h"

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

constexpr qsizetype kMeasured = 8; // pictures that trial steps read

} // namespace

MethodQuestion::MethodQuestion(EngineClient& client, const RequestModel& request, QObject* parent)
    : QObject(parent), client_(client), request_(request) {
    connect(&request, &RequestModel::changed, this, &MethodQuestion::changed);
    connect(&client, &EngineClient::finished, this, [this](JobId job, const Result& result) {
        if (job == job_) {
            job_ = 0;
            take(result);
        } else if (!result.images.empty()) { // a picture: what one costs here
            double seconds = 0;
            for (const auto& [stage, each] : result.seconds) {
                seconds += stage == "load" ? 0 : each;
            }
            paces_[result.images.front().request.model].seconds_per_picture =
                seconds / static_cast<double>(result.images.size());
        }
    });
    connect(&client, &EngineClient::failed, this, [this](JobId job, const Failed& failure) {
        if (job == job_) {
            job_ = 0;
            problem_ = inWords(failure.message);
            Q_EMIT changed();
        }
    });
    connect(&client, &EngineClient::stopped, this, [this](JobId job) {
        if (job == job_) {
            job_ = 0;
            Q_EMIT changed();
        }
    });
}

void MethodQuestion::setPictures(const QList<PictureSource>& pictures) {
    pictures_ = pictures;
    problem_.clear();
    Q_EMIT changed();
}

void MethodQuestion::setMinutes(double minutes) {
    if (std::exchange(minutes_, minutes) != minutes) {
        Q_EMIT changed();
    }
}

void MethodQuestion::setKept(KeptSame kept) {
    if (std::exchange(kept_, kept) != kept) {
        Q_EMIT changed();
    }
}

const MethodQuestion::Pace& MethodQuestion::pace() const {
    const auto found = paces_.find(request_.request().model);
    return found == paces_.end() ? unknown_ : found->second;
}

TrainingAdvice MethodQuestion::advice() const {
    return adviceFor(static_cast<std::size_t>(pictures_.size()));
}

TrainingAdvice MethodQuestion::adviceFor(std::size_t pictures) const {
    const GenerationRequest& request = request_.request();
    return advise(
        {.pictures = pictures,
         .minutes = minutes_,
         .kept = kept_,
         .model = request.model,
         .has_ip_adapter = request_.traits().has_ip_adapter || !request.ip_adapter.empty(),
         .seconds_per_picture = pace().seconds_per_picture,
         .lora = pace().lora,
         .dreambooth = pace().dreambooth});
}

bool MethodQuestion::canMeasure() const {
    return job_ == 0 && std::ranges::any_of(pictures_, [](const PictureSource& source) {
               return !source.path.isEmpty();
           });
}

void MethodQuestion::measure() {
    if (canMeasure()) {
        problem_.clear();
        submit(TrainingMethod::lora);
    }
}

void MethodQuestion::submit(TrainingMethod method) {
    asked_ = proposed_training(method, request_.request().model);
    asked_.instance_prompt = "a photo";
    asked_.device = request_.request().device;
    asked_.threads = request_.request().threads;
    if (method == TrainingMethod::dreambooth) {
        asked_.class_prompt = "a photo";
    }
    for (const PictureSource& source : std::as_const(pictures_)) {
        if (!source.path.isEmpty() && std::ssize(asked_.pictures) < kMeasured) {
            asked_.pictures.push_back({.path = source.path.toStdString()});
        }
    }
    job_ = client_.checkTraining(asked_);
    Q_EMIT changed();
}

void MethodQuestion::take(const Result& result) {
    if (result.training_check && result.training_check->estimate) {
        learn(asked_, *result.training_check->estimate);
    }
    if (asked_.method == TrainingMethod::lora) {
        submit(TrainingMethod::dreambooth);
    } else {
        Q_EMIT changed();
    }
}

void MethodQuestion::learn(const TrainingRequest& request, const TrainingEstimate& estimate) {
    Pace& known = paces_[request.model];
    if (request.method == TrainingMethod::lora) {
        known.lora = pace_of(estimate, request);
    } else if (request.method == TrainingMethod::dreambooth) {
        known.dreambooth = pace_of(estimate, request);
    }
    if (estimate.seconds_per_picture > 0) {
        known.seconds_per_picture = estimate.seconds_per_picture;
    }
    Q_EMIT changed();
}

} // namespace likeness
