#pragma once

namespace likeness::kernels {

// The time of the same number of products: of pairs of bfloat16, which takes their instructions,
// and of floats. Seconds.
double time_of_pairs();
double time_of_floats();

} // namespace likeness::kernels
