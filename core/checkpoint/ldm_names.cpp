#include "core/checkpoint/ldm_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr int kMostBlocks = 256; // of one side of a UNet

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair kUnetResnet[] = {
    {"in_layers.0", "norm1"},  {"in_layers.2", "conv1"},  {"emb_layers.1", "time_emb_proj"},
    {"out_layers.0", "norm2"}, {"out_layers.3", "conv2"}, {"skip_connection", "conv_shortcut"}};
constexpr Pair kUnetEnds[] = {{"time_embed.0", "time_embedding.linear_1"},
                              {"time_embed.2", "time_embedding.linear_2"},
                              {"label_emb.0.0", "add_embedding.linear_1"},
                              {"label_emb.0.2", "add_embedding.linear_2"},
                              {"input_blocks.0.0", "conv_in"},
                              {"out.0", "conv_norm_out"},
                              {"out.2", "conv_out"}};
constexpr Pair kVaeMid[] = {{"mid.block_1", "mid_block.resnets.0"},
                            {"mid.block_2", "mid_block.resnets.1"},
                            {"mid.attn_1.norm", "mid_block.attentions.0.group_norm"},
                            {"mid.attn_1.q", "mid_block.attentions.0.to_q"},
                            {"mid.attn_1.k", "mid_block.attentions.0.to_k"},
                            {"mid.attn_1.v", "mid_block.attentions.0.to_v"},
                            {"mid.attn_1.proj_out", "mid_block.attentions.0.to_out.0"},
                            {"norm_out", "conv_norm_out"},
                            {"conv_in", "conv_in"},
                            {"conv_out", "conv_out"}};
constexpr Pair kOpenClipLayer[] = {{"ln_1", "layer_norm1"},
                                   {"ln_2", "layer_norm2"},
                                   {"attn.out_proj", "self_attn.out_proj"},
                                   {"mlp.c_fc", "mlp.fc1"},
                                   {"mlp.c_proj", "mlp.fc2"}};

// What follows `start` and a dot in `name`.
std::optional<std::string_view> below(std::string_view name, std::string_view start) {
    if (name.size() <= start.size() + 1 || !name.starts_with(start) || name[start.size()] != '.') {
        return std::nullopt;
    }
    return name.substr(start.size() + 1);
}

// The name with the first fitting row's beginning replaced.
template <std::size_t N>
std::optional<std::string> renamed(std::string_view name, const Pair (&rows)[N]) {
    for (const auto& [from, to] : rows) {
        if (const auto rest = below(name, from)) {
            return fmt::format("{}.{}", to, *rest);
        }
    }
    return std::nullopt;
}

// The number at the beginning of `name`, taken off it with the dot that follows.
std::optional<int> take_number(std::string_view& name) {
    int number = -1;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    const auto length = static_cast<std::size_t>(end - name.data());
    if (error != std::errc() || number < 0 || number >= kMostBlocks || length >= name.size() ||
        name[length] != '.') {
        return std::nullopt;
    }
    name.remove_prefix(length + 1);
    return number;
}

TensorPlace place_of(const TensorEntry& entry) {
    return {.name = entry.name, .dtype = entry.dtype, .shape = entry.shape};
}

// Every tensor below the prefix, called by what `translate` says of the rest of its name, or as
// the file calls it where that knows none.
template <typename Translate>
TensorPlaces translated(const SafetensorsHeader& header, const std::string& prefix,
                        Translate translate) {
    TensorPlaces places;
    for (auto at = header.tensors.lower_bound(prefix);
         at != header.tensors.end() && at->first.starts_with(prefix); ++at) {
        const std::string_view name = std::string_view(at->first).substr(prefix.size());
        const std::optional<std::string> known = translate(name);
        places.emplace(known ? *known : at->first, place_of(at->second));
    }
    return places;
}

// A UNet's numbered blocks: which level each belongs to, and which resnet of it it is.
struct Site {
    int level = 0;
    int layer = 0;
    bool only_sampler = false;
};

class UnetNames {
public:
    UnetNames(const SafetensorsHeader& header, const std::string& prefix) {
        const auto has = [&](const std::string& name) {
            return header.tensors.contains(prefix + name);
        };
        Site down;
        for (int i = 1;
             i < kMostBlocks && header.any_starts(fmt::format("{}input_blocks.{}.", prefix, i));
             ++i) {
            down.only_sampler = has(fmt::format("input_blocks.{}.0.op.weight", i));
            down_.push_back(down);
            down = down.only_sampler ? Site{.level = down.level + 1}
                                     : Site{.level = down.level, .layer = down.layer + 1};
        }
        Site up;
        for (int i = 0;
             i < kMostBlocks && header.any_starts(fmt::format("{}output_blocks.{}.", prefix, i));
             ++i) {
            up_.push_back(up);
            const bool samples = has(fmt::format("output_blocks.{}.1.conv.weight", i)) ||
                                 has(fmt::format("output_blocks.{}.2.conv.weight", i));
            up = samples ? Site{.level = up.level + 1}
                         : Site{.level = up.level, .layer = up.layer + 1};
        }
    }

    std::optional<std::string> operator()(std::string_view name) const {
        if (auto end = renamed(name, kUnetEnds)) {
            return end;
        }
        if (const auto rest = below(name, "middle_block")) {
            return middle(*rest);
        }
        if (const auto rest = below(name, "input_blocks")) {
            return numbered(*rest, down_, "down_blocks");
        }
        if (const auto rest = below(name, "output_blocks")) {
            return numbered(*rest, up_, "up_blocks");
        }
        return std::nullopt;
    }

private:
    static std::optional<std::string> resnet(const std::string& to, std::string_view rest) {
        const auto part = renamed(rest, kUnetResnet);
        return part ? std::optional(to + "." + *part) : std::nullopt;
    }

    static std::optional<std::string> middle(std::string_view rest) {
        const auto part = take_number(rest);
        if (part == 1) {
            return fmt::format("mid_block.attentions.0.{}", rest);
        }
        return part == 0 || part == 2 ? resnet(fmt::format("mid_block.resnets.{}", *part / 2), rest)
                                      : std::nullopt;
    }

    static std::optional<std::string> numbered(std::string_view rest,
                                               const std::vector<Site>& sites, const char* side) {
        const auto block = take_number(rest);
        const bool down = side[0] == 'd';
        const auto index = block ? *block - (down ? 1 : 0) : -1;
        const auto part = block ? take_number(rest) : std::nullopt;
        if (index < 0 || index >= static_cast<int>(sites.size()) || !part) {
            return std::nullopt;
        }
        const Site& site = sites[static_cast<std::size_t>(index)];
        const std::string level = fmt::format("{}.{}", side, site.level);
        if (down && site.only_sampler) {
            const auto kernel = below(rest, "op");
            return kernel && part == 0
                       ? std::optional(level + ".downsamplers.0.conv." + std::string(*kernel))
                       : std::nullopt;
        }
        if (part == 0) {
            return resnet(fmt::format("{}.resnets.{}", level, site.layer), rest);
        }
        const auto kernel = below(rest, "conv");
        if (!down && kernel) {
            return fmt::format("{}.upsamplers.0.conv.{}", level, *kernel);
        }
        return part == 1
                   ? std::optional(fmt::format("{}.attentions.{}.{}", level, site.layer, rest))
                   : std::nullopt;
    }

    std::vector<Site> down_{}, up_{}; // of input_blocks.1 and following, of output_blocks.0 ...
};

// One side of a VAE below "encoder." or "decoder.": levels, middle, ends.
std::optional<std::string> vae_side(std::string_view name, bool encoder, int levels) {
    if (auto known = renamed(name, kVaeMid)) {
        return known;
    }
    const auto rest = below(name, encoder ? "down" : "up");
    std::string_view part = rest.value_or("");
    const auto level = take_number(part);
    if (!level || *level >= levels) {
        return std::nullopt;
    }
    // The decoder's levels are counted from the other end.
    const std::string to = encoder ? fmt::format("down_blocks.{}", *level)
                                   : fmt::format("up_blocks.{}", levels - 1 - *level);
    if (const auto kernel = below(part, encoder ? "downsample.conv" : "upsample.conv")) {
        return fmt::format("{}.{}.0.conv.{}", to, encoder ? "downsamplers" : "upsamplers", *kernel);
    }
    if (auto resnet = below(part, "block")) {
        std::string_view inside = *resnet;
        const auto layer = take_number(inside);
        const auto shortcut = below(inside, "nin_shortcut");
        return !layer
                   ? std::nullopt
                   : std::optional(shortcut ? fmt::format("{}.resnets.{}.conv_shortcut.{}", to,
                                                          *layer, *shortcut)
                                            : fmt::format("{}.resnets.{}.{}", to, *layer, inside));
    }
    return std::nullopt;
}

// The three projections that OpenCLIP keeps as one.
void add_thirds(TensorPlaces& places, const std::string& layer, const TensorEntry& entry,
                const char* ending) {
    constexpr std::array<const char*, 3> kParts{"q_proj", "k_proj", "v_proj"};
    for (std::size_t part = 0; part < kParts.size(); ++part) {
        TensorPlace place = place_of(entry);
        place.part = static_cast<int64_t>(part);
        place.parts = 3;
        if (place.shape.empty() || place.shape[0] % 3 != 0) {
            places.emplace(entry.name, place_of(entry)); // told as unexpected
            return;
        }
        place.shape[0] /= 3;
        places.emplace(fmt::format("{}.self_attn.{}.{}", layer, kParts[part], ending), place);
    }
}

void add_transposed(TensorPlaces& places, const std::string& name, const TensorEntry& entry) {
    TensorPlace place = place_of(entry);
    place.transposed = place.shape.size() == 2;
    std::ranges::reverse(place.shape);
    places.emplace(name, place);
}

// Layers `transformer.resblocks.N` below the prefix, as `encoder`.layers.N; adds those it knows and
// says whether the name is one of them.
bool add_resblock(TensorPlaces& places, std::string_view name, const TensorEntry& entry,
                  const std::string& encoder, int layers) {
    const auto rest = below(name, "transformer.resblocks");
    std::string_view part = rest.value_or("");
    const auto number = take_number(part);
    if (!number) {
        return false;
    }
    if (*number >= layers) {
        return true; // left out
    }
    const std::string layer = fmt::format("{}.layers.{}", encoder, *number);
    if (part == "attn.in_proj_weight" || part == "attn.in_proj_bias") {
        add_thirds(places, layer, entry, part.ends_with("weight") ? "weight" : "bias");
        return true;
    }
    const auto known = renamed(part, kOpenClipLayer);
    places.emplace(known ? layer + "." + *known : entry.name, place_of(entry));
    return true;
}

int resblocks(const SafetensorsHeader& header, const std::string& prefix) {
    int count = 0;
    while (count < kMostBlocks &&
           header.any_starts(fmt::format("{}transformer.resblocks.{}.", prefix, count))) {
        ++count;
    }
    return count;
}

} // namespace

TensorPlaces plain_places(const SafetensorsHeader& header, const std::string& prefix) {
    return translated(header, prefix,
                      [](std::string_view name) { return std::optional<std::string>(name); });
}

TensorPlaces ldm_unet_places(const SafetensorsHeader& header, const std::string& prefix) {
    return translated(header, prefix, UnetNames(header, prefix));
}

TensorPlaces ldm_vae_places(const SafetensorsHeader& header, const std::string& prefix) {
    int levels = 0;
    while (levels < kMostBlocks &&
           header.any_starts(fmt::format("{}encoder.down.{}.", prefix, levels))) {
        ++levels;
    }
    TensorPlaces places =
        translated(header, prefix, [&](std::string_view name) -> std::optional<std::string> {
            for (const char* side : {"encoder", "decoder"}) {
                if (const auto rest = below(name, side)) {
                    const auto known = vae_side(*rest, side[0] == 'e', levels);
                    return known ? std::optional(side + ("." + *known)) : std::nullopt;
                }
            }
            const bool quant = below(name, "quant_conv") || below(name, "post_quant_conv");
            return quant ? std::optional<std::string>(name) : std::nullopt;
        });
    // The attention's projections are kept as 1 x 1 kernels.
    for (auto& [name, place] : places) {
        if (name.find(".attentions.0.to_") != std::string::npos) {
            while (place.shape.size() > 2 && place.shape.back() == 1) {
                place.shape.pop_back();
            }
        }
    }
    return places;
}

TensorPlaces ldm_clip_text_places(const SafetensorsHeader& header, const std::string& prefix) {
    TensorPlaces places =
        translated(header, prefix, [](std::string_view name) -> std::optional<std::string> {
            if (name.starts_with("text_model.")) {
                return std::string(name);
            }
            const bool bare = name.starts_with("embeddings.") || name.starts_with("encoder.") ||
                              name.starts_with("final_layer_norm.");
            return bare ? std::optional("text_model." + std::string(name)) : std::nullopt;
        });
    // Some programs write the projection of the whole CLIP, which SD and SDXL do not read.
    places.erase("text_model.text_projection.weight");
    places.erase(prefix + "text_projection.weight");
    return places;
}

TensorPlaces open_clip_text_places(const SafetensorsHeader& header, const std::string& prefix,
                                   OpenClipLayers layers) {
    const bool all = layers == OpenClipLayers::all;
    const int count = resblocks(header, prefix) - (all ? 0 : 1);
    TensorPlaces places;
    for (auto at = header.tensors.lower_bound(prefix);
         at != header.tensors.end() && at->first.starts_with(prefix); ++at) {
        const std::string_view name = std::string_view(at->first).substr(prefix.size());
        const TensorEntry& entry = at->second;
        if (add_resblock(places, name, entry, "text_model.encoder", count)) {
            continue;
        }
        if (name == "text_projection") {
            if (all) {
                add_transposed(places, "text_projection.weight", entry);
            }
        } else if (name == "positional_embedding") {
            places.emplace("text_model.embeddings.position_embedding.weight", place_of(entry));
        } else if (name == "token_embedding.weight") {
            places.emplace("text_model.embeddings.token_embedding.weight", place_of(entry));
        } else if (const auto rest = below(name, "ln_final")) {
            places.emplace(fmt::format("text_model.final_layer_norm.{}", *rest), place_of(entry));
        } else {
            places.emplace(entry.name, place_of(entry));
        }
    }
    return places;
}

TensorPlaces open_clip_vision_places(const SafetensorsHeader& header, const std::string& prefix) {
    constexpr Pair kEnds[] = {{"conv1", "vision_model.embeddings.patch_embedding"},
                              {"ln_pre", "vision_model.pre_layrnorm"},
                              {"ln_post", "vision_model.post_layernorm"}};
    const int count = resblocks(header, prefix);
    TensorPlaces places;
    for (auto at = header.tensors.lower_bound(prefix);
         at != header.tensors.end() && at->first.starts_with(prefix); ++at) {
        const std::string_view name = std::string_view(at->first).substr(prefix.size());
        const TensorEntry& entry = at->second;
        if (add_resblock(places, name, entry, "vision_model.encoder", count)) {
            continue;
        }
        if (name == "proj") {
            add_transposed(places, "visual_projection.weight", entry);
        } else if (name == "positional_embedding") {
            places.emplace("vision_model.embeddings.position_embedding.weight", place_of(entry));
        } else if (name == "class_embedding") {
            places.emplace("vision_model.embeddings.class_embedding", place_of(entry));
        } else {
            const auto known = renamed(name, kEnds);
            places.emplace(known ? *known : entry.name, place_of(entry));
        }
    }
    return places;
}

} // namespace likeness
