#include "ui/model/size_presets.h"

#include "core/request/limits.h"

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kLatents = 4; // the network halves the latents twice

int unitOf(const ModelTraits& traits) {
    return kLatents * traits.vae_factor;
}

} // namespace

QSize nearestSize(double width, double height, const ModelTraits& traits) {
    const int unit = unitOf(traits);
    const auto side = [unit](double length) {
        return std::max(unit, static_cast<int>(std::lround(length / unit)) * unit);
    };
    return {side(width), side(height)};
}

QSize sizeOfShape(double ratio, const ModelTraits& traits) {
    const double area = static_cast<double>(traits.default_width) * traits.default_height;
    return nearestSize(std::sqrt(area * ratio), std::sqrt(area / ratio), traits);
}

std::optional<QSize> smallerSize(QSize size, const ModelTraits& traits) {
    const auto pixels = [](QSize of) { return static_cast<double>(of.width()) * of.height(); };
    const QSize own = sizeOfShape(static_cast<double>(size.width()) / size.height(), traits);
    if (pixels(own) < pixels(size)) {
        return own;
    }
    constexpr double kStep = 0.75;
    const int unit = unitOf(traits);
    const auto less = [&](int side) {
        const int least = std::max(unit, static_cast<int>(limit("width").minimum));
        return std::max(least, static_cast<int>(side * kStep) / unit * unit);
    };
    const QSize smaller(less(size.width()), less(size.height()));
    return pixels(smaller) < pixels(size) ? std::optional(smaller) : std::nullopt;
}

} // namespace likeness
