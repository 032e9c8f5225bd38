#include "core/kernels/convolution.h"
#include "core/kernels/instructions.h"
#include "core/kernels/vectors.h"

#include <cstring>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

constexpr int kTaps = 9;
constexpr std::int64_t kChannels = 2 * kLanes; // of one product

// sums [places, out] += the products of one tap's channels, in each lane those of every sixteenth
// pair of them.
template <int Out, int Places>
inline __attribute__((always_inline)) void add_channels(const bf16* const (&inputs)[Places],
                                                        const bf16* weights, std::int64_t in,
                                                        Floats (&sums)[Places][Out]) {
    for (std::int64_t c = 0; c < in; c += kChannels) {
        Pairs values[Places];
        for (int p = 0; p < Places; ++p) {
            values[p] = load_pairs(inputs[p] + c);
        }
        for (int o = 0; o < Out; ++o) {
            const Pairs weight = load_pairs(weights + o * kTaps * in + c);
            for (int p = 0; p < Places; ++p) {
                sums[p][o] = add_pair_products(sums[p][o], values[p], weight);
            }
        }
    }
}

// The same in float32: see add_of_floats().
template <int Out, int Places>
inline __attribute__((always_inline)) void
add_widened_channels(const bf16* const (&inputs)[Places], const bf16* weights, std::int64_t in,
                     Floats (&sums)[Places][Out]) {
    for (std::int64_t c = 0; c < in; c += kLanes) {
        Floats values[Places];
        for (int p = 0; p < Places; ++p) {
            values[p] = load(inputs[p] + c);
        }
        for (int o = 0; o < Out; ++o) {
            const Floats weight = load(weights + o * kTaps * in + c);
            for (int p = 0; p < Places; ++p) {
                sums[p][o] = fma(values[p], weight, sums[p][o]);
            }
        }
    }
}

// `Places` neighbours of a row: each weight is read once for all of them, and the lanes, which are
// channels, are added up at the end.
template <int Out, int Places>
void convolve_places(const ConvolutionCall& call, std::int64_t picture, std::int64_t row,
                     std::int64_t column, const bf16* zeros) {
    Floats sums[Places][Out];
    for (auto& place : sums) {
        for (Floats& sum : place) {
            sum = zero();
        }
    }
    for (int tap = 0; tap < kTaps; ++tap) {
        const std::int64_t y = row + tap / 3 - 1;
        if (y < 0 || y >= call.height) {
            continue;
        }
        const bf16* const line = call.x + (picture * call.height + y) * call.width * call.in;
        const bf16* inputs[Places];
        for (int p = 0; p < Places; ++p) {
            const std::int64_t x = column + p + tap % 3 - 1;
            inputs[p] = x >= 0 && x < call.width ? line + x * call.in : zeros;
        }
        const bf16* const weights = call.packed + tap * call.in;
        if (multiplies_pairs()) {
            add_channels(inputs, weights, call.in, sums);
        } else {
            add_widened_channels(inputs, weights, call.in, sums);
        }
    }
    bf16* const y = call.y + ((picture * call.height + row) * call.width + column) * Out;
    const float* const bias =
        call.bias != nullptr ? call.bias + picture * call.bias_stride : nullptr;
    for (int p = 0; p < Places; ++p) {
        for (int o = 0; o < Out; ++o) {
            const float sum = sum_of(sums[p][o]);
            y[p * Out + o] = to_bits(bias != nullptr ? sum + bias[o] : sum);
        }
    }
}

template <int Out>
void run(const ConvolutionCall& call) {
    constexpr int kPlaces = kRegisters == 8 ? 1
                            : Out <= 4      ? 4
                                            : 2; // whose sums fill the registers half
#pragma omp parallel
    {
        static thread_local Scratch scratch;
        bf16* const zeros = scratch.of<bf16>(call.in);
        std::memset(zeros, 0, static_cast<std::size_t>(call.in) * sizeof(bf16));
#pragma omp for schedule(static)
        for (std::int64_t line = 0; line < call.pictures * call.height; ++line) {
            const std::int64_t picture = line / call.height, row = line % call.height;
            std::int64_t column = 0;
            for (; column + kPlaces <= call.width; column += kPlaces) {
                convolve_places<Out, kPlaces>(call, picture, row, column, zeros);
            }
            for (; column < call.width; ++column) {
                convolve_places<Out, 1>(call, picture, row, column, zeros);
            }
        }
    }
}

} // namespace

void pack_to_few(const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed) {
    for (std::int64_t o = 0; o < out; ++o) {
        for (std::int64_t i = 0; i < in; ++i) {
            for (std::int64_t tap = 0; tap < kTaps; ++tap) {
                packed[(o * kTaps + tap) * in + i] = weight[(o * in + i) * kTaps + tap];
            }
        }
    }
}

void convolve_to_few(const ConvolutionCall& call) {
    switch (call.out) {
    case 3:
        return run<3>(call);
    case 4:
        return run<4>(call);
    default:
        return run<8>(call);
    }
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
