#include "core/inspect/inspect_lora.h"

#include "core/base/error.h"
#include "core/checkpoint/learned_word.h"
#include "core/checkpoint/lora_layout.h"
#include "core/request/json_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr std::size_t kTriggers = 12;
constexpr std::size_t kTriggerBytes = 60;

std::string base_of(std::int64_t cross_attention_dim) {
    switch (cross_attention_dim) {
    case 768:
        return "sd15";
    case 1024:
        return "sd2";
    case 2048:
        return "sdxl";
    default:
        return {};
    }
}

std::string note(const std::map<std::string, std::string>& metadata,
                 std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
        const auto found = metadata.find(key);
        if (found != metadata.end() && !found->second.empty() && found->second != "None") {
            return found->second.substr(0, 4 * kTriggerBytes);
        }
    }
    return {};
}

// kohya's `ss_tag_frequency`: {folder: {tag: how often}}.
std::vector<std::string> frequent_tags(const std::string& text) {
    nlohmann::json folders;
    try {
        folders = parse_json_text(text);
    } catch (const Error&) {
        return {}; // a note that is not to be read is none
    }
    std::map<std::string, double> counts;
    if (folders.is_object()) {
        for (const auto& [folder, tags] : folders.items()) {
            if (tags.is_object()) {
                for (const auto& [tag, count] : tags.items()) {
                    counts[tag] += count.is_number() ? count.get<double>() : 0;
                }
            }
        }
    }
    std::vector<std::pair<double, std::string>> order;
    for (const auto& [tag, count] : counts) {
        order.emplace_back(-count, tag.substr(0, kTriggerBytes));
    }
    std::ranges::sort(order);
    std::vector<std::string> tags;
    for (std::size_t i = 0; i < std::min(kTriggers, order.size()); ++i) {
        tags.push_back(order[i].second);
    }
    return tags;
}

bool is_of_text(const std::string& module) {
    return module.starts_with("lora_te") || module.starts_with("text_encoder") ||
           module.find("text_model") != std::string::npos;
}

// A kernel of more than one value.
bool is_convolution(const LoraModule& module) {
    for (const char* part : {"down", "mid", "t1", "t2", "w2", "diff"}) {
        if (module.size(part, 2) > 1) {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<LoraReport> inspect_lora(const SafetensorsHeader& header) {
    const LoraLayout layout = lora_layout(header.tensors);
    if (layout.empty() || !looks_like_lora(layout)) {
        return std::nullopt;
    }
    LoraReport report{.cross_attention_dim = layout.cross_attention_dim(),
                      .strangers = layout.strangers};
    report.base = base_of(report.cross_attention_dim);
    for (const LoraModule& module : layout.modules) {
        ++report.kinds[module.is_dora() ? "DoRA" : to_string(module.kind)];
        ++(is_of_text(module.name) ? report.text_layers : report.unet_layers);
        report.convolutions += is_convolution(module) ? 1U : 0U;
        if (const std::int64_t rank = module.rank(); rank > 0) {
            report.lowest_rank =
                report.lowest_rank == 0 ? rank : std::min(report.lowest_rank, rank);
            report.highest_rank = std::max(report.highest_rank, rank);
        }
    }
    const auto& metadata = header.metadata;
    report.trained_on =
        note(metadata, {"ss_sd_model_name", "ss_base_model_version", "modelspec.architecture"});
    const std::string phrase = note(metadata, {"modelspec.trigger_phrase"});
    if (const auto tags = metadata.find("ss_tag_frequency"); !phrase.empty()) {
        report.triggers = {phrase};
    } else if (tags != metadata.end()) {
        report.triggers = frequent_tags(tags->second);
    }
    return report;
}

std::optional<WordReport> inspect_word(const SafetensorsHeader& header,
                                       const std::filesystem::path& path) {
    const LearnedWordLayout layout = learned_word_layout(header.tensors, path);
    if (layout.embeddings.empty()) {
        return std::nullopt;
    }
    WordReport report{.token = layout.token};
    for (const auto& [encoder, entry] : layout.embeddings) {
        report.vectors = entry.shape.size() > 1 ? entry.shape.front() : 1;
        report.widths.push_back(entry.shape.back());
    }
    report.base = layout.embeddings.contains("clip_g") ? "sdxl" : base_of(report.widths.front());
    return report;
}

std::string words_of(const LoraReport& lora) {
    std::vector<std::string> kinds;
    for (const auto& [kind, count] : lora.kinds) {
        kinds.push_back(kind);
    }
    std::string text = fmt::format("a {} file", fmt::join(kinds, " and "));
    if (lora.lowest_rank == lora.highest_rank && lora.lowest_rank > 0) {
        text += fmt::format(", rank {}", lora.lowest_rank);
    } else if (lora.highest_rank > 0) {
        text += fmt::format(", ranks {} to {}", lora.lowest_rank, lora.highest_rank);
    }
    text += fmt::format(", {} layers of the UNet", lora.unet_layers);
    if (lora.convolutions > 0) {
        text += fmt::format(" ({} convolutions)", lora.convolutions);
    }
    if (lora.text_layers > 0) {
        text += fmt::format(", {} of the text encoder", lora.text_layers);
    }
    return text + (lora.base.empty() ? "" : ", for " + lora.base);
}

} // namespace likeness
