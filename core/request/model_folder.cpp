#include "core/request/model_folder.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/request/encoder_config.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxJsonBytes = 16U << 20;
constexpr int kMaxJsonDepth = 64;

// The config of a component that model_index.json names.
nlohmann::json component_config(const fs::path& folder, const char* component,
                                const char* file = "config.json") {
    const fs::path path = folder / component / file;
    if (!fs::exists(path)) {
        throw Error(
            ErrorCode::model_incomplete,
            message(
                "The model {} was not opened: its component {} is missing ({}/{} is not there). "
                "Copy the whole folder, or choose another model.",
                folder.filename().string(), component, component, file));
    }
    return read_json_file(path);
}

bool names_component(const nlohmann::json& index, const char* component) {
    if (!index.contains(component)) {
        return false;
    }
    const auto& entry = index.at(component);
    return entry.is_array() && !entry.empty() && !entry.at(0).is_null();
}

ModelFamily family_of(const ModelFolder& folder, const nlohmann::json& index) {
    const auto embed = folder.unet.find("addition_embed_type");
    const bool text_time =
        embed != folder.unet.end() && embed->is_string() && *embed == "text_time";
    const bool first = names_component(index, "text_encoder"),
               second = names_component(index, "text_encoder_2");
    if (text_time && first && second) {
        return ModelFamily::sdxl;
    }
    if (text_time) {
        throw Error(
            ErrorCode::model_mismatch,
            message("The model {} was not opened: its UNet is of the SDXL kind, but it has {} "
                    "text encoder. "
                    "An SDXL refiner cannot make pictures alone; choose an SDXL base model.",
                    folder.name, first || second ? message("only one") : message("no")));
    }
    if (embed != folder.unet.end() && !embed->is_null()) {
        throw Error(ErrorCode::model_mismatch,
                    message("The model {} was not opened: its UNet wants \"{}\" conditions, a "
                            "family this program does "
                            "not know. SD 1.5 and SDXL folders can be opened.",
                            folder.name, embed->dump()));
    }
    if (!first) {
        throw Error(
            ErrorCode::model_incomplete,
            message("The model {} was not opened: its model_index.json names no text_encoder.",
                    folder.name));
    }
    return ModelFamily::sd15;
}

template <typename T>
std::optional<T> value_of(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) {
        return std::nullopt;
    }
    return found->get<T>();
}

// 2^(levels - 1), from the VAE's block_out_channels.
int vae_factor(const ModelFolder& folder) {
    const auto channels = folder.vae.find("block_out_channels");
    const std::size_t levels =
        channels != folder.vae.end() && channels->is_array() ? channels->size() : 1;
    if (levels < 1 || levels > 8) {
        throw Error(ErrorCode::model_mismatch,
                    message("The model {} was not opened: vae/config.json has {} levels in "
                            "block_out_channels, 1 to 8 can be.",
                            folder.name, levels));
    }
    return 1 << (levels - 1);
}

void read_traits(ModelFolder& folder) {
    ModelTraits& traits = folder.traits;
    traits.vae_factor = vae_factor(folder);
    const int sample_size = value_of<int>(folder.unet, "sample_size").value_or(64);
    const int side = std::clamp(sample_size, 1, 4096 / traits.vae_factor) * traits.vae_factor;
    traits.default_width = traits.default_height = side;
    traits.default_scheduler = scheduler_of_config(folder.scheduler);
    if (folder.family == ModelFamily::sdxl) {
        traits.default_guidance_scale = 5.0; // StableDiffusionXLPipeline's own default
    }
    const fs::path own = folder.path / "likeness.json";
    if (fs::exists(own)) {
        const auto json = read_json_file(own);
        const auto steps = value_of<int>(json, "default_num_inference_steps");
        const auto guidance = value_of<double>(json, "default_guidance_scale");
        traits.default_num_inference_steps =
            std::clamp(steps.value_or(traits.default_num_inference_steps), 1, 1000);
        traits.default_guidance_scale =
            std::clamp(guidance.value_or(traits.default_guidance_scale), 0.0, 30.0);
        const auto adapter = json.find("default_ip_adapter");
        if (adapter != json.end() && adapter->is_string()) {
            folder.default_ip_adapter = adapter->get<std::string>();
        }
    }
}

void find_adapters(ModelFolder& folder) {
    const fs::path adapters = folder.path / "ip_adapter";
    if (fs::is_directory(adapters)) {
        for (const auto& entry : fs::directory_iterator(adapters)) {
            if (entry.path().extension() == ".safetensors") {
                folder.ip_adapters.push_back({entry.path().stem().string(), entry.path()});
            }
        }
        std::ranges::sort(folder.ip_adapters, {}, &AdapterFile::name);
    }
    if (std::ranges::find(folder.ip_adapters, folder.default_ip_adapter, &AdapterFile::name) ==
        folder.ip_adapters.end()) {
        folder.default_ip_adapter =
            folder.ip_adapters.empty() ? "" : folder.ip_adapters.front().name;
    }
    if (fs::exists(folder.path / "image_encoder" / "config.json")) {
        folder.image_encoder = folder.path / "image_encoder";
    }
    if (fs::exists(folder.path / "feature_extractor" / "preprocessor_config.json")) {
        folder.feature_extractor = folder.path / "feature_extractor" / "preprocessor_config.json";
    }
    folder.traits.has_ip_adapter = !folder.ip_adapters.empty() && !folder.image_encoder.empty();
    folder.traits.attention_blocks = attention_blocks(folder.unet);
    if (!folder.image_encoder.empty()) {
        folder.traits.encoder = preprocess_of(folder.image_encoder, folder.feature_extractor);
    }
}

fs::path user_models() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
        return fs::path(data) / "likeness" / "models";
    }
    const char* home = std::getenv("HOME");
    return home != nullptr && *home != '\0' ? fs::path(home) / ".local/share/likeness/models"
                                            : fs::path();
}

bool is_model_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path / "model_index.json", ignored);
}

// Python writes infinities into its JSON, where there are none (DPM-Solver's lambda_min_clipped):
// here they are null, which means the class's own default.
std::string without_infinities(const std::string& text) {
    std::string result;
    result.reserve(text.size());
    bool quoted = false;
    for (std::string_view rest = text; !rest.empty();) {
        std::size_t taken = quoted && rest[0] == '\\' ? 2 : 1;
        quoted = quoted != (rest[0] == '"');
        std::string_view written = rest.substr(0, taken);
        for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
            if (!quoted && rest.starts_with(word)) {
                taken = word.size();
                written = "null";
                break;
            }
        }
        result += written;
        rest.remove_prefix(std::min(taken, rest.size()));
    }
    return result;
}

} // namespace

const char* to_string(ModelFamily family) {
    return family == ModelFamily::sdxl ? "sdxl" : "sd15";
}

nlohmann::json read_json_file(const fs::path& path) {
    const std::string text = without_infinities(read_text_file(path, kMaxJsonBytes));
    int deepest = 0;
    const auto watch_depth = [&deepest](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        deepest = std::max(deepest, depth);
        if (deepest > kMaxJsonDepth) {
            throw Error(ErrorCode::file_damaged,
                        message("a JSON file is nested deeper than 64 levels"));
        }
        return true;
    };
    try {
        return nlohmann::json::parse(text, watch_depth);
    } catch (const nlohmann::json::exception& error) {
        throw Error(
            ErrorCode::file_damaged,
            message("{} is no valid JSON, so it was not read. Copy the file again.", path.string()),
            error.what());
    } catch (const Error&) {
        throw Error(ErrorCode::file_damaged,
                    message("{} is nested deeper than {} levels, so it was not read.",
                            path.string(), kMaxJsonDepth));
    }
}

ModelFolder read_model_folder(const fs::path& path) {
    ModelFolder folder;
    folder.path = path;
    folder.name = fs::absolute(path).lexically_normal().filename().string();
    if (folder.name.empty()) {
        folder.name = fs::absolute(path).lexically_normal().parent_path().filename().string();
    }
    if (!fs::exists(path)) {
        throw Error(ErrorCode::file_missing,
                    message("There is no model at {}. Check the path.", path.string()));
    }
    if (!fs::is_directory(path)) {
        throw Error(ErrorCode::not_a_checkpoint,
                    message("{} is a single file; this version opens diffusers folders (with a "
                            "model_index.json). "
                            "Choose the folder of the model.",
                            path.string()));
    }
    if (!is_model_folder(path)) {
        throw Error(ErrorCode::not_a_checkpoint,
                    message("{} holds no model_index.json, so it is no diffusers folder. "
                            "Choose the folder that holds "
                            "unet/, vae/ and text_encoder/.",
                            path.string()));
    }
    const auto index = read_json_file(path / "model_index.json");
    if (!index.is_object()) {
        throw Error(ErrorCode::not_a_checkpoint,
                    message("{}/model_index.json holds no JSON object.", path.string()));
    }
    folder.unet = component_config(path, "unet");
    folder.vae = component_config(path, "vae");
    if (!folder.unet.is_object() || !folder.vae.is_object()) {
        throw Error(ErrorCode::model_incomplete,
                    message("The model {} was not opened: unet/config.json or vae/config.json "
                            "holds no JSON object.",
                            folder.name));
    }
    folder.family = family_of(folder, index);
    folder.text_encoder = component_config(path, "text_encoder");
    if (folder.family == ModelFamily::sdxl) {
        folder.text_encoder_2 = component_config(path, "text_encoder_2");
    }
    folder.scheduler = component_config(path, "scheduler", "scheduler_config.json");
    if (!folder.scheduler.is_object()) {
        throw Error(
            ErrorCode::model_incomplete,
            message("The model {} was not opened: scheduler_config.json holds no JSON object.",
                    folder.name));
    }
    const auto zeros = index.find("force_zeros_for_empty_prompt");
    folder.force_zeros_for_empty_prompt =
        zeros == index.end() || !zeros->is_boolean() || zeros->get<bool>();
    read_traits(folder);
    find_adapters(folder);
    return folder;
}

fs::path resource_folder() {
    if (const char* given = std::getenv("LIKENESS_RESOURCES"); given != nullptr && *given != '\0') {
        return given;
    }
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const fs::path& candidate :
         {program / "resources", program / "../share/likeness/resources"}) {
        if (fs::is_directory(candidate, ignored)) {
            return fs::weakly_canonical(candidate);
        }
    }
    return LIKENESS_RESOURCES_IN_SOURCE;
}

fs::path find_model(const std::string& name_or_path) {
    const fs::path resources = resource_folder() / name_or_path;
    const fs::path user = user_models() / name_or_path;
    const bool is_name = !name_or_path.empty() && name_or_path.find('/') == std::string::npos &&
                         name_or_path != "..";
    if (is_name && is_model_folder(resources)) {
        return resources;
    }
    if (is_name && !user_models().empty() && is_model_folder(user)) {
        return user;
    }
    if (!name_or_path.empty() && fs::exists(name_or_path)) {
        return name_or_path;
    }
    throw Error(
        ErrorCode::file_missing,
        message("There is no model \"{}\": no such path, and no model of that name in {} or {}. "
                "`likeness models list` shows the names.",
                name_or_path, resource_folder().string(), user_models().string()));
}

std::vector<fs::path> installed_models() {
    std::vector<fs::path> found;
    for (const fs::path& root : {resource_folder(), user_models()}) {
        std::error_code ignored;
        if (root.empty() || !fs::is_directory(root, ignored)) {
            continue;
        }
        for (const auto& entry : fs::directory_iterator(root, ignored)) {
            if (is_model_folder(entry.path())) {
                found.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(found, {}, [](const fs::path& path) { return path.filename(); });
    return found;
}

} // namespace likeness
