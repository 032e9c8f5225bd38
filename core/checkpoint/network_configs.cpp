#include "core/checkpoint/network_configs.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr int kMost = 256; // of anything counted; networks have up to 48 layers

bool any_below(const TensorPlaces& places, const std::string& start) {
    const auto found = places.lower_bound(start);
    return found != places.end() && found->first.starts_with(start);
}

// That side of a tensor's shape; 0 where there is none.
int64_t side(const TensorPlaces& places, const std::string& name, std::size_t index) {
    const auto found = places.find(name);
    return found != places.end() && index < found->second.shape.size() ? found->second.shape[index]
                                                                       : 0;
}

// How many of "start0.", "start1.", ... there are; the format has one {} for the number.
template <typename Name>
int count(const TensorPlaces& places, Name name) {
    int found = 0;
    while (found < kMost && any_below(places, name(found))) {
        ++found;
    }
    return found;
}

int depth_of(const TensorPlaces& places, const std::string& block) {
    return count(places, [&](int i) {
        return fmt::format("{}.attentions.0.transformer_blocks.{}.", block, i);
    });
}

std::vector<std::string> block_types(const TensorPlaces& places, const std::string& side_name,
                                     const char* with, const char* without) {
    std::vector<std::string> types;
    const int blocks =
        count(places, [&](int i) { return fmt::format("{}.{}.resnets.", side_name, i); });
    for (int block = 0; block < blocks; ++block) {
        types.emplace_back(depth_of(places, fmt::format("{}.{}", side_name, block)) > 0 ? with
                                                                                        : without);
    }
    return types;
}

} // namespace

Json unet_config(const TensorPlaces& unet, const HeadRule& rule) {
    const auto down = block_types(unet, "down_blocks", "CrossAttnDownBlock2D", "DownBlock2D");
    const auto up = block_types(unet, "up_blocks", "CrossAttnUpBlock2D", "UpBlock2D");
    std::vector<int64_t> channels, heads, depths;
    const int mid_depth = depth_of(unet, "mid_block");
    for (std::size_t level = 0; level < down.size(); ++level) {
        const std::string block = fmt::format("down_blocks.{}", level);
        channels.push_back(side(unet, block + ".resnets.0.conv1.weight", 0));
        heads.push_back(rule.heads > 0 ? rule.heads
                                       : std::max<int64_t>(1, channels.back() / rule.head_dim));
        // The middle is as deep as the last level, also where that has no attention of its own.
        const bool last = level + 1 == down.size();
        depths.push_back(std::max({1, depth_of(unet, block), last ? mid_depth : 0}));
    }
    int64_t context = 0;
    int rank = 0; // of a transformer's proj_in: a kernel or a matrix
    for (const auto& [name, place] : unet) {
        if (name.ends_with(".attn2.to_k.weight") && place.shape.size() == 2) {
            context = place.shape[1];
        } else if (name.ends_with(".proj_in.weight")) {
            rank = static_cast<int>(place.shape.size());
        }
    }
    Json config{{"_class_name", "UNet2DConditionModel"},
                {"in_channels", side(unet, "conv_in.weight", 1)},
                {"out_channels", side(unet, "conv_out.weight", 0)},
                {"block_out_channels", channels},
                {"down_block_types", down},
                {"up_block_types", up},
                {"layers_per_block",
                 count(unet, [](int i) { return fmt::format("down_blocks.0.resnets.{}.", i); })},
                {"attention_head_dim", heads},
                {"transformer_layers_per_block", depths},
                {"cross_attention_dim", context},
                {"use_linear_projection", rank == 2},
                {"norm_num_groups", 32},
                {"norm_eps", 1e-5},
                {"act_fn", "silu"},
                {"flip_sin_to_cos", true},
                {"freq_shift", 0},
                {"downsample_padding", 1}};
    if (const int64_t added = side(unet, "add_embedding.linear_1.weight", 1)) {
        config["addition_embed_type"] = "text_time";
        config["addition_time_embed_dim"] = 256;
        config["projection_class_embeddings_input_dim"] = added;
    }
    return config;
}

Json vae_config(const TensorPlaces& vae, const VaeScale& scale) {
    std::vector<int64_t> channels;
    const int levels =
        count(vae, [](int i) { return fmt::format("encoder.down_blocks.{}.resnets.", i); });
    for (int level = 0; level < levels; ++level) {
        channels.push_back(
            side(vae, fmt::format("encoder.down_blocks.{}.resnets.0.conv1.weight", level), 0));
    }
    const auto has = [&vae](const char* name) { return vae.contains(name); };
    return {{"_class_name", "AutoencoderKL"},
            {"in_channels", side(vae, "encoder.conv_in.weight", 1)},
            {"out_channels", side(vae, "decoder.conv_out.weight", 0)},
            {"latent_channels", side(vae, "decoder.conv_in.weight", 1)},
            {"block_out_channels", channels},
            {"down_block_types", std::vector<std::string>(channels.size(), "DownEncoderBlock2D")},
            {"up_block_types", std::vector<std::string>(channels.size(), "UpDecoderBlock2D")},
            {"layers_per_block",
             count(vae, [](int i) { return fmt::format("encoder.down_blocks.0.resnets.{}.", i); })},
            {"norm_num_groups", 32},
            {"sample_size", scale.sample_size},
            {"scaling_factor", scale.scaling_factor},
            {"force_upcast", scale.force_upcast},
            {"use_quant_conv", has("quant_conv.weight")},
            {"use_post_quant_conv", has("post_quant_conv.weight")},
            {"mid_block_add_attention", any_below(vae, "decoder.mid_block.attentions.0.")},
            {"act_fn", "silu"}};
}

Json clip_text_config(const TensorPlaces& text, const std::string& hidden_act) {
    const std::string layer = "text_model.encoder.layers.";
    const int64_t hidden = side(text, "text_model.embeddings.token_embedding.weight", 1);
    Json config{
        {"architectures", {"CLIPTextModel"}},
        {"model_type", "clip_text_model"},
        {"vocab_size", side(text, "text_model.embeddings.token_embedding.weight", 0)},
        {"hidden_size", hidden},
        {"intermediate_size", side(text, layer + "0.mlp.fc1.weight", 0)},
        {"num_hidden_layers", count(text, [&](int i) { return layer + fmt::format("{}.", i); })},
        {"num_attention_heads", std::max<int64_t>(1, hidden / 64)},
        {"max_position_embeddings",
         side(text, "text_model.embeddings.position_embedding.weight", 0)},
        {"eos_token_id", 2},
        {"layer_norm_eps", 1e-5},
        {"hidden_act", hidden_act}};
    if (const int64_t projection = side(text, "text_projection.weight", 0)) {
        config["architectures"] = {"CLIPTextModelWithProjection"};
        config["projection_dim"] = projection;
    }
    return config;
}

Json clip_vision_config(const TensorPlaces& vision) {
    const std::string layer = "vision_model.encoder.layers.";
    const std::string patches = "vision_model.embeddings.patch_embedding.weight";
    const int64_t hidden = side(vision, patches, 0), patch = side(vision, patches, 2);
    const int64_t positions = side(vision, "vision_model.embeddings.position_embedding.weight", 0);
    const auto across = static_cast<int64_t>(std::llround(
        std::sqrt(static_cast<double>(std::clamp<int64_t>(positions - 1, 0, 1 << 20)))));
    return {
        {"architectures", {"CLIPVisionModelWithProjection"}},
        {"model_type", "clip_vision_model"},
        {"hidden_size", hidden},
        {"intermediate_size", side(vision, layer + "0.mlp.fc1.weight", 0)},
        {"num_hidden_layers", count(vision, [&](int i) { return layer + fmt::format("{}.", i); })},
        {"num_attention_heads", 16},
        {"image_size", std::clamp<int64_t>(patch, 0, 4096) * across},
        {"patch_size", patch},
        {"num_channels", 3},
        {"projection_dim", side(vision, "visual_projection.weight", 0)},
        {"layer_norm_eps", 1e-5},
        // OpenAI's ViT-L is the only one that adapters read with the quick form.
        {"hidden_act", hidden == 1024 ? "quick_gelu" : "gelu"}};
}

} // namespace likeness
