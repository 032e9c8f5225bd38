#include "core/pipelines/preview.h"

#include "core/tensor/image_tensor.h"
#include "core/tensor/noise.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/upsample_bilinear2d.h>

namespace likeness {

namespace {

constexpr int64_t kFields = 4;  // pictures
constexpr int64_t kCells = 16;  // latents along a side
constexpr int64_t kCoarse = 5;  // colours along a side
constexpr double kRidge = 1e-3; // keeps the fit finite where latents do not vary

} // namespace

PreviewMap fit_preview(const AutoencoderKL& vae, const WeightOptions& options) {
    const int64_t side = kCells * vae.config.factor();
    const Tensor colours =
        (seeded_noise({kFields, vae.config.in_channels, kCoarse, kCoarse}, 0) * 0.6).clamp(-1, 1);
    const Tensor pixels = at::upsample_bilinear2d(colours, {side, side}, false);
    const Tensor latents =
        vae.scale_latents(vae.encode(pixels.to(options.device, options.dtype)).mean)
            .to(at::kCPU, at::kFloat);
    const Tensor small = at::upsample_bilinear2d(colours, {kCells, kCells}, false);

    const Tensor x = latents.permute({0, 2, 3, 1}).reshape({-1, latents.size(1)});
    const Tensor y = small.slice(1, 0, 3).permute({0, 2, 3, 1}).reshape({-1, 3}) / 2 + 0.5;
    const Tensor design = at::cat({x, at::ones({x.size(0), 1})}, 1);
    const Tensor gram = at::matmul(design.t(), design) + kRidge * at::eye(design.size(1));
    const Tensor solution = at::linalg_solve(gram, at::matmul(design.t(), y));
    return {.weight = solution.slice(0, 0, x.size(1)), .bias = solution[x.size(1)]};
}

ImagePtr make_preview(const PreviewMap& map, const Tensor& latents) {
    const Tensor x = latents.to(at::kCPU, at::kFloat).permute({0, 2, 3, 1});
    const Tensor rgb = (at::matmul(x, map.weight) + map.bias).permute({0, 3, 1, 2});
    return std::make_shared<const Image>(tensor_to_image(rgb));
}

} // namespace likeness
