#include "core/models/autoencoder_kl.h"

#include "core/base/check.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/tensor.h>

#include <utility>

namespace likeness {

namespace {

constexpr double kVaeNormEps = 1e-6; // diffusers fixes it in vae.py; no config key

Conv2d::Shape pointwise() {
    return {.kernel = 1, .padding = 0};
}

// A projection of the mid attention under its published or its older name, with 2-D or
// 1x1-convolution weights.
Linear projection(const Weights& w, const char* name, const char* old_name, int64_t channels) {
    const bool old =
        !w.shape(std::string(name) + ".weight") && w.shape(std::string(old_name) + ".weight");
    const Weights layer = w / (old ? old_name : name);
    const auto shape = layer.shape("weight");
    if (shape && shape->size() == 4) {
        Linear linear(layer.get("weight", {channels, channels, 1, 1}).flatten(1),
                      layer.get("bias", {channels}));
        linear.pack(layer.options());
        return linear;
    }
    return Linear(layer, channels, channels);
}

Tensor per_channel(const std::vector<double>& values, const Tensor& like) {
    return at::tensor(values, at::kDouble).to(like.options()).view({1, -1, 1, 1});
}

} // namespace

VaeResnet::VaeResnet(const Weights& w, int64_t in, int64_t out, int64_t groups)
    : norm1(w / "norm1", groups, in, kVaeNormEps), conv1(w / "conv1", in, out),
      norm2(w / "norm2", groups, out, kVaeNormEps), conv2(w / "conv2", out, out) {
    if (in != out) {
        conv_shortcut.emplace(w / "conv_shortcut", in, out, pointwise());
    }
}

Tensor VaeResnet::operator()(Tensor x, const BetweenLayers& between) const {
    next_layer(between);
    const Tensor residual = conv_shortcut ? (*conv_shortcut)(x) : x;
    Tensor h = norm1.norm_silu(std::move(x));
    next_layer(between);
    h = conv1(h, {.between = &between});
    next_layer(between);
    h = norm2.norm_silu(std::move(h));
    next_layer(between);
    return conv2(h, {.residual = residual, .between = &between});
}

VaeAttention::VaeAttention(const Weights& w, int64_t channels, int64_t groups)
    : group_norm(w / "group_norm", groups, channels, kVaeNormEps),
      to_q(projection(w, "to_q", "query", channels)), to_k(projection(w, "to_k", "key", channels)),
      to_v(projection(w, "to_v", "value", channels)),
      to_out(projection(w, "to_out.0", "proj_attn", channels)) {}

Tensor VaeAttention::operator()(const Tensor& x, const BetweenLayers& between) const {
    const int64_t batch = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
    const auto flat = [&](const Tensor& t) {
        return t.permute({0, 2, 3, 1}).reshape({batch, height * width, channels});
    };
    const Tensor h = flat(group_norm(x));
    const Tensor attended = merge_heads(attend_in_pieces(
        split_heads(to_q(h), 1), split_heads(to_k(h), 1), split_heads(to_v(h), 1), between));
    next_layer(between);
    return to_out(attended, flat(x)).view({batch, height, width, channels}).permute({0, 3, 1, 2});
}

VaeMid::VaeMid(const Weights& w, int64_t channels, const AutoencoderKLConfig& c)
    : first(w / "resnets.0", channels, channels, c.norm_num_groups),
      second(w / "resnets.1", channels, channels, c.norm_num_groups) {
    if (c.mid_block_add_attention) {
        attention.emplace(w / "attentions.0", channels, c.norm_num_groups);
    }
}

Tensor VaeMid::operator()(const Tensor& x, const BetweenLayers& between) const {
    Tensor h = first(x, between);
    next_layer(between);
    return second(attention ? (*attention)(h, between) : std::move(h), between);
}

VaeEncoder::VaeEncoder(const Weights& w, const AutoencoderKLConfig& c)
    : conv_in(w / "conv_in", c.in_channels, c.block_out_channels.front()),
      mid_block(w / "mid_block", c.block_out_channels.back(), c),
      conv_norm_out(w / "conv_norm_out", c.norm_num_groups, c.block_out_channels.back(),
                    kVaeNormEps),
      conv_out(w / "conv_out", c.block_out_channels.back(), 2 * c.latent_channels) {
    int64_t in = c.block_out_channels.front();
    for (std::size_t level = 0; level < c.block_out_channels.size(); ++level) {
        const Weights block_weights = w / "down_blocks" / std::to_string(level);
        const int64_t out = c.block_out_channels[level];
        VaeBlock block;
        for (int64_t i = 0; i < c.layers_per_block; ++i, in = out) {
            block.resnets.emplace_back(block_weights / "resnets" / std::to_string(i), in, out,
                                       c.norm_num_groups);
        }
        if (level + 1 < c.block_out_channels.size()) {
            block.sampler.emplace(block_weights / "downsamplers.0.conv", out, out,
                                  Conv2d::Shape{.kernel = 3, .stride = 2, .padding = 0});
        }
        down_blocks.push_back(std::move(block));
    }
}

Tensor VaeEncoder::operator()(const Tensor& pixels, const BetweenLayers& between) const {
    Tensor h = conv_in(pixels);
    for (const VaeBlock& block : down_blocks) {
        for (const VaeResnet& resnet : block.resnets) {
            h = resnet(std::move(h), between);
        }
        if (block.sampler) {
            next_layer(between);
            h = (*block.sampler)(at::constant_pad_nd(h, {0, 1, 0, 1}), {.between = &between});
        }
    }
    return conv_out(conv_norm_out.norm_silu(mid_block(h, between)));
}

VaeDecoder::VaeDecoder(const Weights& w, const AutoencoderKLConfig& c)
    : conv_in(w / "conv_in", c.latent_channels, c.block_out_channels.back()),
      mid_block(w / "mid_block", c.block_out_channels.back(), c),
      conv_norm_out(w / "conv_norm_out", c.norm_num_groups, c.block_out_channels.front(),
                    kVaeNormEps),
      conv_out(w / "conv_out", c.block_out_channels.front(), c.out_channels) {
    const std::size_t levels = c.block_out_channels.size();
    int64_t in = c.block_out_channels.back();
    for (std::size_t index = 0; index < levels; ++index) {
        const Weights block_weights = w / "up_blocks" / std::to_string(index);
        const int64_t out = c.block_out_channels[levels - 1 - index];
        VaeBlock block;
        for (int64_t i = 0; i < c.layers_per_block + 1; ++i, in = out) {
            block.resnets.emplace_back(block_weights / "resnets" / std::to_string(i), in, out,
                                       c.norm_num_groups);
        }
        if (index + 1 < levels) {
            block.sampler.emplace(block_weights / "upsamplers.0.conv", out, out);
        }
        up_blocks.push_back(std::move(block));
    }
}

Tensor VaeDecoder::operator()(const Tensor& z, const BetweenLayers& between) const {
    Tensor h = before_last_upsampler(z, between);
    const std::size_t levels = up_blocks.size();
    if (levels > 1) {
        next_layer(between);
        h = up_blocks[levels - 2].sampler->upsampled(h, 2 * h.size(2), 2 * h.size(3), between);
    }
    for (const VaeResnet& resnet : up_blocks.back().resnets) {
        h = resnet(std::move(h), between);
    }
    next_layer(between);
    h = conv_norm_out.norm_silu(std::move(h));
    return conv_out(h);
}

Tensor VaeDecoder::before_last_upsampler(const Tensor& z, const BetweenLayers& between) const {
    Tensor h = mid_block(conv_in(z), between);
    for (std::size_t index = 0; index + 1 < up_blocks.size(); ++index) {
        const VaeBlock& block = up_blocks[index];
        for (const VaeResnet& resnet : block.resnets) {
            h = resnet(std::move(h), between);
        }
        if (index + 2 < up_blocks.size()) {
            next_layer(between);
            h = block.sampler->upsampled(h, 2 * h.size(2), 2 * h.size(3), between);
        }
    }
    return h;
}

AutoencoderKL::AutoencoderKL(const Weights& w, const AutoencoderKLConfig& c)
    : config(c), decoder(w / "decoder", c) {
    const bool stream = w.options().stream;
    encoder.emplace(stream ? (w / "encoder").only_checked() : w / "encoder", c);
    if (stream) {
        encoder.reset();
    }
    if (c.use_quant_conv) {
        quant_conv.emplace(w / "quant_conv", 2 * c.latent_channels, 2 * c.latent_channels,
                           pointwise());
    }
    if (c.use_post_quant_conv) {
        post_quant_conv.emplace(w / "post_quant_conv", c.latent_channels, c.latent_channels,
                                pointwise());
    }
}

LatentDistribution AutoencoderKL::encode(const Tensor& pixels, const BetweenLayers& between) const {
    LIKENESS_CHECK(pixels.dim() == 4 && pixels.size(1) == config.in_channels,
                   "pixels: ", pixels.sizes());
    LIKENESS_CHECK(encoder, "the encoder was left out");
    Tensor moments = (*encoder)(pixels.to(encoder->conv_norm_out.weight.scalar_type()), between);
    if (quant_conv) {
        moments = (*quant_conv)(moments);
    }
    const auto halves = moments.chunk(2, 1);
    return {.mean = halves[0], .logvar = halves[1].clamp(-30.0, 20.0)};
}

Tensor AutoencoderKL::decode(const Tensor& latents, const BetweenLayers& between) const {
    return decoder(decoder_input(latents), between);
}

Tensor AutoencoderKL::decoder_input(const Tensor& latents) const {
    LIKENESS_CHECK(latents.dim() == 4 && latents.size(1) == config.latent_channels,
                   "latents: ", latents.sizes());
    const Tensor z = unscale_latents(latents.to(decoder.conv_norm_out.weight.scalar_type()));
    return post_quant_conv ? (*post_quant_conv)(z) : z;
}

Tensor AutoencoderKL::scale_latents(const Tensor& z) const {
    if (!config.latents_mean.empty()) {
        return (z - per_channel(config.latents_mean, z)) * config.scaling_factor /
               per_channel(config.latents_std, z);
    }
    return (z - config.shift_factor) * config.scaling_factor;
}

Tensor AutoencoderKL::unscale_latents(const Tensor& latents) const {
    if (!config.latents_mean.empty()) {
        return latents * per_channel(config.latents_std, latents) / config.scaling_factor +
               per_channel(config.latents_mean, latents);
    }
    return latents / config.scaling_factor + config.shift_factor;
}

} // namespace likeness
