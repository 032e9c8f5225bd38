#pragma once

#include <string_view>

namespace likeness::kernels {

// Hand-written kernels for bfloat16 on a processor, activations channels last, sums in float32.
// They are compiled for AVX-512 (with its instructions for bfloat16 where those are quicker) and
// for AVX2, see instructions.h, and may be called only where runs() says so; everywhere else
// libtorch's own operators do the same.
enum class Kernel { norm, linear, attention, convolution };

// Whether this processor can do it and nobody turned it off. LIKENESS_CPU_KERNELS in the
// environment turns off what it lists ("attention,convolution"), "0" all of them.
bool runs(Kernel kernel);

// Takes that in place of the environment's list from now on, to compare. Layers that are built
// keep what they were packed for. Throws Error{bad_request} for a word that is no kernel.
void turn_off(std::string_view list);

} // namespace likeness::kernels
