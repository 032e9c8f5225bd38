#include "core/kernels/norm.h"

#include "core/kernels/norm_runs.h"
#include "core/kernels/vectors.h"

#include <cmath>

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// One of the two tensors whose channels are normed together.
struct Side {
    const bf16* x;
    std::int64_t channels;
    std::int64_t offset; // of its channels among all
};

// The sums of `rows` places and of their squares, [channels] each.
void find_sums(const bf16* x, std::int64_t channels, std::int64_t rows, float* sums,
               float* squares) {
    std::int64_t c = 0;
    constexpr int kWide = kRegisters / 8;
    for (; c + kWide * kLanes <= channels; c += kWide * kLanes) {
        Floats sum[kWide], square[kWide];
        for (int j = 0; j < kWide; ++j) {
            sum[j] = square[j] = zero();
        }
        for (std::int64_t r = 0; r < rows; ++r) {
            for (int j = 0; j < kWide; ++j) {
                const Floats v = load(x + r * channels + c + kLanes * j);
                sum[j] = sum[j] + v;
                square[j] = fma(v, v, square[j]);
            }
        }
        for (int j = 0; j < kWide; ++j) {
            float* const s = sums + c + kLanes * j;
            float* const q = squares + c + kLanes * j;
            store(s, sum[j]);
            store(q, square[j]);
        }
    }
    for (; c < channels; c += kLanes) {
        const Mask mask = lanes(channels - c);
        Floats sum = zero(), square = zero();
        for (std::int64_t r = 0; r < rows; ++r) {
            const Floats v = load(x + r * channels + c, mask);
            sum = sum + v;
            square = fma(v, v, square);
        }
        store(sums + c, sum, mask);
        store(squares + c, square, mask);
    }
}

// y = factors x + terms, and what is to be done then.
void apply(const bf16* x, std::int64_t channels, std::int64_t rows, const float* factors,
           const float* terms, Then then, bf16* y, std::int64_t y_stride) {
    const auto normed = [&](Floats value, Floats factor, Floats term) {
        const Floats v = fma(value, factor, term);
        return then == Then::silu ? silu(v) : v;
    };
    const std::int64_t whole = channels / kLanes * kLanes;
    const Mask mask = lanes(channels - whole);
    for (std::int64_t r = 0; r < rows; ++r, x += channels, y += y_stride) {
        for (std::int64_t c = 0; c < whole; c += kLanes) {
            store(y + c, normed(load(x + c), load(factors + c), load(terms + c)));
        }
        if (whole < channels) { // with a mask all of them would take more than twice the time
            store(y + whole,
                  normed(load(x + whole, mask), load(factors + whole, mask),
                         load(terms + whole, mask)),
                  mask);
        }
    }
}

// From the sums of all runs, [runs, 2, channels], the norm of one group as factors x + terms.
void find_coefficients(const GroupNormCall& call, const float* partial, std::int64_t runs,
                       std::int64_t group, float* factors, float* terms, float* statistics) {
    const std::int64_t channels = call.first_channels + call.second_channels;
    const std::int64_t width = channels / call.groups, from = group * width;
    double sum = 0, square = 0;
    for (std::int64_t r = 0; r < runs; ++r) {
        const float* const sums = partial + r * 2 * channels;
        for (std::int64_t c = from; c < from + width; ++c) {
            sum += static_cast<double>(sums[c]);
            square += static_cast<double>(sums[channels + c]);
        }
    }
    const auto count = static_cast<double>(width * call.places);
    const double mean = sum / count;
    const double variance = square / count - mean * mean;
    const double inverse =
        1 / std::sqrt((variance > 0 ? variance : 0) + static_cast<double>(call.eps));
    if (statistics != nullptr) {
        statistics[2 * group] = static_cast<float>(mean);
        statistics[2 * group + 1] = static_cast<float>(inverse);
    }
    for (std::int64_t c = from; c < from + width; ++c) {
        const double factor = static_cast<double>(from_bits(call.weight[c])) * inverse;
        factors[c] = static_cast<float>(factor);
        terms[c] = static_cast<float>(static_cast<double>(from_bits(call.bias[c])) - mean * factor);
    }
}

} // namespace

void group_norm(const GroupNormCall& call) {
    static thread_local Scratch scratch;
    const std::int64_t channels = call.first_channels + call.second_channels;
    const std::int64_t run = places_of_run(call.places), runs = divided_up(call.places, run);
    const std::int64_t partial_size = call.pictures * runs * 2 * channels;
    float* const partial = scratch.of<float>(partial_size + call.pictures * 2 * channels);
    float* const coefficients = partial + partial_size; // [pictures, 2, channels]
    const Side sides[] = {{call.first, call.first_channels, 0},
                          {call.second, call.second_channels, call.first_channels}};
#pragma omp parallel
    {
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * runs; ++unit) {
            const std::int64_t picture = unit / runs, begin = unit % runs * run;
            const std::int64_t rows = least(run, call.places - begin);
            float* const sums = partial + unit * 2 * channels;
            for (const Side& side : sides) {
                find_sums(side.x + (picture * call.places + begin) * side.channels, side.channels,
                          rows, sums + side.offset, sums + channels + side.offset);
            }
        }
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * call.groups; ++unit) {
            const std::int64_t picture = unit / call.groups;
            float* const factors = coefficients + picture * 2 * channels;
            find_coefficients(
                call, partial + picture * runs * 2 * channels, runs, unit % call.groups, factors,
                factors + channels,
                call.statistics == nullptr ? nullptr : call.statistics + picture * 2 * call.groups);
        }
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * runs; ++unit) {
            const std::int64_t picture = unit / runs, begin = unit % runs * run;
            const std::int64_t rows = least(run, call.places - begin);
            const std::int64_t place = picture * call.places + begin;
            const float* const factors = coefficients + picture * 2 * channels;
            for (const Side& side : sides) {
                apply(side.x + place * side.channels, side.channels, rows, factors + side.offset,
                      factors + channels + side.offset, call.then,
                      call.y + place * channels + side.offset, channels);
            }
        }
    }
}

void layer_norm(const LayerNormCall& call) {
    const std::int64_t channels = call.channels;
#pragma omp parallel for schedule(static)
    for (std::int64_t r = 0; r < call.rows; ++r) {
        const bf16* const x = call.x + r * channels;
        Floats sum = zero(), square = zero();
        for (std::int64_t c = 0; c < channels; c += kLanes) {
            sum = sum + load(x + c);
        }
        const float mean = sum_of(sum) / static_cast<float>(channels);
        for (std::int64_t c = 0; c < channels; c += kLanes) {
            const Floats v = load(x + c) - all(mean);
            square = fma(v, v, square);
        }
        const float variance = sum_of(square) / static_cast<float>(channels);
        const float inverse = 1 / std::sqrt(variance + call.eps);
        for (std::int64_t c = 0; c < channels; c += kLanes) {
            const Floats v = fma(load(x + c), all(inverse), all(-mean * inverse));
            store(call.y + r * channels + c, fma(v, load(call.weight + c), load(call.bias + c)));
        }
    }
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
