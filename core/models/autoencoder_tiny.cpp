#include "core/models/autoencoder_tiny.h"

#include "core/base/check.h"
#include "core/base/error.h"

#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr int kMostLayers = 256;
constexpr int kMostDoublings = 4;  // of the size; published ones double it three times
constexpr int64_t kWidest = 4096;  // channels
constexpr double kLatentRange = 3; // latents are squeezed into -3..3

Conv2d::Shape pointwise() {
    return {.kernel = 1, .padding = 0};
}

// Rows and columns of the kernel there, {out, in}; empty where there is none.
std::vector<int64_t> kernel_of(const Weights& layer, const char* name) {
    const auto shape = layer.shape(name);
    if (!shape || shape->size() != 4 || (*shape)[0] < 1 || (*shape)[0] > kWidest ||
        (*shape)[1] < 1 || (*shape)[1] > kWidest) {
        return {};
    }
    return {(*shape)[0], (*shape)[1]};
}

} // namespace

TinyBlock::TinyBlock(const Weights& w, int64_t in, int64_t out)
    : conv_0(w / "conv.0", in, out), conv_2(w / "conv.2", out, out),
      conv_4(w / "conv.4", out, out) {
    if (in != out) {
        skip.emplace(w / "skip", in, out, pointwise(), Bias::no);
    }
}

Tensor TinyBlock::operator()(const Tensor& x) const {
    const Tensor h = at::relu(conv_2(at::relu(conv_0(x))));
    return at::relu(conv_4(h, {.residual = skip ? (*skip)(x) : x}));
}

AutoencoderTiny::AutoencoderTiny(const Weights& weights) {
    const Weights all = weights / "decoder.layers";
    int last = -1, doublings = 0;
    int64_t channels = 0; // what the layer before gives
    bool fits = true;
    for (int i = 0; i < kMostLayers; ++i) {
        const Weights layer = all / std::to_string(i);
        if (layer.shape("weight") || layer.shape("conv.0.weight")) {
            last = i;
        }
    }
    for (int i = 0; i <= last; ++i) {
        const Weights layer = all / std::to_string(i);
        if (const auto kernel = kernel_of(layer, "weight"); !kernel.empty()) {
            const bool biased = layer.shape("bias").has_value();
            layers.emplace_back(
                Conv2d(layer, kernel[1], kernel[0], {}, biased ? Bias::yes : Bias::no));
            latent_channels = latent_channels == 0 ? kernel[1] : latent_channels;
            fits = fits && (channels == 0 || channels == kernel[1]);
            channels = kernel[0];
        } else if (const auto block = kernel_of(layer, "conv.0.weight"); !block.empty()) {
            layers.emplace_back(TinyBlock(layer, block[1], block[0]));
            fits = fits && channels == block[1];
            channels = block[0];
        } else if (i == 1) {
            layers.emplace_back(Relu{}); // after the first convolution
        } else {
            layers.emplace_back(Upsample{});
            ++doublings;
        }
    }
    if (latent_channels == 0 || !std::holds_alternative<Conv2d>(layers.back()) || !fits ||
        channels != 3 || doublings > kMostDoublings) {
        throw Error(
            ErrorCode::model_mismatch,
            message("The preview decoder was not opened: its tensors are no TAESD decoder."));
    }
}

Tensor AutoencoderTiny::decode(const Tensor& latents) const {
    LIKENESS_CHECK(latents.dim() == 4 && latents.size(1) == latent_channels,
                   "latents: ", latents.sizes());
    Tensor x = at::tanh(latents / kLatentRange) * kLatentRange;
    for (const Layer& layer : layers) {
        if (const auto* conv = std::get_if<Conv2d>(&layer)) {
            x = (*conv)(x);
        } else if (const auto* block = std::get_if<TinyBlock>(&layer)) {
            x = (*block)(x);
        } else if (std::holds_alternative<Relu>(layer)) {
            x = at::relu(x);
        } else {
            x = at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
        }
    }
    return x * 2 - 1;
}

} // namespace likeness
