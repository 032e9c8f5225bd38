#include "core/inspect/inspect_network.h"

#include "core/checkpoint/safetensors_header.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace {

using Shape = std::vector<int64_t>;

constexpr std::size_t kNamed = 8; // tensors named in one problem

// The shape without ones at its end: old files keep a Linear as a 1 x 1 kernel.
Shape without_last_ones(Shape shape) {
    while (!shape.empty() && shape.back() == 1) {
        shape.pop_back();
    }
    return shape;
}

// What the networks in core/models read under another name too: CLIPTextModel's tensors without
// text_model. (transformers from 5.0 on), the VAE's attention as diffusers once spelled it.
void take_other_spellings(const TensorPlaces& places, NetworkShapes& wanted) {
    const auto rename = [&wanted](const std::string& from, const std::string& to) {
        if (auto node = wanted.extract(from)) {
            node.key() = to;
            wanted.insert(std::move(node));
        }
    };
    if (places.contains("embeddings.token_embedding.weight")) {
        constexpr std::string_view kTower = "text_model.";
        std::vector<std::string> names;
        for (const auto& [name, shape] : wanted) {
            if (name.starts_with(kTower)) {
                names.push_back(name);
            }
        }
        for (const std::string& name : names) {
            rename(name, name.substr(kTower.size()));
        }
    }
    constexpr std::pair<const char*, const char*> kOld[] = {
        {"to_q", "query"}, {"to_k", "key"}, {"to_v", "value"}, {"to_out.0", "proj_attn"}};
    for (const char* half : {"encoder", "decoder"}) {
        const std::string attention = fmt::format("{}.mid_block.attentions.0.", half);
        for (const auto& [name, old] : kOld) {
            if (!places.contains(attention + name + ".weight") &&
                places.contains(attention + old + ".weight")) {
                rename(attention + name + ".weight", attention + old + ".weight");
                rename(attention + name + ".bias", attention + old + ".bias");
            }
        }
    }
}

std::string told(const char* what, const std::vector<std::string>& names) {
    const std::size_t shown = std::min(kNamed, names.size());
    return fmt::format(
        "{} {}: {}{}", names.size(), what,
        fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : "");
}

} // namespace

NetworkShapes clip_text_shapes(ClipTextConfig config, const TensorPlaces& places) {
    config.with_projection = config.with_projection || places.contains("text_projection.weight");
    return clip_text_shapes(config);
}

std::vector<std::string> network_problems(const TensorPlaces& places,
                                          const std::set<std::string>& ignored,
                                          NetworkShapes wanted) {
    take_other_spellings(places, wanted);
    std::vector<std::string> missing, misshaped, unexpected;
    for (const auto& [name, shape] : wanted) {
        const auto found = places.find(name);
        if (found == places.end()) {
            missing.push_back(name);
        } else if (without_last_ones(found->second.shape) != without_last_ones(shape)) {
            misshaped.push_back(fmt::format("{} ([{}] in the file, [{}] by the config)", name,
                                            fmt::join(found->second.shape, ", "),
                                            fmt::join(shape, ", ")));
        } else if (found->second.dtype.find('F') == std::string::npos) {
            misshaped.push_back(fmt::format("{} (stored as {}, expected floating-point numbers)",
                                            name, found->second.dtype));
        }
    }
    for (const auto& [name, place] : places) {
        if (!wanted.contains(name) && !ignored.contains(name)) {
            unexpected.push_back(name);
        }
    }
    std::vector<std::string> problems;
    const auto tell = [&problems](const char* what, const std::vector<std::string>& names) {
        if (!names.empty()) {
            problems.push_back(told(what, names));
        }
    };
    tell("missing", missing);
    tell("of another shape", misshaped);
    tell("not expected", unexpected);
    return problems;
}

ComponentReport summary(const TensorPlaces& places) {
    ComponentReport report;
    std::set<std::string> counted; // a tensor that is split counts once
    for (const auto& [name, place] : places) {
        std::uint64_t values = 1;
        for (const int64_t size : place.shape) {
            values *= static_cast<std::uint64_t>(size);
        }
        report.parameters += values;
        report.bytes += values * dtype_bytes(place.dtype);
        if (counted.insert(place.name).second) {
            ++report.tensors;
            ++report.dtypes[place.dtype];
        }
    }
    return report;
}

} // namespace likeness
