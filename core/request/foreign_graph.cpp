#include "core/request/foreign_graph.h"

#include "core/base/error.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMostNodes = 10'000;
constexpr int kMostHops = 64; // from one node to the next along one wire

[[noreturn]] void refuse(const Message& why) {
    throw Error(ErrorCode::file_damaged, message("The settings in it were not read: {}.", why));
}

Json parse(std::string_view text) {
    try {
        return Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
            if (depth > kMaxDepth) {
                throw Error(ErrorCode::file_too_large,
                            message("The settings in it were not read: they are nested deeper "
                                    "than {}.",
                                    kMaxDepth));
            }
            return true;
        });
    } catch (const Json::exception&) {
        refuse(message("they are no valid JSON"));
    }
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.is_number() ? value.dump() : "";
}

// The nodes by number, and ways along their wires. A wire is written ["4", 0]: node and output.
class Graph {
public:
    explicit Graph(Json nodes) : nodes_(std::move(nodes)) {
        if (!nodes_.is_object()) {
            refuse(message("they are no graph"));
        }
        if (nodes_.size() > kMostNodes) {
            throw Error(ErrorCode::file_too_large,
                        message("The settings in it were not read: {} nodes; the most is {}.",
                                nodes_.size(), kMostNodes));
        }
        std::erase_if(nodes_.get_ref<Json::object_t&>(), [](const auto& each) {
            const Json& node = each.second;
            return !node.is_object() || !node.contains("class_type") ||
                   !node["class_type"].is_string() || !node.contains("inputs") ||
                   !node["inputs"].is_object();
        });
    }

    const Json::object_t& nodes() const { return nodes_.get_ref<const Json::object_t&>(); }

    static std::string kind(const Json& node) { return node["class_type"].get<std::string>(); }

    // What a value comes from: the node at the wire's other end; nullptr: it is no wire.
    const Json* source(const Json& value) const {
        if (!value.is_array() || value.size() != 2) {
            return nullptr;
        }
        const auto found = nodes_.find(text_of(value[0]));
        return found == nodes_.end() ? nullptr : &*found;
    }

    static const Json& input(const Json& node, const char* name) {
        static const Json kNone;
        const auto found = node["inputs"].find(name);
        return found == node["inputs"].end() ? kNone : *found;
    }

    // A plain value, also where a node in between only holds it.
    std::string value(const Json& node, const char* name) const {
        const Json* at = &input(node, name);
        for (int hop = 0; hop < kMostHops; ++hop) {
            const Json* from = source(*at);
            if (!from) {
                return text_of(*at);
            }
            const Json* next = nullptr;
            for (const char* holder : {name, "value", "text", "string", "seed", "noise_seed"}) {
                if (const Json& held = input(*from, holder); !held.is_null()) {
                    next = &held;
                    break;
                }
            }
            if (!next) {
                return {};
            }
            at = next;
        }
        return {};
    }

    // The first node with that input on the way back from `node` along `wire`.
    template <typename Visit>
    void walk_back(const Json& node, const char* wire, Visit&& visit) const {
        const Json* at = source(input(node, wire));
        for (int hop = 0; at && hop < kMostHops; ++hop) {
            if (!visit(*at)) {
                return;
            }
            const Json* next = nullptr;
            for (const char* through : {wire, "model", "conditioning", "conditioning_1", "positive",
                                        "samples", "pixels", "latent_image", "latent"}) {
                next = source(input(*at, through));
                if (next) {
                    break;
                }
            }
            at = next;
        }
    }

private:
    Json nodes_;
};

// The sampler that no other sampler follows.
const Json& last_sampler(const Graph& graph) {
    const auto is_sampler = [](const Json& node) {
        return Graph::kind(node).find("Sampler") != std::string::npos &&
               !Graph::input(node, "positive").is_null();
    };
    std::set<const Json*> followed;
    std::vector<const Json*> samplers;
    for (const auto& [id, node] : graph.nodes()) {
        if (is_sampler(node)) {
            samplers.push_back(&node);
            graph.walk_back(node, "latent_image", [&](const Json& before) {
                if (is_sampler(before)) {
                    followed.insert(&before);
                }
                return !is_sampler(before);
            });
        }
    }
    const auto last =
        std::ranges::find_if(samplers, [&](const Json* each) { return !followed.contains(each); });
    if (samplers.empty()) {
        refuse(message("no sampler stands in the graph"));
    }
    return last == samplers.end() ? *samplers.front() : **last;
}

std::string words_into(const Graph& graph, const Json& sampler, const char* wire,
                       ForeignGraph& found) {
    std::string words;
    graph.walk_back(sampler, wire, [&](const Json& node) {
        words = graph.value(node, "text");
        if (words.empty()) {
            words = graph.value(node, "text_g"); // SDXL's encoder
        }
        if (words.empty() && !Graph::kind(node).starts_with("CLIPTextEncode")) {
            found.others.push_back(
                verbatim(Graph::kind(node))); // ControlNet, a mask, a second prompt
        }
        return words.empty();
    });
    return words;
}

ForeignGraph read(const Graph& graph) {
    ForeignGraph found;
    const Json& sampler = last_sampler(graph);
    found.prompt = words_into(graph, sampler, "positive", found);
    found.negative_prompt = words_into(graph, sampler, "negative", found);
    found.seed = graph.value(sampler, "seed");
    if (found.seed.empty()) {
        found.seed = graph.value(sampler, "noise_seed");
    }
    found.steps = graph.value(sampler, "steps");
    found.cfg = graph.value(sampler, "cfg");
    found.sampler = graph.value(sampler, "sampler_name");
    found.scheduler = graph.value(sampler, "scheduler");
    graph.walk_back(sampler, "model", [&](const Json& node) {
        const std::string lora = graph.value(node, "lora_name");
        if (!lora.empty()) {
            found.others.push_back(
                verbatim(fmt::format("LoRA {} ({})", lora, graph.value(node, "strength_model"))));
            return true;
        }
        for (const char* name : {"ckpt_name", "unet_name"}) {
            if (found.model.empty()) {
                found.model = graph.value(node, name);
            }
        }
        if (found.model.empty()) {
            found.others.push_back(verbatim(Graph::kind(node)));
        }
        return found.model.empty();
    });
    graph.walk_back(sampler, "latent_image", [&](const Json& node) {
        found.width = graph.value(node, "width");
        found.height = graph.value(node, "height");
        if (found.width.empty()) {
            found.others.push_back(verbatim(Graph::kind(node))); // made from another picture
        }
        return found.width.empty();
    });
    const std::string denoise = graph.value(sampler, "denoise");
    if (!denoise.empty() && denoise != "1" && denoise != "1.0") {
        found.others.push_back(joined(std::vector{message("strength"), verbatim(denoise)}, " "));
    }
    return found;
}

// Which inputs the drawn graph's plain list of widget values belongs to, for the nodes that say
// something here.
std::vector<const char*> widget_names(const std::string& kind) {
    static const std::pair<const char*, std::vector<const char*>> kKnown[] = {
        {"KSampler", {"seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"}},
        {"KSamplerAdvanced",
         {"add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"}},
        {"CLIPTextEncode", {"text"}},
        {"EmptyLatentImage", {"width", "height", "batch_size"}},
        {"CheckpointLoaderSimple", {"ckpt_name"}},
        {"UNETLoader", {"unet_name"}},
        {"LoraLoader", {"lora_name", "strength_model", "strength_clip"}},
        {"LoraLoaderModelOnly", {"lora_name", "strength_model"}},
        {"PrimitiveNode", {"value"}},
    };
    for (const auto& [known, names] : kKnown) {
        if (kind == known) {
            return names;
        }
    }
    return {};
}

// The drawn graph in the form of the one that ran.
Json as_prompt_graph(const Json& workflow) {
    const auto list = [&](const char* name) -> const Json& {
        const auto found = workflow.find(name);
        if (found == workflow.end() || !found->is_array()) {
            refuse(message("they are no graph"));
        }
        if (found->size() > kMostNodes) {
            throw Error(ErrorCode::file_too_large,
                        message("The settings in it were not read: {} {}; the most is {}.",
                                found->size(), name, kMostNodes));
        }
        return *found;
    };
    if (!workflow.is_object()) {
        refuse(message("they are no graph"));
    }
    Json wires = Json::object(); // by the wire's number: [node, output]
    for (const Json& link : list("links")) {
        if (link.is_array() && link.size() >= 3) {
            wires[text_of(link[0])] = Json::array({text_of(link[1]), link[2]});
        }
    }
    Json nodes = Json::object();
    for (const Json& node : list("nodes")) {
        if (!node.is_object() || !node.contains("id") || !node.contains("type") ||
            !node["type"].is_string()) {
            continue;
        }
        Json inputs = Json::object();
        const auto kind = node["type"].get<std::string>();
        const auto names = widget_names(kind);
        const auto values = node.find("widgets_values");
        for (std::size_t i = 0;
             values != node.end() && values->is_array() && i < names.size() && i < values->size();
             ++i) {
            if (*names[i] != '\0') {
                inputs[names[i]] = (*values)[i];
            }
        }
        const auto joined = node.find("inputs");
        if (joined != node.end() && joined->is_array()) {
            for (const Json& input : *joined) {
                const bool wired = input.is_object() && input.contains("name") &&
                                   input["name"].is_string() && input.contains("link");
                const auto wire = wired ? wires.find(text_of(input["link"])) : wires.end();
                if (wire != wires.end()) {
                    inputs[input["name"].get<std::string>()] = *wire;
                }
            }
        }
        nodes[text_of(node["id"])] = {{"class_type", kind}, {"inputs", inputs}};
    }
    return nodes;
}

} // namespace

ForeignGraph read_prompt_graph(std::string_view json) {
    return read(Graph(parse(json)));
}

ForeignGraph read_workflow_graph(std::string_view json) {
    return read(Graph(as_prompt_graph(parse(json))));
}

} // namespace likeness
