#include "core/kernels/geglu.h"

#include "core/kernels/vectors.h"

#include <omp.h>

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

void geglu(const GegluCall& call) {
#pragma omp parallel
    {
        const NoDenormals no_denormals;
#pragma omp for schedule(static)
        for (std::int64_t r = 0; r < call.rows; ++r) {
            const bf16* const values = call.x + r * 2 * call.half;
            for (std::int64_t c = 0; c < call.half; c += kLanes) {
                store(call.y + r * call.half + c,
                      load(values + c) * gelu(load(values + call.half + c)));
            }
        }
    }
}

void geglu_gradient(const GegluCall& call, const bf16* gradient) {
    constexpr float kInverseRootOf2Pi = 0.39894228F;
#pragma omp parallel
    {
        const NoDenormals no_denormals;
#pragma omp for schedule(static)
        for (std::int64_t r = 0; r < call.rows; ++r) {
            const bf16* const values = call.x + r * 2 * call.half;
            bf16* const y = call.y + r * 2 * call.half;
            for (std::int64_t c = 0; c < call.half; c += kLanes) {
                const Floats g = load(gradient + r * call.half + c);
                const Floats gate = load(values + call.half + c);
                const Normal at_gate = normal(gate);
                const Floats slope =
                    fma(gate * at_gate.density, all(kInverseRootOf2Pi), at_gate.share);
                store(y + c, g * gate * at_gate.share);
                store(y + call.half + c, g * load(values + c) * slope);
            }
        }
    }
}

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
