#include "core/nn/cuda_group_norm.h"

#include "core/base/check.h"
#include "core/nn/cuda_group_norm_kernels.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

#include <dlfcn.h>

namespace likeness {

namespace {

constexpr int kThreads = 256;
constexpr int64_t kBlocks = 1024;    // wanted on the whole GPU
constexpr int64_t kLeastPlaces = 64; // that a block is worth its start for

// The part of NVRTC's and the driver's C interfaces that is used; the set-up has no CUDA headers.
using Program = void*;
using Function = void*;

struct Cuda {
    int (*create)(Program*, const char*, const char*, int, const char* const*, const char* const*);
    int (*compile)(Program, int, const char* const*);
    int (*cubin_size)(Program, std::size_t*);
    int (*cubin)(Program, char*);
    int (*load)(void** module, const void* image);
    int (*function)(Function*, void* module, const char* name);
    int (*launch)(Function, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                  void* stream, void** arguments, void** extra);
    int (*attribute)(int*, int attribute, int device);
    int (*primary)(void** context, int device);
    int (*current)(void** context);
    int (*make_current)(void* context);

    // nullopt where a library or a name is missing.
    static std::optional<Cuda> open() {
        // libcaffe2_nvrtc brings NVRTC along from where libtorch keeps it.
        void* const nvrtc = dlopen("libcaffe2_nvrtc.so", RTLD_NOW | RTLD_GLOBAL);
        void* const driver = dlopen("libcuda.so.1", RTLD_NOW);
        if (nvrtc == nullptr || driver == nullptr) {
            return std::nullopt;
        }
        Cuda cuda{};
        bool whole = true;
        const auto find = [&whole](auto& into, void* library, const char* name) {
            void* const symbol = dlsym(library, name);
            whole = whole && symbol != nullptr;
            into = reinterpret_cast<std::remove_reference_t<decltype(into)>>(symbol);
        };
        find(cuda.create, nvrtc, "nvrtcCreateProgram");
        find(cuda.compile, nvrtc, "nvrtcCompileProgram");
        find(cuda.cubin_size, nvrtc, "nvrtcGetCUBINSize");
        find(cuda.cubin, nvrtc, "nvrtcGetCUBIN");
        find(cuda.load, driver, "cuModuleLoadData");
        find(cuda.function, driver, "cuModuleGetFunction");
        find(cuda.launch, driver, "cuLaunchKernel");
        find(cuda.attribute, driver, "cuDeviceGetAttribute");
        find(cuda.primary, driver, "cuDevicePrimaryCtxRetain");
        find(cuda.current, driver, "cuCtxGetCurrent");
        find(cuda.make_current, driver, "cuCtxSetCurrent");
        return whole ? std::optional(cuda) : std::nullopt;
    }
};

enum Kernel {
    sums_forward,
    coefficients_forward,
    apply_forward,
    sums_backward,
    coefficients_backward,
    apply_backward,
    kKernels
};

constexpr std::array<const char*, kKernels> kNames{"sums_forward",          "coefficients_forward",
                                                   "apply_forward",         "sums_backward",
                                                   "coefficients_backward", "apply_backward"};

// The kernels for one dtype on one device.
class Kernels {
public:
    // nullptr where they cannot be had.
    static const Kernels* of(const Tensor& x) {
        static std::mutex mutex;
        static std::map<std::pair<int, at::ScalarType>, std::optional<Kernels>> all;
        const std::scoped_lock lock(mutex);
        const std::pair key(static_cast<int>(x.device().index()), x.scalar_type());
        auto found = all.find(key);
        if (found == all.end()) {
            found = all.emplace(key, compile(key.first, key.second)).first;
        }
        return found->second ? &*found->second : nullptr;
    }

    template <typename... Arguments>
    void launch(Kernel kernel, const Tensor& like, int64_t grid_x, int64_t grid_y,
                std::size_t shared, Arguments... arguments) const {
        // A thread that has not called CUDA yet, as autograd's, has no context.
        void* context = nullptr;
        if (cuda_.current(&context) == 0 && context == nullptr) {
            cuda_.make_current(context_);
        }
        void* pointers[] = {static_cast<void*>(&arguments)...};
        const c10::impl::VirtualGuardImpl guard(like.device().type());
        void* const stream = guard.getStream(like.device()).native_handle();
        const int code = cuda_.launch(functions_[kernel], static_cast<unsigned>(grid_x),
                                      static_cast<unsigned>(grid_y), 1, kThreads, 1, 1,
                                      static_cast<unsigned>(shared), stream, pointers, nullptr);
        LIKENESS_CHECK(code == 0, kNames[kernel], " was not started: CUDA error ", code);
    }

private:
    static std::optional<Kernels> compile(int device, at::ScalarType dtype) {
        const char* const off = std::getenv("LIKENESS_CUDA_KERNELS");
        const auto cuda = off != nullptr && std::string(off) == "0" ? std::nullopt : Cuda::open();
        if (!cuda) {
            return std::nullopt;
        }
        Kernels kernels(*cuda);
        void* context = nullptr;
        if (cuda->primary(&kernels.context_, device) != 0 || cuda->current(&context) != 0) {
            return std::nullopt;
        }
        if (context == nullptr) {
            cuda->make_current(kernels.context_);
        }
        constexpr int kMajor = 75, kMinor = 76; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_*
        int major = 0, minor = 0;
        cuda->attribute(&major, kMajor, device);
        cuda->attribute(&minor, kMinor, device);
        const auto architecture = "-arch=sm_" + std::to_string(10 * major + minor);
        const auto type = std::string("-DBFLOAT16=") + (dtype == at::kBFloat16 ? "1" : "0");
        const char* const options[] = {architecture.c_str(), type.c_str(), "-std=c++17"};
        Program program = nullptr;
        std::size_t size = 0;
        if (cuda->create(&program, kGroupNormKernels, "group_norm.cu", 0, nullptr, nullptr) != 0 ||
            cuda->compile(program, 3, options) != 0 || cuda->cubin_size(program, &size) != 0) {
            return std::nullopt;
        }
        std::vector<char> image(size);
        void* module = nullptr;
        if (cuda->cubin(program, image.data()) != 0 || cuda->load(&module, image.data()) != 0) {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            if (cuda->function(&kernels.functions_[i], module, kNames[i]) != 0) {
                return std::nullopt;
            }
        }
        return kernels;
    }

    explicit Kernels(const Cuda& cuda) : cuda_(cuda) {}

    Cuda cuda_;
    void* context_ = nullptr;
    std::array<Function, kKernels> functions_{};
};

// What the launches of one norm share.
struct Sizes {
    explicit Sizes(const Tensor& x)
        : batch(x.size(0)), channels(x.size(1)), places(x.size(2) * x.size(3)),
          pieces(std::clamp<int64_t>(kBlocks / batch, 1,
                                     std::max<int64_t>(places / kLeastPlaces, 1))) {}

    int64_t batch, channels, places, pieces;

    std::size_t shared() const { return static_cast<std::size_t>(channels) * 2 * sizeof(float); }
};

Tensor floats(const Tensor& x, at::IntArrayRef sizes) {
    return at::empty(sizes, at::TensorOptions().dtype(at::kFloat).device(x.device()));
}

struct GroupNormFunction : torch::autograd::Function<GroupNormFunction> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x,
                          const Tensor& weight, const Tensor& bias, int64_t groups, double eps,
                          bool silu) {
        const c10::DeviceGuard device(x.device());
        const auto& kernels = *Kernels::of(x);
        const Sizes s(x);
        const auto partial = floats(x, {s.batch, s.pieces, s.channels, 2});
        const auto statistics = floats(x, {s.batch, s.channels, 2});
        const auto coefficients = floats(x, {s.batch, s.channels, 2});
        auto y = at::empty_like(x);
        const auto places = static_cast<int>(s.places), channels = static_cast<int>(s.channels);
        kernels.launch(sums_forward, x, s.pieces, s.batch, 0, x.const_data_ptr(),
                       partial.mutable_data_ptr(), places, channels);
        kernels.launch(coefficients_forward, x, s.batch, 1, s.shared(), partial.const_data_ptr(),
                       weight.const_data_ptr(), bias.const_data_ptr(),
                       statistics.mutable_data_ptr(), coefficients.mutable_data_ptr(),
                       static_cast<int>(s.pieces), places, channels, static_cast<int>(groups),
                       static_cast<float>(eps));
        kernels.launch(apply_forward, x, s.pieces, s.batch, 0, x.const_data_ptr(),
                       coefficients.const_data_ptr(), y.mutable_data_ptr(), places, channels,
                       silu ? 1 : 0);
        context->save_for_backward({x, weight, statistics, coefficients});
        context->saved_data["groups"] = groups;
        context->saved_data["silu"] = silu;
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &statistics = saved[2],
                   &coefficients = saved[3];
        const c10::DeviceGuard device(x.device());
        const auto& kernels = *Kernels::of(x);
        const Sizes s(x);
        const auto dy = gradients[0].to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
        const auto groups = static_cast<int>(context->saved_data["groups"].toInt());
        const int silu = context->saved_data["silu"].toBool() ? 1 : 0;
        const auto partial = floats(x, {s.batch, s.pieces, s.channels, 2});
        const auto own = floats(x, {s.batch, s.channels, 2});
        const auto rest = floats(x, {s.batch, s.channels, 2});
        auto dx = at::empty_like(x);
        const auto places = static_cast<int>(s.places), channels = static_cast<int>(s.channels);
        kernels.launch(sums_backward, x, s.pieces, s.batch, 0, x.const_data_ptr(),
                       dy.const_data_ptr(), coefficients.const_data_ptr(),
                       partial.mutable_data_ptr(), places, channels, silu);
        kernels.launch(coefficients_backward, x, s.batch, 1, s.shared(), partial.const_data_ptr(),
                       weight.const_data_ptr(), statistics.const_data_ptr(), own.mutable_data_ptr(),
                       rest.mutable_data_ptr(), static_cast<int>(s.pieces), places, channels,
                       groups);
        kernels.launch(apply_backward, x, s.pieces, s.batch, 0, x.const_data_ptr(),
                       dy.const_data_ptr(), coefficients.const_data_ptr(), rest.const_data_ptr(),
                       dx.mutable_data_ptr(), places, channels, silu);
        const auto sums = own.sum(0).to(weight.scalar_type()); // [C, 2]
        return {dx, sums.select(1, 0), sums.select(1, 1), Tensor(), Tensor(), Tensor()};
    }
};

} // namespace

std::optional<Tensor> cuda_group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                      int64_t groups, double eps, AfterNorm after) {
    const bool halves = x.scalar_type() == at::kHalf || x.scalar_type() == at::kBFloat16;
    if (!x.is_cuda() || !halves || x.dim() != 4 || weight.scalar_type() != x.scalar_type() ||
        x.size(1) % 8 != 0 || x.size(1) > 8 * kThreads || x.numel() == 0 ||
        !x.is_contiguous(at::MemoryFormat::ChannelsLast) || Kernels::of(x) == nullptr) {
        return std::nullopt;
    }
    return GroupNormFunction::apply(x, weight, bias, groups, eps, after == AfterNorm::silu);
}

} // namespace likeness
