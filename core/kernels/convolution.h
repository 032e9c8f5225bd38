#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

// 3x3 convolutions with stride 1 and padding 1 by Winograd's F(2x2, 3x3) (arXiv 1509.09308): 2.25
// times fewer products than the plain way. `in` is a multiple of 32, `out` of 32 or 48.

// How many values the transformed kernel has.
constexpr std::int64_t winograd_size(std::int64_t out, std::int64_t in) {
    return out * in * 16;
}

// weight [out, in, 3, 3], dense -> packed [out / block][16][in / 2][block][2] (column_block()).
void pack_winograd(const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed);

// Pictures [pictures, height, width, channels].
struct ConvolutionCall {
    const bf16* x = nullptr;
    std::int64_t pictures = 0, height = 0, width = 0; // of y
    std::int64_t in = 0, out = 0;
    const bf16* packed = nullptr;
    const float* bias = nullptr;    // [out], or one such row a picture
    std::int64_t bias_stride = 0;   // 0: the same row for all
    const bf16* residual = nullptr; // like y, added
    // x is half as high and wide, and stands for itself with every place doubled both ways: 7 of
    // the 16 products of a tile vanish, and the large picture is never in memory.
    bool doubled = false;
    // Of all tiles of 2x2 places, numbered along the rows of one picture after the other, only
    // these; 0: all.
    std::int64_t first_tile = 0, tile_count = 0;
    bf16* y = nullptr;
};

// How many tiles there are.
constexpr std::int64_t winograd_tiles(const ConvolutionCall& call) {
    return call.pictures * ((call.height + 1) / 2) * ((call.width + 1) / 2);
}

void winograd(const ConvolutionCall& call);

// 3x3 convolutions with stride 1 and padding 1 to few channels: 3, 4 or 8, such as a network's
// last. weight [out, in, 3, 3], dense -> packed [out][9][in], as many values; `in` is a multiple
// of 32.
constexpr bool is_few(std::int64_t out) {
    return out == 3 || out == 4 || out == 8;
}

void pack_to_few(const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed);

// Without residual, not doubled, and of all tiles.
void convolve_to_few(const ConvolutionCall& call);

// The nine places that a 3x3 kernel reads for each place of the result, zeros beyond the border; a
// linear layer does the rest. x [pictures, height, width, in]; the rows `begin` to `end` of all
// pictures' results, one below the other, give y [rows, width_out, 9, in].
struct PatchesCall {
    const bf16* x = nullptr;
    std::int64_t height = 0, width = 0, in = 0, stride = 1, padding = 1;
    std::int64_t height_out = 0, width_out = 0, begin = 0, end = 0;
    bf16* y = nullptr;
};

void patches(const PatchesCall& call);

} // namespace likeness::kernels
