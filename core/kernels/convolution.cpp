#include "core/kernels/convolution.h"

#include "core/kernels/linear.h"
#include "core/kernels/products.h"

#include <cstring>

#include <omp.h>

namespace likeness::kernels {

namespace {

// A tile of the result is 2x2 places; its 4x4 inputs are transformed to 16 values, numbered by row.
constexpr int kPoints = 16;
// Input channels that are transformed at once: what one store of 32 bfloat16 takes.
constexpr std::int64_t kChannels = 2 * kLanes;
// Few tiles are taken in large portions, so that the weights are read less often; many in portions
// whose transforms stay in the cache.
constexpr std::int64_t kFewTiles = 512, kTilesOfFew = 96, kTilesOfMany = 48;

// On a doubled picture the third row and column of every transformed input are zero.
template <bool Doubled>
constexpr bool is_used(int point) {
    return !Doubled || (point / 4 != 2 && point % 4 != 2);
}

// G g G' of the paper: one 3x3 kernel as 16 values.
void transform_kernel(const bf16* kernel, float* out) {
    float g[9], rows[4][3];
    for (int i = 0; i < 9; ++i) {
        g[i] = from_bits(kernel[i]);
    }
    for (int c = 0; c < 3; ++c) {
        rows[0][c] = g[c];
        rows[1][c] = 0.5F * (g[c] + g[3 + c] + g[6 + c]);
        rows[2][c] = 0.5F * (g[c] - g[3 + c] + g[6 + c]);
        rows[3][c] = g[6 + c];
    }
    for (int r = 0; r < 4; ++r) {
        const float* const row = rows[r];
        out[4 * r] = row[0];
        out[4 * r + 1] = 0.5F * (row[0] + row[1] + row[2]);
        out[4 * r + 2] = 0.5F * (row[0] - row[1] + row[2]);
        out[4 * r + 3] = row[2];
    }
}

// Where a tile lies.
struct Tile {
    Tile(const ConvolutionCall& call, std::int64_t number) {
        const std::int64_t columns = divided_up(call.width, 2);
        const std::int64_t of_picture = divided_up(call.height, 2) * columns;
        picture = number / of_picture;
        row = number % of_picture / columns * 2;
        column = number % columns * 2;
    }

    std::int64_t picture, row, column;
};

// Where the 16 inputs of a tile lie; nullptr beyond the border.
void find_inputs(const ConvolutionCall& call, const Tile& tile, const bf16** inputs) {
    const std::int64_t shrink = call.doubled ? 2 : 1;
    const std::int64_t height = call.height / shrink, width = call.width / shrink;
    for (int point = 0; point < kPoints; ++point) {
        const std::int64_t row = tile.row - 1 + point / 4, column = tile.column - 1 + point % 4;
        const bool inside = row >= 0 && row < call.height && column >= 0 && column < call.width;
        const std::int64_t place = (tile.picture * height + row / shrink) * width + column / shrink;
        inputs[point] = inside ? call.x + place * call.in : nullptr;
    }
}

// B' d B of the paper for 16 channels: `out` 16 vectors.
inline void transform_inputs(const bf16* const* inputs, std::int64_t channel, Floats* out) {
    Floats d[kPoints], s[kPoints];
    for (int p = 0; p < kPoints; ++p) {
        d[p] = inputs[p] != nullptr ? load(inputs[p] + channel) : _mm512_setzero_ps();
    }
    for (int c = 0; c < 4; ++c) {
        s[c] = _mm512_sub_ps(d[c], d[8 + c]);
        s[4 + c] = _mm512_add_ps(d[4 + c], d[8 + c]);
        s[8 + c] = _mm512_sub_ps(d[8 + c], d[4 + c]);
        s[12 + c] = _mm512_sub_ps(d[4 + c], d[12 + c]);
    }
    for (int r = 0; r < kPoints; r += 4) {
        out[r] = _mm512_sub_ps(s[r], s[r + 2]);
        out[r + 1] = _mm512_add_ps(s[r + 1], s[r + 2]);
        out[r + 2] = _mm512_sub_ps(s[r + 2], s[r + 1]);
        out[r + 3] = _mm512_sub_ps(s[r + 1], s[r + 3]);
    }
}

// transformed [16][tiles][in], of `count` tiles from `first`.
template <bool Doubled>
void transform_tiles(const ConvolutionCall& call, std::int64_t first, std::int64_t count,
                     std::int64_t tiles, bf16* transformed) {
    for (std::int64_t t = 0; t < count; ++t) {
        const bf16* inputs[kPoints];
        find_inputs(call, Tile(call, first + t), inputs);
        for (std::int64_t c = 0; c < call.in; c += kChannels) {
            Floats low[kPoints], high[kPoints];
            transform_inputs(inputs, c, low);
            transform_inputs(inputs, c + kLanes, high);
            for (int p = 0; p < kPoints; ++p) {
                if (is_used<Doubled>(p)) {
                    _mm512_storeu_si512(
                        transformed + (p * tiles + t) * call.in + c,
                        reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high[p], low[p])));
                }
            }
        }
    }
}

// A' m A of the paper for 16 channels of one tile, with bias and residual. products [16], `stride`
// floats apart.
template <bool Doubled>
inline void write_tile(const ConvolutionCall& call, const Tile& tile, const float* products,
                       std::int64_t stride, std::int64_t channel) {
    Floats m[kPoints], s[8];
    for (int p = 0; p < kPoints; ++p) {
        m[p] = is_used<Doubled>(p) ? _mm512_loadu_ps(products + p * stride) : _mm512_setzero_ps();
    }
    for (int c = 0; c < 4; ++c) {
        s[c] = _mm512_add_ps(_mm512_add_ps(m[c], m[4 + c]), m[8 + c]);
        s[4 + c] = _mm512_sub_ps(_mm512_sub_ps(m[4 + c], m[8 + c]), m[12 + c]);
    }
    const Floats bias = call.bias != nullptr
                            ? _mm512_loadu_ps(call.bias + tile.picture * call.bias_stride + channel)
                            : _mm512_setzero_ps();
    for (int place = 0; place < 4; ++place) {
        const std::int64_t row = tile.row + place / 2, column = tile.column + place % 2;
        if (row >= call.height || column >= call.width) {
            continue;
        }
        const Floats* const four = s + place / 2 * 4;
        Floats v = place % 2 == 0 ? _mm512_add_ps(_mm512_add_ps(four[0], four[1]), four[2])
                                  : _mm512_sub_ps(_mm512_sub_ps(four[1], four[2]), four[3]);
        v = _mm512_add_ps(v, bias);
        const std::int64_t at =
            ((tile.picture * call.height + row) * call.width + column) * call.out + channel;
        store(call.y + at,
              call.residual != nullptr ? _mm512_add_ps(v, load(call.residual + at)) : v);
    }
}

template <int Columns, bool Doubled>
void run(const ConvolutionCall& call) {
    constexpr std::int64_t kBlock = kLanes * Columns;
    const std::int64_t all_tiles =
        call.pictures * divided_up(call.height, 2) * divided_up(call.width, 2);
    const std::int64_t threads = omp_get_max_threads();
    const std::int64_t portion = all_tiles <= kFewTiles ? kTilesOfFew : kTilesOfMany;
    const std::int64_t rounds = divided_up(all_tiles, threads * portion);
    const std::int64_t tiles = divided_up(all_tiles, threads * rounds);
#pragma omp parallel num_threads(static_cast <int>(threads))
    {
        static thread_local Scratch inputs_scratch, products_scratch;
        bf16* const transformed = inputs_scratch.of<bf16>(kPoints * tiles * call.in);
        float* const products = products_scratch.of<float>(kPoints * tiles * kBlock);
#pragma omp for schedule(dynamic, 1)
        for (std::int64_t first = 0; first < all_tiles; first += tiles) {
            const std::int64_t count = least(tiles, all_tiles - first);
            transform_tiles<Doubled>(call, first, count, tiles, transformed);
            for (std::int64_t channel = 0; channel < call.out; channel += kBlock) {
                const bf16* const weights = call.packed + channel * kPoints * call.in;
                for (int p = 0; p < kPoints; ++p) {
                    if (is_used<Doubled>(p)) {
                        multiply<Columns>(count, transformed + p * tiles * call.in, call.in,
                                          weights + p * call.in * kBlock, 2 * kBlock,
                                          products + p * tiles * kBlock, kBlock, call.in / 2,
                                          Sum::fresh);
                    }
                }
                for (std::int64_t t = 0; t < count; ++t) {
                    const Tile tile(call, first + t);
                    for (std::int64_t c = 0; c < kBlock; c += kLanes) {
                        write_tile<Doubled>(call, tile, products + t * kBlock + c, tiles * kBlock,
                                            channel + c);
                    }
                }
            }
        }
    }
}

template <int Columns>
void run(const ConvolutionCall& call) {
    return call.doubled ? run<Columns, true>(call) : run<Columns, false>(call);
}

} // namespace

void pack_winograd(const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed) {
    const std::int64_t block = column_block(out);
#pragma omp parallel for schedule(static) collapse(2)
    for (std::int64_t first = 0; first < out; first += block) {
        for (std::int64_t i = 0; i < in; i += 2) {
            for (std::int64_t o = 0; o < block; ++o) {
                float even[kPoints], odd[kPoints];
                transform_kernel(weight + ((first + o) * in + i) * 9, even);
                transform_kernel(weight + ((first + o) * in + i + 1) * 9, odd);
                for (int p = 0; p < kPoints; ++p) {
                    bf16* const pair =
                        packed +
                        (((first / block * kPoints + p) * (in / 2) + i / 2) * block + o) * 2;
                    pair[0] = to_bits(even[p]);
                    pair[1] = to_bits(odd[p]);
                }
            }
        }
    }
}

void winograd(const ConvolutionCall& call) {
    for_column_block(call.out, [&call](auto columns) { run<columns()>(call); });
}

void patches(const PatchesCall& call) {
    const auto bytes = static_cast<std::size_t>(call.in) * sizeof(bf16);
#pragma omp parallel for schedule(static)
    for (std::int64_t row = call.begin; row < call.end; ++row) {
        const bf16* const picture =
            call.x + row / call.height_out * call.height * call.width * call.in;
        const std::int64_t top = row % call.height_out * call.stride - call.padding;
        bf16* out = call.y + (row - call.begin) * call.width_out * 9 * call.in;
        for (std::int64_t column = 0; column < call.width_out; ++column) {
            const std::int64_t left = column * call.stride - call.padding;
            for (int tap = 0; tap < 9; ++tap, out += call.in) {
                const std::int64_t y = top + tap / 3, x = left + tap % 3;
                if (y >= 0 && y < call.height && x >= 0 && x < call.width) {
                    std::memcpy(out, picture + (y * call.width + x) * call.in, bytes);
                } else {
                    std::memset(out, 0, bytes);
                }
            }
        }
    }
}

} // namespace likeness::kernels
