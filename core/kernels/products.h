#pragma once

#include "core/kernels/instructions.h"
#include "core/kernels/linear.h"
#include "core/kernels/vectors.h"

#include <type_traits>

namespace likeness::kernels {

namespace {

enum class Sum { fresh, further };

// Values of a row that are widened at once.
constexpr std::int64_t kWidenedAtOnce = 192;

// Of pairs of bfloat16 at once, or of floats that they are widened to: see instructions.h.
enum class Products { of_pairs, of_floats };

// Values in a line of the cache.
constexpr std::int64_t kLineOf = 32;

template <auto value>
constexpr std::integral_constant<decltype(value), value> constant{};

// The first `count` of each row, as floats [rows][stride].
template <int Rows>
inline __attribute__((always_inline)) void widen_rows(const bf16* a, std::int64_t a_stride,
                                                      std::int64_t count, float* rows,
                                                      std::int64_t stride) {
    std::int64_t k = 0;
    for (; k + kLanes <= count; k += kLanes) {
        for (int i = 0; i < Rows; ++i) {
            store(rows + i * stride + k, load(a + i * a_stride + k));
        }
    }
    if (k < count) {
        const Mask mask = lanes(count - k);
        for (int i = 0; i < Rows; ++i) {
            store(rows + i * stride + k, load(a + i * a_stride + k, mask), mask);
        }
    }
}

// sums += a [rows, 2 pairs] b, where b is packed [pairs][16 columns][2]. Strides in elements.
template <int Rows, int Columns>
inline __attribute__((always_inline)) void
add_of_pairs(const bf16* a, std::int64_t a_stride, const bf16* b, std::int64_t b_stride,
             std::int64_t pairs, Floats (&sums)[Rows][Columns]) {
    for (std::int64_t k = 0; k < pairs; ++k) {
        Pairs columns[Columns];
        for (int j = 0; j < Columns; ++j) {
            columns[j] = load_pairs(b + k * b_stride + 2 * kLanes * j);
        }
        for (int i = 0; i < Rows; ++i) {
            const Pairs row = all_pairs(a + i * a_stride + 2 * k);
            for (int j = 0; j < Columns; ++j) {
                sums[i][j] = add_pair_products(sums[i][j], row, columns[j]);
            }
        }
    }
}

// The same in float32, of rows [rows][2 pairs] that are floats already: the columns are widened on
// the way, which takes a sixth of the time.
template <int Rows, int Columns>
inline __attribute__((always_inline)) void
add_of_floats(const float* rows, std::int64_t stride, const bf16* b, std::int64_t b_stride,
              std::int64_t pairs, Floats (&sums)[Rows][Columns]) {
    for (std::int64_t k = 0; k < 2 * pairs; k += 2, b += b_stride) {
        Floats columns[Columns];
        for (int j = 0; j < Columns; ++j) {
            columns[j] = first_of(load_pairs(b + 2 * kLanes * j));
        }
        for (int i = 0; i < Rows; ++i) {
            for (int j = 0; j < Columns; ++j) {
                sums[i][j] = fma(all(rows[i * stride + k]), columns[j], sums[i][j]);
            }
        }
        for (int j = 0; j < Columns; ++j) {
            columns[j] = second_of(load_pairs(b + 2 * kLanes * j));
        }
        for (int i = 0; i < Rows; ++i) {
            for (int j = 0; j < Columns; ++j) {
                sums[i][j] = fma(all(rows[i * stride + k + 1]), columns[j], sums[i][j]);
            }
        }
    }
}

// The same of columns that are floats already, [values][b_stride]. With each value a line comes
// nearer of what lies `ahead`, unless that is left out.
template <int Rows, int Columns, typename... Ahead>
inline __attribute__((always_inline)) void
add_of_widened(const float* rows, std::int64_t stride, const float* b, std::int64_t b_stride,
               std::int64_t values, Floats (&sums)[Rows][Columns], Ahead... ahead) {
    for (std::int64_t k = 0; k < values; ++k, b += b_stride) {
        (_mm_prefetch(ahead + k * kLineOf, _MM_HINT_T1), ...);
        Floats columns[Columns];
#pragma GCC unroll 16
        for (int j = 0; j < Columns; ++j) {
            columns[j] = load(b + kLanes * j);
        }
#pragma GCC unroll 16
        for (int i = 0; i < Rows; ++i) {
            const Floats row = all(rows[i * stride + k]);
#pragma GCC unroll 16
            for (int j = 0; j < Columns; ++j) {
                sums[i][j] = fma(row, columns[j], sums[i][j]);
            }
        }
    }
}

template <Sum kSum, int Rows, int Columns>
inline __attribute__((always_inline)) void begin_sums(const float* c, std::int64_t c_stride,
                                                      Floats (&sums)[Rows][Columns]) {
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 16
        for (int j = 0; j < Columns; ++j) {
            sums[i][j] = kSum == Sum::further ? load(c + i * c_stride + kLanes * j) : zero();
        }
    }
}

template <int Rows, int Columns>
inline __attribute__((always_inline)) void keep_sums(const Floats (&sums)[Rows][Columns], float* c,
                                                     std::int64_t c_stride) {
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 16
        for (int j = 0; j < Columns; ++j) {
            store(c + i * c_stride + kLanes * j, sums[i][j]);
        }
    }
}

// Calls part(number of the first column, columns as a constant), as many columns at once as fit.
template <int Columns, typename Part>
inline __attribute__((always_inline)) void for_parts(const Part& part) {
    constexpr int kAtOnce = Columns < kColumnsAtOnce ? Columns : kColumnsAtOnce;
    static_assert(Columns % kAtOnce == 0);
#pragma GCC unroll 4
    for (int first = 0; first < Columns; first += kAtOnce) {
        part(first, constant<kAtOnce>);
    }
}

// Each of these by itself, so that the sums have all registers: of pairs, of pairs whose rows and
// of ones whose columns too are floats. The last two of up to kWidenedAtOnce values.
template <int Rows, int Columns, Sum kSum>
__attribute__((noinline)) void multiply_pairs(const bf16* a, std::int64_t a_stride, const bf16* b,
                                              std::int64_t b_stride, float* c,
                                              std::int64_t c_stride, std::int64_t pairs) {
    Floats sums[Rows][Columns];
    begin_sums<kSum>(c, c_stride, sums);
    add_of_pairs(a, a_stride, b, b_stride, pairs, sums);
    keep_sums(sums, c, c_stride);
}

template <int Rows, int Columns, Sum kSum>
__attribute__((noinline)) void multiply_floats(const bf16* a, std::int64_t a_stride, const bf16* b,
                                               std::int64_t b_stride, float* c,
                                               std::int64_t c_stride, std::int64_t pairs) {
    alignas(64) float rows[Rows * kWidenedAtOnce];
    widen_rows<Rows>(a, a_stride, 2 * pairs, rows, kWidenedAtOnce);
    for_parts<Columns>([&](int first, auto columns) __attribute__((always_inline)) {
        Floats sums[Rows][columns()];
        begin_sums<kSum>(c + first * kLanes, c_stride, sums);
        add_of_floats(rows, kWidenedAtOnce, b + 2 * first * kLanes, b_stride, pairs, sums);
        keep_sums(sums, c + first * kLanes, c_stride);
    });
}

template <int Rows, int Columns, Sum kSum, typename... Ahead>
__attribute__((noinline)) void multiply_widened(const bf16* a, std::int64_t a_stride,
                                                const float* b, float* c, std::int64_t c_stride,
                                                std::int64_t values, Ahead... ahead) {
    alignas(64) float rows[Rows * kWidenedAtOnce];
    widen_rows<Rows>(a, a_stride, values, rows, kWidenedAtOnce);
    for_parts<Columns>([&](int first, auto columns) __attribute__((always_inline)) {
        Floats sums[Rows][columns()];
        begin_sums<kSum>(c + first * kLanes, c_stride, sums);
        add_of_widened(rows, kWidenedAtOnce, b + first * kLanes, kLanes * Columns, values, sums,
                       ahead...);
        keep_sums(sums, c + first * kLanes, c_stride);
    });
}

// Calls run(first row, rows) for all of them, `rows` a constant: tiles that fill the registers.
template <int Columns, typename Run>
inline void for_tiles(std::int64_t rows, const Run& run) {
    constexpr int kRows = rows_at_once(Columns);
    std::int64_t i = 0;
    for (; i + kRows <= rows; i += kRows) {
        run(i, constant<kRows>);
    }
    for (; i + 4 <= rows; i += 4) {
        run(i, constant<4>);
    }
    for (; i < rows; ++i) {
        run(i, constant<1>);
    }
}

// The columns' floats, [2 pairs][16 columns].
template <int Columns>
inline void widen_panel(const bf16* b, std::int64_t b_stride, std::int64_t pairs, float* panel) {
    for (std::int64_t k = 0; k < pairs; ++k, panel += 2 * kLanes * Columns) {
        for (int j = 0; j < Columns; ++j) {
            const Pairs two = load_pairs(b + k * b_stride + 2 * kLanes * j);
            store(panel + kLanes * j, first_of(two));
            store(panel + kLanes * (Columns + j), second_of(two));
        }
    }
}

// As many pairs as have a panel that half fills a first-level cache.
template <int Columns>
constexpr std::int64_t kPanelPairs = kWidenedAtOnce / (Columns > 2 ? 4 : 2);

// Of up to so many pairs in float32; the panel is made where many rows share it.
template <int Columns, Sum kSum>
inline void multiply_panel(std::int64_t rows, const bf16* a, std::int64_t a_stride, const bf16* b,
                           std::int64_t b_stride, float* c, std::int64_t c_stride,
                           std::int64_t pairs) {
    constexpr std::int64_t kMany = 24;
    if (rows < kMany) {
        for_tiles<Columns>(rows, [=](std::int64_t i, auto count) {
            multiply_floats<count(), Columns, kSum>(a + i * a_stride, a_stride, b, b_stride,
                                                    c + i * c_stride, c_stride, pairs);
        });
        return;
    }
    alignas(64) float panel[2 * kPanelPairs<Columns> * kLanes * Columns];
    widen_panel<Columns>(b, b_stride, pairs, panel);
    // What lies after it is mostly the next panel: every other tile fetches one half.
    const bf16* const next = b + pairs * b_stride;
    for_tiles<Columns>(rows, [&](std::int64_t i, auto count) {
        multiply_widened<count(), Columns, kSum>(a + i * a_stride, a_stride, panel,
                                                 c + i * c_stride, c_stride, 2 * pairs,
                                                 next + i / count % 2 * 2 * pairs * kLineOf);
    });
}

// c [rows, 16 columns] (+)= a [rows, 2 pairs] b, where b is packed as above.
template <int Columns>
inline void multiply(std::int64_t rows, const bf16* a, std::int64_t a_stride, const bf16* b,
                     std::int64_t b_stride, float* c, std::int64_t c_stride, std::int64_t pairs,
                     Sum sum) {
    const auto multiply_some = [=](std::int64_t begin, std::int64_t count, auto some_sum) {
        const bf16 *const rows_at = a + 2 * begin, *const columns_at = b + begin * b_stride;
        if (!multiplies_pairs()) {
            multiply_panel<Columns, some_sum()>(rows, rows_at, a_stride, columns_at, b_stride, c,
                                                c_stride, count);
            return;
        }
        for_tiles<Columns>(rows, [=](std::int64_t i, auto tile) {
            multiply_pairs<tile(), Columns, some_sum()>(rows_at + i * a_stride, a_stride,
                                                        columns_at, b_stride, c + i * c_stride,
                                                        c_stride, count);
        });
    };
    const std::int64_t at_once = multiplies_pairs() ? pairs : kPanelPairs<Columns>;
    for (std::int64_t begin = 0; begin < pairs; begin += at_once) {
        const std::int64_t count = least(at_once, pairs - begin);
        begin == 0 && sum == Sum::fresh ? multiply_some(begin, count, constant<Sum::fresh>)
                                        : multiply_some(begin, count, constant<Sum::further>);
    }
}

// Calls run(n) for a layer of so many outputs, whose blocks have n registers of columns as a
// constant.
template <typename Run>
inline void for_column_block(std::int64_t out, const Run& run) {
    switch (column_block(out)) {
    case 4 * kLanes:
        return run(std::integral_constant<int, 4>{});
    case 3 * kLanes:
        return run(std::integral_constant<int, 3>{});
    default:
        return run(std::integral_constant<int, 2>{});
    }
}

} // namespace

} // namespace likeness::kernels
