#include "core/training/model_copy.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/checkpoint/shard_index.h"
#include "core/request/weights_file.h"
#include "core/text/bpe_trainer.h"
#include "core/text/clip_tokenizer.h"
#include "core/weights/safetensors.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

namespace fs = std::filesystem;

// The stem of a component's file of weights.
std::string weights_stem(const std::string& component) {
    return component == "unet" || component == "vae" ? "diffusion_pytorch_model" : "model";
}

bool holds_weights(const fs::path& file) {
    static constexpr const char* kEndings[] = {".safetensors", ".bin",       ".ckpt",      ".pt",
                                               ".pth",         ".msgpack",   ".h5",        ".onnx",
                                               ".pb",          ".onnx_data", ".index.json"};
    const std::string name = file.filename().string();
    return std::ranges::any_of(kEndings,
                               [&name](const char* ending) { return name.ends_with(ending); });
}

// The files that a component's weights are read from.
std::set<fs::path> read_files(const fs::path& folder) {
    std::set<fs::path> files;
    try {
        const fs::path file = weights_file(folder, weights_stem(folder.filename().string()));
        files.insert(file);
        if (file.extension() == ".json") {
            for (const auto& [tensor, shard] : load_shard_index(file)) {
                files.insert(folder / shard);
            }
        }
    } catch (const Error&) {
        return {}; // a part without any, such as the scheduler
    }
    return files;
}

void copy_one(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    fs::create_directories(to.parent_path(), failed);
    if (!failed) {
        fs::copy_file(from, to, failed);
    }
    if (failed) {
        throw Error(ErrorCode::write_failed, message("{} could not be copied to {}: {}.",
                                                     from.string(), to.string(), failed.message()));
    }
}

void copy_part(const fs::path& part, bool without_weights, const fs::path& to) {
    const std::set<fs::path> read = without_weights ? std::set<fs::path>() : read_files(part);
    const bool all = !without_weights && read.empty(); // adapters: every file is one of its own
    for (const auto& entry : fs::directory_iterator(part)) {
        if (entry.is_regular_file() &&
            (!holds_weights(entry.path()) || all || read.contains(entry.path()))) {
            copy_one(entry.path(), to / entry.path().filename());
        }
    }
}

void copy_folder(const ModelFolder& folder, const std::vector<std::string>& components,
                 const fs::path& path) {
    for (const auto& entry : fs::directory_iterator(folder.path)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(".")) {
            continue; // a downloader's notes
        }
        if (entry.is_directory()) {
            copy_part(entry.path(), std::ranges::find(components, name) != components.end(),
                      path / name);
        } else if (entry.is_regular_file() && !holds_weights(entry.path())) {
            copy_one(entry.path(), path / name);
        }
    }
}

nlohmann::json model_index(const ModelFolder& folder) {
    const bool sdxl = folder.family == ModelFamily::sdxl;
    nlohmann::json index{
        {"_class_name", sdxl ? "StableDiffusionXLPipeline" : "StableDiffusionPipeline"},
        {"_diffusers_version", "0.42.1"},
        {"feature_extractor", {nullptr, nullptr}},
        {"image_encoder", {nullptr, nullptr}},
        {"scheduler", {"diffusers", folder.scheduler.at("_class_name")}},
        {"text_encoder", {"transformers", "CLIPTextModel"}},
        {"tokenizer", {"transformers", "CLIPTokenizer"}},
        {"unet", {"diffusers", "UNet2DConditionModel"}},
        {"vae", {"diffusers", "AutoencoderKL"}}};
    if (sdxl) {
        index["force_zeros_for_empty_prompt"] = folder.force_zeros_for_empty_prompt;
        index["text_encoder_2"] = {"transformers", "CLIPTextModelWithProjection"};
        index["tokenizer_2"] = {"transformers", "CLIPTokenizer"};
    } else {
        index["requires_safety_checker"] = false;
        index["safety_checker"] = {nullptr, nullptr};
    }
    return index;
}

void write_json(const fs::path& path, const nlohmann::json& json) {
    make_folder(path.parent_path());
    write_file_atomically(path, json.dump(2) + "\n");
}

// What a folder says beside its weights.
void write_configs(const ModelFolder& folder, const fs::path& path) {
    write_json(path / "model_index.json", model_index(folder));
    write_json(path / "scheduler" / "scheduler_config.json", folder.scheduler);
    const BpeVocabulary vocabulary = ClipTokenizer::load_vocabulary(vocabulary_file());
    for (const auto& [component, content] : folder.file->components) {
        write_json(path / component / "config.json", content.config);
        if (component.starts_with("text_encoder")) {
            const std::string suffix = component.substr(std::string_view("text_encoder").size());
            const fs::path tokenizer = path / ("tokenizer" + suffix);
            make_folder(tokenizer);
            save_clip_tokenizer(tokenizer, vocabulary,
                                content.config.at("max_position_embeddings").get<int>(),
                                pad_token(folder.family, component));
        }
    }
}

} // namespace

void write_model_copy(const ModelFolder& folder, const std::vector<std::string>& components,
                      const std::function<TensorMap(const std::string&)>& tensors_of,
                      const fs::path& path) {
    make_folder(path);
    if (folder.file) {
        write_configs(folder, path);
    } else {
        copy_folder(folder, components, path);
    }
    if (folder.given_vae) {
        write_json(path / "vae" / "config.json", folder.vae);
    }
    for (const std::string& component : components) {
        make_folder(path / component);
        save_safetensors(path / component / (weights_stem(component) + ".safetensors"),
                         tensors_of(component), {{"format", "pt"}});
    }
}

} // namespace likeness
