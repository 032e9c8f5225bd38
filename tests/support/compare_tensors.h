#pragma once

#include "core/tensor/tensor.h"

#include <ATen/ops/isfinite.h>

#include <QTest>

#include <algorithm>
#include <sstream>
#include <string>

namespace likeness::test {

// How far a result may lie from the reference: the largest difference over the largest value.
struct Tolerance {
    const char* name;
    double relative;
};

// The one table of tolerances. The reference's numbers are float32; sums are taken in another
// order.
inline constexpr Tolerance kExact{"exact", 0};
inline constexpr Tolerance kFloat32{"float32", 2e-5};
inline constexpr Tolerance kFloat32Loop{"float32, several steps", 1e-4};
// Guided steps of a tiny network make much of a rounding: libtorch's own operators are up to 0.096
// off after four of them, by the seed.
inline constexpr Tolerance kBFloat16Loop{"bfloat16, several steps", 1e-1};

// Empty where the tensors agree; otherwise what differs, where and by how much.
inline std::string difference(const Tensor& actual, const Tensor& expected, Tolerance tolerance) {
    std::ostringstream text;
    if (!actual.defined() || !expected.defined()) {
        text << "one of the tensors is undefined";
    } else if (actual.sizes() != expected.sizes()) {
        text << "shapes differ: " << actual.sizes() << ", expected " << expected.sizes();
    } else if (actual.numel() > 0) {
        const Tensor a = actual.detach().to(at::kCPU, at::kDouble);
        const Tensor b = expected.detach().to(at::kCPU, at::kDouble);
        if (!at::isfinite(a).all().item<bool>() || !at::isfinite(b).all().item<bool>()) {
            return "not all values are finite";
        }
        const Tensor distance = (a - b).abs().flatten();
        const double largest = distance.max().item<double>();
        const double size = b.abs().max().item<double>();
        if (largest > tolerance.relative * std::max(size, 1e-30)) {
            const auto at = distance.argmax().item<int64_t>();
            text << "largest difference " << largest << " at " << at << " of " << distance.numel()
                 << " in " << expected.sizes() << ": " << a.flatten()[at].item<double>()
                 << ", expected " << b.flatten()[at].item<double>() << "; " << largest / size
                 << " of the largest value, allowed " << tolerance.relative << " ("
                 << tolerance.name << ")";
        }
    }
    return text.str();
}

} // namespace likeness::test

#define COMPARE_TENSORS(actual, expected, tolerance)                                               \
    do {                                                                                           \
        const std::string found = ::likeness::test::difference((actual), (expected), (tolerance)); \
        QVERIFY2(found.empty(), (std::string(#actual ": ") + found).c_str());                      \
    } while (false)
