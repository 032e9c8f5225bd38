#include "core/adapters/lora_file.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/request/json_text.h"

#include <ATen/ops/aminmax.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kMaxRank = 4096;
constexpr std::size_t kMaxTensors = 20'000; // published ones have up to 6,000
constexpr double kMaxScale = 1e6;           // alpha / rank; published ones are up to 1
constexpr std::uint64_t kMaxConfigBytes = 1U << 20U;

// The component of a tensor's name that says what it is for.
struct Role {
    std::string_view word{};
    LoraKind kind = LoraKind::lora;
    std::string_view part{};
};

constexpr Role kRoles[] = {
    {"lora_down", LoraKind::lora, "down"},
    {"lora_A", LoraKind::lora, "down"},
    {"lora_up", LoraKind::lora, "up"},
    {"lora_B", LoraKind::lora, "up"},
    {"lora_mid", LoraKind::lora, "mid"},
    {"alpha", LoraKind::lora, "alpha"},
    {"dora_scale", LoraKind::lora, "dora_scale"},
    {"lora_magnitude_vector", LoraKind::lora, "magnitude"},
    {"hada_w1_a", LoraKind::loha, "w1_a"},
    {"hada_w1_b", LoraKind::loha, "w1_b"},
    {"hada_w2_a", LoraKind::loha, "w2_a"},
    {"hada_w2_b", LoraKind::loha, "w2_b"},
    {"hada_t1", LoraKind::loha, "t1"},
    {"hada_t2", LoraKind::loha, "t2"},
    {"lokr_w1", LoraKind::lokr, "w1"},
    {"lokr_w1_a", LoraKind::lokr, "w1_a"},
    {"lokr_w1_b", LoraKind::lokr, "w1_b"},
    {"lokr_w2", LoraKind::lokr, "w2"},
    {"lokr_w2_a", LoraKind::lokr, "w2_a"},
    {"lokr_w2_b", LoraKind::lokr, "w2_b"},
    {"lokr_t2", LoraKind::lokr, "t2"},
    {"diff", LoraKind::full, "diff"},
    {"w_norm", LoraKind::full, "diff"},
    {"diff_b", LoraKind::full, "diff_b"},
    {"b_norm", LoraKind::full, "diff_b"},
    {"set_weight", LoraKind::full, "set"},
};

struct Parsed {
    std::string module{};
    Role role{};
};

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('.', start), text.size());
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

// The old ways to say it: `X.lora.down`, `X_lora.down`, `X.lora_linear_layer.down`.
std::optional<std::string_view> old_owner(std::string_view before) {
    for (const std::string_view ending : {".lora_linear_layer", ".lora", "_lora"}) {
        if (before.ends_with(ending) && before.size() > ending.size()) {
            return before.substr(0, before.size() - ending.size());
        }
    }
    return std::nullopt;
}

// `MODULE.ROLE`, then nothing, `weight`, an adapter's name, or both. Nullopt: no tensor of a LoRA.
std::optional<Parsed> parse(const std::string& name) {
    const auto parts = split(name);
    const std::string_view text = name;
    for (std::size_t back = 1; back <= 3 && back < parts.size(); ++back) {
        const std::string_view word = parts[parts.size() - back];
        const auto offset = static_cast<std::size_t>(word.data() - text.data());
        const std::string_view before = text.substr(0, offset - 1);
        const bool is_bias = back > 1 && parts.back() == "bias";
        if (back == 3 && !is_bias && parts.back() != "weight") {
            return std::nullopt;
        }
        if (word == "down" || word == "up") {
            if (const auto owner = old_owner(before)) {
                return Parsed{std::string(*owner), {word, LoraKind::lora, word}};
            }
        }
        const auto role = std::ranges::find(kRoles, word, &Role::word);
        if (role == std::end(kRoles)) {
            continue;
        }
        Parsed parsed{std::string(before), *role};
        if (is_bias) { // of peft's lora_B: a bias of the layer
            if (role->part != "up") {
                return std::nullopt;
            }
            parsed.role.part = "bias";
        }
        if (role->part == "alpha") {
            parsed.module = std::string(old_owner(before).value_or(before));
        }
        return parsed;
    }
    return std::nullopt;
}

// Whether it has what its kind needs.
bool complete(const LoraModule& m) {
    switch (m.kind) {
    case LoraKind::lora:
        return m.has("down") && m.has("up");
    case LoraKind::loha:
        return m.has("w1_a") && m.has("w1_b") && m.has("w2_a") && m.has("w2_b") &&
               m.has("t1") == m.has("t2");
    case LoraKind::lokr:
        return (m.has("w1") || (m.has("w1_a") && m.has("w1_b"))) &&
               (m.has("w2") || (m.has("w2_a") && m.has("w2_b")));
    case LoraKind::full:
        return m.has("diff") || m.has("diff_b") || m.has("set");
    }
    return false;
}

bool all_finite(const Tensor& tensor) {
    if (tensor.numel() == 0) {
        return true;
    }
    const auto [least, most] = at::aminmax(tensor.to(at::kFloat)); // a NaN is both
    return std::isfinite(least.item<double>()) && std::isfinite(most.item<double>());
}

[[noreturn]] void refuse(ErrorCode code, const std::string& name, const Message& why) {
    throw Error(code, message("The LoRA {} was not used: {}", in_quotes(name), why));
}

// peft keeps it in a file beside.
std::string adapter_config(const fs::path& path) {
    const fs::path beside = path.parent_path() / "adapter_config.json";
    std::error_code ignored;
    if (path.filename() != "adapter_model.safetensors" || !fs::is_regular_file(beside, ignored)) {
        return {};
    }
    return read_text_file(beside, kMaxConfigBytes);
}

} // namespace

const char* to_string(LoraKind kind) {
    switch (kind) {
    case LoraKind::lora:
        return "LoRA";
    case LoraKind::loha:
        return "LoHa";
    case LoraKind::lokr:
        return "LoKr";
    case LoraKind::full:
        return "full difference";
    }
    return "";
}

int64_t LoraModule::size(std::string_view part, std::size_t dimension) const {
    const auto found = parts.find(part);
    return found == parts.end() || dimension >= found->second.shape.size()
               ? 0
               : found->second.shape[dimension];
}

int64_t LoraModule::rank() const {
    for (const char* part : {"down", "w2_b", "w1_b"}) {
        if (has(part)) {
            return size(part, 0);
        }
    }
    return 0;
}

int64_t LoraModule::in_width() const {
    switch (kind) {
    case LoraKind::lora:
        return size("down", 1);
    case LoraKind::loha:
        return size("w1_b", 1);
    case LoraKind::lokr: {
        const int64_t first = has("w1") ? size("w1", 1) : size("w1_b", 1);
        const int64_t second = has("w2") ? size("w2", 1) : size("w2_b", 1);
        constexpr int64_t kMost = 1 << 20;
        return first > kMost || second > kMost ? 0 : first * second;
    }
    case LoraKind::full:
        return has("diff") ? size("diff", 1) : size("set", 1);
    }
    return 0;
}

int64_t LoraLayout::cross_attention_dim() const {
    for (const LoraModule& module : modules) {
        const std::string_view name = module.name;
        if (name.find("attn2") != std::string_view::npos &&
            (name.ends_with("to_k") || name.ends_with("to_v"))) {
            return module.in_width();
        }
    }
    return 0;
}

LoraLayout lora_layout(const std::map<std::string, TensorEntry>& entries) {
    LoraLayout layout;
    std::map<std::string, LoraModule> modules;
    for (const auto& [name, entry] : entries) {
        const auto parsed = parse(name);
        if (!parsed) {
            layout.strangers.push_back(name);
            continue;
        }
        LoraModule& module = modules[parsed->module];
        module.name = parsed->module;
        if (parsed->role.kind != LoraKind::lora) {
            module.kind = parsed->role.kind;
        }
        if (!module.parts.emplace(parsed->role.part, entry).second) {
            layout.strangers.push_back(name); // said twice, in two spellings
        }
    }
    for (auto& [name, module] : modules) {
        if (module.kind == LoraKind::full && module.has("down") && module.has("up")) {
            module.kind = LoraKind::lora; // with a difference of its bias beside
        }
        if (complete(module)) {
            layout.modules.push_back(std::move(module));
        } else {
            for (const auto& [part, entry] : module.parts) {
                layout.strangers.push_back(entry.name);
            }
        }
    }
    return layout;
}

bool looks_like_lora(const LoraLayout& layout) {
    return layout.modules.size() > layout.strangers.size() / 4;
}

LoraAlphas::LoraAlphas(const std::string& json) {
    nlohmann::json all;
    try {
        all = json.empty() ? nlohmann::json() : parse_json_text(json);
    } catch (const Error&) {
        return; // not to be read: the rule for files without it holds
    }
    if (!all.is_object()) {
        return;
    }
    for (const char* prefix : {"unet.", "text_encoder.", "text_encoder_2.", ""}) {
        const auto at = [&](const char* key) -> const nlohmann::json* {
            const auto found = all.find(std::string(prefix) + key);
            return found == all.end() ? nullptr : &*found;
        };
        const auto* alpha = at("lora_alpha") != nullptr ? at("lora_alpha") : at("alpha");
        if (alpha == nullptr || !alpha->is_number()) {
            continue;
        }
        Rule rule{.prefix = prefix, .alpha = alpha->get<double>()};
        const auto* root = at("use_rslora");
        rule.by_root = root != nullptr && root->is_boolean() && root->get<bool>();
        if (const auto* patterns = at("alpha_pattern"); patterns && patterns->is_object()) {
            for (const auto& [key, value] : patterns->items()) {
                if (value.is_number()) {
                    rule.patterns[key] = value.get<double>();
                }
            }
        }
        rules_.push_back(std::move(rule));
    }
}

std::optional<double> LoraAlphas::scale(const LoraModule& module) const {
    const std::string_view name = module.name;
    const auto rank = static_cast<double>(module.rank());
    for (const Rule& rule : rules_) {
        if (!name.starts_with(rule.prefix) || rank < 1) {
            continue;
        }
        double alpha = rule.alpha;
        for (const auto& [key, value] : rule.patterns) {
            if (name == key || name.ends_with("." + key)) {
                alpha = value;
            }
        }
        return alpha / (rule.by_root ? std::sqrt(rank) : rank);
    }
    return std::nullopt;
}

const Tensor& LoraFile::part(const LoraModule& module, std::string_view part) const {
    return tensors.at(module.parts.find(part)->second.name);
}

double LoraFile::scale(const LoraModule& module) const {
    const auto rank = static_cast<double>(module.rank());
    if (rank < 1) {
        return 1;
    }
    if (module.has("alpha")) {
        const auto alpha = part(module, "alpha").flatten()[0].item<double>();
        return alpha == 0 ? 1 : alpha / rank;
    }
    return alphas.scale(module).value_or(1);
}

std::shared_ptr<const LoraFile> load_lora(const fs::path& path) {
    const auto source = SafetensorsFile::open(path);
    auto file = std::make_shared<LoraFile>();
    file->name = path.filename().string();
    if (source->entries().size() > kMaxTensors) {
        refuse(
            ErrorCode::file_too_large, file->name,
            message("it holds {} tensors; the most is {}.", source->entries().size(), kMaxTensors));
    }
    file->layout = lora_layout(source->entries());
    file->metadata = source->metadata();
    if (!looks_like_lora(file->layout)) {
        refuse(ErrorCode::not_a_checkpoint, file->name,
               message("{} of its {} tensors are none of a LoRA ({}). `likeness models inspect` "
                       "tells what it is.",
                       file->layout.strangers.size(), source->entries().size(),
                       file->layout.strangers.empty() ? "it is empty"
                                                      : file->layout.strangers.front()));
    }
    for (const LoraModule& module : file->layout.modules) {
        if (module.rank() > kMaxRank) {
            refuse(ErrorCode::file_damaged, file->name,
                   message("{} has the rank {}; the most is {}. Download the file again.",
                           module.name, module.rank(), kMaxRank));
        }
        for (const auto& [part, entry] : module.parts) {
            if (part == "alpha" &&
                std::ranges::any_of(entry.shape, [](int64_t n) { return n != 1; })) {
                refuse(ErrorCode::file_damaged, file->name,
                       message("{} is no single number. Download the file again.", entry.name));
            }
            Tensor tensor = source->take(entry.name);
            if (!all_finite(tensor)) {
                refuse(ErrorCode::file_damaged, file->name,
                       message("{} holds values that are infinite or not numbers. Download the "
                               "file again, or train it again.",
                               entry.name));
            }
            file->tensors.emplace(entry.name, std::move(tensor));
        }
    }
    std::string alphas = adapter_config(path);
    if (const auto told = file->metadata.find("lora_adapter_metadata");
        told != file->metadata.end()) {
        alphas = told->second;
    }
    file->alphas = LoraAlphas(alphas);
    for (const LoraModule& module : file->layout.modules) {
        if (const double scale = file->scale(module); !(std::abs(scale) <= kMaxScale)) {
            refuse(ErrorCode::file_damaged, file->name,
                   message("the alpha of {} makes it {} times as strong; the most is {}. Download "
                           "the file again.",
                           module.name, scale, kMaxScale));
        }
    }
    return file;
}

} // namespace likeness
