#include "core/schedulers/beta_quantile.h"

#include <cmath>
#include <initializer_list>
#include <limits>

namespace likeness {

namespace {

// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. It
// converges quickly for x < (a + 1) / (a + b + 2).
double continued_fraction(double x, double a, double b) {
    constexpr int kMost = 500;
    constexpr double kTiny = 1e-300; // in the place of a zero that would be divided by
    const auto from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / from_zero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < kMost; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double factor = 1;
        for (const double term : {even, odd}) {
            d = 1 / from_zero(1 + term * d);
            c = from_zero(1 + term / c);
            factor = d * c;
            value *= factor;
        }
        if (std::abs(factor - 1) < std::numeric_limits<double>::epsilon()) {
            break;
        }
    }
    return value;
}

// The share of the distribution below x.
double share_below(double x, double a, double b) {
    if (x > (a + 1) / (a + b + 2)) {
        return 1 - share_below(1 - x, b, a);
    }
    return std::pow(x, a) * std::pow(1 - x, b) / (a * std::beta(a, b)) *
           continued_fraction(x, a, b);
}

// The quantile where it is at most a half.
double lower_quantile(double p, double a, double b) {
    double low = 0, high = 0.5;
    for (double middle = 0.25; low < middle && middle < high; middle = (low + high) / 2) {
        (share_below(middle, a, b) < p ? low : high) = middle;
    }
    return high;
}

} // namespace

double beta_quantile(double p, double a, double b) {
    if (p <= 0 || p >= 1) {
        return p <= 0 ? 0 : 1;
    }
    return p <= share_below(0.5, a, b) ? lower_quantile(p, a, b) : 1 - lower_quantile(1 - p, b, a);
}

} // namespace likeness
