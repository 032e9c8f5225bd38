#pragma once

#include "core/nn/cuda_group_norm.h"
#include "core/tensor/tensor.h"
#include "core/weights/weights.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace likeness {

// The kernels of core/kernels on tensors: bfloat16 on the CPU, with a gradient only for what is
// read and not for weights. What gives an optional gives nullopt where this is not the way, and
// ATen's operators are.

// Called between the layers of a network, and between the pieces of one that takes long; what it
// throws ends the run. May be empty.
using BetweenLayers = std::function<void()>;
void next_layer(const BetweenLayers& between);

// Where a norm puts its result: into x where nobody reads that any more.
enum class NormTo { its_own_memory, x };

// Group norm of x [B, C, H, W] and, where it is defined, skip joined to it along the channels.
std::optional<Tensor> cpu_group_norm(const Tensor& x, const Tensor& skip, const Tensor& weight,
                                     const Tensor& bias, int64_t groups, double eps,
                                     AfterNorm after, NormTo to = NormTo::its_own_memory);

std::optional<Tensor> cpu_layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                     double eps);

// Keys and values [B, heads, T, d] that queries attend to with a softmax of their own.
struct Attended {
    Tensor key{}, value{};
    Tensor factor{}; // [1, 1, queries, 1], onto what they give; undefined: 1
};

// The sum of softmax(q k' / sqrt(d)) v over all that is attended to, [B, heads, queries, d]. It
// lies token by token, so that joining its heads copies nothing.
std::optional<Tensor> cpu_attend(const Tensor& query, const std::vector<Attended>& attended);

// values * gelu(gates) of x [..., 2 C], which is [values, gates].
std::optional<Tensor> cpu_geglu(const Tensor& x);

// A frozen linear layer's weights in the kernel's order.
class PackedLinear {
public:
    // weight [out, in], bias [out] or undefined. nullopt: not for this machine, dtype or shape.
    static std::optional<PackedLinear> pack(const Tensor& weight, const Tensor& bias,
                                            Gradient gradient = Gradient::no);

    // Those of the same width of input, one below the other, as one; each becomes a part of it.
    // nullopt: their columns are packed in other blocks than those of the whole would be.
    static std::optional<PackedLinear> join(const std::vector<PackedLinear*>& parts);

    // rows [..., in], the columns of `second` after those of `first` where it is defined; plus
    // residual [..., out].
    Tensor operator()(const Tensor& first, const Tensor& second, const Tensor& residual) const;

    // All of it dense; what may be missing undefined.
    struct Rows {
        Tensor first{}, second{};
        Tensor second_packed{}; // the second columns' weights, where they are not the layer's
        Tensor residual{};
        Tensor bias{}; // float32 [out]
    };

    // Into y, dense memory of as many rows; with that bias, not its own.
    void run(const Rows& rows, const Tensor& y) const;

    // Whether these are parts of this one, as join() leaves them.
    bool joins(const std::vector<const PackedLinear*>& parts) const;

    // values * gelu(gates), [..., out / 2]; nullopt where the halves do not fall on the kernel's
    // blocks.
    std::optional<Tensor> geglu(const Tensor& x) const;

    // As it was given.
    Tensor weight() const;

    int64_t in = 0, out = 0;
    Tensor bias{};                              // float32
    std::shared_ptr<const PackedLinear> back{}; // of the transposed weight, for gradients

private:
    Tensor packed_{}; // [out / block, in / 2, block, 2]
};

// What may be fused into a convolution: y = conv([x, skip]) + bias[:, :, None, None] + residual.
struct ConvExtras {
    Tensor bias{};     // [B, out]
    Tensor residual{}; // like y
    Tensor skip{};     // joined to x along the channels; for 1x1 kernels
    const BetweenLayers* between = nullptr;
};

// A frozen convolution in a kernel's order: 1x1 as a linear layer; 3x3 with stride 1 by Winograd,
// or, where it is to take little memory, as other strides: as a linear layer of the nine places;
// to a few channels by a kernel of its own.
class PackedConvolution {
public:
    enum class Memory { as_needed, little };

    // weight [out, in, k, k]. nullopt: not for this machine, dtype or shape.
    static std::optional<PackedConvolution> pack(const Tensor& weight, const Tensor& bias,
                                                 int64_t stride, int64_t padding, Memory memory,
                                                 Gradient gradient = Gradient::no);

    // x [B, in, H, W], and a bias [B or 1, out]; the residual may have the larger batch.
    Tensor operator()(const Tensor& x, const ConvExtras& extras = {}) const;

    // Of x with every place doubled both ways.
    Tensor doubled(const Tensor& x, const BetweenLayers& between = {}) const;

    // The convolution that takes a gradient back, of stride 1; null where none was wanted.
    const std::shared_ptr<const PackedConvolution>& back() const { return back_; }

    bool by_winograd() const { return transformed_.defined(); }

    // Of the weight that was given.
    std::vector<int64_t> shape() const { return {out_, in_, kernel_, kernel_}; }

private:
    bool pack_weight(const Tensor& weight, Memory memory);
    bool pack_back(const Tensor& weight, Memory memory);
    Tensor all_bias(const Tensor& more) const;
    void run_linear(const Tensor& x, const ConvExtras& extras, const Tensor& y) const;

    int64_t in_ = 0, out_ = 0, kernel_ = 1, stride_ = 1, padding_ = 0;
    Tensor bias_{};        // float32 [1, out]
    Tensor transformed_{}; // Winograd's
    Tensor few_{};         // of a convolution to few channels
    std::optional<PackedLinear> linear_{};
    std::shared_ptr<const PackedConvolution> back_{};
};

} // namespace likeness
