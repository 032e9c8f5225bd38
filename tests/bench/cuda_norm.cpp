// The GPU's own group norm against libtorch's in float32: values, gradients, and how long both
// take. Ends with 1 where they differ, with 77 where there is no GPU.

#include "core/nn/layers.h"
#include "core/tensor/device.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/silu.h>

#include <chrono>
#include <iostream>
#include <memory>

using namespace likeness;

namespace {

struct Case {
    int64_t batch, channels, side, groups;
};

// Values and gradients of one way to compute it.
struct Result {
    Tensor y{}, dx{}, weight{}, bias{};
};

double apart(const Tensor& a, const Tensor& b) {
    const auto wanted = b.to(at::kFloat);
    return ((a.to(at::kFloat) - wanted).norm() / wanted.norm()).item<double>();
}

template <typename Norm>
Result run(const Tensor& x, const GroupNorm& norm, const Tensor& dy, const Norm& compute) {
    const auto leaf = x.detach().requires_grad_();
    const auto y = compute(leaf);
    norm.weight.mutable_grad() = norm.bias.mutable_grad() = Tensor();
    y.backward(dy);
    return {y.detach(), leaf.grad(), norm.weight.grad(), norm.bias.grad()};
}

template <typename Work>
double milliseconds(const Work& work) {
    constexpr int kRounds = 20;
    work();
    work().item();
    const auto start = std::chrono::steady_clock::now();
    Tensor last;
    for (int i = 0; i < kRounds; ++i) {
        last = work();
    }
    last.item(); // waits
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
               .count() /
           kRounds;
}

} // namespace

int main() {
    if (!has_cuda()) {
        std::cout << "no GPU\n";
        return 77;
    }
    bool right = true;
    for (const auto dtype : {at::kBFloat16, at::kHalf}) {
        for (const Case& c : {Case{512, 64, 32, 16}, Case{512, 160, 32, 16}, Case{512, 224, 16, 16},
                              Case{64, 32, 128, 8}, Case{3, 320, 5, 32}, Case{2, 1280, 9, 32}}) {
            const auto source = std::make_shared<ParameterSource>(
                1,
                TensorMap{{"weight", at::randn({c.channels})}, {"bias", at::randn({c.channels})}},
                WeightOptions{.dtype = dtype, .device = at::kCUDA});
            const GroupNorm norm(Weights(source, {}), c.groups, c.channels, 1e-5);
            const auto made = [&] {
                const auto options = at::TensorOptions().dtype(dtype).device(at::kCUDA);
                return (at::randn({c.batch, c.channels, c.side, c.side}, options) * 2 + 0.5)
                    .contiguous(at::MemoryFormat::ChannelsLast);
            };
            const auto x = made(), dy = made();
            const auto own = run(x, norm, dy, [&](const Tensor& in) { return norm.norm_silu(in); });
            const auto theirs = run(x, norm, dy.to(at::kFloat), [&](const Tensor& in) {
                return at::silu(at::group_norm(in.to(at::kFloat), c.groups,
                                               norm.weight.to(at::kFloat), norm.bias.to(at::kFloat),
                                               norm.eps));
            });
            const double worst =
                std::max({apart(own.y, theirs.y), apart(own.dx, theirs.dx),
                          apart(own.weight, theirs.weight), apart(own.bias, theirs.bias)});
            right = right && worst < 1e-2;
            const double fast = milliseconds([&] {
                return run(x, norm, dy, [&](const Tensor& in) { return norm.norm_silu(in); })
                    .dx.sum();
            });
            const double plain = milliseconds([&] {
                return run(x, norm, dy,
                           [&](const Tensor& in) {
                               return at::silu(at::group_norm(in, c.groups, norm.weight, norm.bias,
                                                              norm.eps))
                                   .contiguous(at::MemoryFormat::ChannelsLast);
                           })
                    .dx.sum();
            });
            std::cout << dtype << " [" << c.batch << ", " << c.channels << ", " << c.side
                      << "]: apart " << worst << ", " << fast << " ms, libtorch's " << plain
                      << " ms\n";
        }
    }
    std::cout << (right ? "equal\n" : "DIFFERENT\n");
    return right ? 0 : 1;
}
