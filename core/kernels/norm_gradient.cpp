#include "core/kernels/norm.h"
#include "core/kernels/norm_runs.h"
#include "core/kernels/vectors.h"

#include <cmath>

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

namespace {

// d silu(x) / dx.
inline Floats silu_slope(Floats x) {
    const Floats e = exp2(x * all(-kLog2E));
    const Floats share = reciprocal(all(1.0F) + e);
    return share * fma(x, all(1.0F) - share, all(1.0F));
}

// What is the same for all places of a picture, [channels] each: the norm is factors x + terms, and
// the gradient of x is factors (the norm's gradient) + slope x + level.
struct Coefficients {
    Coefficients(float* memory, std::int64_t channels)
        : factors(memory), terms(factors + channels), slope(terms + channels),
          level(slope + channels) {}

    static constexpr std::int64_t kCount = 4;

    float *factors, *terms, *slope, *level;
};

// Sixteen channels of the norm's own gradient.
inline Floats of_norm(Then then, Floats x, Floats gradient, Floats factor, Floats term) {
    return then == Then::silu ? gradient * silu_slope(fma(x, factor, term)) : gradient;
}

// Sixteen channels of so many places: of x and of the gradient of y.
struct Stripe {
    Stripe(const GroupNormCall& call, const bf16* gradient, std::int64_t place, std::int64_t c)
        : channels(call.first_channels), at(place * channels + c), x(call.first + at),
          g(gradient + at), mask(lanes(channels - c)) {}

    std::int64_t channels, at;
    const bf16 *x, *g;
    Mask mask;
};

// The sums over `rows` places of the norm's gradient and of that times x.
void find_sums(const GroupNormCall& call, const bf16* gradient, std::int64_t place,
               std::int64_t rows, const Coefficients& picture, float* sums, float* products) {
    for (std::int64_t c = 0; c < call.first_channels; c += kLanes) {
        const Stripe stripe(call, gradient, place, c);
        const Floats factor = load(picture.factors + c, stripe.mask);
        const Floats term = load(picture.terms + c, stripe.mask);
        Floats sum = zero(), product = zero();
        for (std::int64_t r = 0; r < rows; ++r) {
            const Floats v = load(stripe.x + r * stripe.channels, stripe.mask);
            const Floats g = of_norm(
                call.then, v, load(stripe.g + r * stripe.channels, stripe.mask), factor, term);
            sum = sum + g;
            product = fma(g, v, product);
        }
        store(sums + c, sum, stripe.mask);
        store(products + c, product, stripe.mask);
    }
}

void apply(const GroupNormCall& call, const bf16* gradient, std::int64_t place, std::int64_t rows,
           const Coefficients& picture) {
    for (std::int64_t c = 0; c < call.first_channels; c += kLanes) {
        const Stripe stripe(call, gradient, place, c);
        const auto of = [&](const float* one) { return load(one + c, stripe.mask); };
        const Floats factor = of(picture.factors), term = of(picture.terms),
                     slope = of(picture.slope), level = of(picture.level);
        for (std::int64_t r = 0; r < rows; ++r) {
            const Floats v = load(stripe.x + r * stripe.channels, stripe.mask);
            const Floats g = of_norm(
                call.then, v, load(stripe.g + r * stripe.channels, stripe.mask), factor, term);
            store(call.y + stripe.at + r * stripe.channels, fma(factor, g, fma(slope, v, level)),
                  stripe.mask);
        }
    }
}

// The norm of one group again, from what it kept.
void find_norm(const GroupNormCall& call, std::int64_t picture, std::int64_t group,
               const Coefficients& into) {
    const std::int64_t width = call.first_channels / call.groups;
    const float* const kept = call.statistics + (picture * call.groups + group) * 2;
    for (std::int64_t c = group * width; c < (group + 1) * width; ++c) {
        into.factors[c] = from_bits(call.weight[c]) * kept[1];
        into.terms[c] = from_bits(call.bias[c]) - kept[0] * into.factors[c];
    }
}

// From the sums of all runs, [runs, 2, channels].
void find_gradient(const GroupNormCall& call, std::int64_t picture, std::int64_t group,
                   const float* partial, std::int64_t runs, const Coefficients& into) {
    const std::int64_t channels = call.first_channels;
    const std::int64_t width = channels / call.groups;
    const float* const kept = call.statistics + (picture * call.groups + group) * 2;
    const auto mean = static_cast<double>(kept[0]), inverse = static_cast<double>(kept[1]);
    double sum = 0, product = 0;
    for (std::int64_t c = group * width; c < (group + 1) * width; ++c) {
        double of_channel = 0, product_of_channel = 0;
        for (std::int64_t r = 0; r < runs; ++r) {
            of_channel += static_cast<double>(partial[r * 2 * channels + c]);
            product_of_channel += static_cast<double>(partial[(r * 2 + 1) * channels + c]);
        }
        const auto weight = static_cast<double>(from_bits(call.weight[c]));
        sum += weight * of_channel;
        product += weight * (product_of_channel - mean * of_channel) * inverse;
    }
    const auto count = static_cast<double>(width * call.places);
    const double slope = -inverse * inverse * product / count;
    const double level = -inverse * sum / count - slope * mean;
    for (std::int64_t c = group * width; c < (group + 1) * width; ++c) {
        into.slope[c] = static_cast<float>(slope);
        into.level[c] = static_cast<float>(level);
    }
}

} // namespace

void group_norm_gradient(const GroupNormCall& call, const bf16* gradient) {
    static thread_local Scratch scratch;
    const std::int64_t channels = call.first_channels;
    const std::int64_t run = places_of_run(call.places), runs = divided_up(call.places, run);
    const std::int64_t partial_size = call.pictures * runs * 2 * channels;
    const std::int64_t own_size = Coefficients::kCount * channels;
    float* const partial = scratch.of<float>(partial_size + call.pictures * own_size);
    float* const coefficients = partial + partial_size;
    const auto of_picture = [&](std::int64_t picture) {
        return Coefficients(coefficients + picture * own_size, channels);
    };
#pragma omp parallel
    {
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * call.groups; ++unit) {
            const std::int64_t picture = unit / call.groups;
            find_norm(call, picture, unit % call.groups, of_picture(picture));
        }
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * runs; ++unit) {
            const std::int64_t picture = unit / runs, begin = unit % runs * run;
            float* const sums = partial + unit * 2 * channels;
            find_sums(call, gradient, picture * call.places + begin,
                      least(run, call.places - begin), of_picture(picture), sums, sums + channels);
        }
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * call.groups; ++unit) {
            const std::int64_t picture = unit / call.groups;
            find_gradient(call, picture, unit % call.groups,
                          partial + picture * runs * 2 * channels, runs, of_picture(picture));
        }
#pragma omp for schedule(static)
        for (std::int64_t unit = 0; unit < call.pictures * runs; ++unit) {
            const std::int64_t picture = unit / runs, begin = unit % runs * run;
            apply(call, gradient, picture * call.places + begin, least(run, call.places - begin),
                  of_picture(picture));
        }
    }
}

void layer_norm_gradient(const LayerNormCall& call, const bf16* gradient) {
    const std::int64_t channels = call.channels;
    const auto count = static_cast<float>(channels);
#pragma omp parallel for schedule(static)
    for (std::int64_t r = 0; r < call.rows; ++r) {
        const bf16* const x = call.x + r * channels;
        const bf16* const g = gradient + r * channels;
        Floats sum = zero();
        for (std::int64_t c = 0; c < channels; c += kLanes) {
            sum = sum + load(x + c);
        }
        const Floats mean = all(sum_of(sum) / count);
        Floats square = zero(), own = square, product = square;
        for (std::int64_t c = 0; c < channels; c += kLanes) {
            const Floats v = load(x + c) - mean;
            const Floats weighted = load(g + c) * load(call.weight + c);
            square = fma(v, v, square);
            own = own + weighted;
            product = fma(weighted, v, product);
        }
        const float inverse = 1 / std::sqrt(sum_of(square) / count + call.eps);
        const Floats level = all(sum_of(own) / count);
        const Floats slope = all(sum_of(product) / count * inverse * inverse);
        for (std::int64_t c = 0; c < channels; c += kLanes) {
            const Floats v = load(x + c) - mean;
            const Floats weighted = load(g + c) * load(call.weight + c);
            const Floats rest = fnma(slope, v, weighted - level);
            store(call.y + r * channels + c, rest * all(inverse));
        }
    }
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
