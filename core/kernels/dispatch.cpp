#include "core/base/check.h"
#include "core/kernels/instructions.h"
#include "core/kernels/table.h"

namespace likeness::kernels {

namespace {

const Table& table() {
#if defined(LIKENESS_CPU_KERNELS)
    switch (instructions()) {
    case Instructions::avx512:
        return avx512::table;
    case Instructions::avx2:
        return avx2::table;
    case Instructions::none:
        break;
    }
#endif
    LIKENESS_CHECK(false, "a kernel was called that this processor cannot run");
    __builtin_unreachable();
}

} // namespace

#define LIKENESS_CALL(name, parameters, arguments)                                                 \
    void name parameters {                                                                         \
        table().name arguments;                                                                    \
    }
LIKENESS_KERNELS(LIKENESS_CALL)

} // namespace likeness::kernels
