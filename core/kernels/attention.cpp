#include "core/kernels/attention.h"

#include "core/kernels/attention_packing.h"

#include <cstring>

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// Everything is transposed: a lane is a query, so that a softmax goes down the lanes and nothing is
// added across them; keys are taken in tiles, and so are the channels of the result. Even.
constexpr int kTile = kRegisters > 8 ? 8 : 4;

// Keys whose weights stay in the first-level cache until they meet the values: half as many where
// the weights are floats.
constexpr std::int64_t keys_at_once(Products products) {
    return products == Products::of_pairs ? 256 : 128;
}

constexpr float kLowest = -1e30F;
// By how much, as a power of two, a score may be larger than the one that the weights are relative
// to. They are rounded alike whatever their size; sums have room for more.
constexpr float kSlack = 8;

// What one head's keys and values take when packed: the keys [keys][d], then, for every so many of
// them, the values [d][at_once].
struct PackedSize {
    PackedSize(std::int64_t key_count, std::int64_t d, std::int64_t at_once)
        : keys(divided_up(key_count, kTile) * kTile), pieces(divided_up(keys, at_once)),
          width(least(keys, at_once)), values(keys * d), all(values + pieces * width * d) {}

    std::int64_t keys, pieces, width;
    std::int64_t values, all;
};

// Piece number `piece` of a head's keys and values, with zeros for padding.
void pack_piece(const Attended& attended, std::int64_t d, const PackedSize& size, const bf16* key,
                const bf16* value, std::int64_t piece, bf16* packed) {
    const std::int64_t begin = piece * size.width;
    const std::int64_t width = least(size.width, size.keys - begin);
    const std::int64_t present = least(width, attended.keys - begin);
    const std::int64_t stride = attended.value.token_stride;
    bf16* const keys = packed + begin * d;
    const auto row = static_cast<std::size_t>(d) * sizeof(bf16);
    for (std::int64_t j = 0; j < present; ++j) {
        std::memcpy(keys + j * d, key + (begin + j) * attended.key.token_stride, row);
    }
    std::memset(keys + present * d, 0, static_cast<std::size_t>(width - present) * row);
    bf16* const values = packed + size.values + begin * d;
    for (std::int64_t j = 0; j < width; j += 2 * kLanes) {
        for (std::int64_t c = 0; c < d; c += kLanes) {
            pack_values(value + (begin + j) * stride, stride, present - j, c, d, values + j,
                        size.width, width - j);
        }
    }
}

// Queries and weights in pairs, [pairs][queries][2], or widened, [values][queries].
template <Products kProducts>
using Factor = std::conditional_t<kProducts == Products::of_pairs, bf16, float>;

// What one thread works in.
template <Products kProducts>
struct Room {
    Room(float* memory, std::int64_t d)
        : out(memory), largest(out + d * kMostQueries), sum(largest + kMostQueries),
          total(sum + kMostQueries),
          query(reinterpret_cast<Factor<kProducts>*>(total + d * kMostQueries)),
          weights(query + d * kMostQueries),
          keys(reinterpret_cast<float*>(weights + keys_at_once(kProducts) * kMostQueries)) {}

    static std::int64_t floats(std::int64_t d) {
        return kMostQueries * (3 * d + 2 + keys_at_once(kProducts)) + kTile * d;
    }

    float* out;                 // [d][queries], weights times values so far
    float* largest;             // what each query's weights are relative to, in powers of two
    float* sum;                 // of its weights
    float* total;               // [d][queries], what was attended to before gave
    Factor<kProducts>* query;   // of d
    Factor<kProducts>* weights; // of keys
    float* keys;                // [kTile][d], widened
};

// One of what is attended to, packed.
struct PackedKeys {
    PackedSize size;
    bf16* packed; // [key_batch][heads][size.all]
};

const bf16* at(const Heads& heads, std::int64_t b, std::int64_t head) {
    return heads.at + b * heads.batch_stride + head * heads.head_stride;
}

// A block of up to Columns times 16 queries of one head.
template <int Columns, Products kProducts>
class Block {
public:
    Block(const AttentionCall& call, const PackedKeys* keys, const Room<kProducts>& room)
        : call_(call), keys_(keys), room_(room) {}

    // `count` queries, of which the first is number `first`.
    void run(std::int64_t b, std::int64_t head, std::int64_t first, std::int64_t count) {
        count_ = count;
        pack_queries(at(call_.query, b, head) + first * call_.query.token_stride, count);
        for (std::int64_t i = 0; i < call_.attended_count; ++i) {
            const Attended& attended = call_.attended[i];
            const std::int64_t key_b = b / (call_.batch / attended.key_batch);
            attend(keys_[i].size, attended.keys,
                   keys_[i].packed + (key_b * call_.heads + head) * keys_[i].size.all);
            finish_weights();
            factor_ = attended.factor != nullptr ? attended.factor + first : nullptr;
            if (i + 1 < call_.attended_count) {
                add_to_total(i == 0);
            }
        }
        write(count, ((b * call_.queries + first) * call_.heads + head) * call_.d);
    }

private:
    static constexpr std::int64_t kQueries = kLanes * Columns;

    // Sums up in `out` what one head's keys give, and in `sum` their weights.
    void attend(const PackedSize& size, std::int64_t keys, const bf16* packed) {
        fresh_ = true;
        width_ = size.width;
        for (std::int64_t q = 0; q < kQueries; q += kLanes) {
            store(room_.largest + q, all(kLowest));
            store(room_.sum + q, zero());
        }
        for (std::int64_t begin = 0; begin < size.keys; begin += size.width) {
            const std::int64_t width = least(size.width, size.keys - begin);
            values_ = packed + size.values + begin * call_.d;
            added_ = 0;
            for (std::int64_t j = 0; j < width; j += kTile) {
                weigh(packed + (begin + j) * call_.d, j, keys - begin - j);
            }
            add_values(width / 2);
        }
    }

    void pack_queries(const bf16* query, std::int64_t count) const {
        const std::int64_t stride = call_.query.token_stride;
        if constexpr (kProducts == Products::of_pairs) {
            pack_columns<Columns>(query, stride, count, call_.d, room_.query);
        } else {
            widen_columns<Columns>(query, stride, count, call_.d, room_.query);
        }
    }

    // By itself, so that the sums have all registers. The weights of a tile of keys, of which
    // `present` are there; they are number `j` and on of their piece.
    __attribute__((noinline)) void weigh(const bf16* keys, std::int64_t j, std::int64_t present) {
        if constexpr (kProducts == Products::of_pairs) {
            Floats scores[kTile][Columns];
            clear(scores);
            add_of_pairs(keys, call_.d, room_.query, 2 * kQueries, call_.d / 2, scores);
            weigh_scores(scores, 0, j, present);
        } else {
            widen_rows<kTile>(keys, call_.d, call_.d, room_.keys, call_.d);
            for_parts<Columns>([&](int first, auto columns) __attribute__((always_inline)) {
                Floats scores[kTile][columns()];
                clear(scores);
                add_of_widened(room_.keys, call_.d, room_.query + first * kLanes, kQueries, call_.d,
                               scores);
                weigh_scores(scores, first, j, present);
            });
        }
    }

    template <int Of>
    static inline __attribute__((always_inline)) void clear(Floats (&scores)[kTile][Of]) {
#pragma GCC unroll 16
        for (auto& row : scores) {
#pragma GCC unroll 16
            for (Floats& score : row) {
                score = zero();
            }
        }
    }

    // Those of a tile of keys with columns from number `first` on become weights.
    template <int Of>
    inline __attribute__((always_inline)) void weigh_scores(Floats (&scores)[kTile][Of], int first,
                                                            std::int64_t j, std::int64_t present) {
        if (present < kTile) {
            for (int i = 0; i < kTile; ++i) {
                for (int c = 0; c < Of; ++c) {
                    scores[i][c] = i < present ? scores[i][c] : all(kLowest);
                }
            }
        }
        const Floats scale = all(call_.scale * kLog2E);
        for (int c = 0; c < Of; ++c) {
            Floats largest = scores[0][c];
            for (int i = 1; i < kTile; ++i) {
                largest = larger(largest, scores[i][c]);
            }
            largest = largest * scale;
            const Floats before = load(room_.largest + (first + c) * kLanes);
            const Which over = greater(largest, before + all(kSlack));
            if (any(over)) {
                raise(first + c, over, largest, j / 2);
            }
        }
        for (int c = 0; c < Of; ++c) {
            const Floats largest = load(room_.largest + (first + c) * kLanes);
            Floats sum = load(room_.sum + (first + c) * kLanes);
            for (int i = 0; i < kTile; i += 2) {
                const Floats even = exp2(fms(scores[i][c], scale, largest));
                const Floats odd = exp2(fms(scores[i + 1][c], scale, largest));
                sum = sum + (even + odd);
                keep_weights(even, odd, room_.weights + (j + i) * kQueries, first + c);
            }
            store(room_.sum + (first + c) * kLanes, sum);
        }
    }

    // Those of an even key and the next, of sixteen queries.
    static void keep_weights(Floats even, Floats odd, Factor<kProducts>* at, int column) {
        if constexpr (kProducts == Products::of_pairs) {
            store_pairs(at + column * kLanes * 2, narrow_to_pairs(even, odd));
        } else {
            store(at + column * kLanes, even);
            store(at + kQueries + column * kLanes, odd);
        }
    }

    // These lanes of that column get a new largest score; what was summed before shrinks with it.
    // `pairs` of keys of the piece have weights relative to the old one.
    __attribute__((noinline)) void raise(int column, Which over, Floats most, std::int64_t pairs) {
        add_values(pairs);
        float* const largest = room_.largest + column * kLanes;
        const Floats before = load(largest);
        const Floats factor = select(over, exp2(before - most), all(1.0F));
        store(largest, select(over, most, before));
        float* const sum = room_.sum + column * kLanes;
        store(sum, load(sum) * factor);
        for (std::int64_t c = 0; !fresh_ && c < call_.d; ++c) {
            float* const out = room_.out + c * kQueries + column * kLanes;
            store(out, load(out) * factor);
        }
    }

    // out += weights times values, for the pairs of this piece up to that one.
    void add_values(std::int64_t end) {
        if (end == added_) {
            return;
        }
        const bf16* const values = values_ + 2 * added_;
        const std::int64_t pairs = end - added_;
        const auto run = [&](auto sum) {
            for (std::int64_t c = 0; c < call_.d; c += kTile) {
                const Factor<kProducts>* const weights = room_.weights + added_ * kQueries * 2;
                float* const out = room_.out + c * kQueries;
                if constexpr (kProducts == Products::of_pairs) {
                    multiply_pairs<kTile, Columns, sum()>(values + c * width_, width_, weights,
                                                          2 * kQueries, out, kQueries, pairs);
                } else {
                    multiply_widened<kTile, Columns, sum()>(values + c * width_, width_, weights,
                                                            out, kQueries, 2 * pairs);
                }
            }
        };
        fresh_ ? run(constant<Sum::fresh>) : run(constant<Sum::further>);
        added_ = end;
        fresh_ = false;
    }

    // From here on `sum` holds what `out` is to be multiplied with.
    void finish_weights() const {
        for (std::int64_t q = 0; q < kQueries; q += kLanes) {
            store(room_.sum + q, all(1.0F) / load(room_.sum + q));
        }
    }

    // What the channel's `out` gives, with what came before unless it is the first.
    Floats result(std::int64_t channel, std::int64_t q, bool first) const {
        const std::int64_t place = channel * kQueries + q;
        Floats v = load(room_.out + place) * load(room_.sum + q);
        if (factor_ != nullptr) {
            v = v * load(factor_ + q, lanes(most(count_ - q, 0)));
        }
        return first ? v : v + load(room_.total + place);
    }

    // Rounded as each sum is that the network keeps.
    void add_to_total(bool first) const {
        for (std::int64_t c = 0; c < call_.d; ++c) {
            for (std::int64_t q = 0; q < kQueries; q += kLanes) {
                store(room_.total + c * kQueries + q, widen(narrow(result(c, q, first))));
            }
        }
    }

    // To y, where the first query's result is number `place`.
    void write(std::int64_t count, std::int64_t place) const {
        const std::int64_t stride = call_.heads * call_.d;
        const bool first = call_.attended_count == 1;
        for (std::int64_t q = 0; q < count; q += kLanes) {
            for (std::int64_t c = 0; c < call_.d; c += kLanes) {
                const Mask mask = lanes(call_.d - c);
                Pairs rows[16];
                for (std::int64_t i = 0; i < kLanes; ++i) {
                    rows[i] = c + i < call_.d ? pairs_of(result(c + i, q, first)) : no_pairs();
                }
                transpose(rows);
                for (std::int64_t i = 0; i < least(kLanes, count - q); ++i) {
                    store(call_.y + place + (q + i) * stride + c, floats_of(rows[i]), mask);
                }
            }
        }
    }

    const AttentionCall& call_;
    const PackedKeys* keys_;
    Room<kProducts> room_;
    std::int64_t width_ = 0;        // of a piece of keys
    const bf16* values_ = nullptr;  // of the piece at work
    std::int64_t added_ = 0;        // pairs of its keys whose values are in `out`
    bool fresh_ = true;             // nothing is in `out` yet
    std::int64_t count_ = 0;        // of the queries
    const float* factor_ = nullptr; // of these queries
};

template <Products kProducts>
void attend_all(const AttentionCall& call) {
    static thread_local Scratch keys_scratch, packed_scratch;
    const std::int64_t threads = omp_get_max_threads(), all_heads = call.batch * call.heads;
    const Blocks blocks(call.queries);
    auto* const keys = keys_scratch.of<PackedKeys>(call.attended_count);
    std::int64_t packed_size = 0;
    for (std::int64_t i = 0; i < call.attended_count; ++i) {
        const Attended& attended = call.attended[i];
        keys[i] = {.size = PackedSize(attended.keys, call.d, keys_at_once(kProducts)),
                   .packed = nullptr};
        packed_size += keys[i].size.all * attended.key_batch * call.heads;
    }
    bf16* packed = packed_scratch.of<bf16>(packed_size);
    for (std::int64_t i = 0; i < call.attended_count; ++i) {
        keys[i].packed = packed;
        packed += keys[i].size.all * call.attended[i].key_batch * call.heads;
    }
#pragma omp parallel num_threads(static_cast <int>(threads))
    {
        const NoDenormals no_denormals;
        for (std::int64_t i = 0; i < call.attended_count; ++i) {
            const Attended& attended = call.attended[i];
            const PackedSize& size = keys[i].size;
#pragma omp for schedule(static) nowait
            for (std::int64_t unit = 0; unit < attended.key_batch * call.heads * size.pieces;
                 ++unit) {
                const std::int64_t which = unit / size.pieces, piece = unit % size.pieces;
                const std::int64_t b = which / call.heads, head = which % call.heads;
                pack_piece(attended, call.d, size, at(attended.key, b, head),
                           at(attended.value, b, head), piece, keys[i].packed + which * size.all);
            }
        }
#pragma omp barrier
        static thread_local Scratch scratch;
        const Room<kProducts> room(scratch.of<float>(Room<kProducts>::floats(call.d)), call.d);
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < all_heads * blocks.count; ++unit) {
            const std::int64_t which = unit / blocks.count, block = unit % blocks.count;
            const std::int64_t b = which / call.heads, head = which % call.heads;
            const std::int64_t first = blocks.first(block), count = blocks.size(block);
            if (count > 2 * kLanes) {
                Block<3, kProducts>(call, keys, room).run(b, head, first, count);
            } else if (count > kLanes) {
                Block<2, kProducts>(call, keys, room).run(b, head, first, count);
            } else {
                Block<1, kProducts>(call, keys, room).run(b, head, first, count);
            }
        }
    }
}

} // namespace

void attention(const AttentionCall& call) {
    multiplies_pairs() ? attend_all<Products::of_pairs>(call)
                       : attend_all<Products::of_floats>(call);
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
