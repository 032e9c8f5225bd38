#pragma once

namespace likeness::kernels {

// What the kernels can be run with here: the best of what they are compiled for that the processor
// has.
enum class Instructions { none, avx2, avx512 };

Instructions instructions();

// Whether those of AVX-512 round with its instructions for bfloat16: where the processor has them.
extern const bool has_bfloat16;

// Whether they multiply pairs of bfloat16 at once, too: where that is quicker than two products in
// float32. AMD's do it in the time of one such product; Intel's, with their matrix unit hidden as
// in many virtual machines, take four times as long. Measured once, in less than a millisecond.
//
// LIKENESS_CPU_INSTRUCTIONS in the environment decides all of it, to compare: "avx512_bf16" uses
// all, "avx512_bf16_rounding" multiplies in float32, "avx512" uses none of those for bfloat16,
// "avx2" nothing of AVX-512.
bool multiplies_pairs();

} // namespace likeness::kernels
