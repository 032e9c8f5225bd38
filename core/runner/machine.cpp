#include "core/runner/machine.h"

#include "core/tensor/device.h"

#include <ATen/Context.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>
#include <thread>

#include <fmt/format.h>

namespace likeness {

PlacementWords placement_words(const std::string& device, const std::string& dtype) {
    const Placement placement = choose_placement(device, dtype);
    return {.device = placement.device.str(), .dtype = dtype_name(placement.dtype)};
}

std::vector<std::string> device_names() {
    std::vector<std::string> names{"cpu"};
    if (has_cuda()) {
        const int devices = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
        for (int i = 0; i < devices; ++i) {
            names.push_back(fmt::format("cuda:{}", i));
        }
    }
    return names;
}

int thread_count(int wanted) {
    return wanted > 0 ? wanted
                      : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::string torch_version() {
    return TORCH_VERSION;
}

std::string cuda_words() {
    if (!has_cuda()) {
        return "no device";
    }
    const auto& hooks = at::detail::getCUDAHooks();
    const long runtime = hooks.versionCUDART(); // 12080 is 12.8
    const int devices = static_cast<int>(hooks.getNumGPUs());
    return fmt::format("{}.{}, {} device{}", runtime / 1000, runtime % 1000 / 10, devices,
                       devices == 1 ? "" : "s");
}

} // namespace likeness
