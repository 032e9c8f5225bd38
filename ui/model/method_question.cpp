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
constexpr const char* kPicturePace = "picture";

const char* paceNameOf(TrainingMethod method) {
    switch (method) {
    case TrainingMethod::lora:
        return "lora";
    case TrainingMethod::dreambooth:
        return "dreambooth";
    case TrainingMethod::ip_adapter:
        break;
    }
    return "ip_adapter";
}

std::string paceSizeOf(std::optional<int> resolution) {
    return resolution ? std::to_string(*resolution) : std::string();
}

std::string paceSizeOf(const GenerationRequest& request, const ModelTraits& traits) {
    return std::to_string(request.width.value_or(traits.default_width)) + 'x' +
           std::to_string(request.height.value_or(traits.default_height));
}

} // namespace

MethodQuestion::MethodQuestion(EngineClient& client, const RequestModel& request,
                               std::filesystem::path paces, QObject* parent)
    : QObject(parent), client_(client), request_(request),
      paces_(std::make_unique<TrainingPaces>(std::move(paces))) {
    connect(&request, &RequestModel::changed, this, &MethodQuestion::changed);
    connect(paces_.get(), &TrainingPaces::changed, this, &MethodQuestion::changed);
    connect(&client, &EngineClient::finished, this, [this](JobId job, const Result& result) {
        if (job == job_) {
            job_ = 0;
            take(result);
        } else if (!result.images.empty()) { // a picture: what one costs here
            double seconds = 0;
            for (const auto& [stage, each] : result.seconds) {
                seconds += stage == "load" ? 0 : each;
            }
            const GenerationRequest& made = result.images.front().request;
            paces_->learn(
                {.model = made.model,
                 .method = kPicturePace,
                 .size = paceSizeOf(made, request_.traits()),
                 .device = made.device,
                 .threads = made.threads},
                {.seconds_per_step = seconds / static_cast<double>(result.images.size())});
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

void MethodQuestion::setPlacement(const std::string& device, int threads) {
    device_ = device;
    threads_ = threads;
    Q_EMIT changed();
}

PaceSubject MethodQuestion::subject(const std::string& method, const std::string& size) const {
    const GenerationRequest& request = request_.request();
    return {.model = request.model,
            .method = method,
            .size = size,
            .device = device_.empty() ? request.device : device_,
            .threads = threads_ > 0 ? threads_ : request.threads};
}

TrainingAdvice MethodQuestion::advice() const {
    return adviceFor(static_cast<std::size_t>(pictures_.size()));
}

TrainingAdvice MethodQuestion::adviceFor(std::size_t pictures,
                                         std::optional<int> resolution) const {
    const GenerationRequest& request = request_.request();
    const auto picture = paces_->of(subject(kPicturePace, paceSizeOf(request, request_.traits())));
    return advise(
        {.pictures = pictures,
         .minutes = minutes_,
         .kept = kept_,
         .model = request.model,
         .has_ip_adapter = request_.traits().has_ip_adapter || !request.ip_adapter.empty(),
         .seconds_per_picture = picture ? picture->seconds_per_step : 0,
         .lora = paces_->of(subject(paceNameOf(TrainingMethod::lora), paceSizeOf(resolution))),
         .dreambooth =
             paces_->of(subject(paceNameOf(TrainingMethod::dreambooth), paceSizeOf(resolution)))});
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
    asked_.device = subject({}).device;
    asked_.threads = subject({}).threads;
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
    PaceSubject measured{.model = request.model,
                         .method = paceNameOf(request.method),
                         .size = paceSizeOf(request.resolution),
                         .device = request.device,
                         .threads = request.threads};
    paces_->learn(measured, pace_of(estimate, request));
    if (estimate.seconds_per_picture > 0) {
        measured.method = kPicturePace;
        measured.size = paceSizeOf({}, request_.traits()); // it is made as the model makes them
        paces_->learn(measured, {.seconds_per_step = estimate.seconds_per_picture});
    }
}

} // namespace likeness
