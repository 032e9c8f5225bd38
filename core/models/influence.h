#pragma once

#include "core/tensor/tensor.h"

#include <map>
#include <utility>
#include <vector>

namespace likeness {

// Collects, while a picture is made, where each reference acted. What it holds of a step is the
// mean over the cross-attention layers of each layer's share (CrossAttention::influence), every
// layer brought to the latents' size by linear interpolation.
class InfluenceRecord {
public:
    // The latents' size and how many levels halve it, each rounded up where `padded` is 1.
    InfluenceRecord(std::size_t references, int64_t height, int64_t width, std::size_t levels,
                    int64_t padded);

    std::size_t references() const { return references_; }

    // One layer's shares, [references, queries].
    void add(const Tensor& shares);

    void end_step();

    // [references, height, width] a step, float32 on the CPU.
    const std::vector<Tensor>& steps() const { return steps_; }

private:
    std::size_t references_;
    int64_t height_;
    int64_t width_;
    std::map<int64_t, std::pair<int64_t, int64_t>> grids_{}; // by the layer's queries
    Tensor sum_{};
    int layers_ = 0;
    std::vector<Tensor> steps_{};
};

} // namespace likeness
