#include "core/request/proposed_training.h"

#include "core/request/limits.h"
#include "core/request/model_folder.h"
#include "core/request/training_json.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

// Settings that hang on the model; the others are the person's. The text encoder's rate comes after
// its training, without which there is none, and the warm-up after the steps it is part of. (The
// learning rate stays empty: an empty one is the model's.)
constexpr std::array kProposed{"train_text_encoder", "text_encoder_learning_rate",
                               "lr_scheduler",       "max_train_steps",
                               "lr_warmup_steps",    "snr_gamma",
                               "train_batch_size",   "use_ema",
                               "prior_loss_weight",  "rank",
                               "network_alpha"};

// What the model says of such trainings; empty where it says nothing.
Json said_of(const TrainingRequest& request) {
    if (request.method == TrainingMethod::ip_adapter) {
        return Json::object();
    }
    try {
        const ModelFolder folder = read_model_folder(find_model(request.model));
        return request.method == TrainingMethod::dreambooth && !request.as_lora
                   ? folder.default_dreambooth_training
                   : folder.default_lora_training;
    } catch (const std::exception&) { // what is wrong with the model is told when it is opened
        return Json::object();
    }
}

Json settings_of(const TrainingRequest& request) {
    return Json::parse(to_json(request));
}

TrainingRequest with_settings(const TrainingRequest& request, const Json& settings) {
    TrainingRequest changed = training_request_from_json(settings.dump());
    changed.pictures = request.pictures; // the text has no pixels
    return changed;
}

// With that field as it is said, or as it was where it cannot be so.
TrainingRequest with_field(const TrainingRequest& request, const char* field, const Json& said) {
    try {
        Json settings = settings_of(request);
        settings[field] = said;
        TrainingRequest changed = with_settings(request, settings);
        return std::ranges::count(validate(changed), field, &Problem::field) == 0 ? changed
                                                                                  : request;
    } catch (const std::exception&) {
        return request;
    }
}

} // namespace

TrainingRequest proposed_training(TrainingMethod method, const std::string& model, bool as_lora) {
    TrainingRequest request{.method = method, .model = model, .as_lora = as_lora};
    const Json said = said_of(request);
    for (const char* const field : kProposed) {
        if (const auto found = said.find(field); found != said.end()) {
            request = with_field(request, field, *found);
        }
    }
    return request;
}

TrainingRequest proposed_anew(const TrainingRequest& before, const TrainingRequest& request) {
    const auto proposed = [](const TrainingRequest& of) {
        return settings_of(proposed_training(of.method, of.model, of.as_lora));
    };
    const Json was = proposed(before), is = proposed(request);
    Json settings = settings_of(request);
    const auto value = [](const Json& of, const char* field) {
        return of.contains(field) ? of[field] : Json();
    };
    for (const char* const field : kProposed) {
        if (value(settings, field) == value(was, field)) {
            settings[field] = value(is, field);
            if (settings[field].is_null()) {
                settings.erase(field);
            }
        }
    }
    return with_settings(request, settings);
}

double default_learning_rate(const TrainingRequest& request) {
    constexpr double kLora = 5e-4, kWhole = 5e-6, kAdapter = 1e-4; // diffusers' scripts and 8.10
    if (request.method == TrainingMethod::ip_adapter) {
        return kAdapter;
    }
    const Json said = said_of(request);
    const auto rate = said.find("learning_rate");
    const Limit& row = limit("learning_rate");
    if (rate != said.end() && rate->is_number() && *rate >= row.minimum && *rate <= row.maximum) {
        return rate->get<double>();
    }
    const bool whole = request.method == TrainingMethod::dreambooth && !request.as_lora;
    return whole ? kWhole : kLora;
}

} // namespace likeness
