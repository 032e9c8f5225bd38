#pragma once

#include "ui/model/machine_state.h"

namespace likeness {

// The device that is used where a request names none, and this program's memory.
MachineState lookAtMachine();

} // namespace likeness
