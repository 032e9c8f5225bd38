#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/image/convert.h"
#include "core/pipelines/stages.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace likeness {

namespace {

EncodedReference project(const LoadedAdapter& adapter, const Tensor& features) {
    EncodedReference out;
    out.image_embeds = features;
    out.ip_tokens = adapter.adapter.project(features);
    out.layers = adapter.adapter.key_values(out.ip_tokens);
    return out;
}

// What one reference adds to a layer: keys and scaled values for [unconditional, conditional] or
// the latter alone.
KeyValue layer_branch(const std::vector<const KeyValue*>& parts, const std::vector<double>& factors,
                      const KeyValue* unconditional) {
    std::vector<Tensor> keys, values, negative_keys, negative_values;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        keys.push_back(parts[i]->key);
        values.push_back(parts[i]->value * factors[i]);
        if (unconditional != nullptr) {
            negative_keys.push_back(unconditional->key);
            negative_values.push_back(unconditional->value * factors[i]);
        }
    }
    KeyValue out{.key = at::cat(keys, 2), .value = at::cat(values, 2)};
    if (unconditional != nullptr) {
        out.key = at::cat({at::cat(negative_keys, 2), out.key});
        out.value = at::cat({at::cat(negative_values, 2), out.value});
    }
    return out;
}

// The weighted mean of several references' tokens, as one reference. The projections to keys and
// values are linear, so the mean may be taken after them.
KeyValue mean_of(const std::vector<const KeyValue*>& parts, const std::vector<double>& weights) {
    Tensor key = parts[0]->key * weights[0], value = parts[0]->value * weights[0];
    for (std::size_t i = 1; i < parts.size(); ++i) {
        key = key + parts[i]->key * weights[i];
        value = value + parts[i]->value * weights[i];
    }
    return {.key = key, .value = value};
}

ReferenceKeyValues together(const std::vector<ActiveReference>& references,
                            const EncodedReference& unconditional,
                            const std::vector<double>& layer_scales, CombineMode combine,
                            bool guided) {
    ReferenceKeyValues out;
    out.layers.resize(layer_scales.size());
    out.owners.resize(layer_scales.size());
    for (std::size_t layer = 0; layer < layer_scales.size(); ++layer) {
        if (layer_scales[layer] == 0) {
            continue; // undefined: the layer has no image branch
        }
        std::vector<const KeyValue*> parts;
        std::vector<std::vector<int>>& owners = out.owners[layer];
        std::vector<double> scales;
        double sum = 0;
        for (const ActiveReference& reference : references) {
            const double own = reference.layer_scales ? (*reference.layer_scales)[layer] : 1;
            if (own != 0) {
                parts.push_back(&reference.encoded->layers[layer]);
                owners.push_back({reference.index});
                scales.push_back(reference.scale * own);
                sum += scales.back();
            }
        }
        if (parts.empty()) {
            continue;
        }
        const KeyValue* negative = guided ? &unconditional.layers[layer] : nullptr;
        if (combine == CombineMode::average && parts.size() > 1) {
            std::vector<double> weights = scales;
            std::ranges::for_each(weights, [sum](double& weight) { weight /= sum; });
            const KeyValue mean = mean_of(parts, weights);
            for (std::size_t i = 1; i < owners.size(); ++i) {
                owners[0].push_back(owners[i][0]);
            }
            owners.resize(1);
            const double scale = sum / static_cast<double>(parts.size());
            out.layers[layer] = layer_branch({&mean}, {scale * layer_scales[layer]}, negative);
        } else {
            std::vector<double> factors = scales;
            std::ranges::for_each(factors, [&](double& factor) { factor *= layer_scales[layer]; });
            out.layers[layer] = layer_branch(parts, factors, negative);
        }
    }
    return out;
}

// "down_blocks.1.attentions.0.transformer_blocks.0.attn2" -> {"down.block_1.attentions_0",
// "down.block_1"}.
std::vector<std::string> block_names(const std::string& path) {
    if (path.starts_with("mid_block")) {
        return {"mid"};
    }
    const std::string side = path.substr(0, path.find('_'));
    const auto number_after = [&path](const std::string& word) {
        const std::size_t begin = path.find(word) + word.size();
        return path.substr(begin, path.find('.', begin) - begin);
    };
    const std::string block = side + ".block_" + number_after("_blocks.");
    return {block + ".attentions_" + number_after(".attentions."), block};
}

} // namespace

std::vector<EncodedReference> encode_references(const LoadedAdapter& adapter,
                                                const std::vector<SeenPicture>& pictures,
                                                const WeightOptions& options,
                                                const BetweenLayers& between) {
    const ImageTower& tower = *adapter.image_tower;
    const int64_t side = tower.encoder.config.image_size;
    std::vector<Tensor> pixel_values, inputs;
    std::vector<std::string> hashes;
    for (const auto& [image, view] : pictures) {
        const Image pixels = encoder_pixels(image, view, tower.preprocess);
        const std::vector<float> values = normalised(pixels, tower.preprocess);
        pixel_values.push_back(at::tensor(values, at::kFloat).view({1, 3, side, side}));
        inputs.push_back(pixel_values.back().to(options.device, options.dtype));
        // What follows the first hash only orders pictures that have the same one.
        hashes.push_back(fmt::format("{} {}x{}x{} {}", sha256(image.bytes), image.width,
                                     image.height, image.channels, sha256(pixels.bytes)));
    }
    std::vector<EncodedReference> encoded;
    for (const ClipVisionOutput& output : tower.encoder.of_all(inputs, between)) {
        const std::size_t i = encoded.size();
        EncodedReference& out =
            encoded.emplace_back(project(adapter, adapter.adapter.features(output)));
        out.pixel_values = pixel_values[i];
        out.hash = hashes[i];
    }
    return encoded;
}

EncodedReference encode_unconditional(const LoadedAdapter& adapter, const WeightOptions& options,
                                      const BetweenLayers& between) {
    const ClipVision& encoder = adapter.image_tower->encoder;
    const auto wanted = at::TensorOptions().dtype(options.dtype).device(options.device);
    if (adapter.adapter.kind == IpAdapterKind::plain) {
        return project(adapter, at::zeros({1, encoder.config.projection_dim}, wanted));
    }
    const int64_t side = encoder.config.image_size;
    return project(
        adapter, adapter.adapter.features(encoder(at::zeros({1, 3, side, side}, wanted), between)));
}

std::vector<ReferenceKeyValues> combine_references(std::vector<ActiveReference> references,
                                                   const EncodedReference& unconditional,
                                                   const std::vector<double>& layer_scales,
                                                   CombineMode combine, bool guided) {
    std::erase_if(references,
                  [](const ActiveReference& reference) { return reference.scale == 0; });
    // An order fixed by content, so that the order of cards never changes the picture.
    const std::vector<double> all_ones;
    const auto key = [&all_ones](const ActiveReference& reference) {
        return std::tie(reference.encoded->hash, reference.scale, reference.mask_hash,
                        reference.layer_scales ? *reference.layer_scales : all_ones);
    };
    std::ranges::stable_sort(references, std::less<>(), key);
    std::vector<ActiveReference> everywhere;
    std::vector<ReferenceKeyValues> out;
    for (const ActiveReference& reference : references) {
        if (reference.mask == nullptr) {
            everywhere.push_back(reference);
        }
    }
    if (!everywhere.empty()) {
        out.push_back(together(everywhere, unconditional, layer_scales, combine, guided));
    }
    for (const ActiveReference& reference : references) {
        if (reference.mask != nullptr) {
            out.push_back(
                together({reference}, unconditional, layer_scales, CombineMode::join, guided));
            out.back().mask = *reference.mask;
        }
    }
    return out;
}

std::vector<double> layer_scales(const UNet2DCondition& unet,
                                 const std::map<std::string, double>& block_scales) {
    std::vector<double> scales;
    std::set<std::string> known;
    for (const CrossAttention* layer : unet.cross_attentions()) {
        double scale = 1;
        const auto names = block_names(layer->path);
        known.insert(names.begin(), names.end());
        const auto given = std::ranges::find_if(
            names, [&](const auto& name) { return block_scales.contains(name); });
        if (given != names.end()) {
            scale = block_scales.at(*given);
        }
        scales.push_back(scale);
    }
    for (const auto& [name, scale] : block_scales) {
        if (!known.contains(name)) {
            std::string all;
            for (const auto& block : known) {
                all += (all.empty() ? "" : ", ") + block;
            }
            throw Error(ErrorCode::bad_request,
                        message("block_scales names \"{}\", this UNet's blocks with an image "
                                "branch are: {}.",
                                name, all));
        }
    }
    return scales;
}

} // namespace likeness
