#include "core/kernels/attention.h"

#include "core/kernels/products.h"

#include <cmath>
#include <cstring>

#include <omp.h>

namespace likeness::kernels {

namespace {

constexpr std::int64_t kQueriesAtOnce = 24, kKeysAtOnce = 512;
// Keys are packed in columns of 64, the last of 32, so that the 77 tokens of a prompt are padded to
// 96 and no further.
constexpr std::int64_t kColumn = 64, kHalfColumn = 32;
constexpr float kLowest = -1e30F;

// What one head's keys and values take when packed.
struct PackedSize {
    explicit PackedSize(const AttentionCall& call)
        : d(divided_up(call.d, kLanes) * kLanes),
          keys(divided_up(call.keys, kHalfColumn) * kHalfColumn), key_values(keys * call.d),
          all(key_values + keys * d) {}

    std::int64_t d, keys; // padded
    std::int64_t key_values, all;
};

// `width` keys from `begin`: k' in pairs along d, v in pairs along the keys, zeros for padding.
void pack_keys(const AttentionCall& call, const PackedSize& size, const bf16* key,
               const bf16* value, std::int64_t begin, std::int64_t width, bf16* packed) {
    const std::int64_t present = least(width, call.keys - begin);
    bf16* const keys = packed + begin * call.d;
    for (std::int64_t j = 0; j < width; ++j) {
        const bf16* const source = key + (begin + j) * call.key.token_stride;
        for (std::int64_t i = 0; i < call.d; i += 2) {
            std::uint32_t pair = 0;
            if (j < present) {
                __builtin_memcpy(&pair, source + i, sizeof(pair));
            }
            __builtin_memcpy(keys + i * width + 2 * j, &pair, sizeof(pair));
        }
    }
    bf16* const values = packed + size.key_values + begin * size.d;
    for (std::int64_t j = 0; j < width; j += 2) {
        const bf16* const even = value + (begin + j) * call.value.token_stride;
        const bf16* const odd = even + call.value.token_stride;
        bf16* const out = values + j * size.d;
        for (std::int64_t i = 0; i < size.d; ++i) {
            out[2 * i] = i < call.d && j < present ? even[i] : bf16{0};
            out[2 * i + 1] = i < call.d && j + 1 < present ? odd[i] : bf16{0};
        }
    }
}

// out [rows, 48] += p v for heads of 40: two vectors and a half, so that nothing is multiplied by
// the padding.
template <int Rows>
inline __attribute__((always_inline)) void
add_values_40(const bf16* p, std::int64_t p_stride, const bf16* v, float* out, std::int64_t pairs) {
    constexpr std::int64_t kPadded = 48;
    Floats sums[Rows][2];
    __m256 tails[Rows];
    for (int i = 0; i < Rows; ++i) {
        sums[i][0] = _mm512_loadu_ps(out + i * kPadded);
        sums[i][1] = _mm512_loadu_ps(out + i * kPadded + 16);
        tails[i] = _mm256_loadu_ps(out + i * kPadded + 32);
    }
    for (std::int64_t k = 0; k < pairs; ++k) {
        const bf16* const at = v + k * 2 * kPadded;
        const auto first = reinterpret_cast<__m512bh>(_mm512_loadu_si512(at));
        const auto second = reinterpret_cast<__m512bh>(_mm512_loadu_si512(at + 32));
        const auto third = reinterpret_cast<__m256bh>(
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 64)));
        for (int i = 0; i < Rows; ++i) {
            int pair = 0;
            __builtin_memcpy(&pair, p + i * p_stride + 2 * k, sizeof(pair));
            const __m512i row = _mm512_set1_epi32(pair);
            sums[i][0] = _mm512_dpbf16_ps(sums[i][0], reinterpret_cast<__m512bh>(row), first);
            sums[i][1] = _mm512_dpbf16_ps(sums[i][1], reinterpret_cast<__m512bh>(row), second);
            tails[i] = _mm256_dpbf16_ps(
                tails[i], reinterpret_cast<__m256bh>(_mm512_castsi512_si256(row)), third);
        }
    }
    for (int i = 0; i < Rows; ++i) {
        _mm512_storeu_ps(out + i * kPadded, sums[i][0]);
        _mm512_storeu_ps(out + i * kPadded + 16, sums[i][1]);
        _mm256_storeu_ps(out + i * kPadded + 32, tails[i]);
    }
}

// out [rows, padded d] += p [rows, 2 pairs] v for `Columns` times 16 columns from `at`; gives the
// column after them.
template <int Columns>
std::int64_t add_columns(std::int64_t at, std::int64_t padded, std::int64_t rows, const bf16* p,
                         std::int64_t p_stride, const bf16* v, float* out, std::int64_t pairs) {
    multiply<Columns>(rows, p, p_stride, v + 2 * at, 2 * padded, out + at, padded, pairs,
                      Sum::further);
    return at + kLanes * Columns;
}

// The same for all columns.
void add_values(std::int64_t d, std::int64_t padded, std::int64_t rows, const bf16* p,
                std::int64_t p_stride, const bf16* v, float* out, std::int64_t pairs) {
    if (d == 40) {
        std::int64_t i = 0;
        for (; i + 8 <= rows; i += 8) {
            add_values_40<8>(p + i * p_stride, p_stride, v, out + i * padded, pairs);
        }
        for (; i < rows; ++i) {
            add_values_40<1>(p + i * p_stride, p_stride, v, out + i * padded, pairs);
        }
        return;
    }
    std::int64_t at = 0;
    while (padded % 80 == 0 && at < padded) {
        at = add_columns<5>(at, padded, rows, p, p_stride, v, out, pairs);
    }
    while (at + 64 <= padded) {
        at = add_columns<4>(at, padded, rows, p, p_stride, v, out, pairs);
    }
    if (padded - at == 48) {
        add_columns<3>(at, padded, rows, p, p_stride, v, out, pairs);
    } else if (padded - at == 32) {
        add_columns<2>(at, padded, rows, p, p_stride, v, out, pairs);
    } else if (padded - at == 16) {
        add_columns<1>(at, padded, rows, p, p_stride, v, out, pairs);
    }
}

// The rows of queries that one thread works on, and what it has of their softmax so far.
struct Rows {
    Rows(float* memory, std::int64_t count, std::int64_t keys_at_once, std::int64_t padded_d)
        : stride(keys_at_once), scores(memory), out(scores + count * keys_at_once),
          largest(out + count * padded_d), sum(largest + count),
          weights(reinterpret_cast<bf16*>(sum + count)) {}

    static std::int64_t floats(std::int64_t count, std::int64_t keys_at_once,
                               std::int64_t padded_d) {
        return count * (keys_at_once + padded_d + 2 + keys_at_once / 2);
    }

    std::int64_t stride; // of scores and weights
    float* scores;       // q k'
    float* out;          // sums of weights times values
    float* largest;
    float* sum;    // of the weights
    bf16* weights; // 2^(scaled scores - largest)
};

// Turns row i's `width` scores, of which `present` are keys, into weights, relative to the largest
// so far; what was summed before shrinks with it. `scale` includes log2 e.
void weigh(const Rows& rows, std::int64_t i, std::int64_t width, std::int64_t present, float scale,
           std::int64_t padded_d) {
    float* const scores = rows.scores + i * rows.stride;
    for (std::int64_t j = present; j < width; ++j) {
        scores[j] = kLowest;
    }
    Floats most_even = _mm512_loadu_ps(scores), most_odd = _mm512_loadu_ps(scores + kLanes);
    for (std::int64_t j = kHalfColumn; j < width; j += kHalfColumn) {
        most_even = _mm512_max_ps(most_even, _mm512_loadu_ps(scores + j));
        most_odd = _mm512_max_ps(most_odd, _mm512_loadu_ps(scores + j + kLanes));
    }
    const float here = _mm512_reduce_max_ps(_mm512_max_ps(most_even, most_odd)) * scale;
    const float before = rows.largest[i];
    const float largest = here > before ? here : before;

    const auto weight = [&](std::int64_t j) {
        const Floats x = _mm512_fmadd_ps(_mm512_loadu_ps(scores + j), all(scale), all(-largest));
        return exp2(_mm512_max_ps(x, all(-126.0F)));
    };
    Floats sum_even = _mm512_setzero_ps(), sum_odd = _mm512_setzero_ps();
    for (std::int64_t j = 0; j < width; j += kHalfColumn) {
        const Floats even = weight(j), odd = weight(j + kLanes);
        sum_even = _mm512_add_ps(sum_even, even);
        sum_odd = _mm512_add_ps(sum_odd, odd);
        _mm512_storeu_si512(rows.weights + i * rows.stride + j,
                            reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(odd, even)));
    }
    if (largest > before) {
        const float factor = std::exp2(before - largest);
        rows.sum[i] *= factor;
        float* const out = rows.out + i * padded_d;
        for (std::int64_t c = 0; c < padded_d; c += kLanes) {
            _mm512_storeu_ps(out + c, _mm512_mul_ps(_mm512_loadu_ps(out + c), all(factor)));
        }
    }
    rows.largest[i] = largest;
    rows.sum[i] += _mm512_reduce_add_ps(_mm512_add_ps(sum_even, sum_odd));
}

void attend_rows(const AttentionCall& call, const PackedSize& size, const Rows& rows,
                 std::int64_t count, const bf16* query, const bf16* packed) {
    for (std::int64_t i = 0; i < count; ++i) {
        rows.largest[i] = kLowest;
        rows.sum[i] = 0;
    }
    std::memset(rows.out, 0, static_cast<std::size_t>(count * size.d) * sizeof(float));
    for (std::int64_t begin = 0; begin < size.keys; begin += rows.stride) {
        const std::int64_t width = least(rows.stride, size.keys - begin);
        for (std::int64_t j = 0; j < width; j += kColumn) {
            const bf16* const keys = packed + (begin + j) * call.d;
            if (width - j >= kColumn) {
                multiply<4>(count, query, call.query.token_stride, keys, 2 * kColumn,
                            rows.scores + j, rows.stride, call.d / 2, Sum::fresh);
            } else {
                multiply<2>(count, query, call.query.token_stride, keys, 2 * kHalfColumn,
                            rows.scores + j, rows.stride, call.d / 2, Sum::fresh);
            }
        }
        const std::int64_t present = least(width, call.keys - begin);
        for (std::int64_t i = 0; i < count; ++i) {
            weigh(rows, i, width, present, call.scale * kLog2E, size.d);
        }
        add_values(call.d, size.d, count, rows.weights, rows.stride,
                   packed + size.key_values + begin * size.d, rows.out, width / 2);
    }
}

void write_rows(const AttentionCall& call, const PackedSize& size, const Rows& rows,
                std::int64_t count, std::int64_t b, std::int64_t head, std::int64_t first) {
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t at = ((b * call.queries + first + i) * call.heads + head) * call.d;
        const float factor = call.factor != nullptr ? call.factor[first + i] : 1.0F;
        const Floats share = all(factor / rows.sum[i]);
        for (std::int64_t c = 0; c < call.d; c += kLanes) {
            const __mmask16 mask = lanes(call.d - c);
            Floats v = _mm512_mul_ps(_mm512_loadu_ps(rows.out + i * size.d + c), share);
            if (call.add_to != nullptr) {
                v = _mm512_add_ps(v, load(call.add_to + at + c, mask));
            }
            store(call.y + at + c, v, mask);
        }
    }
}

const bf16* at(const Heads& heads, std::int64_t b, std::int64_t head) {
    return heads.at + b * heads.batch_stride + head * heads.head_stride;
}

} // namespace

void attention(const AttentionCall& call) {
    static thread_local Scratch packed_scratch;
    const PackedSize size(call);
    const std::int64_t threads = omp_get_max_threads(), all_heads = call.batch * call.heads;
    const std::int64_t columns = divided_up(size.keys, kColumn);
    const std::int64_t keys_at_once = least(size.keys, kKeysAtOnce);
    const std::int64_t share = divided_up(call.queries * all_heads / (2 * threads), 6) * 6;
    const std::int64_t at_once = least(kQueriesAtOnce, most(6, share));
    const std::int64_t pieces = divided_up(call.queries, at_once);
    bf16* const all_packed = packed_scratch.of<bf16>(size.all * all_heads);
#pragma omp parallel num_threads(static_cast <int>(threads))
    {
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < all_heads * columns; ++unit) {
            const std::int64_t which = unit / columns, begin = unit % columns * kColumn;
            const std::int64_t b = which / call.heads, head = which % call.heads;
            pack_keys(call, size, at(call.key, b, head), at(call.value, b, head), begin,
                      least(kColumn, size.keys - begin), all_packed + which * size.all);
        }
        static thread_local Scratch scratch;
        const Rows rows(scratch.of<float>(Rows::floats(at_once, keys_at_once, size.d)), at_once,
                        keys_at_once, size.d);
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < all_heads * pieces; ++unit) {
            const std::int64_t which = unit / pieces, first = unit % pieces * at_once;
            const std::int64_t b = which / call.heads, head = which % call.heads;
            const std::int64_t count = least(at_once, call.queries - first);
            attend_rows(call, size, rows, count,
                        at(call.query, b, head) + first * call.query.token_stride,
                        all_packed + which * size.all);
            write_rows(call, size, rows, count, b, head, first);
        }
    }
}

} // namespace likeness::kernels
