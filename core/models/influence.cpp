#include "core/models/influence.h"

#include "core/base/check.h"

#include <ATen/ops/upsample_bilinear2d.h>

namespace likeness {

InfluenceRecord::InfluenceRecord(std::size_t references, int64_t height, int64_t width,
                                 std::size_t levels, int64_t padded)
    : references_(references), height_(height), width_(width) {
    for (std::size_t level = 0; level < levels; ++level) {
        grids_[height * width] = {height, width};
        height = (height + padded) / 2;
        width = (width + padded) / 2;
    }
}

void InfluenceRecord::add(const Tensor& shares) {
    const auto grid = grids_.find(shares.size(1));
    LIKENESS_CHECK(grid != grids_.end(), "a layer of ", shares.size(1), " queries");
    const auto [rows, columns] = grid->second;
    Tensor map = shares.view({1, static_cast<int64_t>(references_), rows, columns});
    if (rows != height_ || columns != width_) {
        map = at::upsample_bilinear2d(map, {height_, width_}, false);
    }
    map = map.squeeze(0);
    sum_ = sum_.defined() ? sum_ + map : map;
    ++layers_;
}

void InfluenceRecord::end_step() {
    if (layers_ > 0) {
        steps_.push_back((sum_ / layers_).to(at::kCPU, at::kFloat).contiguous());
    }
    sum_ = Tensor();
    layers_ = 0;
}

} // namespace likeness
