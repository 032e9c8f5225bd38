#include "core/kernels/instructions.h"

#include "core/kernels/products_speed.h"

#include <cstdlib>
#include <string_view>

namespace likeness::kernels {

namespace {

// Two products in float32 do what one of pairs does, and widening takes some of their time.
constexpr double kWorthWidening = 2.4;

std::string_view wanted() {
    const char* const name = std::getenv("LIKENESS_CPU_INSTRUCTIONS");
    return name == nullptr ? std::string_view() : std::string_view(name);
}

bool processor_has_bfloat16() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") != 0;
}

} // namespace

const bool has_bfloat16 = processor_has_bfloat16() && wanted() != "avx512";

bool multiplies_pairs() {
    static const bool pairs =
        has_bfloat16 && wanted() != "avx512_bf16_rounding" &&
        (wanted() == "avx512_bf16" || time_of_pairs() < kWorthWidening * time_of_floats());
    return pairs;
}

} // namespace likeness::kernels
