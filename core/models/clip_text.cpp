#include "core/models/clip_text.h"

#include "core/base/check.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/where.h>

namespace likeness {

namespace {

// CLIPTextModel's keys begin with text_model in every published file; transformers writes them
// without it from 5.0 on.
Weights tower_weights(const Weights& w) {
    return w.shape("embeddings.token_embedding.weight") ? w : w / "text_model";
}

} // namespace

ClipText::ClipText(const Weights& w, const ClipTextConfig& c) : ClipText(w, tower_weights(w), c) {}

ClipText::ClipText(const Weights& w, const Weights& tower, const ClipTextConfig& c)
    : config(c), token_embedding(tower / "embeddings.token_embedding", c.vocab_size, c.hidden_size),
      position_embedding(tower / "embeddings.position_embedding", c.max_position_embeddings,
                         c.hidden_size),
      encoder(tower / "encoder", clip_encoder_config(c)),
      final_layer_norm(tower / "final_layer_norm", c.hidden_size, c.layer_norm_eps) {
    if (c.with_projection || w.shape("text_projection.weight")) {
        text_projection.emplace(w / "text_projection", c.hidden_size, c.projection_dim, Bias::no);
    }
}

Tensor ClipText::embed(const Tensor& input_ids) const {
    if (!added_tokens) {
        return token_embedding(input_ids);
    }
    const Tensor added = input_ids.ge(added_tokens->first_id);
    const Tensor own = token_embedding(input_ids.masked_fill(added, 0));
    const Tensor rows = (input_ids - added_tokens->first_id).clamp_min(0);
    return at::where(added.unsqueeze(-1), at::embedding(added_tokens->embeddings, rows), own);
}

ClipTextOutput ClipText::operator()(const Tensor& input_ids, const BetweenLayers& between) const {
    LIKENESS_CHECK(input_ids.dim() == 2 && input_ids.size(1) <= config.max_position_embeddings,
                   "input_ids: ", input_ids.sizes());
    const Tensor positions = at::arange(input_ids.size(1), input_ids.options());
    ClipTextOutput out;
    out.hidden_states =
        encoder(embed(input_ids) + position_embedding(positions).unsqueeze(0), true, between);
    out.last_hidden_state = final_layer_norm(out.hidden_states.back());
    // The first EOS: the largest id in the old files (an added token's then, as in transformers),
    // otherwise the first one that equals eos_token_id.
    const Tensor row = config.eos_token_id == 2
                           ? input_ids.argmax(-1)
                           : input_ids.eq(config.eos_token_id).to(at::kInt).argmax(-1);
    const Tensor index = row.view({-1, 1, 1}).expand({-1, 1, config.hidden_size});
    out.pooled = out.last_hidden_state.gather(1, index).squeeze(1);
    if (text_projection) {
        out.text_embeds = (*text_projection)(out.pooled);
    }
    return out;
}

} // namespace likeness
