#pragma once

#include "core/tensor/tensor.h"

namespace likeness {

// Each token's embedding times its weight, then every piece scaled to the mean that it had: the
// "original" emphasis of AUTOMATIC1111's web UI (checkpoints.md 3.6). Where the two means are more
// than four times apart or on two sides of 0 they say nothing of strength, and the piece is left at
// its weights. embeds [pieces, T, D], weights [pieces, T] float32; computed in float32.
Tensor weigh_tokens(const Tensor& embeds, const Tensor& weights);

} // namespace likeness
