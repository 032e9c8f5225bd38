#include "core/checkpoint/adapter_file.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kMostLayers = 1'024;

// The image encoder of the published ones whose output has that width.
std::string encoder_of(const std::string& kind, int64_t width) {
    if (kind == "plain") {
        return width == 1024   ? "ViT-H/14"
               : width == 1280 ? "ViT-bigG/14"
               : width == 768  ? "ViT-L/14"
                               : "";
    }
    return width == 1280   ? "ViT-H/14"
           : width == 1664 ? "ViT-bigG/14"
           : width == 1024 ? "ViT-L/14"
                           : "";
}

std::string base_of(int64_t width, std::size_t layers) {
    if (layers == 16) {
        return width == 768 ? "sd15" : width == 1024 ? "sd2" : "";
    }
    return width == 2048 && layers == 70 ? "sdxl" : "";
}

} // namespace

bool is_adapter_file(const SafetensorsHeader& header) {
    return header.any_starts("ip_adapter.") || header.any_starts("image_proj.") ||
           header.any_starts("image_proj_model.") || header.any_starts("adapter_modules.");
}

TensorPlaces adapter_places(const SafetensorsHeader& header) {
    constexpr std::pair<const char*, const char*> kStarts[] = {{"image_proj_model.", "image_proj."},
                                                               {"adapter_modules.", "ip_adapter."}};
    TensorPlaces places;
    for (const auto& [name, entry] : header.tensors) {
        std::string own = name;
        for (const auto& [from, to] : kStarts) {
            if (name.starts_with(from)) {
                own = to + name.substr(std::string(from).size());
            }
        }
        places.emplace(own, TensorPlace{.name = name, .dtype = entry.dtype, .shape = entry.shape});
    }
    return places;
}

AdapterFacts adapter_facts(const TensorPlaces& adapter) {
    const auto size = [&adapter](const std::string& name, std::size_t index) -> int64_t {
        const auto found = adapter.find(name);
        return found != adapter.end() && index < found->second.shape.size()
                   ? found->second.shape[index]
                   : 0;
    };
    const auto has = [&adapter](const char* name) {
        return adapter.contains(std::string("image_proj.") + name);
    };
    const auto ratio = [&](const char* rows, const char* width) {
        const int64_t per_token = size(std::string("image_proj.") + width, 0);
        return per_token > 0 ? size(std::string("image_proj.") + rows, 0) / per_token : 0;
    };
    AdapterFacts facts{.kind = "unknown"};
    while (facts.layers < kMostLayers &&
           adapter.contains(fmt::format("ip_adapter.{}.to_k_ip.weight", 2 * facts.layers + 1))) {
        ++facts.layers;
    }
    facts.cross_attention_dim = size("ip_adapter.1.to_k_ip.weight", 1);
    if (has("proj.weight") && has("norm.weight")) {
        facts.kind = "plain";
        facts.num_tokens = ratio("proj.weight", "norm.weight");
        facts.encoder_width = size("image_proj.proj.weight", 1);
    } else if (has("proj.3.weight")) {
        facts.kind = "full";
        facts.num_tokens = 257; // one for every token of the published encoders
        facts.encoder_width = size("image_proj.proj.0.weight", 1);
    } else if (has("perceiver_resampler.proj_in.weight")) {
        facts.kind = "faceid_plus";
        facts.num_tokens = ratio("proj.2.weight", "norm.weight");
        facts.encoder_width = size("image_proj.perceiver_resampler.proj_in.weight", 1);
    } else if (has("proj.0.weight") && has("proj.2.weight") && has("norm.weight")) {
        facts.kind = "faceid";
        facts.num_tokens = ratio("proj.2.weight", "norm.weight");
    } else if (has("latents") && has("proj_in.weight")) {
        facts.encoder_width = size("image_proj.proj_in.weight", 1);
        facts.kind = facts.encoder_width == 512 ? "faceid" : "plus"; // 512: a face's embedding
        facts.num_tokens = size("image_proj.latents", 1);
    }
    facts.encoder = facts.kind == "faceid" ? "" : encoder_of(facts.kind, facts.encoder_width);
    facts.base = base_of(facts.cross_attention_dim, facts.layers);
    return facts;
}

} // namespace likeness
