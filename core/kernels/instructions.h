#pragma once

namespace likeness::kernels {

// Whether the kernels round with AVX-512's instructions for bfloat16: where the processor has them.
extern const bool has_bfloat16;

// Whether they multiply pairs of bfloat16 at once, too: where that is quicker than two products in
// float32. AMD's do it in the time of one such product; Intel's, with their matrix unit hidden as
// in many virtual machines, take four times as long. Measured once, in less than a millisecond.
//
// LIKENESS_CPU_INSTRUCTIONS in the environment decides both, to compare: "avx512_bf16" uses all,
// "avx512_bf16_rounding" multiplies in float32, "avx512" uses none of them.
bool multiplies_pairs();

} // namespace likeness::kernels
