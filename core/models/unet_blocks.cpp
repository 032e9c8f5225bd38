#include "core/models/unet_blocks.h"

#include "core/nn/kernel_tensors.h"

#include <ATen/ops/cat.h>

#include <utility>

namespace likeness {

ResnetBlock2D::ResnetBlock2D(const Weights& w, const Config& c)
    : norm1(w / "norm1", c.groups, c.in, c.eps),
      conv1(w / "conv1", c.in, c.out, {.places = c.places}),
      time_emb_proj(w / "time_emb_proj", c.time_dim, c.out),
      norm2(w / "norm2", c.groups, c.out, c.eps),
      conv2(w / "conv2", c.out, c.out, {.places = c.places}) {
    if (c.in != c.out) {
        conv_shortcut.emplace(w / "conv_shortcut", c.in, c.out,
                              Conv2d::Shape{.kernel = 1, .padding = 0});
    }
}

Tensor ResnetBlock2D::operator()(const Tensor& x, const Tensor& skip, const Tensor& time,
                                 const BetweenLayers& between) const {
    // A packed shortcut reads the two as they lie, and so can the norm; not where a gradient goes
    // back to them.
    const bool apart = skip.defined() && conv_shortcut && conv_shortcut->packed &&
                       !wants_gradient(x) && !wants_gradient(skip);
    const Tensor joined = skip.defined() && !apart ? at::cat({x, skip}, 1) : x;
    const Tensor rest = apart ? skip : Tensor();
    Tensor h = conv1(norm1.norm_silu(joined, rest), {.bias = time_emb_proj(time)});
    next_layer(between);
    h = norm2.norm_silu(std::move(h));
    return conv2(h,
                 {.residual = conv_shortcut ? (*conv_shortcut)(joined, {.skip = rest}) : joined});
}

BasicTransformerBlock::BasicTransformerBlock(const Weights& w, const AttentionConfig& cross,
                                             std::size_t index)
    : norm1(w / "norm1", cross.dim), norm2(w / "norm2", cross.dim), norm3(w / "norm3", cross.dim),
      attn1(w / "attn1", {.dim = cross.dim, .context_dim = cross.dim, .heads = cross.heads}),
      attn2(w / "attn2", cross, w.full_name("attn2"), index),
      ff_in(w / "ff.net.0.proj", cross.dim, 8 * cross.dim),
      ff_out(w / "ff.net.2", 4 * cross.dim, cross.dim) {}

Tensor BasicTransformerBlock::operator()(const Tensor& hidden_states,
                                         const AttentionContext& context) const {
    next_layer(context.between);
    Tensor h = attn1(norm1(hidden_states), hidden_states);
    h = for_halves(h, context.batch()); // up to here they are the same
    next_layer(context.between);
    h = attn2(norm2(h), context, h);
    next_layer(context.between);
    return ff_out(geglu(norm3(h), ff_in), h);
}

Transformer2D::Transformer2D(const Weights& w, const Config& c, std::size_t first_index)
    : use_linear_projection(c.use_linear_projection),
      norm(w / "norm", c.groups, c.cross.dim, 1e-6) {
    const int64_t dim = c.cross.dim;
    if (use_linear_projection) {
        linear_in.emplace(w / "proj_in", dim, dim);
        linear_out.emplace(w / "proj_out", dim, dim);
    } else {
        conv_in.emplace(w / "proj_in", dim, dim, Conv2d::Shape{.kernel = 1, .padding = 0});
        conv_out.emplace(w / "proj_out", dim, dim, Conv2d::Shape{.kernel = 1, .padding = 0});
    }
    transformer_blocks.reserve(static_cast<std::size_t>(c.depth));
    for (int64_t i = 0; i < c.depth; ++i) {
        transformer_blocks.emplace_back(w / "transformer_blocks" / std::to_string(i), c.cross,
                                        first_index + static_cast<std::size_t>(i));
    }
}

Tensor Transformer2D::operator()(const Tensor& x, const AttentionContext& context) const {
    const int64_t channels = x.size(1), height = x.size(2), width = x.size(3);
    // [B, C, h, w] <-> [B, h w, C]; free of copies when the activations lie channels last.
    const auto flat = [&](const Tensor& t) {
        return t.permute({0, 2, 3, 1}).reshape({t.size(0), height * width, channels});
    };
    const auto map = [&](const Tensor& t) {
        return t.view({t.size(0), height, width, channels}).permute({0, 3, 1, 2});
    };

    Tensor h = norm(x);
    h = use_linear_projection ? (*linear_in)(flat(h)) : flat((*conv_in)(h));
    for (const BasicTransformerBlock& block : transformer_blocks) {
        h = block(h, context);
    }
    if (!use_linear_projection) {
        return (*conv_out)(map(h), {.residual = for_halves(x, h.size(0))});
    }
    return map((*linear_out)(h, flat(for_halves(x, h.size(0)))));
}

} // namespace likeness
