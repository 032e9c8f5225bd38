#include "core/request/model_folder.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/request/encoder_config.h"
#include "core/request/limits.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxJsonBytes = 2U << 20;
constexpr std::size_t kMaxJsonValues = 200'000; // a value takes up to a hundred bytes of memory
constexpr int kMaxJsonDepth = 64;

// The config of a component that model_index.json names.
nlohmann::json component_config(const fs::path& folder, const char* component,
                                const char* file = "config.json") {
    const fs::path path = folder / component / file;
    if (!is_there(path)) {
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

template <typename T>
std::optional<T> value_of(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) {
        return std::nullopt;
    }
    // One that the type does not hold becomes the nearest that it does.
    return static_cast<T>(std::clamp(found->get<double>(),
                                     static_cast<double>(std::numeric_limits<T>::lowest()),
                                     static_cast<double>(std::numeric_limits<T>::max())));
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
    if (text_time && second) {
        return ModelFamily::sdxl_refiner;
    }
    if (text_time) {
        throw Error(
            ErrorCode::model_mismatch,
            message("The model {} was not opened: its UNet is of the SDXL kind, but it has no "
                    "text_encoder_2. Copy the whole folder, or choose another model.",
                    folder.name));
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
    return value_of<int>(folder.unet, "cross_attention_dim") == 1024 ? ModelFamily::sd2
                                                                     : ModelFamily::sd15;
}

// 2^(levels - 1), from the VAE's block_out_channels.
int vae_factor(const ModelFolder& folder) {
    if (folder.vae.is_null()) {
        return ModelTraits{}.vae_factor; // the family's; one is given beside the file
    }
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
    traits.family = to_string(folder.family);
    traits.cross_attention_dim = value_of<int>(folder.unet, "cross_attention_dim").value_or(0);
    traits.vae_factor = vae_factor(folder);
    traits.inpainting = value_of<int>(folder.unet, "in_channels").value_or(4) == 9;
    const int sample_size = value_of<int>(folder.unet, "sample_size").value_or(64);
    const int side = std::clamp(sample_size, 1, 4096 / traits.vae_factor) * traits.vae_factor;
    traits.default_width = traits.default_height = side;
    traits.default_scheduler = scheduler_of_config(folder.scheduler);
    traits.refiner = folder.family == ModelFamily::sdxl_refiner;
    if (folder.family == ModelFamily::sdxl || traits.refiner) {
        traits.default_guidance_scale = 5.0; // StableDiffusionXLPipeline's own default
    }
    const fs::path own = folder.path / "likeness.json";
    if (!folder.file && is_there(own)) {
        const auto json = read_json_object(own);
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
        const auto object = [&json](const char* key) {
            const auto found = json.find(key);
            return found != json.end() && found->is_object() ? *found : nlohmann::json::object();
        };
        folder.default_lora_training = object("default_lora_training");
        folder.default_dreambooth_training = object("default_dreambooth_training");
    }
}

// Everything of a model in one file. A VAE that it lacks is given beside it.
void read_single_file(ModelFolder& folder) {
    const SafetensorsHeader header = load_safetensors_header(folder.path);
    if (!is_model_file(header)) {
        throw Error(ErrorCode::not_a_checkpoint,
                    message("{} holds no model of its own (no model.diffusion_model tensors). "
                            "`likeness models inspect` tells what it is.",
                            folder.path.string()));
    }
    folder.name = folder.path.stem().string();
    auto file = std::make_shared<const ModelFile>(read_model_file(folder.path, header));
    const auto config = [&](const char* component) {
        const auto found = file->components.find(component);
        return found == file->components.end() ? nlohmann::json() : found->second.config;
    };
    folder.family = file->family;
    folder.unet = config("unet");
    folder.vae = config("vae");
    folder.text_encoder = config("text_encoder");
    folder.text_encoder_2 = config("text_encoder_2");
    folder.scheduler = file->scheduler;
    // As the refiner's published folder has it.
    folder.force_zeros_for_empty_prompt = folder.family != ModelFamily::sdxl_refiner;
    folder.file = std::move(file);
    read_traits(folder);
    folder.traits.attention_blocks = attention_blocks(folder.unet);
}

void find_adapters(ModelFolder& folder) {
    const fs::path adapters = folder.path / "ip_adapter";
    if (is_folder(adapters)) {
        for (const fs::path& path : files_in(adapters)) {
            // An old pickle counts where its safetensors form is not beside it.
            if (path.extension() == ".safetensors" ||
                (path.extension() == ".bin" &&
                 !is_there(fs::path(path).replace_extension(".safetensors")))) {
                folder.ip_adapters.push_back({path.stem().string(), path});
            }
        }
        std::ranges::sort(folder.ip_adapters, {}, &AdapterFile::name);
    }
    if (std::ranges::find(folder.ip_adapters, folder.default_ip_adapter, &AdapterFile::name) ==
        folder.ip_adapters.end()) {
        folder.default_ip_adapter =
            folder.ip_adapters.empty() ? "" : folder.ip_adapters.front().name;
    }
    if (is_there(folder.path / "image_encoder" / "config.json")) {
        folder.image_encoder = folder.path / "image_encoder";
    }
    if (is_there(folder.path / "feature_extractor" / "preprocessor_config.json")) {
        folder.feature_extractor = folder.path / "feature_extractor" / "preprocessor_config.json";
    }
    folder.traits.has_ip_adapter = !folder.ip_adapters.empty() && !folder.image_encoder.empty();
    folder.traits.attention_blocks = attention_blocks(folder.unet);
    if (!folder.image_encoder.empty()) {
        folder.traits.encoder = preprocess_of(folder.image_encoder, folder.feature_extractor);
    }
}

bool is_model_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path / "model_index.json", ignored);
}

bool is_single_file(const fs::path& path) {
    std::error_code ignored;
    if ((path.extension() != ".safetensors" && path.extension() != ".ckpt") ||
        !fs::is_regular_file(path, ignored)) {
        return false;
    }
    try {
        return is_model_file(load_safetensors_header(path));
    } catch (const Error&) {
        return false; // a damaged file is told when it is chosen by its path
    }
}

// Python writes infinities into its JSON, where there are none (DPM-Solver's lambda_min_clipped):
// here they are null, which means the class's own default.
std::string without_infinities(std::string_view text) {
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

nlohmann::json parse_json_file(std::string_view written, const fs::path& path) {
    const std::string text = without_infinities(written);
    std::size_t values = 0;
    const auto watch = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > kMaxJsonDepth) {
            throw Error(ErrorCode::file_damaged,
                        message("{} is nested deeper than {} levels, so it was not read.",
                                path.string(), kMaxJsonDepth));
        }
        if (++values > kMaxJsonValues) {
            throw Error(ErrorCode::file_too_large,
                        message("{} holds more than {} values, so it was not read.", path.string(),
                                kMaxJsonValues));
        }
        return true;
    };
    try {
        return nlohmann::json::parse(text, watch);
    } catch (const nlohmann::json::exception& error) {
        throw Error(
            ErrorCode::file_damaged,
            message("{} is no valid JSON, so it was not read. Copy the file again.", path.string()),
            error.what());
    }
}

nlohmann::json read_json_file(const fs::path& path) {
    return parse_json_file(read_text_file(path, kMaxJsonBytes), path);
}

nlohmann::json read_json_object(const fs::path& path) {
    auto json = read_json_file(path);
    if (!json.is_object()) {
        throw Error(ErrorCode::file_damaged,
                    message("{} holds no JSON object, so it was not read. Copy the file again.",
                            path.string()));
    }
    return json;
}

ModelFolder read_model_folder(const fs::path& path) {
    ModelFolder folder;
    folder.path = path;
    folder.name = fs::absolute(path).lexically_normal().filename().string();
    if (folder.name.empty()) {
        folder.name = fs::absolute(path).lexically_normal().parent_path().filename().string();
    }
    if (!is_there(path)) {
        throw Error(ErrorCode::file_missing,
                    message("There is no model at {}. Check the path.", path.string()));
    }
    if (!is_folder(path)) {
        read_single_file(folder);
        return folder;
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
    if (folder.family != ModelFamily::sdxl_refiner) {
        folder.text_encoder = component_config(path, "text_encoder");
    }
    if (folder.family == ModelFamily::sdxl || folder.family == ModelFamily::sdxl_refiner) {
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

void set_vae(ModelFolder& folder, nlohmann::json config) {
    folder.vae = std::move(config);
    folder.traits.vae_factor = vae_factor(folder);
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

fs::path user_model_folder() {
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
        return fs::path(data) / "likeness" / "models";
    }
    const char* home = std::getenv("HOME");
    return home != nullptr && *home != '\0' ? fs::path(home) / ".local/share/likeness/models"
                                            : fs::path();
}

fs::path vocabulary_file() {
    constexpr const char* kName = "vocabulary/bpe_simple_vocab_16e6.txt.gz";
    const auto set = [](const char* name) -> fs::path {
        const char* value = std::getenv(name);
        return value == nullptr ? "" : value;
    };
    std::vector<fs::path> places{resource_folder() / kName};
    if (!set("LIKENESS_CACHE").empty()) {
        places.push_back(set("LIKENESS_CACHE") / kName);
    } else if (!set("XDG_CACHE_HOME").empty()) {
        places.push_back(set("XDG_CACHE_HOME") / "likeness" / kName);
    } else {
        places.push_back(set("HOME") / ".cache/likeness" / kName);
    }
    std::error_code ignored;
    const auto found = std::ranges::find_if(
        places, [&](const fs::path& place) { return fs::exists(place, ignored); });
    if (found == places.end()) {
        throw Error(ErrorCode::file_missing,
                    message("CLIP's vocabulary, which a model in a single file needs, is not there "
                            "({}). installer/run.sh fetches it.",
                            places.back().string()));
    }
    return *found;
}

const char* pad_token(ModelFamily family, const std::string& component) {
    return family == ModelFamily::sd2 || component == "text_encoder_2" ? "!" : "<|endoftext|>";
}

fs::path find_model(const std::string& name_or_path) {
    const fs::path resources = resource_folder() / name_or_path;
    const fs::path user = user_model_folder() / name_or_path;
    const bool is_name = !name_or_path.empty() && name_or_path.find('/') == std::string::npos &&
                         name_or_path != "..";
    if (is_name && is_model_folder(resources)) {
        return resources;
    }
    if (is_name && !user_model_folder().empty() && is_model_folder(user)) {
        return user;
    }
    std::error_code ignored;
    for (const char* ending : {".safetensors", ".ckpt"}) {
        const fs::path file = user.string() + ending;
        if (is_name && !user_model_folder().empty() && fs::is_regular_file(file, ignored)) {
            return file;
        }
    }
    if (!name_or_path.empty() && is_there(name_or_path)) {
        return name_or_path;
    }
    throw Error(
        ErrorCode::file_missing,
        message("There is no model \"{}\": no such path, and no model of that name in {} or {}. "
                "`likeness models list` shows the names.",
                name_or_path, resource_folder().string(), user_model_folder().string()));
}

std::optional<std::string> family_of_model(const std::string& name_or_path) {
    try {
        return read_model_folder(find_model(name_or_path)).traits.family;
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::vector<fs::path> installed_models() {
    std::vector<fs::path> found;
    for (const fs::path& root : {resource_folder(), user_model_folder()}) {
        std::error_code ignored;
        if (root.empty() || !fs::is_directory(root, ignored)) {
            continue;
        }
        for (const fs::path& path : files_in(root)) {
            if (is_model_folder(path) || is_single_file(path)) {
                found.push_back(path);
            }
        }
    }
    std::ranges::sort(found, {}, [](const fs::path& path) { return path.filename(); });
    return found;
}

} // namespace likeness
