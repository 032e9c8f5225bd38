#include "core/kernels/instructions.h"

#include "core/kernels/products_speed.h"

#include <cstdlib>
#include <string_view>

namespace likeness::kernels {

namespace {

#if defined(LIKENESS_CPU_KERNELS)

// Two products in float32 do what one of pairs does, and widening takes some of their time.
constexpr double kWorthWidening = 2.4;

std::string_view wanted() {
    const char* const name = std::getenv("LIKENESS_CPU_INSTRUCTIONS");
    return name == nullptr ? std::string_view() : std::string_view(name);
}

Instructions best() {
    __builtin_cpu_init();
    const bool has_avx512 =
        __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512dq") != 0;
    if (has_avx512 && wanted() != "avx2") {
        return Instructions::avx512;
    }
    const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    return has_avx2 ? Instructions::avx2 : Instructions::none;
}

bool finds_bfloat16() {
    return instructions() == Instructions::avx512 && __builtin_cpu_supports("avx512bf16") != 0 &&
           wanted() != "avx512";
}

#else

Instructions best() {
    return Instructions::none;
}

bool finds_bfloat16() {
    return false;
}

#endif

} // namespace

Instructions instructions() {
    static const Instructions found = best();
    return found;
}

const bool has_bfloat16 = finds_bfloat16();

bool multiplies_pairs() {
#if defined(LIKENESS_CPU_KERNELS)
    static const bool pairs =
        has_bfloat16 && wanted() != "avx512_bf16_rounding" &&
        (wanted() == "avx512_bf16" || time_of_pairs() < kWorthWidening * time_of_floats());
    return pairs;
#else
    return false;
#endif
}

} // namespace likeness::kernels
