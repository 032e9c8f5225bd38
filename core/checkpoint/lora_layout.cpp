#include "core/checkpoint/lora_layout.h"

#include <algorithm>
#include <optional>

namespace likeness {

namespace {

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

} // namespace likeness
