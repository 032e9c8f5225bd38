#pragma once

#include "core/kernels/packing.h"
#include "core/kernels/products.h"

namespace likeness::kernels {

namespace {

// What both directions of attention share: in the products a lane is a query or a key.
constexpr std::int64_t kMostColumns = 3, kMostQueries = kLanes * kMostColumns;

// 32 keys' values of up to 16 channels from `at` on; of the keys `present` are there.
inline void pack_values(const bf16* value, std::int64_t stride, std::int64_t present,
                        std::int64_t at, std::int64_t channels, bf16* values, std::int64_t width,
                        std::int64_t room) {
    const Mask mask = lanes(channels - at);
    const auto row = [&](std::int64_t j) {
        return j < present ? load_bits(value + j * stride + at, mask) : no_bits();
    };
    Pairs pairs[16];
    for (std::int64_t i = 0; i < kLanes; ++i) {
        pairs[i] = to_pairs(row(2 * i), row(2 * i + 1));
    }
    transpose(pairs);
    for (std::int64_t c = 0; c < least(kLanes, channels - at); ++c) {
        store_pairs(values + (at + c) * width, pairs[c], lanes(room / 2));
    }
}

// A head's queries in blocks, as wide as can be; rather two of two columns at the end than one of
// one, whose products would wait for each other.
struct Blocks {
    explicit Blocks(std::int64_t all_queries)
        : queries(all_queries), count(divided_up(all_queries, kMostQueries)) {
        const std::int64_t columns = divided_up(queries, kLanes);
        wide = columns % kMostColumns == 1 && columns > 1 ? count - 2 : count;
    }

    std::int64_t first(std::int64_t block) const {
        return block <= wide ? block * kMostQueries
                             : wide * kMostQueries + (block - wide) * 2 * kLanes;
    }

    std::int64_t size(std::int64_t block) const {
        return least(queries, first(block + 1)) - first(block);
    }

    std::int64_t queries, count;
    std::int64_t wide; // how many have all columns, or what is left of them
};

} // namespace

} // namespace likeness::kernels
