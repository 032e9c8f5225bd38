#include "app/machine_look.h"

#include "core/runner/machine.h"
#include "core/runner/memory.h"

namespace likeness {

MachineState lookAtMachine() {
    const std::string device = placement_words({}, {}).device;
    return {.device = device,
            .threads = device == "cpu" ? thread_count(0) : 0,
            .used_bytes = resident_memory_bytes(),
            .total_bytes = total_memory_bytes()};
}

} // namespace likeness
