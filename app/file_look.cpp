#include "app/file_look.h"

#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/model_file.h"
#include "core/inspect/inspect.h"
#include "core/request/model_folder.h"

#include <filesystem>

namespace likeness {

namespace {

namespace fs = std::filesystem;

FileFacts factsOfFolder(const fs::path& folder) {
    const fs::path config = folder / "config.json";
    std::error_code ignored;
    if (!fs::exists(folder / "model_index.json", ignored) && fs::exists(config, ignored)) {
        const auto json = read_json_file(config);
        const auto name = json.find("_class_name");
        if (json.is_object() && name != json.end() && *name == "AutoencoderKL") {
            return {.kind = FileKind::vae};
        }
    }
    return {.kind = FileKind::model, .family = read_model_folder(folder).traits.family};
}

// LoRAs and learned words: their reader tells more of them than the window asks.
FileFacts factsOfAddition(const ModelReport& report) {
    FileFacts facts{.kind = FileKind::other, .family = report.family};
    if (report.lora) {
        facts.kind = FileKind::lora;
        facts.cross_attention_dim = static_cast<int>(report.lora->cross_attention_dim);
        facts.triggers = report.lora->triggers;
    } else if (report.word) {
        facts.kind = FileKind::learned_word;
        facts.token = report.word->token;
    }
    return facts;
}

} // namespace

FileFacts lookAtFile(const std::string& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        return factsOfFolder(path);
    }
    const SafetensorsHeader header = load_safetensors_header(path);
    if (is_model_file(header)) {
        return {.kind = FileKind::model, .family = to_string(read_model_file(path, header).family)};
    }
    if (is_adapter_file(header)) {
        const AdapterFacts adapter = adapter_facts(adapter_places(header));
        return {.kind = FileKind::ip_adapter,
                .family = adapter.base,
                .cross_attention_dim = static_cast<int>(adapter.cross_attention_dim)};
    }
    if (read_vae_file(path, header, ModelFamily::sd15)) {
        return {.kind = FileKind::vae};
    }
    return factsOfAddition(inspect_model(path));
}

} // namespace likeness
