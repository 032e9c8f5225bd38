#include "core/adapters/ip_adapter.h"

#include "core/base/check.h"
#include "core/base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace {

constexpr int64_t kFaceEmbedding = 512;   // values of InsightFace's
constexpr int64_t kResamplerHeadDim = 64; // in every published file; the tensors do not tell it

// What an adapter file is, read off its tensors.
struct Layout {
    IpAdapterKind kind = IpAdapterKind::plain;
    int64_t num_tokens = 0;
    int64_t embed_dim = 0; // what the projector reads
    ResamplerConfig resampler{};
};

[[noreturn]] void refuse(const Message& why) {
    throw Error(ErrorCode::model_mismatch,
                message("The image-prompt adapter was not opened: {}", why));
}

using Shape = std::optional<std::vector<int64_t>>;

int64_t dimension(const Shape& shape, std::size_t index, std::size_t rank, const char* name) {
    if (!shape || shape->size() != rank) {
        refuse(message("its tensor image_proj.{} is missing or has not {} dimensions; the file is "
                       "damaged or no IP-Adapter.",
                       name, rank));
    }
    return (*shape)[index];
}

Layout plain_layout(const Weights& projector, int64_t context_dim) {
    const Shape proj = projector.shape("proj.weight");
    const int64_t rows = dimension(proj, 0, 2, "proj.weight");
    const int64_t width = dimension(projector.shape("norm.weight"), 0, 1, "norm.weight");
    if (width != context_dim || rows < context_dim || rows % context_dim != 0) {
        refuse(
            message("its tokens are {} wide (image_proj.norm.weight [{}], image_proj.proj.weight "
                    "[{}, {}]), this model's cross-attention reads {}. {}",
                    width, width, rows, (*proj)[1], context_dim,
                    context_dim == 2048  ? message("It needs an adapter made for SDXL.")
                    : context_dim == 768 ? message("It needs an adapter made for SD 1.5.")
                                         : message("It needs an adapter made for this model.")));
    }
    return {
        .kind = IpAdapterKind::plain, .num_tokens = rows / context_dim, .embed_dim = (*proj)[1]};
}

Layout plus_layout(const Weights& projector, int64_t context_dim) {
    const Shape latents = projector.shape("latents");
    ResamplerConfig c;
    c.num_queries = dimension(latents, 1, 3, "latents");
    c.dim = dimension(latents, 2, 3, "latents");
    c.embed_dim = dimension(projector.shape("proj_in.weight"), 1, 2, "proj_in.weight");
    c.output_dim = dimension(projector.shape("proj_out.weight"), 0, 2, "proj_out.weight");
    c.inner_dim =
        dimension(projector.shape("layers.0.0.to_q.weight"), 0, 2, "layers.0.0.to_q.weight");
    c.ff_mult = dimension(projector.shape("layers.0.1.1.weight"), 0, 2, "layers.0.1.1.weight") /
                std::max<int64_t>(c.dim, 1);
    c.depth = 0;
    while (c.depth < 64 && projector.shape(fmt::format("layers.{}.0.to_q.weight", c.depth))) {
        ++c.depth;
    }
    if (c.inner_dim % kResamplerHeadDim != 0) {
        refuse(
            message("its resampler is {} wide inside, which is no multiple of {} (the width of a "
                    "head in every published file).",
                    c.inner_dim, kResamplerHeadDim));
    }
    c.heads = c.inner_dim / kResamplerHeadDim;
    if (c.output_dim != context_dim) {
        refuse(message("its tokens are {} wide (image_proj.proj_out.weight), this model's "
                       "cross-attention reads {}. {}",
                       c.output_dim, context_dim,
                       context_dim == 2048  ? message("It needs a plus adapter made for SDXL.")
                       : context_dim == 768 ? message("It needs a plus adapter made for SD 1.5.")
                                            : message("It needs an adapter made for this model.")));
    }
    return {.kind = IpAdapterKind::plus,
            .num_tokens = c.num_queries,
            .embed_dim = c.embed_dim,
            .resampler = c};
}

Layout full_layout(const Weights& projector, int64_t context_dim) {
    const Shape first = projector.shape("proj.0.weight");
    const int64_t width = dimension(projector.shape("proj.3.weight"), 0, 1, "proj.3.weight");
    if (width != context_dim) {
        refuse(message("its tokens are {} wide (image_proj.proj.3.weight), this model's "
                       "cross-attention reads {}. It needs an adapter made for this model.",
                       width, context_dim));
    }
    return {.kind = IpAdapterKind::full, .embed_dim = dimension(first, 1, 2, "proj.0.weight")};
}

Layout find_layout(const Weights& projector, int64_t context_dim) {
    if (projector.shape("proj.weight")) {
        return plain_layout(projector, context_dim);
    }
    if (projector.shape("proj.3.weight")) {
        return full_layout(projector, context_dim);
    }
    const Shape proj_in = projector.shape("proj_in.weight");
    if (projector.shape("perceiver_resampler.proj_in.weight") ||
        (projector.shape("proj.0.weight") && projector.shape("norm.weight")) ||
        (proj_in && proj_in->size() == 2 && (*proj_in)[1] == kFaceEmbedding)) {
        refuse(message(
            "it is a FaceID adapter: it reads the face embeddings of InsightFace, whose weights "
            "may be used for non-commercial research only. Choose a plain, plus or full-face "
            "adapter."));
    }
    if (projector.shape("latents")) {
        return plus_layout(projector, context_dim);
    }
    refuse(
        message("it has neither image_proj.proj.weight (plain) nor image_proj.latents (plus) nor "
                "image_proj.proj.3.weight (full-face). An IP-Adapter "
                "file holds image_proj.* and ip_adapter.* tensors."));
}

void check_encoder(const Layout& layout, const ClipVisionConfig& encoder) {
    const bool plain = layout.kind == IpAdapterKind::plain;
    const int64_t given = plain ? encoder.projection_dim : encoder.hidden_size;
    if (layout.embed_dim == given) {
        return;
    }
    Message fitting = message("the image encoder it was trained with");
    if (layout.embed_dim == 1024 || (!plain && layout.embed_dim == 1280)) {
        fitting = message("the ViT-H/14 image encoder (models/image_encoder)");
    } else if (layout.embed_dim == 1280 || layout.embed_dim == 1664) {
        fitting = message("the ViT-bigG/14 image encoder (sdxl_models/image_encoder)");
    }
    refuse(message(
        "it reads {} {} wide, this image encoder gives {}. It needs {}; or choose an adapter "
        "for this encoder.",
        plain ? message("image embeddings") : message("hidden states"), layout.embed_dim, given,
        fitting));
}

void check_layers(const Weights& layers, const std::vector<const CrossAttention*>& sites) {
    std::size_t found = 0;
    while (found < 1024 && layers.shape(fmt::format("{}.to_k_ip.weight", 2 * found + 1))) {
        ++found;
    }
    if (found != sites.size()) {
        refuse(message(
            "it has keys for {} cross-attention layers, this UNet has {}. SD 1.5 adapters have "
            "16, SDXL adapters 70.",
            found, sites.size()));
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const auto shape = layers.shape(fmt::format("{}.to_k_ip.weight", 2 * i + 1));
        const AttentionConfig& site = sites[i]->config;
        if (shape->size() != 2 || (*shape)[0] != site.dim || (*shape)[1] != site.context_dim) {
            refuse(message(
                "its tensor ip_adapter.{}.to_k_ip.weight is [{}], {} of this UNet needs [{}, {}]. "
                "It was made for another base model.",
                2 * i + 1, fmt::join(*shape, ", "), sites[i]->path, site.dim, site.context_dim));
        }
    }
}

} // namespace

IpAdapter::IpAdapter(const Weights& weights, const UNet2DCondition& unet,
                     const ClipVisionConfig& encoder, const std::optional<Wanted>& wanted)
    : kind(IpAdapterKind::plain), num_tokens(0) {
    const Weights image_proj = weights / "image_proj";
    const Weights layers = weights / "ip_adapter";
    const auto sites = unet.cross_attentions();
    const int64_t context_dim = unet.config.cross_attention_dim;

    Layout layout;
    if (wanted) {
        const bool plain = wanted->kind == IpAdapterKind::plain;
        layout = {.kind = wanted->kind,
                  .num_tokens = plain ? wanted->num_tokens : wanted->resampler.num_queries,
                  .embed_dim = plain ? encoder.projection_dim : encoder.hidden_size,
                  .resampler = wanted->resampler};
    } else {
        layout = find_layout(image_proj, context_dim);
        check_encoder(layout, encoder);
        if (layout.kind == IpAdapterKind::full) {
            const int64_t across = encoder.image_size / std::max<int64_t>(encoder.patch_size, 1);
            layout.num_tokens = 1 + across * across;
        }
        check_layers(layers, sites);
    }
    kind = layout.kind;
    num_tokens = layout.num_tokens;
    if (kind == IpAdapterKind::plain) {
        projector.emplace<ImageProjection>(image_proj, layout.embed_dim, num_tokens, context_dim);
    } else if (kind == IpAdapterKind::full) {
        projector.emplace<FullImageProjection>(image_proj, layout.embed_dim, context_dim);
    } else {
        projector.emplace<Resampler>(image_proj, layout.resampler);
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const Weights layer = layers / std::to_string(2 * i + 1);
        const AttentionConfig& site = sites[i]->config;
        to_k_ip.emplace_back(layer / "to_k_ip", site.context_dim, site.dim, Bias::no);
        to_v_ip.emplace_back(layer / "to_v_ip", site.context_dim, site.dim, Bias::no);
        heads.push_back(site.heads);
    }
}

Tensor IpAdapter::features(const ClipVisionOutput& output) const {
    return kind == IpAdapterKind::plain ? output.image_embeds : output.penultimate_states;
}

Tensor IpAdapter::project(const Tensor& features) const {
    if (const auto* plain = std::get_if<ImageProjection>(&projector)) {
        return (*plain)(features);
    }
    if (const auto* full = std::get_if<FullImageProjection>(&projector)) {
        return (*full)(features);
    }
    const auto* plus = std::get_if<Resampler>(&projector);
    LIKENESS_CHECK(plus != nullptr, "the adapter has no projector");
    return (*plus)(features);
}

std::vector<KeyValue> IpAdapter::key_values(const Tensor& ip_tokens) const {
    std::vector<KeyValue> result;
    result.reserve(to_k_ip.size());
    for (std::size_t i = 0; i < to_k_ip.size(); ++i) {
        result.push_back({.key = split_heads(to_k_ip[i](ip_tokens), heads[i]),
                          .value = split_heads(to_v_ip[i](ip_tokens), heads[i])});
    }
    return result;
}

} // namespace likeness
