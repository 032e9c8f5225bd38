#include "core/kernels/table.h"

namespace likeness::kernels::LIKENESS_INSTRUCTIONS {

#define LIKENESS_DECLARATION(name, parameters, arguments) void name parameters;
LIKENESS_KERNELS(LIKENESS_DECLARATION)

#define LIKENESS_ENTRY(name, parameters, arguments) .name = name,
const Table table{LIKENESS_KERNELS(LIKENESS_ENTRY)};

} // namespace likeness::kernels::LIKENESS_INSTRUCTIONS
