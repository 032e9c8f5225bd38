#include "app/starter/reference_view.h"

#include "core/image/clip_preprocess.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/affine_grid_generator.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/grid_sampler_2d.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>

namespace likeness::starter {

namespace {

// From 0..1 to what the encoder reads.
Tensor normalise(const Tensor& pictures) {
    const ClipPreprocess clip;
    const auto row = [&pictures](const std::array<double, 3>& values) {
        return at::tensor({values[0], values[1], values[2]}, at::kFloat)
            .view({1, 3, 1, 1})
            .to(pictures.device());
    };
    return (pictures.clamp(0, 1) - row(clip.image_mean)) / row(clip.image_std);
}

} // namespace

Tensor reference_views(Draw& draw, const PictureSet& set, const Tensor& indices,
                       std::int64_t side) {
    const std::int64_t count = indices.size(0);
    // Of each picture: the cut's affine map (6), tint (3), background (3), whether it is used (1).
    constexpr std::int64_t kNumbers = 13;
    std::vector<float> numbers;
    numbers.reserve(static_cast<std::size_t>(count * kNumbers));
    const auto push = [&numbers](double x) { numbers.push_back(static_cast<float>(x)); };
    for (std::int64_t i = 0; i < count; ++i) {
        const double window = draw.uniform(0.7, 1.0);
        for (const double x : {window, 0.0, draw.uniform(window - 1, 1 - window), 0.0, window,
                               draw.uniform(window - 1, 1 - window)}) {
            push(x);
        }
        for (int channel = 0; channel < 3; ++channel) {
            push(draw.uniform(0.92, 1.08));
        }
        for (int channel = 0; channel < 3; ++channel) {
            push(draw.uniform());
        }
        push(draw.uniform() < 0.3 ? 1.0 : 0.0);
    }
    const auto drawn = to_tensor(numbers, set.device()).view({count, kNumbers});
    const auto colour = [&drawn, count](std::int64_t from, std::int64_t channels) {
        return drawn.narrow(1, from, channels).view({count, channels, 1, 1});
    };
    const auto pictures = set.pictures(indices) * 0.5 + 0.5;
    const auto mask = set.masks(indices);
    const auto flat = pictures * mask + colour(9, 3) * (1 - mask);
    const auto whole = at::where(colour(12, 1) > 0.5, flat, pictures);
    // Read at twice the size, then halved: no jagged edges.
    const auto grid = at::affine_grid_generator(drawn.narrow(1, 0, 6).view({count, 2, 3}),
                                                {count, 3, 2 * side, 2 * side},
                                                /*align_corners=*/false);
    const auto cut = at::grid_sampler_2d(whole, grid, /*bilinear*/ 0, /*border*/ 1, false);
    return normalise(at::avg_pool2d(cut, 2) * colour(6, 3));
}

Tensor plain_views(const Tensor& pictures, std::int64_t side) {
    return normalise(at::_upsample_bicubic2d_aa((pictures * 0.5 + 0.5).contiguous(), {side, side},
                                                /*align_corners=*/false));
}

} // namespace likeness::starter
