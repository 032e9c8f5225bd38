#include "core/kernels/attention_gradient.h"

#include "core/kernels/attention_packing.h"

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// Twice over every query and key: once a lane is a query, which finds the sums of the weights and
// then the gradient of queries, and once a key, for those of keys and values. Both times the
// weights are made anew. Of the other side, which is taken row by row, so many are weighed at once.
constexpr std::int64_t kAtOnce = 128;
constexpr float kLowest = -1e30F;

const bf16* at(const Heads& heads, std::int64_t b, std::int64_t head) {
    return heads.at + b * heads.batch_stride + head * heads.head_stride;
}

// Rows [count][d] that lie `stride` apart, and the same turned, [d][width], zeros beyond count.
struct Rows {
    const bf16* at;
    std::int64_t stride;
    const bf16* turned;
};

// What one head reads. Of each query: the logarithm to 2 of its weights' sum, which the first pass
// finds, and y times its gradient.
struct Head {
    Rows query, key, value, gradient;
    float *log_sums, *d_sums;
};

// What is shared by all threads, made first.
struct Turned {
    explicit Turned(const AttentionGradientCall& call)
        : queries(rounded_up(call.queries, 2 * kLanes)), keys(rounded_up(call.keys, 2 * kLanes)),
          size((2 * queries + keys) * call.d) {}

    std::int64_t queries, keys; // widths
    std::int64_t size;          // of a head: queries, their gradients, keys
};

void turn(const bf16* rows, std::int64_t stride, std::int64_t count, std::int64_t d,
          std::int64_t width, bf16* turned) {
    for (std::int64_t j = 0; j < width; j += 2 * kLanes) {
        for (std::int64_t c = 0; c < d; c += kLanes) {
            pack_values(rows + j * stride, stride, count - j, c, d, turned + j, width, width - j);
        }
    }
}

// y times its gradient, of each query of a head.
void find_d_sums(const AttentionGradientCall& call, std::int64_t b, std::int64_t head,
                 float* d_sums) {
    const bf16 *const own = at(call.y, b, head), *const gradient = at(call.gradient, b, head);
    for (std::int64_t q = 0; q < call.queries; ++q) {
        const bf16* const y = own + q * call.y.token_stride;
        const bf16* const g = gradient + q * call.gradient.token_stride;
        Floats sum = zero();
        for (std::int64_t c = 0; c < call.d; c += kLanes) {
            const Mask mask = lanes(call.d - c);
            sum = fma(load(y + c, mask), load(g + c, mask), sum);
        }
        d_sums[q] = sum_of(sum);
    }
}

// What one thread works in, for blocks of kMostQueries lanes.
struct Room {
    Room(float* memory, std::int64_t d)
        : scores(memory), slopes(scores + kAtOnce * kMostQueries),
          log_sums(slopes + kAtOnce * kMostQueries), d_sums(log_sums + kMostQueries),
          first(d_sums + kMostQueries), second(first + d * kMostQueries),
          own(reinterpret_cast<bf16*>(second + d * kMostQueries)),
          own_slopes(own + d * kMostQueries), weights(own_slopes + d * kMostQueries),
          weighted(weights + kAtOnce * kMostQueries) {}

    static std::int64_t floats(std::int64_t d) {
        return kMostQueries * (2 * kAtOnce + 2 + 2 * d + d + kAtOnce);
    }

    float *scores, *slopes;   // [others][lanes]: q k' and what a weight's gradient is
    float *log_sums, *d_sums; // of the lanes, where they are queries
    float *first, *second;    // [d][lanes], the results
    bf16 *own, *own_slopes;   // [d / 2][lanes][2]
    bf16 *weights, *weighted; // [others / 2][lanes][2]: weights, and the scores' gradients
};

enum class Lane { query, key };

// A block of up to 16 Columns lanes.
template <int Columns, Lane lane>
class Block {
public:
    Block(const AttentionGradientCall& call, const Turned& turned, const Head& head,
          const Room& room)
        : call_(call), turned_(turned), head_(head), room_(room) {}

    // From number `from` on, `count` of them, to the gradients' place `at`.
    void run(std::int64_t from, std::int64_t count, std::int64_t at) {
        pack(lane == Lane::query ? head_.query : head_.key, from, count, room_.own);
        pack(lane == Lane::query ? head_.gradient : head_.value, from, count, room_.own_slopes);
        const std::int64_t others = lane == Lane::query ? call_.keys : call_.queries;
        if (lane == Lane::query) {
            find_log_sums();
            for (std::int64_t q = 0; q < kOwn; ++q) {
                room_.d_sums[q] = q < count ? head_.d_sums[from + q] : 0;
            }
            for (std::int64_t q = 0; q < count; ++q) {
                head_.log_sums[from + q] = room_.log_sums[q];
            }
        }
        for (std::int64_t begin = 0; begin < others; begin += kAtOnce) {
            const std::int64_t width = least(kAtOnce, others - begin);
            multiply_rows(lane == Lane::query ? head_.key : head_.query, begin, width, room_.own,
                          room_.scores);
            multiply_rows(lane == Lane::query ? head_.value : head_.gradient, begin, width,
                          room_.own_slopes, room_.slopes);
            weigh(begin, width);
            const Sum sum = begin == 0 ? Sum::fresh : Sum::further;
            if (lane == Lane::query) {
                multiply_turned(head_.key, turned_.keys, begin, width, room_.weighted, room_.first,
                                sum);
            } else {
                multiply_turned(head_.query, turned_.queries, begin, width, room_.weighted,
                                room_.first, sum);
                multiply_turned(head_.gradient, turned_.queries, begin, width, room_.weights,
                                room_.second, sum);
            }
        }
        if (lane == Lane::query) {
            write(room_.first, call_.scale, count, call_.of_query + at);
        } else {
            write(room_.first, call_.scale, count, call_.of_key + at);
            write(room_.second, 1, count, call_.of_value + at);
        }
    }

private:
    static constexpr std::int64_t kOwn = kLanes * Columns;

    void pack(const Rows& rows, std::int64_t from, std::int64_t count, bf16* packed) const {
        pack_columns<Columns>(rows.at + from * rows.stride, rows.stride, count, call_.d, packed);
    }

    void multiply_rows(const Rows& rows, std::int64_t begin, std::int64_t width, const bf16* own,
                       float* products) const {
        multiply<Columns>(width, rows.at + begin * rows.stride, rows.stride, own, 2 * kOwn,
                          products, kOwn, call_.d / 2, Sum::fresh);
    }

    void multiply_turned(const Rows& rows, std::int64_t stride, std::int64_t begin,
                         std::int64_t width, const bf16* weights, float* products, Sum sum) const {
        multiply<Columns>(call_.d, rows.turned + begin, stride, weights, 2 * kOwn, products, kOwn,
                          divided_up(width, 2), sum);
    }

    // Relative to the largest so far, as long as there are larger ones.
    void find_log_sums() const {
        const Floats scale = all(call_.scale * kLog2E);
        for (std::int64_t q = 0; q < kOwn; ++q) {
            room_.log_sums[q] = kLowest;
            room_.d_sums[q] = 0;
        }
        for (std::int64_t begin = 0; begin < call_.keys; begin += kAtOnce) {
            const std::int64_t width = least(kAtOnce, call_.keys - begin);
            multiply_rows(head_.key, begin, width, room_.own, room_.scores);
            for (std::int64_t c = 0; c < kOwn; c += kLanes) {
                const Floats before = load(room_.log_sums + c);
                Floats largest = before;
                for (std::int64_t j = 0; j < width; ++j) {
                    const Floats score = load(room_.scores + j * kOwn + c);
                    largest = larger(largest, score * scale);
                }
                Floats sum = load(room_.d_sums + c) * exp2(before - largest);
                for (std::int64_t j = 0; j < width; ++j) {
                    const Floats score = load(room_.scores + j * kOwn + c);
                    sum = sum + exp2(fms(score, scale, largest));
                }
                store(room_.log_sums + c, largest);
                store(room_.d_sums + c, sum);
            }
        }
        for (std::int64_t q = 0; q < kOwn; ++q) {
            room_.log_sums[q] += __builtin_log2f(room_.d_sums[q]);
        }
    }

    // The weight of one of the others for sixteen lanes, and the gradient of its score.
    struct Pair {
        Floats weight, weighted;
    };

    Pair pair(std::int64_t other, std::int64_t j, std::int64_t c) const {
        const Floats log_sum =
            lane == Lane::query ? load(room_.log_sums + c) : all(head_.log_sums[other]);
        const Floats d_sum =
            lane == Lane::query ? load(room_.d_sums + c) : all(head_.d_sums[other]);
        const Floats score = load(room_.scores + j * kOwn + c);
        const Floats slope = load(room_.slopes + j * kOwn + c);
        const Floats weight = exp2(fms(score, all(call_.scale * kLog2E), log_sum));
        return {weight, weight * (slope - d_sum)};
    }

    void weigh(std::int64_t begin, std::int64_t width) const {
        for (std::int64_t j = 0; j < width; j += 2) {
            for (std::int64_t c = 0; c < kOwn; c += kLanes) {
                const Pair even = pair(begin + j, j, c);
                const Pair odd =
                    j + 1 < width ? pair(begin + j + 1, j + 1, c) : Pair{zero(), zero()};
                const std::int64_t place = (j / 2 * kOwn + c) * 2;
                store_pairs(room_.weighted + place, narrow_to_pairs(even.weighted, odd.weighted));
                if (lane == Lane::key) {
                    store_pairs(room_.weights + place, narrow_to_pairs(even.weight, odd.weight));
                }
            }
        }
    }

    void write(const float* turned, float factor, std::int64_t count, bf16* y) const {
        const std::int64_t d = call_.d, stride = call_.heads * d;
        for (std::int64_t q = 0; q < count; q += kLanes) {
            for (std::int64_t c = 0; c < d; c += kLanes) {
                Pairs rows[16];
                for (std::int64_t i = 0; i < kLanes; ++i) {
                    rows[i] = c + i < d ? load_pairs(turned + (c + i) * kOwn + q) : no_pairs();
                }
                transpose(rows);
                for (std::int64_t i = 0; i < least(kLanes, count - q); ++i) {
                    store(y + (q + i) * stride + c, floats_of(rows[i]) * all(factor), lanes(d - c));
                }
            }
        }
    }

    const AttentionGradientCall& call_;
    const Turned& turned_;
    const Head& head_;
    Room room_;
};

template <Lane lane>
void run_block(const AttentionGradientCall& call, const Turned& turned, const Head& head,
               const Room& room, std::int64_t from, std::int64_t count, std::int64_t place) {
    if (count > 2 * kLanes) {
        Block<3, lane>(call, turned, head, room).run(from, count, place);
    } else if (count > kLanes) {
        Block<2, lane>(call, turned, head, room).run(from, count, place);
    } else {
        Block<1, lane>(call, turned, head, room).run(from, count, place);
    }
}

} // namespace

void attention_gradient(const AttentionGradientCall& call) {
    static thread_local Scratch turned_scratch, sums_scratch;
    const Turned turned(call);
    const std::int64_t heads = call.batch * call.heads;
    const Blocks queries(call.queries), keys(call.keys);
    bf16* const all_turned = turned_scratch.of<bf16>(heads * turned.size);
    float* const all_sums = sums_scratch.of<float>(2 * heads * call.queries);
    const auto head_of = [&](std::int64_t which) {
        const std::int64_t b = which / call.heads, head = which % call.heads;
        const bf16* const own = all_turned + which * turned.size;
        const bf16* const gradients = own + turned.queries * call.d;
        const auto rows = [&](const Heads& side, const bf16* side_turned) {
            return Rows{at(side, b, head), side.token_stride, side_turned};
        };
        return Head{rows(call.query, own),
                    rows(call.key, gradients + turned.queries * call.d),
                    rows(call.value, nullptr),
                    rows(call.gradient, gradients),
                    all_sums + 2 * which * call.queries,
                    all_sums + (2 * which + 1) * call.queries};
    };
    const auto place = [&](std::int64_t which, std::int64_t tokens, std::int64_t token) {
        return ((which / call.heads * tokens + token) * call.heads + which % call.heads) * call.d;
    };
#pragma omp parallel
    {
        const NoDenormals no_denormals;
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < 4 * heads; ++unit) {
            const std::int64_t which = unit / 4, b = which / call.heads, head = which % call.heads;
            bf16* const own = all_turned + which * turned.size;
            bf16* const gradients = own + turned.queries * call.d;
            switch (unit % 4) {
            case 0:
                turn(at(call.query, b, head), call.query.token_stride, call.queries, call.d,
                     turned.queries, own);
                break;
            case 1:
                turn(at(call.gradient, b, head), call.gradient.token_stride, call.queries, call.d,
                     turned.queries, gradients);
                break;
            case 2:
                turn(at(call.key, b, head), call.key.token_stride, call.keys, call.d, turned.keys,
                     gradients + turned.queries * call.d);
                break;
            default:
                find_d_sums(call, b, head, all_sums + (2 * which + 1) * call.queries);
            }
        }
        static thread_local Scratch scratch;
        const Room room(scratch.of<float>(Room::floats(call.d)), call.d);
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < heads * queries.count; ++unit) {
            const std::int64_t which = unit / queries.count, block = unit % queries.count;
            const std::int64_t from = queries.first(block);
            run_block<Lane::query>(call, turned, head_of(which), room, from, queries.size(block),
                                   place(which, call.queries, from));
        }
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < heads * keys.count; ++unit) {
            const std::int64_t which = unit / keys.count, block = unit % keys.count;
            const std::int64_t from = keys.first(block);
            run_block<Lane::key>(call, turned, head_of(which), room, from, keys.size(block),
                                 place(which, call.keys, from));
        }
    }
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
