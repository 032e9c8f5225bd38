#include "core/model_library/entry.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

struct KindRow {
    ModelKind kind;
    const char* name;
};

constexpr std::array kKinds = {
    KindRow{ModelKind::model, "model"},
    KindRow{ModelKind::ip_adapter, "ip_adapter"},
    KindRow{ModelKind::image_encoder, "image_encoder"},
    KindRow{ModelKind::vae, "vae"},
    KindRow{ModelKind::taesd, "taesd"},
    KindRow{ModelKind::lora, "lora"},
    KindRow{ModelKind::textual_inversion, "textual_inversion"},
    KindRow{ModelKind::pickle, "pickle"},
    KindRow{ModelKind::other, "other"},
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

} // namespace

const char* to_string(ModelKind kind) {
    return std::ranges::find(kKinds, kind, &KindRow::kind)->name;
}

std::optional<ModelKind> model_kind_from_string(std::string_view text) {
    const auto found = std::ranges::find(kKinds, text, &KindRow::name);
    return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

std::string model_kind_words() {
    std::vector<std::string> names;
    for (const KindRow& row : kKinds) {
        names.emplace_back(row.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

nlohmann::json to_json(const LibraryEntry& entry) {
    nlohmann::json json{{"name", entry.name},
                        {"path", entry.path.string()},
                        {"content", entry.content.string()},
                        {"kind", to_string(entry.kind)},
                        {"family", entry.family},
                        {"bytes", entry.bytes}};
    const auto text = [&json](const char* key, const std::string& value) {
        if (!value.empty()) {
            json[key] = value;
        }
    };
    text("layout", entry.layout);
    text("variant", entry.variant);
    text("words", entry.words);
    text("encoder", entry.encoder);
    text("licence", entry.licence);
    text("sha256", entry.sha256);
    text("problem", entry.problem.text());
    if (entry.kind == ModelKind::model) {
        json["ip_adapters"] = entry.ip_adapters;
        json["default_ip_adapter"] = entry.default_ip_adapter;
    }
    if (!entry.triggers.empty()) {
        json["triggers"] = entry.triggers;
    }
    return json;
}

LibraryEntry library_entry_from_json(const nlohmann::json& json) {
    const auto text = [&json](const char* key) { return json.value(key, std::string()); };
    const auto texts = [&json](const char* key) {
        return json.value(key, std::vector<std::string>());
    };
    LibraryEntry entry{
        .path = text("path"),
        .content = text("content"),
        .name = text("name"),
        .kind =
            model_kind_from_string(json.at("kind").get<std::string>()).value_or(ModelKind::other),
        .family = text("family"),
        .layout = text("layout"),
        .variant = text("variant"),
        .words = text("words"),
        .bytes = json.at("bytes").get<std::uint64_t>(),
        .encoder = text("encoder"),
        .ip_adapters = texts("ip_adapters"),
        .default_ip_adapter = text("default_ip_adapter"),
        .triggers = texts("triggers"),
        .licence = text("licence"),
        .sha256 = text("sha256"),
    };
    if (const std::string problem = text("problem"); !problem.empty()) {
        entry.problem = verbatim(problem);
    }
    return entry;
}

bool matches(const LibraryEntry& entry, std::string_view words) {
    const std::string text =
        lower(fmt::format("{} {} {} {} {} {} {} {}", entry.name, to_string(entry.kind),
                          entry.family, entry.variant, entry.encoder, entry.licence,
                          entry.path.filename().string(), fmt::join(entry.triggers, " ")));
    std::istringstream wanted{lower(words)};
    for (std::string word; wanted >> word;) {
        if (text.find(word) == std::string::npos) {
            return false;
        }
    }
    return true;
}

} // namespace likeness
