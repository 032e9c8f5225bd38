#include "core/request/foreign_settings.h"

#include "core/base/error.h"
#include "core/request/foreign_graph.h"
#include "core/request/foreign_scheduler.h"
#include "core/request/json.h"
#include "core/request/limits.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr std::size_t kMostKeys = 1'000;
constexpr std::size_t kLongestWord = 200; // of what is told on the screen

[[noreturn]] void refuse(const Message& why) {
    throw Error(ErrorCode::file_damaged, message("The settings in it were not read: {}.", why));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string small(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    text = trimmed(text);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                      : std::nullopt;
}

// Puts values into the settings one by one, and what does not fit into the list.
class Collector {
public:
    Collector(std::string program, const FamilyOf& family_of) : family_of_(family_of) {
        settings_.program = std::move(program);
    }

    // `what` where its name is in no language is verbatim.
    void lose(Message what, std::string_view value = {}) {
        what.words = what.words.substr(0, kLongestWord);
        if (!value.empty()) {
            what = joined(std::vector{what, part_of(value.substr(0, kLongestWord))}, " ");
        }
        if (std::ranges::find(settings_.not_honoured, what) == settings_.not_honoured.end()) {
            settings_.not_honoured.push_back(std::move(what));
        }
    }

    void prompt(std::string_view text) { settings_.prompt = without_tags(text); }

    void negative_prompt(std::string_view text) { settings_.negative_prompt = without_tags(text); }

    void whole(std::optional<int>& field, std::string_view name, std::string_view value) {
        const auto number = number_in<int>(value);
        const Limit& range = limit(name);
        if (number && *number >= range.minimum && *number <= range.maximum) {
            field = *number;
        } else {
            lose(verbatim(std::string(name)), value);
        }
    }

    void guidance(std::string_view value) {
        const auto number = number_in<double>(value);
        const Limit& range = limit("guidance_scale");
        if (number && std::isfinite(*number) && *number >= range.minimum &&
            *number <= range.maximum) {
            settings_.guidance_scale = *number;
        } else {
            lose(verbatim("guidance_scale"), value);
        }
    }

    void seed(std::string_view value) {
        settings_.seed = number_in<std::uint64_t>(value);
        if (!settings_.seed) {
            lose(verbatim("seed"), value);
        }
    }

    // Kept until finish(): the noise schedule is part of some schedulers' names here.
    void sampler(std::string_view value) { sampler_ = value; }

    void noise_schedule(std::string_view value) { noise_schedule_ = value; }

    // What was read.
    ForeignSettings finish() {
        const ForeignScheduler found = scheduler_of_names(sampler_, noise_schedule_);
        settings_.scheduler = found.kind;
        if (!sampler_.empty() && !found.kind) {
            lose(message("sampler"), sampler_);
        }
        if (!noise_schedule_.empty() && !found.knows_schedule) {
            lose(message("noise schedule"), noise_schedule_);
        }
        return std::move(settings_);
    }

    void model(std::string_view value) {
        std::string name(trimmed(value));
        name = name.substr(name.find_last_of("/\\") + 1);
        for (const std::string_view ending : {".safetensors", ".ckpt"}) {
            if (name.ends_with(ending)) {
                name.resize(name.size() - ending.size());
            }
        }
        const auto family = name.empty() ? std::nullopt : family_of_(name);
        if (family) {
            settings_.model = name;
            settings_.model_family = *family;
        } else {
            lose(message("model"), name.empty() ? value : name);
        }
    }

    ForeignSettings& settings() { return settings_; }

private:
    // A1111 writes other networks into the prompt: <lora:film:0.8>.
    std::string without_tags(std::string_view text) {
        std::string kept;
        while (!text.empty()) {
            const auto open = text.find('<');
            kept += text.substr(0, open);
            if (open == std::string_view::npos) {
                break;
            }
            text.remove_prefix(open);
            const auto close = text.find_first_of("<>\n", 1);
            const auto colon = text.find(':');
            const bool tag =
                close != std::string_view::npos && text[close] == '>' && colon < close && colon > 1;
            if (!tag) {
                kept += '<';
                text.remove_prefix(1);
                continue;
            }
            const auto kind = small(text.substr(1, colon - 1));
            const auto rest = text.substr(colon + 1, close - colon - 1);
            const auto weight = rest.find(':');
            const std::string named =
                weight == std::string_view::npos
                    ? std::string(rest)
                    : fmt::format("{} ({})", rest.substr(0, weight), rest.substr(weight + 1));
            lose(verbatim(kind == "lora" ? "LoRA" : kind), named);
            text.remove_prefix(close + 1);
        }
        return std::string(trimmed(kept));
    }

    ForeignSettings settings_;
    std::string sampler_{};
    std::string noise_schedule_{};
    const FamilyOf& family_of_;
};

// "Steps: 20, Sampler: Euler a, Hashes: \"a: b, c\"" in pieces.
std::vector<std::pair<std::string, std::string>> key_values(std::string_view line) {
    std::vector<std::pair<std::string, std::string>> found;
    while (!(line = trimmed(line)).empty() && found.size() < kMostKeys) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            break;
        }
        const std::string key(trimmed(line.substr(0, colon)));
        line = trimmed(line.substr(colon + 1));
        std::string value;
        std::size_t end = 0;
        if (line.starts_with('"')) {
            for (end = 1; end < line.size() && line[end] != '"'; ++end) {
                end += line[end] == '\\' && end + 1 < line.size() ? 1 : 0;
                value += line[end];
            }
            end = line.find(',', std::min(end, line.size()));
        } else {
            end = line.find(',');
            value = std::string(trimmed(line.substr(0, end)));
        }
        found.emplace_back(key, value);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    return found;
}

void take_size(Collector& collector, std::string_view value) {
    const auto cross = value.find('x');
    if (cross == std::string_view::npos) {
        collector.lose(message("size"), value);
        return;
    }
    collector.whole(collector.settings().width, "width", value.substr(0, cross));
    collector.whole(collector.settings().height, "height", value.substr(cross + 1));
}

void take_parameter(Collector& collector, const std::string& key, const std::string& value) {
    // What says nothing of the picture, or says again what stands elsewhere.
    constexpr std::string_view kSilent[] = {"Version",   "Model hash", "VAE hash", "Lora hashes",
                                            "TI hashes", "Hashes",     "User"};
    ForeignSettings& settings = collector.settings();
    if (key == "Steps") {
        collector.whole(settings.num_inference_steps, "num_inference_steps", value);
    } else if (key == "Sampler") {
        collector.sampler(value);
    } else if (key == "Schedule type") {
        collector.noise_schedule(value);
    } else if (key == "CFG scale") {
        collector.guidance(value);
    } else if (key == "Seed") {
        collector.seed(value);
    } else if (key == "Size") {
        take_size(collector, value);
    } else if (key == "Model") {
        collector.model(value);
    } else if (key == "Clip skip") {
        // There 1 is the last layer; here 0.
        settings.clip_skip.reset(); // what is not honoured changes nothing
        const auto layers = number_in<int>(value);
        collector.whole(settings.clip_skip, "clip_skip",
                        layers && *layers > 0 && *layers < 100 ? std::to_string(*layers - 1)
                                                               : value);
    } else if (std::ranges::find(kSilent, key) == std::end(kSilent)) {
        collector.lose(verbatim(key), value);
    }
}

ForeignSettings read_parameters(std::string_view text, const FamilyOf& family_of) {
    constexpr std::string_view kNegative = "Negative prompt:";
    Collector collector("AUTOMATIC1111", family_of);
    text = trimmed(text);
    auto last = text.starts_with("Steps:") ? 0 : text.rfind("\nSteps:");
    if (last == std::string_view::npos) {
        refuse(message("the line that begins with \"Steps:\" is missing"));
    }
    const auto words = text.substr(0, last);
    auto negative = words.starts_with(kNegative) ? 0 : words.find(fmt::format("\n{}", kNegative));
    collector.prompt(words.substr(0, negative));
    // It leaves out an empty negative prompt, and a clip skip of 1.
    collector.negative_prompt({});
    collector.settings().clip_skip = 0;
    if (negative != std::string_view::npos) {
        negative = words.find(kNegative, negative);
        collector.negative_prompt(words.substr(negative + kNegative.size()));
    }
    for (const auto& [key, value] : key_values(text.substr(last))) {
        take_parameter(collector, key, value);
    }
    return collector.finish();
}

ForeignSettings read_graph(const ForeignGraph& graph, const FamilyOf& family_of) {
    Collector collector("ComfyUI", family_of);
    ForeignSettings& settings = collector.settings();
    collector.prompt(graph.prompt);
    collector.negative_prompt(graph.negative_prompt);
    const auto take = [](const std::string& value, auto&& taken) {
        if (!value.empty()) {
            taken(value);
        }
    };
    take(graph.seed, [&](const auto& value) { collector.seed(value); });
    take(graph.cfg, [&](const auto& value) { collector.guidance(value); });
    take(graph.sampler, [&](const auto& value) { collector.sampler(value); });
    take(graph.scheduler, [&](const auto& value) { collector.noise_schedule(value); });
    take(graph.model, [&](const auto& value) { collector.model(value); });
    take(graph.steps, [&](const auto& value) {
        collector.whole(settings.num_inference_steps, "num_inference_steps", value);
    });
    take(graph.width, [&](const auto& value) { collector.whole(settings.width, "width", value); });
    take(graph.height,
         [&](const auto& value) { collector.whole(settings.height, "height", value); });
    for (const Message& lost : graph.others) {
        collector.lose(lost);
    }
    return collector.finish();
}

} // namespace

std::optional<ForeignSettings> read_foreign_settings(const ForeignTexts& texts,
                                                     const FamilyOf& family_of) {
    const auto* text = texts.parameters ? &texts.parameters
                       : texts.prompt   ? &texts.prompt
                                        : &texts.workflow;
    if (!*text) {
        return std::nullopt;
    }
    if ((*text)->size() > kMostBytes) {
        throw Error(ErrorCode::file_too_large,
                    message("The settings in it were not read: they have {} bytes; the most is "
                            "{}.",
                            (*text)->size(), kMostBytes));
    }
    if (texts.parameters) {
        return read_parameters(**text, family_of);
    }
    return read_graph(texts.prompt ? read_prompt_graph(**text) : read_workflow_graph(**text),
                      family_of);
}

GenerationRequest with_foreign_settings(GenerationRequest request, const ForeignSettings& settings,
                                        const std::string& family) {
    const auto put = [](auto& field, const auto& value) {
        if (value) {
            field = *value;
        }
    };
    if (settings.model && *settings.model != request.model) {
        request.ip_adapter.clear();
        request.image_encoder.clear();
    }
    put(request.model, settings.model);
    if (settings.prompt) { // weighted as those programs do it, and for every text encoder
        request.prompt_syntax = PromptSyntax::weighted;
        request.prompt_2.clear();
        request.negative_prompt_2.clear();
    }
    put(request.prompt, settings.prompt);
    put(request.negative_prompt, settings.negative_prompt);
    put(request.width, settings.width);
    put(request.height, settings.height);
    put(request.num_inference_steps, settings.num_inference_steps);
    put(request.guidance_scale, settings.guidance_scale);
    put(request.scheduler, settings.scheduler);
    put(request.seed, settings.seed);
    const bool is_sdxl = (settings.model ? settings.model_family : family).starts_with("sdxl");
    put(request.clip_skip, is_sdxl && settings.clip_skip ? std::optional(0) : settings.clip_skip);
    return request;
}

} // namespace likeness
