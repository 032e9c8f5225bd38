#include "core/models/unet_2d_condition.h"

#include "core/base/check.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/silu.h>

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

bool has_cross_attention(const std::string& block_type) {
    return block_type.starts_with("CrossAttn");
}

// Builds the blocks level by level and counts the cross-attention layers as it goes: down, up, mid.
struct Builder {
    const UNet2DConditionConfig& c;
    std::size_t next_index = 0;

    int64_t time_dim() const { return 4 * c.block_out_channels.front(); }

    int64_t places(std::size_t level) const {
        const int64_t side = std::max<int64_t>(1, c.sample_size >> level);
        return side * side;
    }

    ResnetBlock2D resnet(const Weights& w, int64_t in, int64_t out, std::size_t level) const {
        return {w,
                {.in = in,
                 .out = out,
                 .time_dim = time_dim(),
                 .groups = c.norm_num_groups,
                 .eps = c.norm_eps,
                 .places = places(level)}};
    }

    Transformer2D attention(const Weights& w, std::size_t level) {
        const std::size_t first = next_index;
        next_index += static_cast<std::size_t>(c.transformer_layers_per_block[level]);
        return {w,
                {.cross = {.dim = c.block_out_channels[level],
                           .context_dim = c.cross_attention_dim,
                           .heads = c.num_attention_heads[level]},
                 .depth = c.transformer_layers_per_block[level],
                 .groups = c.norm_num_groups,
                 .use_linear_projection = c.use_linear_projection},
                first};
    }

    UNetBlock down(const Weights& w, std::size_t level) {
        UNetBlock block;
        const int64_t out = c.block_out_channels[level];
        int64_t in = level == 0 ? out : c.block_out_channels[level - 1];
        for (int64_t i = 0; i < c.layers_per_block[level]; ++i, in = out) {
            block.resnets.push_back(resnet(w / "resnets" / std::to_string(i), in, out, level));
            if (has_cross_attention(c.down_block_types[level])) {
                block.attentions.push_back(attention(w / "attentions" / std::to_string(i), level));
            }
        }
        if (level + 1 < c.block_out_channels.size()) {
            block.sampler.emplace(
                w / "downsamplers.0.conv", out, out,
                Conv2d::Shape{.kernel = 3, .stride = 2, .padding = c.downsample_padding});
        }
        return block;
    }

    UNetBlock mid(const Weights& w) {
        UNetBlock block;
        const std::size_t level = c.block_out_channels.size() - 1;
        const int64_t channels = c.block_out_channels[level];
        block.resnets.push_back(resnet(w / "resnets.0", channels, channels, level));
        block.attentions.push_back(attention(w / "attentions.0", level));
        block.resnets.push_back(resnet(w / "resnets.1", channels, channels, level));
        return block;
    }

    // `index` counts up blocks from the deepest level outwards.
    UNetBlock up(const Weights& w, std::size_t index) {
        UNetBlock block;
        const std::size_t levels = c.block_out_channels.size();
        const std::size_t level = levels - 1 - index;
        const int64_t out = c.block_out_channels[level];
        const int64_t outer = c.block_out_channels[level == 0 ? 0 : level - 1];
        int64_t in = index == 0 ? out : c.block_out_channels[level + 1];
        const int64_t count = c.layers_per_block[level] + 1;
        for (int64_t i = 0; i < count; ++i, in = out) {
            const int64_t skip = i + 1 == count ? outer : out;
            block.resnets.push_back(
                resnet(w / "resnets" / std::to_string(i), in + skip, out, level));
            if (has_cross_attention(c.up_block_types[index])) {
                block.attentions.push_back(attention(w / "attentions" / std::to_string(i), level));
            }
        }
        if (level > 0) {
            block.sampler.emplace(w / "upsamplers.0.conv", out, out);
        }
        return block;
    }
};

// What a resnet reads.
struct ResnetInputs {
    const Tensor& h;
    const Tensor& skip;
    const Tensor& time;
};

// The block, by `recompute` where there is one.
Tensor run(const ResnetBlock2D& block, const ResnetInputs& inputs, const BetweenLayers& between,
           const Recompute& recompute) {
    const auto& [h, skip, time] = inputs;
    next_layer(between);
    if (!recompute) {
        return block(h, skip, time, between);
    }
    if (!skip.defined()) {
        return recompute([&block](const auto& in) { return block(in[0], {}, in[1]); }, {h, time});
    }
    return recompute([&block](const auto& in) { return block(in[0], in[1], in[2]); },
                     {h, skip, time});
}

// The same; keys and values are inputs too, where they are learned.
Tensor run(const Transformer2D& block, const Tensor& h, const AttentionContext& context,
           const Recompute& recompute) {
    if (!recompute) {
        return block(h, context);
    }
    std::vector<Tensor> inputs{h};
    const auto each_key_value = [&block](AttentionContext& read, const auto& act) {
        for (const BasicTransformerBlock& inner : block.transformer_blocks) {
            act(read.text[inner.attn2.index]);
            for (ReferenceKeyValues& reference : read.references) {
                act(reference.layers[inner.attn2.index]);
            }
        }
    };
    AttentionContext read = context;
    each_key_value(read, [&inputs](KeyValue& one) {
        if (one.key.defined()) {
            inputs.push_back(one.key);
            inputs.push_back(one.value);
        }
    });
    return recompute(
        [&block, each_key_value, read](const std::vector<Tensor>& in) {
            AttentionContext given = read;
            std::size_t next = 1;
            each_key_value(given, [&](KeyValue& one) {
                if (one.key.defined()) {
                    one.key = in[next++];
                    one.value = in[next++];
                }
            });
            return block(in[0], given);
        },
        inputs);
}

Tensor downsample(const Conv2d& conv, const Tensor& x) {
    return conv(conv.shape.padding == 0 ? at::constant_pad_nd(x, {0, 1, 0, 1}) : x);
}

} // namespace

UNet2DCondition::UNet2DCondition(const Weights& w, const UNet2DConditionConfig& c)
    : config(c), conv_in(w / "conv_in", c.in_channels, c.block_out_channels.front()),
      time_linear_1(w / "time_embedding.linear_1", c.block_out_channels.front(),
                    4 * c.block_out_channels.front()),
      time_linear_2(w / "time_embedding.linear_2", 4 * c.block_out_channels.front(),
                    4 * c.block_out_channels.front()),
      conv_norm_out(w / "conv_norm_out", c.norm_num_groups, c.block_out_channels.front(),
                    c.norm_eps),
      conv_out(w / "conv_out", c.block_out_channels.front(), c.out_channels) {
    Builder build{.c = c};
    if (!c.addition_embed_type.empty()) {
        add_linear_1.emplace(w / "add_embedding.linear_1", c.projection_class_embeddings_input_dim,
                             build.time_dim());
        add_linear_2.emplace(w / "add_embedding.linear_2", build.time_dim(), build.time_dim());
    }
    for (std::size_t i = 0; i < c.block_out_channels.size(); ++i) {
        down_blocks.push_back(build.down(w / "down_blocks" / std::to_string(i), i));
    }
    for (std::size_t i = 0; i < c.block_out_channels.size(); ++i) {
        up_blocks.push_back(build.up(w / "up_blocks" / std::to_string(i), i));
    }
    if (c.has_mid_block) {
        mid_block = build.mid(w / "mid_block");
    }
}

Tensor UNet2DCondition::operator()(const Tensor& sample, const Tensor& timesteps,
                                   const AttentionContext& context,
                                   const AddedConditions& added) const {
    LIKENESS_CHECK(sample.dim() == 4 && sample.size(1) == config.in_channels,
                   "sample: ", sample.sizes());
    Tensor time = timestep_embedding(timesteps, config.block_out_channels.front(),
                                     config.flip_sin_to_cos, config.freq_shift)
                      .to(sample.scalar_type());
    time = time_linear_2(at::silu(time_linear_1(time)));
    if (add_linear_1) {
        LIKENESS_CHECK(added.text_embeds.defined() && added.time_ids.defined(),
                       "SDXL needs its added conditions");
        const Tensor ids =
            timestep_embedding(added.time_ids.flatten(), config.addition_time_embed_dim,
                               config.flip_sin_to_cos, config.freq_shift)
                .view({added.text_embeds.size(0), -1});
        const Tensor joined =
            at::cat({added.text_embeds, ids.to(added.text_embeds.scalar_type())}, -1);
        time = time + (*add_linear_2)(at::silu((*add_linear_1)(joined.to(time.scalar_type()))));
    }
    time = at::silu(time);

    Tensor h = conv_in(sample);
    std::vector<Tensor> skips{h};
    for (const UNetBlock& block : down_blocks) {
        for (std::size_t i = 0; i < block.resnets.size(); ++i) {
            h = run(block.resnets[i], {h, {}, time}, context.between, recompute);
            if (!block.attentions.empty()) {
                h = run(block.attentions[i], h, context, recompute);
            }
            skips.push_back(h);
        }
        if (block.sampler) {
            next_layer(context.between);
            h = downsample(*block.sampler, h);
            skips.push_back(h);
        }
    }
    if (mid_block) {
        h = run(mid_block->resnets[0], {h, {}, time}, context.between, recompute);
        h = run(mid_block->attentions[0], h, context, recompute);
        h = run(mid_block->resnets[1], {h, {}, time}, context.between, recompute);
    }
    for (const UNetBlock& block : up_blocks) {
        for (std::size_t i = 0; i < block.resnets.size(); ++i) {
            h = run(block.resnets[i], {h, for_halves(skips.back(), h.size(0)), time},
                    context.between, recompute);
            skips.pop_back();
            if (!block.attentions.empty()) {
                h = run(block.attentions[i], h, context, recompute);
            }
        }
        if (block.sampler) {
            next_layer(context.between);
            // To the next skip's size, which is not twice this one where the latent sides are odd.
            h = block.sampler->upsampled(h, skips.back().size(2), skips.back().size(3));
        }
    }
    next_layer(context.between);
    h = conv_out(conv_norm_out.norm_silu(std::move(h)));
    return context.text.empty() ? h : for_halves(h, context.batch());
}

bool UNet2DCondition::is_packed() const {
    const auto all_packed = [](const auto&... layers) { return (layers.packed && ...); };
    const auto resnet_is = [&](const ResnetBlock2D& r) {
        return all_packed(r.conv1, r.conv2, r.time_emb_proj) &&
               (!r.conv_shortcut || r.conv_shortcut->packed);
    };
    const auto transformer_is = [&](const BasicTransformerBlock& t) {
        return all_packed(t.attn1.to_out, t.attn2.to_q, t.attn2.to_out, t.ff_in, t.ff_out) &&
               t.attn1.to_qkv;
    };
    const auto attention_is = [&](const Transformer2D& t) {
        const bool ends = t.use_linear_projection ? all_packed(*t.linear_in, *t.linear_out)
                                                  : all_packed(*t.conv_in, *t.conv_out);
        return ends && std::ranges::all_of(t.transformer_blocks, transformer_is);
    };
    const auto block_is = [&](const UNetBlock& block) {
        return std::ranges::all_of(block.resnets, resnet_is) &&
               std::ranges::all_of(block.attentions, attention_is) &&
               (!block.sampler || block.sampler->packed);
    };
    return all_packed(conv_in, conv_out) && std::ranges::all_of(down_blocks, block_is) &&
           std::ranges::all_of(up_blocks, block_is) && (!mid_block || block_is(*mid_block));
}

std::vector<const CrossAttention*> UNet2DCondition::cross_attentions() const {
    std::vector<const CrossAttention*> layers;
    const auto collect = [&layers](const UNetBlock& block) {
        for (const Transformer2D& attention : block.attentions) {
            for (const BasicTransformerBlock& transformer : attention.transformer_blocks) {
                layers.push_back(&transformer.attn2);
            }
        }
    };
    for (const UNetBlock& block : down_blocks) {
        collect(block);
    }
    for (const UNetBlock& block : up_blocks) {
        collect(block);
    }
    if (mid_block) {
        collect(*mid_block);
    }
    return layers;
}

OutputMask UNet2DCondition::output_mask(const Tensor& mask, int64_t height, int64_t width) const {
    OutputMask masks;
    const auto halve = [this](int64_t side) { return (side + config.downsample_padding) / 2; };
    for (std::size_t level = 0; level < config.block_out_channels.size(); ++level) {
        masks[height * width] =
            downsample_mask(mask, height * width).to(conv_norm_out.weight.options());
        height = halve(height);
        width = halve(width);
    }
    return masks;
}

std::vector<KeyValue> UNet2DCondition::text_key_values(const Tensor& encoder_hidden_states) const {
    std::vector<KeyValue> key_values;
    for (const CrossAttention* layer : cross_attentions()) {
        key_values.push_back(layer->text_key_value(encoder_hidden_states));
    }
    return key_values;
}

} // namespace likeness
