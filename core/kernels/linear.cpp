#include "core/kernels/linear.h"

#include "core/kernels/packing.h"
#include "core/kernels/products.h"

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// Rows that one thread takes at once: their sums stay in the second-level cache, and the weights
// are read once for all of them.
constexpr std::int64_t kRows = 192;
// Inputs that are multiplied at once where there are many, so that the weights stay there too.
constexpr std::int64_t kManyInputs = 1024, kInputsAtOnce = 640;
// Below that many products starting the other threads costs more than it saves.
constexpr std::int64_t kWorthThreads = 1 << 16;

std::int64_t packed_at(std::int64_t out, std::int64_t in, std::int64_t inputs, std::int64_t block) {
    return ((out / block * (inputs / 2) + in / 2) * block + out % block) * 2 + in % 2;
}

// sums [rows, block] = x W' for one block of columns.
template <int Columns>
void multiply_block(const LinearCall& call, std::int64_t row, std::int64_t rows,
                    std::int64_t column_block_index, float* sums) {
    constexpr std::int64_t kBlock = kLanes * Columns;
    const std::int64_t inputs =
        call.first_in + (call.second_packed != nullptr ? 0 : call.second_in);
    const bf16* weights = call.packed + column_block_index * inputs * kBlock;
    Sum sum = Sum::fresh;
    const auto add = [&](const bf16* x, std::int64_t in) {
        const std::int64_t at_once = in <= kManyInputs ? in : kInputsAtOnce;
        for (std::int64_t k = 0; k < in; k += at_once) {
            const std::int64_t count = least(at_once, in - k);
            multiply<Columns>(rows, x + row * in + k, in, weights, 2 * kBlock, sums, kBlock,
                              count / 2, sum);
            weights += count * kBlock;
            sum = Sum::further;
        }
    };
    add(call.first, call.first_in);
    if (call.second_in > 0) {
        if (call.second_packed != nullptr) {
            weights = call.second_packed + column_block_index * call.second_in * kBlock;
        }
        add(call.second, call.second_in);
    }
}

template <int Columns>
void write_plain(const LinearCall& call, std::int64_t row, std::int64_t rows, std::int64_t column,
                 const float* sums) {
    constexpr std::int64_t kBlock = kLanes * Columns;
    for (std::int64_t i = 0; i < rows; ++i) {
        const std::int64_t at = (row + i) * call.out + column;
        for (std::int64_t j = 0; j < kBlock; j += kLanes) {
            Floats v = load(sums + i * kBlock + j);
            if (call.bias != nullptr) {
                v = v + load(call.bias + column + j);
            }
            if (call.residual != nullptr) {
                v = v + load(call.residual + at + j);
            }
            store(call.y + at + j, v);
        }
    }
}

template <int Columns>
void write_geglu(const LinearCall& call, std::int64_t row, std::int64_t rows, std::int64_t column,
                 const float* values, const float* gates) {
    constexpr std::int64_t kBlock = kLanes * Columns;
    const std::int64_t half = call.out / 2;
    for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < kBlock; j += kLanes) {
            Floats value = load(values + i * kBlock + j);
            Floats gate = load(gates + i * kBlock + j);
            if (call.bias != nullptr) {
                value = value + load(call.bias + column + j);
                gate = gate + load(call.bias + half + column + j);
            }
            store(call.y + (row + i) * half + column + j, value * gelu(gate));
        }
    }
}

template <int Columns>
void run(const LinearCall& call) {
    constexpr std::int64_t kBlock = kLanes * Columns;
    constexpr std::int64_t kTileRows = 6;
    const bool geglu = call.end == LinearEnd::geglu;
    const std::int64_t inputs = call.first_in + call.second_in;
    const bool worth = call.rows * inputs * call.out > kWorthThreads;
    const std::int64_t threads = worth ? omp_get_max_threads() : 1;
    const std::int64_t blocks = call.out / kBlock / (geglu ? 2 : 1);

    // As many pieces of rows as share out evenly among the threads.
    std::int64_t pieces = divided_up(call.rows, kRows);
    if (pieces % threads != 0 && call.rows >= 2 * kTileRows * threads) {
        pieces += threads - pieces % threads;
    }
    const std::int64_t rows_of_piece =
        divided_up(divided_up(call.rows, pieces), kTileRows) * kTileRows;
    pieces = divided_up(call.rows, rows_of_piece);
#pragma omp parallel num_threads(static_cast <int>(threads))
    {
        const NoDenormals no_denormals;
        static thread_local Scratch scratch;
        float* const sums = scratch.of<float>(2 * rows_of_piece * kBlock);
        float* const gates = sums + rows_of_piece * kBlock;
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < pieces * blocks; ++unit) {
            const std::int64_t row = unit / blocks * rows_of_piece, block = unit % blocks;
            const std::int64_t rows = least(rows_of_piece, call.rows - row);
            multiply_block<Columns>(call, row, rows, block, sums);
            if (geglu) {
                multiply_block<Columns>(call, row, rows, blocks + block, gates);
                write_geglu<Columns>(call, row, rows, block * kBlock, sums, gates);
            } else {
                write_plain<Columns>(call, row, rows, block * kBlock, sums);
            }
        }
    }
}

} // namespace

void pack_linear(const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed) {
    for_column_block(out, [=](auto columns) {
        constexpr std::int64_t kBlock = kLanes * columns();
#pragma omp parallel for schedule(static)
        for (std::int64_t first = 0; first < out; first += kBlock) {
            pack_columns<columns()>(weight + first * in, in, kBlock, in, packed + first * in);
        }
    });
}

void unpack_linear(const bf16* packed, std::int64_t out, std::int64_t in, bf16* weight) {
    const std::int64_t block = column_block(out);
#pragma omp parallel for schedule(static)
    for (std::int64_t o = 0; o < out; ++o) {
        for (std::int64_t k = 0; k < in; k += 2) {
            __builtin_memcpy(weight + o * in + k, packed + packed_at(o, k, in, block),
                             2 * sizeof(bf16));
        }
    }
}

void linear(const LinearCall& call) {
    for_column_block(call.out, [&call](auto columns) { run<columns()>(call); });
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
