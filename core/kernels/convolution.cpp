#include "core/kernels/convolution.h"

#include "core/kernels/linear.h"
#include "core/kernels/products.h"

#include <cstring>

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// A tile of the result is 2x2 places; its 4x4 inputs are transformed to 16 values, numbered by row.
constexpr int kPoints = 16;
// Input channels that are transformed at once: what one store of 32 bfloat16 takes.
constexpr std::int64_t kChannels = 2 * kLanes;
// Tiles are taken in portions whose transforms stay in the cache; in larger ones where the weights
// are so many that they are read from far away for each portion, or are widened for each.
constexpr std::int64_t kManyWeights = 1 << 18, kTilesOfMany = 96, kTilesOfFew = 36;

// On a doubled picture the third row and column of every transformed input are zero.
template <bool Doubled>
constexpr bool is_used(int point) {
    return !Doubled || (point / 4 != 2 && point % 4 != 2);
}

// G g G' of the paper: 3x3 kernels as 16 values each, one kernel a lane.
inline void transform_kernels(const Floats* g, Floats* out) {
    const Floats half = all(0.5F);
    Floats rows[4][3];
    for (int c = 0; c < 3; ++c) {
        const Floats first = g[c], second = g[3 + c], third = g[6 + c];
        rows[0][c] = first;
        rows[1][c] = half * (first + second + third);
        rows[2][c] = half * (first - second + third);
        rows[3][c] = third;
    }
    for (int r = 0; r < 4; ++r) {
        const Floats* const row = rows[r];
        out[4 * r] = row[0];
        out[4 * r + 1] = half * (row[0] + row[1] + row[2]);
        out[4 * r + 2] = half * (row[0] - row[1] + row[2]);
        out[4 * r + 3] = row[2];
    }
}

// The kernels of 16 outputs, `stride` values apart, for an even input and the next: of each the 16
// values in pairs, `points` values apart.
inline void pack_kernels(const bf16* weight, std::int64_t stride, bf16* packed,
                         std::int64_t points) {
    Floats kernels[18], even[kPoints], odd[kPoints];
    for (int i = 0; i < 9; ++i) {
        const Pairs two = gather_pairs(weight + 2 * i, stride);
        kernels[2 * i] = first_of(two);
        kernels[2 * i + 1] = second_of(two);
    }
    transform_kernels(kernels, even);
    transform_kernels(kernels + 9, odd);
    for (int p = 0; p < kPoints; ++p) {
        store_pairs(packed + p * points, narrow_to_pairs(even[p], odd[p]));
    }
}

// Where a tile lies.
struct Tile {
    std::int64_t picture = 0, row = 0, column = 0;
};

// The tiles that one thread transforms at once, one after the other along the rows.
struct Portion {
    Portion(const ConvolutionCall& call, std::int64_t first, std::int64_t tile_count,
            const bf16* zeros)
        : count(tile_count) {
        const std::int64_t columns = divided_up(call.width, 2), rows = divided_up(call.height, 2);
        Tile at{.picture = first / (rows * columns),
                .row = first / columns % rows * 2,
                .column = first % columns * 2};
        for (std::int64_t t = 0; t < count; ++t) {
            tiles[t] = at;
            find_inputs(call, at, zeros, inputs[t]);
            at.column += 2;
            if (at.column >= call.width) {
                at.column = 0;
                at.row += 2;
            }
            if (at.row >= call.height) {
                at.row = 0;
                ++at.picture;
            }
        }
    }

    // Where the 16 inputs of a tile lie: zeros beyond the border.
    static void find_inputs(const ConvolutionCall& call, const Tile& tile, const bf16* zeros,
                            const bf16** inputs) {
        const std::int64_t half = call.doubled ? 1 : 0;
        const std::int64_t height = call.height >> half, width = call.width >> half;
        for (std::int64_t r = 0; r < 4; ++r) {
            const std::int64_t row = tile.row - 1 + r;
            const bool has_row = row >= 0 && row < call.height;
            const bf16* const line =
                call.x + (tile.picture * height + (row >> half)) * width * call.in;
            for (std::int64_t c = 0; c < 4; ++c) {
                const std::int64_t column = tile.column - 1 + c;
                const bool inside = has_row && column >= 0 && column < call.width;
                inputs[4 * r + c] = inside ? line + (column >> half) * call.in : zeros;
            }
        }
    }

    std::int64_t count;
    Tile tiles[kTilesOfMany];
    const bf16* inputs[kTilesOfMany][kPoints];
};

// B' d of the paper for 16 channels of one column of the inputs, which lie every fourth.
inline void transform_column(const bf16* const* inputs, std::int64_t channel, Floats* out) {
    Floats d[4];
    for (int r = 0; r < 4; ++r) {
        d[r] = load(inputs[4 * r] + channel);
    }
    out[0] = d[0] - d[2];
    out[1] = d[1] + d[2];
    out[2] = d[2] - d[1];
    out[3] = d[1] - d[3];
}

// B' d B for 16 channels: `out` 16 vectors.
inline void transform_inputs(const bf16* const* inputs, std::int64_t channel, Floats* out) {
    Floats columns[4][4];
    for (int column = 0; column < 4; ++column) {
        transform_column(inputs + column, channel, columns[column]);
    }
    for (int r = 0; r < 4; ++r) {
        out[4 * r] = columns[0][r] - columns[2][r];
        out[4 * r + 1] = columns[1][r] + columns[2][r];
        out[4 * r + 2] = columns[2][r] - columns[1][r];
        out[4 * r + 3] = columns[1][r] - columns[3][r];
    }
}

// transformed [16][tiles][in], of that portion.
template <bool Doubled>
void transform_tiles(const ConvolutionCall& call, const Portion& portion, std::int64_t tiles,
                     bf16* transformed) {
    for (std::int64_t t = 0; t < portion.count; ++t) {
        for (std::int64_t c = 0; c < call.in; c += kChannels) {
            Floats low[kPoints], high[kPoints];
            transform_inputs(portion.inputs[t], c, low);
            transform_inputs(portion.inputs[t], c + kLanes, high);
            for (int p = 0; p < kPoints; ++p) {
                if (is_used<Doubled>(p)) {
                    store_two(transformed + (p * tiles + t) * call.in + c, low[p], high[p]);
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
        m[p] = is_used<Doubled>(p) ? load(products + p * stride) : zero();
    }
    for (int c = 0; c < 4; ++c) {
        s[c] = m[c] + m[4 + c] + m[8 + c];
        s[4 + c] = m[4 + c] - m[8 + c] - m[12 + c];
    }
    const Floats bias =
        call.bias != nullptr ? load(call.bias + tile.picture * call.bias_stride + channel) : zero();
    for (int place = 0; place < 4; ++place) {
        const std::int64_t row = tile.row + place / 2, column = tile.column + place % 2;
        if (row >= call.height || column >= call.width) {
            continue;
        }
        const Floats* const four = s + place / 2 * 4;
        Floats v = place % 2 == 0 ? four[0] + four[1] + four[2] : four[1] - four[2] - four[3];
        v = v + bias;
        const std::int64_t at =
            ((tile.picture * call.height + row) * call.width + column) * call.out + channel;
        store(call.y + at, call.residual != nullptr ? v + load(call.residual + at) : v);
    }
}

template <int Columns, bool Doubled>
void run(const ConvolutionCall& call) {
    constexpr std::int64_t kBlock = kLanes * Columns;
    const std::int64_t all_tiles = call.tile_count > 0 ? call.tile_count : winograd_tiles(call);
    const std::int64_t threads = omp_get_max_threads();
    const bool larger = call.in * call.out > kManyWeights || !multiplies_pairs();
    const std::int64_t most = larger ? kTilesOfMany : kTilesOfFew;
    const std::int64_t rounds = divided_up(all_tiles, threads * most);
    const std::int64_t tiles = divided_up(all_tiles, threads * rounds);
#pragma omp parallel num_threads(static_cast <int>(threads))
    {
        static thread_local Scratch inputs_scratch, products_scratch;
        bf16* const transformed = inputs_scratch.of<bf16>((kPoints * tiles + 1) * call.in);
        bf16* const zeros = transformed + kPoints * tiles * call.in;
        std::memset(zeros, 0, static_cast<std::size_t>(call.in) * sizeof(bf16));
        float* const products = products_scratch.of<float>(kPoints * tiles * kBlock);
#pragma omp for schedule(dynamic, 1)
        for (std::int64_t at = 0; at < all_tiles; at += tiles) {
            const std::int64_t count = least(tiles, all_tiles - at);
            const Portion portion(call, call.first_tile + at, count, zeros);
            transform_tiles<Doubled>(call, portion, tiles, transformed);
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
                    for (std::int64_t c = 0; c < kBlock; c += kLanes) {
                        write_tile<Doubled>(call, portion.tiles[t], products + t * kBlock + c,
                                            tiles * kBlock, channel + c);
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
            for (std::int64_t o = 0; o < block; o += kLanes) {
                pack_kernels(weight + ((first + o) * in + i) * 9, in * 9,
                             packed + (first * kPoints * in / 2 + i / 2 * block + o) * 2,
                             in * block);
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

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
