#pragma once

#include "core/models/clip_vision.h"
#include "core/models/image_projection.h"
#include "core/models/resampler.h"
#include "core/models/unet_2d_condition.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace likeness {

// full: the full-face adapter, one token for each of the image encoder's.
enum class IpAdapterKind { plain, plus, full };

// An IP-Adapter over a UNet: the projector of image embeddings to ip_tokens, and a key and value
// projection per cross-attention layer. Keys `image_proj.*`,
// `ip_adapter.<1,3,5,...>.to_{k,v}_ip.weight` (checkpoints.md 8.3).
struct IpAdapter {
    // Kind, tokens and widths are read off the tensors' shapes; an adapter that does not fit this
    // UNet or this encoder throws Error{model_mismatch} with the shapes and the kind of file that
    // would fit. For a ParameterSource, `wanted` says what to make.
    struct Wanted {
        IpAdapterKind kind = IpAdapterKind::plain;
        int64_t num_tokens = 4;
        ResamplerConfig resampler{};
    };

    IpAdapter(const Weights& weights, const UNet2DCondition& unet, const ClipVisionConfig& encoder,
              const std::optional<Wanted>& wanted = {});

    // What the projector reads of an encoder's output: image_embeds [B, D] or penultimate states
    // [B, T, D].
    Tensor features(const ClipVisionOutput& output) const;

    // features -> ip_tokens [B, num_tokens, cross_attention_dim].
    Tensor project(const Tensor& features) const;

    // ip_tokens [B, T, cross_attention_dim] -> keys and values for every layer, unscaled.
    std::vector<KeyValue> key_values(const Tensor& ip_tokens) const;

    IpAdapterKind kind;
    int64_t num_tokens;
    std::variant<std::monostate, ImageProjection, Resampler, FullImageProjection> projector;
    std::vector<Linear> to_k_ip, to_v_ip; // in the UNet's order of layers
    std::vector<int64_t> heads;
};

} // namespace likeness
