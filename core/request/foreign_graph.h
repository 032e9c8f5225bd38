#pragma once

#include "core/base/message.h"

#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// What a ComfyUI graph says of the picture at its end: the sampler nearest to the end and what
// leads into it. Values as text; empty: the graph does not say.
struct ForeignGraph {
    std::string prompt{}, negative_prompt{};
    std::string seed{}, steps{}, cfg{}, sampler{}, scheduler{};
    std::string width{}, height{};
    std::string model{};
    std::vector<Message> others{}; // what else acts on the picture: "LoRA film (0.8)"

    bool operator==(const ForeignGraph&) const = default;
};

// The graph that ran, {"3": {"class_type", "inputs"}}, and the graph as it was drawn, {"nodes",
// "links"}. Throws Error{file_damaged} for what is no such JSON or has no sampler,
// Error{file_too_large} past 10,000 nodes or 64 levels.
ForeignGraph read_prompt_graph(std::string_view json);
ForeignGraph read_workflow_graph(std::string_view json);

} // namespace likeness
