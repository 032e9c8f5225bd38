#pragma once

#include "core/nn/cpu_kernels.h"
#include "core/nn/low_rank.h"
#include "core/weights/weights.h"

#include <optional>

namespace likeness {

enum class Bias { yes, no };
enum class Activation { silu, gelu, quick_gelu };

// Throws Error{model_mismatch} for a name that is not one of silu, swish, gelu, quick_gelu.
Activation activation_from_string(const std::string& name);
Tensor activate(const Tensor& x, Activation activation);

// y = x W^T + b. Weight [out, in] as published; undefined where it was packed.
struct Linear {
    Linear(const Weights& weights, int64_t in, int64_t out, Bias has_bias = Bias::yes);

    Linear(Tensor made_weight, Tensor made_bias)
        : weight(std::move(made_weight)), bias(std::move(made_bias)) {}

    // Plus residual, like y, where it is defined.
    Tensor operator()(const Tensor& x, const Tensor& residual = {}) const;

    // Where that is wanted and a kernel can use it, puts the weight in the kernel's order.
    void pack(const WeightOptions& options);

    Tensor weight, bias;
    std::optional<PackedLinear> packed{};
    std::optional<LowRank> low_rank{}; // of a packed layer only where it hands a gradient back
};

// Kernel [out, in, k, k], undefined where it was packed. Activations travel channels last.
struct Conv2d {
    struct Shape {
        int64_t kernel = 3;
        int64_t stride = 1;
        int64_t padding = 1;
        // How many places a picture has here at the size the network was made for; 0: many. The
        // faster form of a kernel takes 16/9 of the memory, which few places do not pay back.
        int64_t places = 0;
    };

    Conv2d(const Weights& weights, int64_t in, int64_t out, Shape shape, Bias has_bias = Bias::yes);

    Conv2d(const Weights& weights, int64_t in, int64_t out) : Conv2d(weights, in, out, Shape{}) {}

    Tensor operator()(const Tensor& x, const ConvExtras& extras = {}) const;

    // As Linear's.
    void pack(const WeightOptions& options);

    // Of x brought to that size, each place as its nearest one.
    Tensor upsampled(const Tensor& x, int64_t height, int64_t width,
                     const BetweenLayers& between = {}) const;

    Tensor weight, bias;
    Shape shape;
    std::optional<PackedConvolution> packed{};
    std::optional<LowRank> low_rank{}; // as Linear's
};

struct GroupNorm {
    GroupNorm(const Weights& weights, int64_t groups, int64_t channels, double eps);
    Tensor operator()(const Tensor& x) const;
    // silu(norm(x)); with a skip: of the two joined along the channels, [x, skip].
    // An x that is given up, as by std::move, is overwritten where that can be.
    Tensor norm_silu(Tensor x, const Tensor& skip = {}) const;

    Tensor weight, bias;
    int64_t groups;
    double eps;
};

struct LayerNorm {
    LayerNorm(const Weights& weights, int64_t dim, double eps = 1e-5);
    Tensor operator()(const Tensor& x) const;

    Tensor weight, bias;
    double eps;
};

// Rows of a table [count, dim] by index.
struct Embedding {
    Embedding(const Weights& weights, int64_t count, int64_t dim);
    Tensor operator()(const Tensor& ids) const;

    Tensor weight;
};

// [B, T, heads * d] -> [B, heads, T, d] and back.
Tensor split_heads(const Tensor& x, int64_t heads);
Tensor merge_heads(const Tensor& x);

enum class Causal { no, yes };

// softmax(q k^T / sqrt(d)) v over [B, heads, T, d].
Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value,
              Causal causal = Causal::no);

// The same, with a look at `between` after so many queries that none takes long.
Tensor attend_in_pieces(const Tensor& query, const Tensor& key, const Tensor& value,
                        const BetweenLayers& between);

// The sum of softmax(q k^T / sqrt(d)) v over all that is attended to, each times its factor.
Tensor attend_to_all(const Tensor& query, const std::vector<Attended>& attended);

// The gated feed-forward's first half: proj gives [values, gates], the result is values *
// gelu(gates).
Tensor geglu(const Tensor& x, const Linear& proj);

// [cos(s f_0..), sin(s f_0..)] of dimension `dim` for each of [N] scalars, float32
// (flip_sin_to_cos, freq_shift 0 by default). diffusers' get_timestep_embedding.
Tensor timestep_embedding(const Tensor& scalars, int64_t dim, bool flip_sin_to_cos = true,
                          double freq_shift = 0);

} // namespace likeness
