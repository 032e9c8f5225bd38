#include "core/pipelines/preview.h"

#include "core/base/error.h"
#include "core/checkpoint/taesd_file.h"
#include "core/tensor/noise.h"
#include "core/weights/placed_source.h"

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

PreviewMap fit_preview(const AutoencoderKL& vae, const WeightOptions& options,
                       const BetweenLayers& between) {
    const int64_t side = kCells * vae.config.factor();
    const Tensor colours =
        (seeded_noise({kFields, vae.config.in_channels, kCoarse, kCoarse}, 0) * 0.6).clamp(-1, 1);
    const Tensor pixels = at::upsample_bilinear2d(colours, {side, side}, false);
    const Tensor latents =
        vae.scale_latents(vae.encode(pixels.to(options.device, options.dtype), between).mean)
            .to(at::kCPU, at::kFloat);
    const Tensor small = at::upsample_bilinear2d(colours, {kCells, kCells}, false);

    const Tensor x = latents.permute({0, 2, 3, 1}).reshape({-1, latents.size(1)});
    const Tensor y = small.slice(1, 0, 3).permute({0, 2, 3, 1}).reshape({-1, 3}) / 2 + 0.5;
    const Tensor design = at::cat({x, at::ones({x.size(0), 1})}, 1);
    const Tensor gram = at::matmul(design.t(), design) + kRidge * at::eye(design.size(1));
    const Tensor solution = at::linalg_solve(gram, at::matmul(design.t(), y));
    return {.weight = solution.slice(0, 0, x.size(1)).to(options.device),
            .bias = solution[x.size(1)].to(options.device)};
}

Tensor draw_preview(const PreviewMap& map, const Tensor& latents) {
    const Tensor x = latents.to(at::kFloat).permute({0, 2, 3, 1});
    return (at::matmul(x, map.weight) + map.bias).permute({0, 3, 1, 2});
}

Tensor draw_preview(const AutoencoderTiny& decoder, const Tensor& latents,
                    const WeightOptions& options) {
    const Tensor pixels = decoder.decode(
        latents.to(options.device, options.dtype).contiguous(at::MemoryFormat::ChannelsLast));
    return (pixels.to(at::kFloat) / 2 + 0.5).clamp(0, 1);
}

std::shared_ptr<const AutoencoderTiny> load_preview_decoder(const ModelFolder& folder,
                                                            int64_t latent_channels,
                                                            const WeightOptions& options) {
    const bool sdxl =
        folder.family == ModelFamily::sdxl || folder.family == ModelFamily::sdxl_refiner;
    std::filesystem::path path = folder.file ? "" : find_taesd(folder.path, sdxl);
    if (path.empty()) {
        path = find_taesd(std::filesystem::absolute(folder.path).parent_path(), sdxl);
    }
    if (path.empty()) {
        return nullptr;
    }
    try { // without it previews are coarser, nothing else
        const Weights weights(
            std::make_shared<PlacedSource>(SafetensorsFile::open(path),
                                           taesd_decoder_places(load_safetensors_header(path))),
            options);
        auto decoder = std::make_shared<const AutoencoderTiny>(weights);
        weights.finish("taesd");
        return decoder->latent_channels == latent_channels ? decoder : nullptr;
    } catch (const Error&) {
        return nullptr;
    }
}

} // namespace likeness
