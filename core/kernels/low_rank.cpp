#include "core/kernels/low_rank.h"

#include "core/kernels/products.h"

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// Rows that one thread takes at once, and those of few and columns of x whose products stay in
// registers.
constexpr std::int64_t kRows = 96;
constexpr int kFew = 8;

// sums [kFew, 16] of the columns of x that the mask lets through.
inline void add_up(const OverRowsCall& call, const float* few, const bf16* x, Mask mask,
                   Floats* sums) {
    for (int i = 0; i < kFew; ++i) {
        sums[i] = zero();
    }
    for (std::int64_t r = 0; r < call.rows; ++r) {
        const Floats v = load(x + r * call.in, mask);
        for (int i = 0; i < kFew; ++i) {
            sums[i] = fma(all(few[r * kFew + i]), v, sums[i]);
        }
    }
}

} // namespace

void pack_matrix(const MatrixView& matrix, float factor, std::int64_t block, bf16* packed) {
    const std::int64_t columns = rounded_up(matrix.n, block);
    for (std::int64_t first = 0; first < columns; first += block) {
        for (std::int64_t i = 0; i < rounded_up(matrix.k, 2); i += 2) {
            for (std::int64_t j = first; j < first + block; ++j) {
                for (std::int64_t k = i; k < i + 2; ++k) {
                    const bool there = k < matrix.k && j < matrix.n;
                    *packed++ =
                        there
                            ? to_bits(factor * matrix.at[k * matrix.k_stride + j * matrix.n_stride])
                            : bf16{0};
                }
            }
        }
    }
}

void to_few(const ToFewCall& call) {
    const std::int64_t blocks = divided_up(call.kept, kLanes);
    const std::int64_t rows_at_once =
        least(kRows, divided_up(call.rows, static_cast<std::int64_t>(omp_get_max_threads())));
    const std::int64_t pieces = divided_up(call.rows, rows_at_once);
#pragma omp parallel
    {
        static thread_local Scratch scratch;
        float* const sums = scratch.of<float>(rows_at_once * kLanes);
#pragma omp for schedule(static)
        for (std::int64_t piece = 0; piece < pieces; ++piece) {
            const std::int64_t row = piece * rows_at_once;
            const std::int64_t rows = least(rows_at_once, call.rows - row);
            for (std::int64_t block = 0; block < blocks; ++block) {
                multiply<1>(rows, call.x + row * call.in, call.in,
                            call.packed + block * call.in * kLanes, 2 * kLanes, sums, kLanes,
                            call.in / 2, Sum::fresh);
                const Mask mask = lanes(call.kept - block * kLanes);
                for (std::int64_t r = 0; r < rows; ++r) {
                    store(call.y + (row + r) * call.kept + block * kLanes, load(sums + r * kLanes),
                          mask);
                }
            }
        }
    }
}

void over_rows(const OverRowsCall& call) {
    static thread_local Scratch wide_scratch;
    const std::int64_t tiles = divided_up(call.n, kFew), columns = divided_up(call.in, kLanes);
    float* const wide = wide_scratch.of<float>(tiles * call.rows * kFew); // [tiles, rows, kFew]
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
        for (std::int64_t r = 0; r < call.rows; ++r) {
            const Mask mask = lanes(least(kFew, call.n - tile * kFew));
            const Floats v = load(call.few + r * call.few_stride + tile * kFew, mask);
            store(wide + (tile * call.rows + r) * kFew, v, lanes(kFew));
        }
    }
#pragma omp parallel for schedule(static)
    for (std::int64_t unit = 0; unit < tiles * columns; ++unit) {
        const std::int64_t tile = unit / columns, first = unit % columns * kLanes;
        const Mask mask = lanes(call.in - first);
        Floats sums[kFew];
        add_up(call, wide + tile * call.rows * kFew, call.x + first, mask, sums);
        for (std::int64_t i = 0; i < least(kFew, call.n - tile * kFew); ++i) {
            float row[kLanes];
            store(row, sums[i] * all(call.factor));
            for (std::int64_t j = 0; j < least(kLanes, call.in - first); ++j) {
                call.y[(tile * kFew + i) * call.i_stride + (first + j) * call.j_stride] = row[j];
            }
        }
    }
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
