#pragma once

#include "core/base/message.h"
#include "core/request/generation_request.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// The PNG texts in which other programs keep a picture's settings, by keyword.
struct ForeignTexts {
    std::optional<std::string> parameters{}; // AUTOMATIC1111's web UI and its kin
    std::optional<std::string> prompt{};     // ComfyUI: the graph that ran, as JSON
    std::optional<std::string> workflow{};   // ComfyUI: the graph as it was drawn, as JSON

    bool operator==(const ForeignTexts&) const = default;
};

// What of another program's settings has a meaning here. An empty field was not given, or could
// not be honoured and then stands in `not_honoured`. What AUTOMATIC1111 leaves out where it is
// empty or its default (negative prompt, clip skip) counts as given so.
struct ForeignSettings {
    std::string program{}; // whose they are, for the screen
    std::optional<std::string> prompt{};
    std::optional<std::string> negative_prompt{};
    std::optional<std::string> model{}; // one that is there
    std::string model_family{};         // its
    std::optional<int> width{};
    std::optional<int> height{};
    std::optional<int> num_inference_steps{};
    std::optional<double> guidance_scale{};
    std::optional<SchedulerKind> scheduler{};
    std::optional<std::uint64_t> seed{};
    std::optional<int> clip_skip{};
    std::vector<Message> not_honoured{}; // one thing a line: "LoRA film (0.8)"

    bool operator==(const ForeignSettings&) const = default;
};

// The family of the model of that name ("sd15", "sdxl"); nullopt: none can be opened here.
using FamilyOf = std::function<std::optional<std::string>(const std::string& name)>;

// Reads the first of `parameters`, `prompt` and `workflow` that is there; nullopt: none is. Throws
// Error{file_damaged} where it is cut, is no such text or makes no picture, Error{file_too_large}
// past 1 MiB, 10,000 nodes or 64 levels.
std::optional<ForeignSettings> read_foreign_settings(const ForeignTexts& texts,
                                                     const FamilyOf& family_of);

// `request` with those settings in place of its own; its references stay. `family` is that of its
// own model. A clip skip counts for no SDXL model: AUTOMATIC1111 keeps the number, but always reads
// their layer before the last, which is 0 here.
GenerationRequest with_foreign_settings(GenerationRequest request, const ForeignSettings& settings,
                                        const std::string& family);

} // namespace likeness
