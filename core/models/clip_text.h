#pragma once

#include "core/configs/clip_config.h"
#include "core/nn/clip_encoder.h"

#include <vector>

namespace likeness {

struct ClipTextOutput {
    std::vector<Tensor> hidden_states{}; // [x0, x1, ..., xL], each [B, 77, hidden_size]
    Tensor last_hidden_state{};          // final_layer_norm(xL)
    Tensor text_embeds{};                // [B, projection_dim]; undefined without a projection
    Tensor pooled{};                     // last_hidden_state at the EOS row, [B, hidden_size]
};

// Embeddings of tokens that are not the encoder's own (textual inversion, arXiv 2208.01618).
struct AddedTokens {
    int64_t first_id = 0; // of the first row; each one on has the next
    Tensor embeddings{};  // [count, hidden_size]
};

// CLIPTextModel / CLIPTextModelWithProjection (arXiv 2103.00020).
struct ClipText {
    ClipText(const Weights& weights, const ClipTextConfig& config);

    // input_ids [B, 77] int64. The projection is there when the config says so or the file brings
    // it.
    ClipTextOutput operator()(const Tensor& input_ids, const BetweenLayers& between = {}) const;

    ClipTextConfig config;
    Embedding token_embedding, position_embedding;
    ClipEncoder encoder;
    LayerNorm final_layer_norm;
    std::optional<Linear> text_projection;
    std::optional<AddedTokens> added_tokens{}; // the table itself stays as it is

private:
    Tensor embed(const Tensor& input_ids) const;
    ClipText(const Weights& weights, const Weights& tower, const ClipTextConfig& config);
};

} // namespace likeness
