#include "core/request/training_json.h"

#include "core/base/error.h"

#include <array>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPictures = 100'000;

// What an enumerator is called, in their order.
constexpr std::array kMethods{"lora", "dreambooth", "ip_adapter"};
constexpr std::array kSchedules{"constant", "cosine", "linear"};
constexpr std::array kLayers{"attention", "all"};
constexpr std::array kSpellings{"kohya", "diffusers"};

constexpr const auto& names_of(TrainingMethod /*of*/) {
    return kMethods;
}

constexpr const auto& names_of(LearningRateSchedule /*of*/) {
    return kSchedules;
}

constexpr const auto& names_of(TrainedLayers /*of*/) {
    return kLayers;
}

constexpr const auto& names_of(LoraSpelling /*of*/) {
    return kSpellings;
}

template <typename Request, typename Visit>
void visit_fields(Request& request, const Visit& visit) {
    visit("method", request.method);
    visit("model", request.model);
    visit("vae", request.vae);
    visit("instance_prompt", request.instance_prompt);
    visit("resolution", request.resolution);
    visit("train_batch_size", request.train_batch_size);
    visit("gradient_accumulation_steps", request.gradient_accumulation_steps);
    visit("max_train_steps", request.max_train_steps);
    visit("learning_rate", request.learning_rate);
    visit("text_encoder_learning_rate", request.text_encoder_learning_rate);
    visit("lr_scheduler", request.lr_scheduler);
    visit("lr_warmup_steps", request.lr_warmup_steps);
    visit("snr_gamma", request.snr_gamma);
    visit("noise_offset", request.noise_offset);
    visit("gradient_checkpointing", request.gradient_checkpointing);
    visit("use_ema", request.use_ema);
    visit("random_flip", request.random_flip);
    visit("train_text_encoder", request.train_text_encoder);
    visit("rank", request.rank);
    visit("network_alpha", request.network_alpha);
    visit("targets", request.targets);
    visit("format", request.format);
    visit("class_prompt", request.class_prompt);
    visit("num_class_images", request.num_class_images);
    visit("prior_loss_weight", request.prior_loss_weight);
    visit("as_lora", request.as_lora);
    visit("as_difference", request.as_difference);
    visit("ip_adapter", request.ip_adapter);
    visit("validation_prompt", request.validation_prompt);
    visit("validation_steps", request.validation_steps);
    visit("num_validation_images", request.num_validation_images);
    visit("kept_sample_weights", request.kept_sample_weights);
    visit("take_step", request.take_step);
    visit("validation_share", request.validation_share);
    visit("seed", request.seed);
    visit("device", request.device);
    visit("dtype", request.dtype);
    visit("threads", request.threads);
    visit("checkpointing_minutes", request.checkpointing_minutes);
    visit("out", request.out);
    visit("resume", request.resume);
}

struct Writer {
    Json& json;

    template <typename Value>
    void operator()(const char* key, const Value& value) const {
        if constexpr (std::is_enum_v<Value>) {
            json[key] = names_of(value).at(static_cast<std::size_t>(value));
        } else {
            json[key] = value;
        }
    }

    template <typename Value>
    void operator()(const char* key, const std::optional<Value>& value) const {
        if (value) {
            json[key] = *value;
        }
    }
};

[[noreturn]] void refuse(const char* key) {
    throw Error(ErrorCode::bad_request,
                message("The settings of a training cannot be read: {} has no good value.", key));
}

struct Reader {
    const Json& json;

    template <typename Value>
    void operator()(const char* key, Value& value) const {
        if (const auto found = json.find(key); found != json.end()) {
            read(key, *found, value);
        }
    }

private:
    static void read(const char* key, const Json& from, bool& value) {
        from.is_boolean() ? void(value = from.get<bool>()) : refuse(key);
    }

    static void read(const char* key, const Json& from, std::string& value) {
        from.is_string() ? void(value = from.get<std::string>()) : refuse(key);
    }

    static void read(const char* key, const Json& from, double& value) {
        from.is_number() ? void(value = from.get<double>()) : refuse(key);
    }

    static void read(const char* key, const Json& from, std::uint64_t& value) {
        from.is_number_unsigned() ? void(value = from.get<std::uint64_t>()) : refuse(key);
    }

    static void read(const char* key, const Json& from, int& value) {
        constexpr std::int64_t kMost = std::numeric_limits<int>::max();
        if (!from.is_number_integer() || from.get<std::int64_t>() > kMost ||
            from.get<std::int64_t>() < -kMost) {
            refuse(key);
        }
        value = from.get<int>();
    }

    template <typename Value>
    static void read(const char* key, const Json& from, std::optional<Value>& value) {
        read(key, from, value.emplace());
    }

    template <typename Value>
    requires std::is_enum_v<Value>

    static void read(const char* key, const Json& from, Value& value) {
        const auto& names = names_of(value);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (from == names[i]) {
                value = static_cast<Value>(i);
                return;
            }
        }
        refuse(key);
    }
};

} // namespace

std::string to_json(const TrainingRequest& request) {
    Json json = Json::object();
    visit_fields(request, Writer{json});
    Json pictures = Json::array();
    for (const TrainingPicture& picture : request.pictures) {
        pictures.push_back({{"path", picture.path}, {"caption", picture.caption}});
        if (!picture.content.empty()) {
            pictures.back()["content"] = picture.content;
        }
    }
    json["pictures"] = std::move(pictures);
    return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

TrainingRequest training_request_from_json(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        throw Error(ErrorCode::bad_request,
                    message("The settings of a training cannot be read: they are no JSON object."));
    }
    TrainingRequest request;
    visit_fields(request, Reader{json});
    if (const auto pictures = json.find("pictures"); pictures != json.end()) {
        if (!pictures->is_array() || pictures->size() > kMostPictures) {
            refuse("pictures");
        }
        for (const Json& each : *pictures) {
            TrainingPicture picture;
            if (!each.is_object()) {
                refuse("pictures");
            }
            Reader{each}("path", picture.path);
            Reader{each}("caption", picture.caption);
            Reader{each}("content", picture.content);
            request.pictures.push_back(std::move(picture));
        }
    }
    return request;
}

} // namespace likeness
