#include "core/tensor/device.h"

#include "core/base/error.h"
#include "core/kernels/choice.h"

#include <ATen/Context.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/Exception.h>

#include <dlfcn.h>

namespace likeness {

namespace {

at::ScalarType best_dtype(const at::Device& device) {
    if (device.is_cuda()) {
        return at::kHalf;
    }
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bf16") != 0) {
        return at::kBFloat16;
    }
#endif
    // Our kernels need no such processor: they take half of the time of float32 without them.
    return kernels::runs(kernels::Kernel::linear) && kernels::runs(kernels::Kernel::convolution)
               ? at::kBFloat16
               : at::kFloat;
}

at::ScalarType parse_dtype(const std::string& name) {
    if (name == "float32") {
        return at::kFloat;
    }
    if (name == "bfloat16") {
        return at::kBFloat16;
    }
    if (name == "float16") {
        return at::kHalf;
    }
    throw Error(ErrorCode::bad_request,
                message("dtype is \"{}\"; float32, bfloat16 and float16 are known.", name));
}

int cuda_devices() {
    return has_cuda() ? static_cast<int>(at::detail::getCUDAHooks().getNumGPUs()) : 0;
}

at::Device parse_device(const std::string& name) {
    if (name.empty()) {
        return has_cuda() ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
    }
    if (name == "cpu") {
        return at::kCPU;
    }
    if (name == "cuda" || name.starts_with("cuda:")) {
        const std::string digits = name == "cuda" ? "0" : name.substr(5);
        const bool number = !digits.empty() && digits.size() < 4 &&
                            digits.find_first_not_of("0123456789") == std::string::npos;
        const int found = cuda_devices();
        if (!number || std::stoi(digits) >= found) {
            throw Error(
                ErrorCode::bad_request,
                message("The device \"{}\" is not here: {} CUDA devices were found. Use cpu.", name,
                        found));
        }
        return {at::kCUDA, static_cast<at::DeviceIndex>(std::stoi(digits))};
    }
    throw Error(ErrorCode::bad_request,
                message("The device \"{}\" is not known; cpu, cuda and cuda:N are.", name));
}

} // namespace

bool has_cuda() {
    // Registering the backend must come before the first question about CUDA; a machine without the
    // driver loads nothing.
    static const bool present = [] {
        if (dlopen("libcuda.so.1", RTLD_LAZY) == nullptr ||
            dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
            return false;
        }
        return at::globalContext().hasCUDA();
    }();
    return present;
}

DeviceMemory device_memory(const at::Device& device) {
    if (!device.is_cuda() || !has_cuda()) {
        return {};
    }
    try {
        const auto [free, total] =
            at::getDeviceAllocator(device.type())->getMemoryInfo(device.index());
        return {free, total};
    } catch (const c10::Error&) {
        return {};
    }
}

Placement choose_placement(const std::string& device, const std::string& dtype) {
    Placement placement;
    placement.device = parse_device(device);
    placement.dtype = dtype.empty() ? best_dtype(placement.device) : parse_dtype(dtype);
    return placement;
}

std::string dtype_name(at::ScalarType dtype) {
    switch (dtype) {
    case at::kBFloat16:
        return "bfloat16";
    case at::kHalf:
        return "float16";
    default:
        return "float32";
    }
}

} // namespace likeness
