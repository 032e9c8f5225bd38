#include "core/model_library/classify.h"

#include "core/base/error.h"
#include "core/checkpoint/model_file.h"
#include "core/inspect/inspect.h"
#include "core/pickle/conversion.h"
#include "core/request/model_folder.h"
#include "core/request/weights_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSafetensors = ".safetensors";
constexpr std::array<std::string_view, 4> kPickles = {".ckpt", ".pt", ".pth", ".bin"};

// model-00001-of-00002.safetensors
bool is_shard(std::string_view name) {
    const auto digits = [](std::string_view text) {
        return text.size() == 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    const auto of = name.rfind("-of-");
    return of != std::string_view::npos && of >= 6 && name[of - 6] == '-' &&
           digits(name.substr(of - 5, 5)) && digits(name.substr(of + 4, 5)) &&
           name.substr(of + 9).starts_with('.');
}

bool is_index(const std::string& name) {
    return name.find(".safetensors") != std::string::npos && name.ends_with(".json");
}

// Of an encoder that has hidden states of that width.
std::string encoder_of_width(std::int64_t hidden_size) {
    switch (hidden_size) {
    case 1024:
        return "ViT-L/14";
    case 1280:
        return "ViT-H/14";
    case 1664:
        return "ViT-bigG/14";
    default:
        return {};
    }
}

std::string encoder_of_config(const fs::path& config) {
    try {
        const auto json = read_json_file(config);
        const auto width = json.find("hidden_size");
        return width != json.end() && width->is_number_integer()
                   ? encoder_of_width(width->get<std::int64_t>())
                   : "";
    } catch (const Error&) {
        return {}; // using it tells what is wrong with it
    }
}

// SDXL's VAEs and TAESDs have the shapes of the others: their config's scale tells, else their
// name.
std::string vae_family(const fs::path& path) {
    const fs::path config = (fs::is_directory(path) ? path : path.parent_path()) / "config.json";
    try {
        if (fs::is_regular_file(config)) {
            const auto json = read_json_file(config);
            if (const auto scale = json.find("scaling_factor");
                scale != json.end() && scale->is_number()) {
                return scale->get<double>() < 0.15 ? "sdxl" : "sd15";
            }
        }
    } catch (const std::exception&) {
        // A config that is not to be read tells nothing.
    }
    std::string name = fs::absolute(path).lexically_normal().filename().string();
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name.find("xl") != std::string::npos ? "sdxl" : "";
}

void take_component(LibraryEntry& entry, const ModelReport& report) {
    const std::string part = report.components.empty() ? "" : report.components.front().name;
    if (part == "vae") {
        entry.kind = ModelKind::vae;
        entry.family = vae_family(entry.path);
    } else if (part == "image_encoder") {
        entry.kind = ModelKind::image_encoder;
        entry.encoder = encoder_of_width(report.hidden_size);
    }
}

// The first thing that is wrong with it.
Message first_problem(const ModelReport& report) {
    const auto first = [](const std::vector<std::string>& problems) {
        return problems.empty() ? Message{} : verbatim(problems.front());
    };
    for (const ComponentReport& component : report.components) {
        if (!component.problems.empty()) {
            return first(component.problems);
        }
    }
    for (const AdapterReport& adapter : report.adapters) {
        if (!adapter.file.problems.empty()) {
            return first(adapter.file.problems);
        }
    }
    return first(report.problems);
}

void take_report(LibraryEntry& entry, const ModelReport& report) {
    entry.family = report.family;
    entry.words = report.words;
    entry.licence = report.licence;
    entry.problem = first_problem(report);
    if (report.kind == "checkpoint") {
        entry.kind = ModelKind::model;
        entry.layout = report.layout;
    } else if (report.kind == "ip_adapter") {
        entry.kind = ModelKind::ip_adapter;
        entry.encoder = report.adapters.front().encoder;
    } else if (report.kind == "lora") {
        entry.kind = ModelKind::lora;
        entry.triggers = report.lora->triggers;
    } else if (report.kind == "textual_inversion") {
        entry.kind = ModelKind::textual_inversion;
        entry.triggers = {report.word->token};
    } else if (report.kind == "taesd") {
        entry.kind = ModelKind::taesd;
        entry.family = vae_family(entry.path);
    } else {
        take_component(entry, report);
    }
}

// Of the file, or of an index and its shards.
std::uint64_t bytes_of(const fs::path& file) {
    std::error_code ignored;
    std::uint64_t bytes = fs::file_size(file, ignored);
    bytes = ignored ? 0 : bytes;
    if (is_index(file.filename().string())) {
        for (const auto& entry : fs::directory_iterator(file.parent_path(), ignored)) {
            if (is_shard(entry.path().filename().string())) {
                const std::uint64_t more = entry.file_size(ignored);
                bytes += ignored ? 0 : more;
            }
        }
    }
    return bytes;
}

} // namespace

bool is_model_name(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::string ending = file.extension().string();
    const bool known = ending == kSafetensors || is_index(name) ||
                       std::ranges::find(kPickles, ending) != kPickles.end();
    return known && !is_shard(name) && !name.starts_with(".");
}

std::string name_of_folder(const fs::path& folder) {
    const fs::path whole = fs::absolute(folder / "x").lexically_normal().parent_path();
    const std::string model = whole.parent_path().parent_path().filename().string();
    constexpr std::string_view kModels = "models--";
    if (whole.parent_path().filename() != "snapshots" || !model.starts_with(kModels)) {
        return whole.filename().string();
    }
    std::string name = model.substr(kModels.size());
    if (const auto parted = name.find("--"); parted != std::string::npos) {
        name.replace(parted, 2, "/");
    }
    return name;
}

LibraryEntry classify_file(const fs::path& file) {
    LibraryEntry entry{.path = file,
                       .content = file,
                       .name = file.stem().string(),
                       .variant = variant_of(file),
                       .bytes = bytes_of(file)};
    try {
        if (is_pickle_file(file)) {
            entry.kind = ModelKind::pickle;
            entry.words = "an old pickle; `likeness models inspect` tells what is in it";
            return entry;
        }
        take_report(entry, inspect_model(file));
    } catch (const Error& error) {
        entry.problem = error.message;
    }
    return entry;
}

LibraryEntry classify_model_folder(const fs::path& folder) {
    LibraryEntry entry{.path = folder,
                       .name = name_of_folder(folder),
                       .kind = ModelKind::model,
                       .layout = "diffusers"};
    try {
        const ModelFolder model = read_model_folder(folder);
        entry.family = to_string(model.family);
        entry.words =
            std::string("a diffusers folder of the ") + family_words(model.family) + " family";
        for (const AdapterFile& adapter : model.ip_adapters) {
            entry.ip_adapters.push_back(adapter.name);
        }
        entry.default_ip_adapter = model.default_ip_adapter;
        if (!model.image_encoder.empty()) {
            entry.encoder = encoder_of_config(model.image_encoder / "config.json");
        }
        std::vector<std::pair<const char*, const char*>> parts{{"unet", "diffusion_pytorch_model"},
                                                               {"vae", "diffusion_pytorch_model"}};
        if (!model.text_encoder.is_null()) { // a refiner has the second alone
            parts.emplace_back("text_encoder", "model");
        }
        if (!model.text_encoder_2.is_null()) {
            parts.emplace_back("text_encoder_2", "model");
        }
        for (const auto& [part, base] : parts) {
            const fs::path weights = weights_file(folder / part, base);
            entry.bytes += bytes_of(weights);
            if (entry.content.empty()) {
                entry.content = weights;
                entry.variant = variant_of(weights);
            }
        }
    } catch (const Error& error) {
        entry.problem = error.message;
    }
    return entry;
}

LibraryEntry classify_component_folder(const fs::path& folder, const fs::path& weights) {
    LibraryEntry entry = classify_file(weights);
    entry.path = folder;
    entry.name = name_of_folder(folder);
    if (entry.name == "image_encoder" || entry.name == "vae") { // which one, its folder tells
        entry.name = name_of_folder(folder.parent_path()) + "/" + entry.name;
    }
    if (entry.kind == ModelKind::image_encoder) {
        entry.encoder = encoder_of_config(folder / "config.json");
    } else if (entry.kind == ModelKind::vae || entry.kind == ModelKind::taesd) {
        entry.family = vae_family(folder);
    }
    return entry;
}

} // namespace likeness
