#include "core/training/model_copy.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/checkpoint/shard_index.h"
#include "core/request/weights_file.h"
#include "core/weights/safetensors.h"

#include <algorithm>
#include <set>

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

} // namespace

Message why_no_copy(const ModelFolder& folder) {
    if (!folder.file) {
        return {};
    }
    return message("the model {} is a single file, of which no folder is made; choose the form of "
                   "differences (--difference), or a model that is a folder",
                   folder.name);
}

void write_model_copy(const ModelFolder& folder, const std::map<std::string, TensorMap>& components,
                      const fs::path& path) {
    make_folder(path);
    for (const auto& entry : fs::directory_iterator(folder.path)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(".")) {
            continue; // a downloader's notes
        }
        if (entry.is_directory()) {
            copy_part(entry.path(), components.contains(name), path / name);
        } else if (entry.is_regular_file() && !holds_weights(entry.path())) {
            copy_one(entry.path(), path / name);
        }
    }
    for (const auto& [component, tensors] : components) {
        make_folder(path / component);
        save_safetensors(path / component / (weights_stem(component) + ".safetensors"), tensors,
                         {{"format", "pt"}});
    }
}

} // namespace likeness
