#include "core/models/named_layers.h"

#include <type_traits>

#include <fmt/format.h>

namespace likeness {

namespace {

// A place in the network under both of its names.
struct Place {
    std::string name{}, ldm_name{};

    Place operator()(const std::string& part, const std::string& ldm_part) const {
        return {join(name, part), join(ldm_name, ldm_part)};
    }

    Place operator()(const std::string& part) const { return (*this)(part, part); }

private:
    static std::string join(const std::string& start, const std::string& part) {
        return start.empty() ? part : start + "." + part;
    }
};

struct Walk {
    std::vector<NamedLayer> layers{};

    template <typename Layer>
    void add(const Place& place, Layer& layer) {
        layers.push_back({.name = place.name, .ldm_name = place.ldm_name, .layer = &layer});
    }

    template <typename Layer>
    void add(const Place& place, std::optional<Layer>& layer) {
        if (layer) {
            add(place, *layer);
        }
    }

    void resnet(const Place& at, ResnetBlock2D& block) {
        add(at("norm1", "in_layers.0"), block.norm1);
        add(at("conv1", "in_layers.2"), block.conv1);
        add(at("time_emb_proj", "emb_layers.1"), block.time_emb_proj);
        add(at("norm2", "out_layers.0"), block.norm2);
        add(at("conv2", "out_layers.3"), block.conv2);
        add(at("conv_shortcut", "skip_connection"), block.conv_shortcut);
    }

    template <typename Attention>
    void attention(const Place& at, Attention& attention) {
        add(at("to_q"), attention.to_q);
        add(at("to_k"), attention.to_k);
        add(at("to_v"), attention.to_v);
        add(at("to_out.0"), attention.to_out);
    }

    void transformer(const Place& at, Transformer2D& transformer) {
        add(at("norm"), transformer.norm);
        add(at("proj_in"), transformer.conv_in);
        add(at("proj_in"), transformer.linear_in);
        for (std::size_t i = 0; i < transformer.transformer_blocks.size(); ++i) {
            BasicTransformerBlock& block = transformer.transformer_blocks[i];
            const Place inner = at(fmt::format("transformer_blocks.{}", i));
            add(inner("norm1"), block.norm1);
            attention(inner("attn1"), block.attn1);
            add(inner("norm2"), block.norm2);
            attention(inner("attn2"), block.attn2);
            add(inner("norm3"), block.norm3);
            add(inner("ff.net.0.proj"), block.ff_in);
            add(inner("ff.net.2"), block.ff_out);
        }
        add(at("proj_out"), transformer.conv_out);
        add(at("proj_out"), transformer.linear_out);
    }

    // The single file counts the parts of all levels in one row, each with what follows it.
    void block(const std::string& name, const std::string& row, std::size_t& next,
               UNetBlock& block) {
        for (std::size_t i = 0; i < block.resnets.size(); ++i, ++next) {
            const std::string part = fmt::format("{}.{}", row, next);
            resnet({fmt::format("{}.resnets.{}", name, i), part + ".0"}, block.resnets[i]);
            if (i < block.attentions.size()) {
                transformer({fmt::format("{}.attentions.{}", name, i), part + ".1"},
                            block.attentions[i]);
            }
        }
    }
};

} // namespace

const Tensor& NamedLayer::weight() const {
    return std::visit([](auto* one) -> const Tensor& { return one->weight; }, layer);
}

const Tensor& NamedLayer::bias() const {
    return std::visit([](auto* one) -> const Tensor& { return one->bias; }, layer);
}

std::vector<int64_t> NamedLayer::shape() const {
    return std::visit(
        [](auto* one) -> std::vector<int64_t> {
            if constexpr (std::is_same_v<decltype(one), Linear*>) {
                if (one->packed) {
                    return {one->packed->out, one->packed->in};
                }
            } else if constexpr (std::is_same_v<decltype(one), Conv2d*>) {
                if (one->packed) {
                    return one->packed->shape();
                }
            }
            return one->weight.sizes().vec();
        },
        layer);
}

void NamedLayer::set(Tensor weight, Tensor bias) const {
    std::visit(
        [&](auto* one) {
            one->weight = std::move(weight);
            if (bias.defined()) {
                one->bias = std::move(bias);
            }
            if constexpr (requires { one->pack(WeightOptions{}); }) {
                one->pack({.pack = one->packed.has_value()});
            }
        },
        layer);
}

std::vector<NamedLayer> named_layers(UNet2DCondition& unet) {
    Walk walk;
    walk.add({"conv_in", "input_blocks.0.0"}, unet.conv_in);
    walk.add({"time_embedding.linear_1", "time_embed.0"}, unet.time_linear_1);
    walk.add({"time_embedding.linear_2", "time_embed.2"}, unet.time_linear_2);
    walk.add({"add_embedding.linear_1", "label_emb.0.0"}, unet.add_linear_1);
    walk.add({"add_embedding.linear_2", "label_emb.0.2"}, unet.add_linear_2);
    std::size_t next = 1;
    for (std::size_t i = 0; i < unet.down_blocks.size(); ++i) {
        UNetBlock& block = unet.down_blocks[i];
        walk.block(fmt::format("down_blocks.{}", i), "input_blocks", next, block);
        if (block.sampler) {
            walk.add({fmt::format("down_blocks.{}.downsamplers.0.conv", i),
                      fmt::format("input_blocks.{}.0.op", next++)},
                     block.sampler);
        }
    }
    if (unet.mid_block) {
        walk.resnet({"mid_block.resnets.0", "middle_block.0"}, unet.mid_block->resnets[0]);
        walk.transformer({"mid_block.attentions.0", "middle_block.1"},
                         unet.mid_block->attentions[0]);
        walk.resnet({"mid_block.resnets.1", "middle_block.2"}, unet.mid_block->resnets[1]);
    }
    next = 0;
    for (std::size_t i = 0; i < unet.up_blocks.size(); ++i) {
        UNetBlock& block = unet.up_blocks[i];
        walk.block(fmt::format("up_blocks.{}", i), "output_blocks", next, block);
        walk.add(
            {fmt::format("up_blocks.{}.upsamplers.0.conv", i),
             fmt::format("output_blocks.{}.{}.conv", next - 1, block.attentions.empty() ? 1 : 2)},
            block.sampler);
    }
    walk.add({"conv_norm_out", "out.0"}, unet.conv_norm_out);
    walk.add({"conv_out", "out.2"}, unet.conv_out);
    return std::move(walk.layers);
}

void join_projections(UNet2DCondition& unet) {
    const auto join = [](std::vector<Transformer2D>& attentions) {
        for (Transformer2D& attention : attentions) {
            for (BasicTransformerBlock& block : attention.transformer_blocks) {
                block.attn1.join();
            }
        }
    };
    for (UNetBlock& block : unet.down_blocks) {
        join(block.attentions);
    }
    if (unet.mid_block) {
        join(unet.mid_block->attentions);
    }
    for (UNetBlock& block : unet.up_blocks) {
        join(block.attentions);
    }
}

std::vector<NamedLayer> named_layers(ClipText& text) {
    std::vector<NamedLayer> layers;
    const auto add = [&](const std::string& name, auto& layer) {
        layers.push_back({.name = name, .layer = &layer});
    };
    for (std::size_t i = 0; i < text.encoder.layers.size(); ++i) {
        ClipEncoderLayer& layer = text.encoder.layers[i];
        const std::string at = fmt::format("text_model.encoder.layers.{}.", i);
        add(at + "layer_norm1", layer.layer_norm1);
        add(at + "self_attn.q_proj", layer.q_proj);
        add(at + "self_attn.k_proj", layer.k_proj);
        add(at + "self_attn.v_proj", layer.v_proj);
        add(at + "self_attn.out_proj", layer.out_proj);
        add(at + "layer_norm2", layer.layer_norm2);
        add(at + "mlp.fc1", layer.fc1);
        add(at + "mlp.fc2", layer.fc2);
    }
    add("text_model.final_layer_norm", text.final_layer_norm);
    if (text.text_projection) {
        add("text_projection", *text.text_projection);
    }
    return layers;
}

} // namespace likeness
