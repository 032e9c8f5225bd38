#include "app/starter/reference_view.h"

#include "core/image/clip_preprocess.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

namespace likeness::starter {

namespace {

Tensor shrink(const Tensor& pictures, std::int64_t side) {
    return at::_upsample_bicubic2d_aa(pictures.contiguous(), {side, side}, false);
}

// From 0..1 to what the encoder reads.
Tensor normalise(const Tensor& pictures) {
    const ClipPreprocess clip;
    const auto row = [](const std::array<double, 3>& values) {
        return at::tensor({values[0], values[1], values[2]}, at::kFloat).view({1, 3, 1, 1});
    };
    return (pictures.clamp(0, 1) - row(clip.image_mean)) / row(clip.image_std);
}

Tensor three(Draw& draw, double low, double high) {
    return at::tensor({draw.uniform(low, high), draw.uniform(low, high), draw.uniform(low, high)},
                      at::kFloat)
        .view({1, 3, 1, 1});
}

} // namespace

Tensor reference_views(Draw& draw, const PictureSet& set, const std::vector<std::int64_t>& indices,
                       std::int64_t side) {
    const auto pictures = set.pictures(indices) * 0.5 + 0.5;
    const auto masks = set.masks(indices);
    const std::int64_t size = pictures.size(2);
    std::vector<Tensor> views;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        auto view = pictures.narrow(0, i, 1);
        if (draw.uniform() < 0.3) {
            const auto mask = masks.narrow(0, i, 1);
            view = view * mask + three(draw, 0.0, 1.0) * (1 - mask);
        }
        const auto window =
            static_cast<std::int64_t>(draw.uniform(0.7, 1.0) * static_cast<double>(size));
        const auto top = draw.below(size - window + 1), left = draw.below(size - window + 1);
        view = shrink(view.narrow(2, top, window).narrow(3, left, window), side);
        views.push_back(view * three(draw, 0.92, 1.08));
    }
    return normalise(at::cat(views));
}

Tensor plain_views(const Tensor& pictures, std::int64_t side) {
    return normalise(shrink(pictures * 0.5 + 0.5, side));
}

} // namespace likeness::starter
