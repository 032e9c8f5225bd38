#include "core/configs/network_shapes.h"

#include "core/base/error.h"

#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kMostTensors = 100'000; // as of one file

// The tensors of the layers that networks are made of.
class Layers {
public:
    void tensor(const std::string& name, std::vector<int64_t> shape) {
        shapes_.emplace(name, std::move(shape));
        if (shapes_.size() > kMostTensors) {
            throw Error(ErrorCode::model_mismatch,
                        message("The config describes a network of more than {} tensors, so it was "
                                "not looked at.",
                                kMostTensors));
        }
    }

    void linear(const std::string& name, int64_t in, int64_t out) {
        tensor(name + ".weight", {out, in});
        tensor(name + ".bias", {out});
    }

    void convolution(const std::string& name, int64_t in, int64_t out, int64_t kernel = 3) {
        tensor(name + ".weight", {out, in, kernel, kernel});
        tensor(name + ".bias", {out});
    }

    void norm(const std::string& name, int64_t dim) {
        tensor(name + ".weight", {dim});
        tensor(name + ".bias", {dim});
    }

    // Two norms and convolutions, and a shortcut where the width changes.
    void resnet(const std::string& name, int64_t in, int64_t out) {
        norm(name + ".norm1", in);
        convolution(name + ".conv1", in, out);
        norm(name + ".norm2", out);
        convolution(name + ".conv2", out, out);
        if (in != out) {
            convolution(name + ".conv_shortcut", in, out, 1);
        }
    }

    NetworkShapes take() { return std::move(shapes_); }

private:
    NetworkShapes shapes_;
};

bool has_cross_attention(const std::string& block_type) {
    return block_type.starts_with("CrossAttn");
}

struct UNetLayers : Layers {
    explicit UNetLayers(const UNet2DConditionConfig& config) : c(config) {}

    void timed_resnet(const std::string& name, int64_t in, int64_t out) {
        resnet(name, in, out);
        linear(name + ".time_emb_proj", 4 * c.block_out_channels.front(), out);
    }

    void attention(const std::string& name, int64_t dim, int64_t context) {
        tensor(name + ".to_q.weight", {dim, dim});
        tensor(name + ".to_k.weight", {dim, context});
        tensor(name + ".to_v.weight", {dim, context});
        linear(name + ".to_out.0", dim, dim);
    }

    void transformer(const std::string& name, std::size_t level) {
        const int64_t dim = c.block_out_channels[level];
        norm(name + ".norm", dim);
        for (const char* side : {".proj_in", ".proj_out"}) {
            if (c.use_linear_projection) {
                linear(name + side, dim, dim);
            } else {
                convolution(name + side, dim, dim, 1);
            }
        }
        for (int64_t i = 0; i < c.transformer_layers_per_block[level]; ++i) {
            const std::string block = fmt::format("{}.transformer_blocks.{}", name, i);
            for (const char* part : {".norm1", ".norm2", ".norm3"}) {
                norm(block + part, dim);
            }
            attention(block + ".attn1", dim, dim);
            attention(block + ".attn2", dim, c.cross_attention_dim);
            linear(block + ".ff.net.0.proj", dim, 8 * dim);
            linear(block + ".ff.net.2", 4 * dim, dim);
        }
    }

    void down(std::size_t level) {
        const std::string name = fmt::format("down_blocks.{}", level);
        const int64_t out = c.block_out_channels[level];
        int64_t in = level == 0 ? out : c.block_out_channels[level - 1];
        for (int64_t i = 0; i < c.layers_per_block[level]; ++i, in = out) {
            timed_resnet(fmt::format("{}.resnets.{}", name, i), in, out);
            if (has_cross_attention(c.down_block_types[level])) {
                transformer(fmt::format("{}.attentions.{}", name, i), level);
            }
        }
        if (level + 1 < c.block_out_channels.size()) {
            convolution(name + ".downsamplers.0.conv", out, out);
        }
    }

    // `index` counts from the deepest level outwards.
    void up(std::size_t index) {
        const std::string name = fmt::format("up_blocks.{}", index);
        const std::size_t level = c.block_out_channels.size() - 1 - index;
        const int64_t out = c.block_out_channels[level];
        const int64_t outer = c.block_out_channels[level == 0 ? 0 : level - 1];
        int64_t in = index == 0 ? out : c.block_out_channels[level + 1];
        const int64_t count = c.layers_per_block[level] + 1;
        for (int64_t i = 0; i < count; ++i, in = out) {
            const int64_t skip = i + 1 == count ? outer : out;
            timed_resnet(fmt::format("{}.resnets.{}", name, i), in + skip, out);
            if (has_cross_attention(c.up_block_types[index])) {
                transformer(fmt::format("{}.attentions.{}", name, i), level);
            }
        }
        if (level > 0) {
            convolution(name + ".upsamplers.0.conv", out, out);
        }
    }

    void mid() {
        const std::size_t level = c.block_out_channels.size() - 1;
        const int64_t channels = c.block_out_channels[level];
        timed_resnet("mid_block.resnets.0", channels, channels);
        transformer("mid_block.attentions.0", level);
        timed_resnet("mid_block.resnets.1", channels, channels);
    }

    const UNet2DConditionConfig& c;
};

struct VaeLayers : Layers {
    explicit VaeLayers(const AutoencoderKLConfig& config) : c(config) {}

    // Of the encoder or the decoder: what both have around their levels.
    void ends(const std::string& name, int64_t in, int64_t first, int64_t last, int64_t out) {
        const int64_t deepest = c.block_out_channels.back();
        convolution(name + ".conv_in", in, first);
        resnet(name + ".mid_block.resnets.0", deepest, deepest);
        resnet(name + ".mid_block.resnets.1", deepest, deepest);
        if (c.mid_block_add_attention) {
            const std::string attention = name + ".mid_block.attentions.0";
            norm(attention + ".group_norm", deepest);
            for (const char* part : {".to_q", ".to_k", ".to_v", ".to_out.0"}) {
                linear(attention + part, deepest, deepest);
            }
        }
        norm(name + ".conv_norm_out", last);
        convolution(name + ".conv_out", last, out);
    }

    void level(const std::string& name, int64_t in, int64_t out, int64_t count,
               const std::string& sampler) {
        for (int64_t i = 0; i < count; ++i, in = out) {
            resnet(fmt::format("{}.resnets.{}", name, i), in, out);
        }
        if (!sampler.empty()) {
            convolution(name + sampler, out, out);
        }
    }

    const AutoencoderKLConfig& c;
};

template <typename TowerConfig>
void clip_encoder(Layers& layers, const std::string& name, const TowerConfig& c) {
    for (int64_t i = 0; i < c.num_hidden_layers; ++i) {
        const std::string layer = fmt::format("{}.encoder.layers.{}", name, i);
        for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            layers.linear(layer + ".self_attn." + part, c.hidden_size, c.hidden_size);
        }
        layers.norm(layer + ".layer_norm1", c.hidden_size);
        layers.norm(layer + ".layer_norm2", c.hidden_size);
        layers.linear(layer + ".mlp.fc1", c.hidden_size, c.intermediate_size);
        layers.linear(layer + ".mlp.fc2", c.intermediate_size, c.hidden_size);
    }
}

} // namespace

NetworkShapes unet_shapes(const UNet2DConditionConfig& c) {
    UNetLayers layers(c);
    const int64_t first = c.block_out_channels.front(), time = 4 * first;
    layers.convolution("conv_in", c.in_channels, first);
    layers.linear("time_embedding.linear_1", first, time);
    layers.linear("time_embedding.linear_2", time, time);
    if (!c.addition_embed_type.empty()) {
        layers.linear("add_embedding.linear_1", c.projection_class_embeddings_input_dim, time);
        layers.linear("add_embedding.linear_2", time, time);
    }
    for (std::size_t i = 0; i < c.block_out_channels.size(); ++i) {
        layers.down(i);
        layers.up(i);
    }
    if (c.has_mid_block) {
        layers.mid();
    }
    layers.norm("conv_norm_out", first);
    layers.convolution("conv_out", first, c.out_channels);
    return layers.take();
}

NetworkShapes autoencoder_kl_shapes(const AutoencoderKLConfig& c) {
    VaeLayers layers(c);
    const auto& widths = c.block_out_channels;
    const std::size_t levels = widths.size();
    layers.ends("encoder", c.in_channels, widths.front(), widths.back(), 2 * c.latent_channels);
    layers.ends("decoder", c.latent_channels, widths.back(), widths.front(), c.out_channels);
    for (std::size_t i = 0; i < levels; ++i) {
        const bool last = i + 1 == levels;
        layers.level(fmt::format("encoder.down_blocks.{}", i), widths[i == 0 ? 0 : i - 1],
                     widths[i], c.layers_per_block, last ? "" : ".downsamplers.0.conv");
        layers.level(fmt::format("decoder.up_blocks.{}", i),
                     widths[i == 0 ? levels - 1 : levels - i], widths[levels - 1 - i],
                     c.layers_per_block + 1, last ? "" : ".upsamplers.0.conv");
    }
    if (c.use_quant_conv) {
        layers.convolution("quant_conv", 2 * c.latent_channels, 2 * c.latent_channels, 1);
    }
    if (c.use_post_quant_conv) {
        layers.convolution("post_quant_conv", c.latent_channels, c.latent_channels, 1);
    }
    return layers.take();
}

NetworkShapes clip_text_shapes(const ClipTextConfig& c) {
    Layers layers;
    const std::string tower = "text_model";
    layers.tensor(tower + ".embeddings.token_embedding.weight", {c.vocab_size, c.hidden_size});
    layers.tensor(tower + ".embeddings.position_embedding.weight",
                  {c.max_position_embeddings, c.hidden_size});
    clip_encoder(layers, tower, c);
    layers.norm(tower + ".final_layer_norm", c.hidden_size);
    if (c.with_projection) {
        layers.tensor("text_projection.weight", {c.projection_dim, c.hidden_size});
    }
    return layers.take();
}

NetworkShapes clip_vision_shapes(const ClipVisionConfig& c) {
    Layers layers;
    const std::string tower = "vision_model";
    const int64_t side = c.image_size / c.patch_size;
    layers.tensor(tower + ".embeddings.class_embedding", {c.hidden_size});
    layers.tensor(tower + ".embeddings.patch_embedding.weight",
                  {c.hidden_size, 3, c.patch_size, c.patch_size});
    layers.tensor(tower + ".embeddings.position_embedding.weight",
                  {1 + side * side, c.hidden_size});
    layers.norm(tower + ".pre_layrnorm", c.hidden_size); // the published key is spelled so
    clip_encoder(layers, tower, c);
    layers.norm(tower + ".post_layernorm", c.hidden_size);
    layers.tensor("visual_projection.weight", {c.projection_dim, c.hidden_size});
    return layers.take();
}

} // namespace likeness
