#include "core/configs/autoencoder_kl_config.h"

#include "core/configs/config_reader.h"

namespace likeness {

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

} // namespace likeness
