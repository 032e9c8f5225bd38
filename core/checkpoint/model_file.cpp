#include "core/checkpoint/model_file.h"

#include "core/base/error.h"
#include "core/checkpoint/ldm_names.h"
#include "core/checkpoint/network_configs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>

namespace likeness {

namespace {

using Json = nlohmann::json;

const std::string kUnet = "model.diffusion_model.";
const std::string kClip = "cond_stage_model.transformer.";
const std::string kOpenClip = "cond_stage_model.model.";
const std::string kFirst = "conditioner.embedders.0.";
const std::string kSecond = "conditioner.embedders.1.model.";

// What training leaves in files and no component reads (checkpoints.md 2.2).
constexpr std::string_view kIgnoredStarts[] = {
    "model_ema.", "sqrt_",          "log_one_minus_",          "posterior_",
    "loss.",      "alphas_cumprod", "first_stage_model.loss.", "first_stage_model.model_ema."};
constexpr std::string_view kIgnoredNames[] = {"betas",           "logvar",      "lvlb_weights",
                                              "denoiser.sigmas", "logit_scale", "global_step",
                                              "epoch",           "v_pred",      "ztsnr"};
constexpr std::string_view kIgnoredEnds[] = {".position_ids", ".attn_mask", ".logit_scale"};

bool is_ignored(std::string_view name) {
    return std::ranges::find(kIgnoredNames, name) != std::end(kIgnoredNames) ||
           std::ranges::any_of(kIgnoredStarts,
                               [&](auto start) { return name.starts_with(start); }) ||
           std::ranges::any_of(kIgnoredEnds, [&](auto end) { return name.ends_with(end); });
}

// What of a family the tensors do not tell.
struct FamilyRow {
    ModelFamily family;
    const char* name;
    const char* words;
    HeadRule heads;
    VaeScale vae;
    int64_t sample_size; // of the UNet, in latents
    const char* scheduler;
};

constexpr FamilyRow kFamilies[] = {
    {ModelFamily::sd15, "sd15", "SD 1.5", {.heads = 8}, {}, 64, "PNDMScheduler"},
    {ModelFamily::sd2, "sd2", "SD 2.x", {}, {}, 64, "PNDMScheduler"},
    {ModelFamily::sdxl,
     "sdxl",
     "SDXL",
     {},
     {.scaling_factor = 0.13025, .sample_size = 1024, .force_upcast = true},
     128,
     "EulerDiscreteScheduler"},
    {ModelFamily::sdxl_refiner,
     "sdxl_refiner",
     "SDXL refiner",
     {},
     {.scaling_factor = 0.13025, .sample_size = 1024, .force_upcast = true},
     128,
     "EulerDiscreteScheduler"}};

const FamilyRow& row_of(ModelFamily family) {
    return *std::ranges::find(kFamilies, family, &FamilyRow::family);
}

[[noreturn]] void refuse(const std::filesystem::path& path, const Message& why) {
    throw Error(ErrorCode::model_mismatch,
                message("The model {} was not opened: {}", path.filename().string(), why));
}

int64_t context_width(const TensorPlaces& unet) {
    for (const auto& [name, place] : unet) {
        if (name.ends_with(".attn2.to_k.weight") && place.shape.size() == 2) {
            return place.shape[1];
        }
    }
    return 0;
}

ModelFamily family_of(const std::filesystem::path& path, const SafetensorsHeader& header,
                      const TensorPlaces& unet) {
    if (header.tensors.contains("edm_mean") || header.tensors.contains("edm_std")) {
        refuse(path,
               message("it is of the Playground v2.5 kind, whose latents are scaled in another "
                       "way. SD 1.5, SD 2.x and SDXL files can be opened."));
    }
    if (header.any_starts(kSecond)) {
        return ModelFamily::sdxl;
    }
    if (header.any_starts(kFirst + "model.")) { // SD 2.x is written so too, by newer programs
        return unet.contains("add_embedding.linear_1.weight") ? ModelFamily::sdxl_refiner
                                                              : ModelFamily::sd2;
    }
    if (header.any_starts(kOpenClip)) {
        return ModelFamily::sd2;
    }
    if (header.any_starts("cond_stage_model.")) {
        return ModelFamily::sd15;
    }
    const int64_t width = context_width(unet);
    const char* kind = width == 768    ? "SD 1.5"
                       : width == 1024 ? "SD 2.x"
                       : width == 2048 ? "SDXL"
                       : width == 1280 ? "SDXL refiner"
                                       : nullptr;
    refuse(path,
           kind == nullptr
               ? message("it holds a UNet whose cross-attention reads {} values a token, and "
                         "no text encoder. SD 1.5, SD 2.x and SDXL files can be opened.",
                         width)
               : message("it holds only the UNet of an {} model, without text encoder. Choose "
                         "a file with the whole model, or its diffusers folder.",
                         kind));
}

TensorPlaces without_ignored(TensorPlaces places) {
    std::erase_if(places, [](const auto& item) {
        return is_ignored(item.first) || is_ignored(item.second.name);
    });
    return places;
}

void add_text(ModelFile& file, const SafetensorsHeader& header) {
    const auto add = [&](const char* name, TensorPlaces places, const char* act) {
        places = without_ignored(std::move(places));
        Json config = clip_text_config(places, act);
        file.components[name] = {.places = std::move(places), .config = std::move(config)};
    };
    const bool old = header.any_starts("cond_stage_model.");
    switch (file.family) {
    case ModelFamily::sd15:
        add("text_encoder", ldm_clip_text_places(header, kClip), "quick_gelu");
        break;
    case ModelFamily::sd2:
        add("text_encoder",
            open_clip_text_places(header, old ? kOpenClip : kFirst + "model.",
                                  OpenClipLayers::but_the_last),
            "gelu");
        break;
    case ModelFamily::sdxl:
        add("text_encoder", ldm_clip_text_places(header, kFirst + "transformer."), "quick_gelu");
        add("text_encoder_2", open_clip_text_places(header, kSecond, OpenClipLayers::all), "gelu");
        break;
    case ModelFamily::sdxl_refiner:
        add("text_encoder_2", open_clip_text_places(header, kFirst + "model.", OpenClipLayers::all),
            "gelu");
        break;
    }
}

// SD 2.x was trained for both; the file may say so, else the spread of one bias tells (ComfyUI's
// rule). Inpainting models predict the noise.
bool predicts_v(const std::filesystem::path& path, const SafetensorsHeader& header,
                const ModelFile& file) {
    if (header.tensors.contains("v_pred")) {
        return true;
    }
    const auto said = header.metadata.find("modelspec.prediction_type");
    if (said != header.metadata.end()) {
        return said->second.starts_with("v");
    }
    if (file.family != ModelFamily::sd2 ||
        file.components.at("unet").config.at("in_channels") != 4) {
        return false;
    }
    const auto values = load_small_tensor(
        path, header, kUnet + "output_blocks.11.1.transformer_blocks.0.norm1.bias", 4096);
    double mean = 0, spread = 0;
    for (const double value : values) {
        mean += value / static_cast<double>(values.size());
    }
    for (const double value : values) {
        spread += (value - mean) * (value - mean) / static_cast<double>(values.size());
    }
    return std::sqrt(spread) > 0.09;
}

Json scheduler_of(const FamilyRow& row, bool v, bool zero_terminal_snr) {
    Json config{{"_class_name", row.scheduler},
                {"beta_start", 0.00085},
                {"beta_end", 0.012},
                {"beta_schedule", "scaled_linear"},
                {"num_train_timesteps", 1000},
                {"set_alpha_to_one", false},
                {"clip_sample", false},
                {"steps_offset", 1},
                {"skip_prk_steps", true},
                {"timestep_spacing", "leading"},
                {"prediction_type", v ? "v_prediction" : "epsilon"}};
    if (zero_terminal_snr) { // such a model must begin at the last timestep
        config["rescale_betas_zero_snr"] = true;
        config["timestep_spacing"] = "trailing";
    }
    return config;
}

bool bears_float16(const std::filesystem::path& path) {
    std::string name = path.filename().string();
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::erase_if(name, [](char c) { return c == '-' || c == '_' || c == '.'; });
    return name.find("fp16fix") != std::string::npos;
}

} // namespace

const char* to_string(ModelFamily family) {
    return row_of(family).name;
}

const char* family_words(ModelFamily family) {
    return row_of(family).words;
}

bool is_model_file(const SafetensorsHeader& header) {
    return header.any_starts(kUnet);
}

ModelFile read_model_file(const std::filesystem::path& path, const SafetensorsHeader& header) {
    ModelFile file;
    TensorPlaces unet = without_ignored(ldm_unet_places(header, kUnet));
    file.family = family_of(path, header, unet);
    const FamilyRow& row = row_of(file.family);
    Json config = unet_config(unet, row.heads);
    file.components["unet"] = {.places = std::move(unet), .config = std::move(config)};
    add_text(file, header);
    if (auto vae = read_vae_file(path, header, file.family)) {
        file.components["vae"] = std::move(*vae);
    }
    const bool v = predicts_v(path, header, file);
    file.scheduler = scheduler_of(row, v, header.tensors.contains("ztsnr"));
    // SD 2.x that predicts v was trained at 768 pixels.
    file.components["unet"].config["sample_size"] =
        file.family == ModelFamily::sd2 && v ? 96 : row.sample_size;
    for (const auto& [name, entry] : header.tensors) {
        const bool known = name.starts_with(kUnet) || name.starts_with("first_stage_model.") ||
                           name.starts_with("vae.") || name.starts_with("cond_stage_model.") ||
                           name.starts_with("conditioner.embedders.");
        if (!known && !is_ignored(name)) {
            file.unknown.push_back(name);
        }
    }
    return file;
}

std::optional<FileComponent> read_vae_file(const std::filesystem::path& path,
                                           const SafetensorsHeader& header, ModelFamily family) {
    TensorPlaces places;
    for (const std::string prefix : {"first_stage_model.", "vae.", ""}) {
        if (header.any_starts(prefix + "decoder.up.")) {
            places = ldm_vae_places(header, prefix);
            break;
        }
        if (header.any_starts(prefix + "decoder.up_blocks.")) {
            places = plain_places(header, prefix);
            break;
        }
    }
    places = without_ignored(std::move(places));
    if (places.empty()) {
        return std::nullopt;
    }
    VaeScale scale = row_of(family).vae;
    scale.force_upcast = scale.force_upcast && !bears_float16(path);
    Json config = vae_config(places, scale);
    return FileComponent{.places = std::move(places), .config = std::move(config)};
}

std::optional<FileComponent> read_image_encoder_file(const SafetensorsHeader& header) {
    TensorPlaces places;
    if (header.tensors.contains("vision_model.embeddings.class_embedding")) {
        places = plain_places(header, "");
        std::erase_if(places, [](const auto& item) { // the rest of a whole CLIP
            return !item.first.starts_with("vision_model.") &&
                   item.first != "visual_projection.weight";
        });
    } else if (header.tensors.contains("visual.class_embedding")) {
        places = open_clip_vision_places(header, "visual.");
    }
    places = without_ignored(std::move(places));
    if (places.empty()) {
        return std::nullopt;
    }
    Json config = clip_vision_config(places);
    return FileComponent{.places = std::move(places), .config = std::move(config)};
}

} // namespace likeness
