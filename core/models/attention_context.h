#pragma once

#include "core/models/influence.h"
#include "core/nn/layers.h"
#include "core/tensor/tensor.h"

#include <map>
#include <memory>
#include <vector>

namespace likeness {

// Keys and values of one cross-attention layer, [B, heads, T, d]. Undefined: the layer has no such
// branch.
struct KeyValue {
    Tensor key{};
    Tensor value{};
};

// How much a reference acts on each pixel, 0..1, at the resolution of every layer: by the number of
// the layer's queries, [1, 1, queries, 1].
using OutputMask = std::map<int64_t, Tensor>;

// References attended in one softmax: their tokens joined, their scales already multiplied onto the
// values (s softmax(q k) v = softmax(q k) (s v)), so that a step has no more work than without
// scales.
struct ReferenceKeyValues {
    std::vector<KeyValue>
        layers{};      // one per cross-attention layer, in the UNet's order (down, up, mid)
    OutputMask mask{}; // empty: everywhere
    // Whose the tokens of a layer are: equal runs of them, one for each of these references.
    // Several in one run: their mean attends as one.
    std::vector<std::vector<std::vector<int>>> owners{};
};

// What the cross-attention of one picture reads. Made once per generation; the batch is [negative,
// positive]. Of several pictures at once it is all their negative halves, then all positive ones;
// they share the text, which stays a batch of [negative, positive].
struct AttentionContext {
    std::vector<KeyValue> text{};
    std::vector<ReferenceKeyValues> references{};
    std::shared_ptr<InfluenceRecord> influence{}; // empty: nobody asked, nothing is spent
    int64_t pictures = 1;
    BetweenLayers between{}; // of the network that reads this

    // Of the hidden states that read this.
    int64_t batch() const { return pictures * text.front().key.size(0); }
};

} // namespace likeness
