#pragma once

#include "core/tensor/tensor.h"

namespace likeness {

// Weighted mean: sum(weight * value) / sum(weight). `weight` broadcasts onto `value`.
Tensor weighted_mean(const Tensor& value, const Tensor& weight);

// What an autoencoder's picture lacks: L1 + 0.5 MSE, each pixel counted `weight` times, plus half
// the L1 between the horizontal and vertical differences at three scales. pictures [B, 3, H, W],
// weight [B, 1, H, W].
Tensor reconstruction_loss(const Tensor& made, const Tensor& wanted, const Tensor& weight);

// KL of N(mean, exp(logvar)) to N(0, 1), mean per element.
Tensor kl_loss(const Tensor& mean, const Tensor& logvar);

// Each row [B, D] at length 1.
Tensor unit_rows(const Tensor& x);

// Supervised contrastive loss (arXiv 2004.11362): rows with the same label belong together. embeds
// [B, D] of any length (normalised here), labels int64 [B]; every label at least twice.
Tensor supervised_contrastive_loss(const Tensor& embeds, const Tensor& labels, double temperature);

// Squared distance between a predicted (cos, sin) [B, 2] and an angle in degrees [B], of each: [B].
Tensor angle_losses(const Tensor& predicted, const Tensor& degrees);

// Contrastive loss of CLIP (arXiv 2103.00020): row i of each belongs to row i of the other. [B, D]
// of any length (normalised here).
Tensor clip_loss(const Tensor& image_embeds, const Tensor& text_embeds, double temperature);

// The angle in degrees, 0..360, that a (cos, sin) [B, 2] points to.
Tensor to_degrees(const Tensor& predicted);

} // namespace likeness
