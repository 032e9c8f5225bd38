#pragma once

#include "core/engine/runner.h"
#include "core/request/memory_plan.h"

#include <memory>

namespace likeness {

struct RunnerOptions {
    // Where the intermediate tensors of the first run's first picture are written as safetensors
    // (spec/cli.md 4), atomically, before that run returns; empty: nowhere.
    std::string dump_path{};
    bool previews = true; // steps carry one
    MemoryChoice memory = MemoryChoice::automatic;
    // How much of the latents of pictures made lately is kept, so that a branch from one of their
    // steps begins at once; what is not kept is computed again.
    std::uint64_t kept_latents_bytes = 0;
};

// The Runner over libtorch: owns the device, the loaded model and what is cached of it. A model
// that cannot be opened leaves the one before it in place.
std::unique_ptr<Runner> make_torch_runner(const RunnerOptions& options = {});

} // namespace likeness
