#include "core/models/autoencoder_kl.h"

#include "core/base/check.h"
#include "core/models/config_reader.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/tensor.h>

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

AutoencoderKLConfig AutoencoderKLConfig::from_json(const nlohmann::json& json) {
    const ConfigReader read(json, "vae");
    read.only("act_fn", {"silu", "swish"});
    AutoencoderKLConfig c;
    c.in_channels = read.integer("in_channels", 3, 1, 64);
    c.out_channels = read.integer("out_channels", 3, 1, 64);
    c.latent_channels = read.integer("latent_channels", 4, 1, 256);
    c.block_out_channels = read.integers("block_out_channels", c.block_out_channels, 0);
    if (c.block_out_channels.size() > 8) {
        read.fail("block_out_channels", message("has more than 8 levels"));
    }
    c.layers_per_block = read.integer("layers_per_block", 1, 1, 64);
    c.norm_num_groups = read.integer("norm_num_groups", 32, 1, 1 << 12);
    c.sample_size = read.integer("sample_size", 32, 1, 1 << 14);
    c.scaling_factor = read.number("scaling_factor", c.scaling_factor, 1e-6, 1e6);
    c.shift_factor = read.number("shift_factor", 0, -1e6, 1e6);
    c.latents_mean = read.numbers("latents_mean");
    c.latents_std = read.numbers("latents_std");
    c.force_upcast = read.boolean("force_upcast", true);
    c.use_quant_conv = read.boolean("use_quant_conv", true);
    c.use_post_quant_conv = read.boolean("use_post_quant_conv", true);
    c.mid_block_add_attention = read.boolean("mid_block_add_attention", true);
    for (const int64_t channels : c.block_out_channels) {
        if (channels % c.norm_num_groups != 0) {
            read.fail("norm_num_groups",
                      message("{} does not divide {} channels", c.norm_num_groups, channels));
        }
    }
    const auto channels = static_cast<std::size_t>(c.latent_channels);
    if (c.latents_mean.size() != c.latents_std.size() ||
        (!c.latents_mean.empty() && c.latents_mean.size() != channels)) {
        read.fail("latents_mean",
                  message("and latents_std must both hold {} numbers, or neither", channels));
    }
    return c;
}

nlohmann::json AutoencoderKLConfig::to_json() const {
    const std::vector<std::string> down(block_out_channels.size(), "DownEncoderBlock2D");
    const std::vector<std::string> up(block_out_channels.size(), "UpDecoderBlock2D");
    nlohmann::json json{{"_class_name", "AutoencoderKL"},
                        {"in_channels", in_channels},
                        {"out_channels", out_channels},
                        {"latent_channels", latent_channels},
                        {"block_out_channels", block_out_channels},
                        {"down_block_types", down},
                        {"up_block_types", up},
                        {"layers_per_block", layers_per_block},
                        {"norm_num_groups", norm_num_groups},
                        {"sample_size", sample_size},
                        {"scaling_factor", scaling_factor},
                        {"force_upcast", force_upcast},
                        {"use_quant_conv", use_quant_conv},
                        {"use_post_quant_conv", use_post_quant_conv},
                        {"mid_block_add_attention", mid_block_add_attention},
                        {"act_fn", "silu"}};
    if (!latents_mean.empty()) {
        json["latents_mean"] = latents_mean;
        json["latents_std"] = latents_std;
    }
    if (shift_factor != 0) {
        json["shift_factor"] = shift_factor;
    }
    return json;
}

VaeResnet::VaeResnet(const Weights& w, int64_t in, int64_t out, int64_t groups)
    : norm1(w / "norm1", groups, in, kVaeNormEps), conv1(w / "conv1", in, out),
      norm2(w / "norm2", groups, out, kVaeNormEps), conv2(w / "conv2", out, out) {
    if (in != out) {
        conv_shortcut.emplace(w / "conv_shortcut", in, out, pointwise());
    }
}

Tensor VaeResnet::operator()(const Tensor& x) const {
    Tensor h = conv1(norm1.norm_silu(x));
    h = norm2.norm_silu(h); // what it was is let go: at this size it is a part of the peak
    return conv2(h, {.residual = conv_shortcut ? (*conv_shortcut)(x) : x});
}

VaeAttention::VaeAttention(const Weights& w, int64_t channels, int64_t groups)
    : group_norm(w / "group_norm", groups, channels, kVaeNormEps),
      to_q(projection(w, "to_q", "query", channels)), to_k(projection(w, "to_k", "key", channels)),
      to_v(projection(w, "to_v", "value", channels)),
      to_out(projection(w, "to_out.0", "proj_attn", channels)) {}

Tensor VaeAttention::operator()(const Tensor& x) const {
    const int64_t batch = x.size(0), channels = x.size(1), height = x.size(2), width = x.size(3);
    const auto flat = [&](const Tensor& t) {
        return t.permute({0, 2, 3, 1}).reshape({batch, height * width, channels});
    };
    const Tensor h = flat(group_norm(x));
    const Tensor attended = merge_heads(
        attend(split_heads(to_q(h), 1), split_heads(to_k(h), 1), split_heads(to_v(h), 1)));
    return to_out(attended, flat(x)).view({batch, height, width, channels}).permute({0, 3, 1, 2});
}

VaeMid::VaeMid(const Weights& w, int64_t channels, const AutoencoderKLConfig& c)
    : first(w / "resnets.0", channels, channels, c.norm_num_groups),
      second(w / "resnets.1", channels, channels, c.norm_num_groups) {
    if (c.mid_block_add_attention) {
        attention.emplace(w / "attentions.0", channels, c.norm_num_groups);
    }
}

Tensor VaeMid::operator()(const Tensor& x) const {
    const Tensor h = first(x);
    return second(attention ? (*attention)(h) : h);
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

Tensor VaeEncoder::operator()(const Tensor& pixels) const {
    Tensor h = conv_in(pixels);
    for (const VaeBlock& block : down_blocks) {
        for (const VaeResnet& resnet : block.resnets) {
            h = resnet(h);
        }
        if (block.sampler) {
            h = (*block.sampler)(at::constant_pad_nd(h, {0, 1, 0, 1}));
        }
    }
    return conv_out(conv_norm_out.norm_silu(mid_block(h)));
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

Tensor VaeDecoder::operator()(const Tensor& z) const {
    Tensor h = mid_block(conv_in(z));
    for (const VaeBlock& block : up_blocks) {
        for (const VaeResnet& resnet : block.resnets) {
            h = resnet(h);
        }
        if (block.sampler) {
            h = block.sampler->upsampled(h, 2 * h.size(2), 2 * h.size(3));
        }
    }
    return conv_out(conv_norm_out.norm_silu(h));
}

AutoencoderKL::AutoencoderKL(const Weights& w, const AutoencoderKLConfig& c)
    : config(c), encoder(w / "encoder", c), decoder(w / "decoder", c) {
    if (c.use_quant_conv) {
        quant_conv.emplace(w / "quant_conv", 2 * c.latent_channels, 2 * c.latent_channels,
                           pointwise());
    }
    if (c.use_post_quant_conv) {
        post_quant_conv.emplace(w / "post_quant_conv", c.latent_channels, c.latent_channels,
                                pointwise());
    }
}

LatentDistribution AutoencoderKL::encode(const Tensor& pixels) const {
    LIKENESS_CHECK(pixels.dim() == 4 && pixels.size(1) == config.in_channels,
                   "pixels: ", pixels.sizes());
    Tensor moments = encoder(pixels.to(encoder.conv_norm_out.weight.scalar_type()));
    if (quant_conv) {
        moments = (*quant_conv)(moments);
    }
    const auto halves = moments.chunk(2, 1);
    return {.mean = halves[0], .logvar = halves[1].clamp(-30.0, 20.0)};
}

Tensor AutoencoderKL::decode(const Tensor& latents) const {
    LIKENESS_CHECK(latents.dim() == 4 && latents.size(1) == config.latent_channels,
                   "latents: ", latents.sizes());
    const Tensor z = unscale_latents(latents.to(decoder.conv_norm_out.weight.scalar_type()));
    return decoder(post_quant_conv ? (*post_quant_conv)(z) : z);
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
