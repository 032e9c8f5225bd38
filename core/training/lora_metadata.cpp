#include "core/training/lora_metadata.h"

#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/request/training_crop.h"

#include <array>
#include <fstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

namespace fs = std::filesystem;

// The file with the weights of the model's UNet; empty where it is in several.
fs::path unet_file(const ModelFolder& folder) {
    if (folder.file) {
        return folder.path;
    }
    fs::path found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder.path / "unet", ignored)) {
        if (entry.path().extension() == ".safetensors") {
            if (!found.empty()) {
                return {};
            }
            found = entry.path();
        }
    }
    return found;
}

std::string file_sha256(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> piece(std::size_t{1} << 20);
    Sha256 hash;
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hash.add(std::as_bytes(std::span(piece.data(), static_cast<std::size_t>(file.gcount()))));
    }
    return hash.hex();
}

const char* base_version(ModelFamily family) {
    switch (family) {
    case ModelFamily::sd15:
        return "sd_v1";
    case ModelFamily::sd2:
        return "sd_v2";
    case ModelFamily::sdxl:
        return "sdxl_base_v1-0";
    default:
        return "";
    }
}

const char* architecture(const SdModel& model) {
    switch (model.folder.family) {
    case ModelFamily::sd15:
        return "stable-diffusion-v1/lora";
    case ModelFamily::sd2:
        return model.scheduler_config.prediction_type == PredictionType::v_prediction
                   ? "stable-diffusion-v2-768-v/lora"
                   : "stable-diffusion-v2-512/lora";
    case ModelFamily::sdxl:
        return "stable-diffusion-xl-v1-base/lora";
    default:
        return "";
    }
}

} // namespace

std::map<std::string, std::string> lora_metadata(const SdModel& model,
                                                 const TrainingRequest& request, int resolution) {
    const double alpha = request.network_alpha.value_or(request.rank);
    nlohmann::json captions = nlohmann::json::object();
    for (const TrainingPicture& picture : request.pictures) {
        auto& count =
            captions[as_utf8(picture.caption.empty() ? request.instance_prompt : picture.caption)];
        count = (count.is_number() ? count.get<int>() : 0) + 1;
    }
    std::map<std::string, std::string> told{
        {"format", "pt"},
        {"ss_base_model_version", base_version(model.folder.family)},
        {"ss_v2", model.folder.family == ModelFamily::sd2 ? "True" : ""},
        {"ss_sd_model_name", model.folder.name},
        {"ss_resolution", fmt::format("({0}, {0})", resolution)},
        {"ss_num_train_images", std::to_string(request.pictures.size())},
        {"ss_steps", std::to_string(request.max_train_steps)},
        {"ss_learning_rate",
         fmt::format("{}", request.learning_rate.value_or(default_learning_rate(request)))},
        {"ss_seed", std::to_string(request.seed)},
        {"ss_tag_frequency", nlohmann::json{{"pictures", captions}}.dump()},
        {"modelspec.architecture", architecture(model)},
        {"modelspec.title", fs::path(request.out).stem().string()},
        {"modelspec.trigger_phrase", request.instance_prompt}};
    if (const fs::path file = unet_file(model.folder); !file.empty()) {
        told["ss_sd_model_hash"] = file_sha256(file);
    }
    if (request.as_difference && !request.as_lora) {
        told["ss_network_module"] = "lycoris.kohya";
        told["ss_network_args"] = R"({"algo": "full"})";
    } else {
        told["ss_network_module"] = "networks.lora";
        told["ss_network_dim"] = std::to_string(request.rank);
        told["ss_network_alpha"] = fmt::format("{}", alpha);
    }
    std::erase_if(told, [](const auto& item) { return item.second.empty(); });
    for (auto& [name, value] : told) { // prompts and names may be in another encoding
        value = as_utf8(value);
    }
    return told;
}

std::string peft_config(const std::vector<std::string>& names, std::int64_t rank, double alpha) {
    constexpr std::string_view kDown = ".lora_A.weight";
    constexpr std::string_view kOlder = "text_model."; // not in the names of transformers 5
    nlohmann::json config;
    for (const std::string& name : names) {
        if (!name.ends_with(kDown)) {
            continue;
        }
        const auto dot = name.find('.');
        const std::string component = name.substr(0, dot);
        std::string layer = name.substr(dot + 1, name.size() - kDown.size() - dot - 1);
        if (layer.starts_with(kOlder)) {
            layer.erase(0, kOlder.size());
        }
        config[component + ".r"] = rank;
        config[component + ".lora_alpha"] = alpha;
        config[component + ".target_modules"].push_back(layer);
    }
    return config.dump();
}

std::string fingerprint(const TrainingRequest& request) {
    Sha256 hash;
    const auto add = [&hash](const std::string& text) {
        hash.add(std::as_bytes(std::span(text)));
        constexpr std::array<std::byte, 1> kEnd{};
        hash.add(kEnd);
    };
    add(request.model);
    if (!request.vae.empty()) {
        add(request.vae);
    }
    add(request.instance_prompt);
    add(request.class_prompt);
    add(request.ip_adapter);
    const auto number = [](const auto& value) { return value ? fmt::format("{}", *value) : "-"; };
    // Not the learning rates: where one was too high, a lower one goes on.
    add(fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {}", static_cast<int>(request.method),
                    request.resolution.value_or(0), request.train_batch_size,
                    request.gradient_accumulation_steps, request.max_train_steps,
                    request.validation_share, static_cast<int>(request.lr_scheduler),
                    request.lr_warmup_steps, request.snr_gamma, request.noise_offset,
                    request.use_ema, request.random_flip, request.train_text_encoder));
    add(fmt::format("{} {} {} {} {} {} {} {}", request.rank, number(request.network_alpha),
                    static_cast<int>(request.targets), request.num_class_images,
                    request.prior_loss_weight, request.as_lora, request.as_difference,
                    request.seed));
    for (const TrainingPicture& picture : request.pictures) {
        const PictureSize whole = whole_size(picture);
        add(fmt::format("{} {}", whole.width, whole.height));
        add(picture.caption);
        hash.add(picture.image->bytes);
        if (picture.mask) {
            hash.add(picture.mask->bytes);
        }
    }
    return hash.hex();
}

} // namespace likeness
