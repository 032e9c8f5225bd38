#include "core/configs/unet_config.h"

#include "core/configs/config_reader.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

// What other members of the class's family use and this program does not: refused by name, never
// ignored.
void refuse_unsupported(const ConfigReader& read) {
    read.only("act_fn", {"silu", "swish"});
    read.only("class_embed_type", {});
    read.only("num_class_embeds", {});
    read.only("encoder_hid_dim_type", {"ip_image_proj"});
    read.only("time_cond_proj_dim", {});
    read.only("dual_cross_attention", {false});
    read.only("only_cross_attention", {false});
    read.only("mid_block_only_cross_attention", {false});
    read.only("resnet_time_scale_shift", {"default"});
    read.only("resnet_skip_time_act", {false});
    read.only("resnet_out_scale_factor", {1, 1.0});
    read.only("conv_in_kernel", {3});
    read.only("conv_out_kernel", {3});
    read.only("mid_block_type", {"UNetMidBlock2DCrossAttn"});
    read.only("mid_block_scale_factor", {1, 1.0});
    read.only("attention_type", {"default"});
    read.only("center_input_sample", {false});
    read.only("time_embedding_type", {"positional"});
    read.only("time_embedding_dim", {});
    read.only("time_embedding_act_fn", {});
    read.only("timestep_post_act", {});
    read.only("cross_attention_norm", {});
    read.only("reverse_transformer_layers_per_block", {});
    read.only("class_embeddings_concat", {false});
    read.only("addition_embed_type", {"text_time"});
}

// Blocks of attention the config describes. SDXL has 70; a config that asks for a quarter of a
// million is told before they are built.
void check_depth(const ConfigReader& read, const UNet2DConditionConfig& c) {
    constexpr int64_t kMost = 1'024;
    int64_t blocks = c.transformer_layers_per_block.back();
    for (std::size_t i = 0; i < c.block_out_channels.size(); ++i) {
        blocks += (2 * c.layers_per_block[i] + 1) * c.transformer_layers_per_block[i];
    }
    if (blocks > kMost) {
        read.fail("transformer_layers_per_block",
                  message("and layers_per_block make {} blocks of attention, at most {} can be",
                          blocks, kMost));
    }
}

} // namespace

UNet2DConditionConfig UNet2DConditionConfig::from_json(const nlohmann::json& json) {
    const ConfigReader read(json, "unet");
    refuse_unsupported(read);
    UNet2DConditionConfig c;
    c.in_channels = read.integer("in_channels", c.in_channels, 1, 1024);
    c.out_channels = read.integer("out_channels", c.out_channels, 1, 1024);
    c.block_out_channels = read.integers("block_out_channels", c.block_out_channels, 0);
    const std::size_t levels = c.block_out_channels.size();
    c.sample_size = read.integer("sample_size", c.sample_size, 1, 4096);
    c.down_block_types = read.strings("down_block_types", c.down_block_types);
    c.up_block_types = read.strings("up_block_types", c.up_block_types);
    c.layers_per_block =
        read.integers("layers_per_block", std::vector<int64_t>(levels, 2), levels, 64);
    const auto head_dim =
        read.integers("attention_head_dim", std::vector<int64_t>(levels, 8), levels, 4096);
    c.num_attention_heads = read.integers("num_attention_heads", head_dim, levels, 4096);
    c.transformer_layers_per_block =
        read.integers("transformer_layers_per_block", std::vector<int64_t>(levels, 1), levels, 256);
    check_depth(read, c);
    c.cross_attention_dim = read.integer("cross_attention_dim", 1280, 1, 1 << 16);
    c.norm_num_groups = read.integer("norm_num_groups", 32, 1, 1 << 12);
    c.norm_eps = read.number("norm_eps", 1e-5, 0, 1);
    c.use_linear_projection = read.boolean("use_linear_projection", false);
    c.flip_sin_to_cos = read.boolean("flip_sin_to_cos", true);
    c.freq_shift = read.number("freq_shift", 0, 0, 1);
    c.downsample_padding = read.integer("downsample_padding", 1, 0, 1);
    // A mid block that is null is absent; a missing key means the usual one.
    c.has_mid_block = !json.contains("mid_block_type") || !json.at("mid_block_type").is_null();
    c.addition_embed_type = read.string("addition_embed_type", "");
    if (!c.addition_embed_type.empty()) {
        c.addition_time_embed_dim = read.integer("addition_time_embed_dim", 256, 2, 1 << 14);
        c.projection_class_embeddings_input_dim =
            read.integer("projection_class_embeddings_input_dim", 0, 1, 1 << 16);
        if (c.projection_class_embeddings_input_dim == 0) {
            read.fail("projection_class_embeddings_input_dim",
                      message("is missing although addition_embed_type is text_time"));
        }
    }

    if (c.down_block_types.size() != levels || c.up_block_types.size() != levels) {
        read.fail(
            "down_block_types",
            message("and up_block_types must name {} blocks each, as block_out_channels has levels",
                    levels));
    }
    for (const auto& type : c.down_block_types) {
        if (type != "CrossAttnDownBlock2D" && type != "DownBlock2D") {
            read.fail("down_block_types",
                      message("names \"{}\", which this program does not know", type));
        }
    }
    for (const auto& type : c.up_block_types) {
        if (type != "CrossAttnUpBlock2D" && type != "UpBlock2D") {
            read.fail("up_block_types",
                      message("names \"{}\", which this program does not know", type));
        }
    }
    for (std::size_t i = 0; i < levels; ++i) {
        const int64_t channels = c.block_out_channels[i];
        if (channels % c.norm_num_groups != 0) {
            read.fail("norm_num_groups",
                      message("{} does not divide {} channels", c.norm_num_groups, channels));
        }
        if (channels % c.num_attention_heads[i] != 0) {
            read.fail("attention_head_dim",
                      message("gives {} heads, which do not divide {} channels",
                              c.num_attention_heads[i], channels));
        }
    }
    if (c.block_out_channels.front() % 2 != 0) {
        read.fail("block_out_channels", message("must begin with an even number"));
    }
    return c;
}

nlohmann::json UNet2DConditionConfig::to_json() const {
    nlohmann::json json{{"_class_name", "UNet2DConditionModel"},
                        {"sample_size", sample_size},
                        {"in_channels", in_channels},
                        {"out_channels", out_channels},
                        {"block_out_channels", block_out_channels},
                        {"down_block_types", down_block_types},
                        {"up_block_types", up_block_types},
                        {"layers_per_block", layers_per_block},
                        {"attention_head_dim", num_attention_heads},
                        {"transformer_layers_per_block", transformer_layers_per_block},
                        {"cross_attention_dim", cross_attention_dim},
                        {"norm_num_groups", norm_num_groups},
                        {"norm_eps", norm_eps},
                        {"use_linear_projection", use_linear_projection},
                        {"flip_sin_to_cos", flip_sin_to_cos},
                        {"freq_shift", freq_shift},
                        {"downsample_padding", downsample_padding},
                        {"act_fn", "silu"}};
    if (!has_mid_block) {
        json["mid_block_type"] = nullptr;
    }
    if (!addition_embed_type.empty()) {
        json["addition_embed_type"] = addition_embed_type;
        json["addition_time_embed_dim"] = addition_time_embed_dim;
        json["projection_class_embeddings_input_dim"] = projection_class_embeddings_input_dim;
    }
    return json;
}

} // namespace likeness
