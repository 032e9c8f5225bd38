#include "core/image/resize.h"

#include "core/base/check.h"
#include "core/image/convert.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <type_traits>
#include <vector>

namespace likeness {

namespace {

constexpr int kPrecisionBits = 22; // fixed point of Pillow's 8-bit path: 32 - 8 - 2
constexpr double kBicubicA = -0.5;

double sinc(double x) {
    if (x == 0.0) {
        return 1.0;
    }
    const double angle = x * std::numbers::pi;
    return std::sin(angle) / angle;
}

double weight_at(Filter filter, double x) {
    switch (filter) {
    case Filter::box:
        return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
    case Filter::bilinear:
        return std::max(0.0, 1.0 - std::abs(x));
    case Filter::bicubic: {
        const double a = kBicubicA;
        const double d = std::abs(x);
        if (d < 1.0) {
            return ((a + 2.0) * d - (a + 3.0)) * d * d + 1.0;
        }
        return d < 2.0 ? (((d - 5.0) * d + 8.0) * d - 4.0) * a : 0.0;
    }
    case Filter::lanczos:
        return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
    }
    return 0.0;
}

double support_of(Filter filter) {
    switch (filter) {
    case Filter::box:
        return 0.5;
    case Filter::bilinear:
        return 1.0;
    case Filter::bicubic:
        return 2.0;
    case Filter::lanczos:
        return 3.0;
    }
    return 0.0;
}

// Which inputs one output reads, and how strongly: weights [first_weight, first_weight + count) of
// `Axis::weights`.
struct Taps {
    int first = 0;
    int count = 0;
    std::size_t first_weight = 0;
};

// One direction of the resampling, for the outputs [begin, begin + taps.size()).
template <typename Weight>
struct Axis {
    std::vector<Taps> taps{};
    std::vector<Weight> weights{};
};

// u8 has weights of 22 fractional bits, the other types double.
template <typename T>
using WeightOf = std::conditional_t<std::is_same_v<T, std::uint8_t>, std::int32_t, double>;

template <typename Weight>
Weight stored_weight(double weight) {
    if constexpr (std::is_same_v<Weight, std::int32_t>) {
        const double scaled = weight * (1 << kPrecisionBits);
        return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
    } else {
        return weight;
    }
}

// checkpoints.md 5.1, with the same order of floating-point operations as Pillow.
template <typename Weight>
Axis<Weight> make_axis(int in, int out, int begin, int count, Filter filter) {
    const double scale = static_cast<double>(in) / out;
    const double filter_scale = std::max(scale, 1.0);
    const double support = support_of(filter) * filter_scale;
    const double inverse = 1.0 / filter_scale;
    Axis<Weight> axis;
    axis.taps.reserve(static_cast<std::size_t>(count));
    std::vector<double> row;
    for (int i = begin; i < begin + count; ++i) {
        const double center = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(center - support + 0.5));
        const int last = std::min(in, static_cast<int>(center + support + 0.5));
        row.clear();
        double sum = 0.0;
        for (int j = first; j < last; ++j) {
            row.push_back(weight_at(filter, (j - center + 0.5) * inverse));
            sum += row.back();
        }
        axis.taps.push_back(
            {.first = first, .count = last - first, .first_weight = axis.weights.size()});
        for (const double weight : row) {
            axis.weights.push_back(stored_weight<Weight>(sum != 0.0 ? weight / sum : weight));
        }
    }
    return axis;
}

template <typename Weight>
constexpr Weight start_value() {
    if constexpr (std::is_same_v<Weight, std::int32_t>) {
        return 1 << (kPrecisionBits - 1);
    } else {
        return 0.0;
    }
}

template <typename T>
T finished(WeightOf<T> sum) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
    } else if constexpr (std::is_same_v<T, std::uint16_t>) {
        return static_cast<std::uint16_t>(std::clamp(std::nearbyint(sum), 0.0, 65535.0));
    } else {
        return static_cast<float>(sum);
    }
}

// One output row out of one input row.
template <typename T, int kChannels>
void horizontal(const T* in, T* out, const Axis<WeightOf<T>>& axis) {
    using Weight = WeightOf<T>;
    for (const Taps& taps : axis.taps) {
        Weight sums[kChannels];
        std::fill_n(sums, kChannels, start_value<Weight>());
        const Weight* weights = axis.weights.data() + taps.first_weight;
        const T* pixel = in + static_cast<std::ptrdiff_t>(taps.first) * kChannels;
        for (int j = 0; j < taps.count; ++j, pixel += kChannels) {
            for (int c = 0; c < kChannels; ++c) {
                sums[c] += static_cast<Weight>(pixel[c]) * weights[j];
            }
        }
        for (int c = 0; c < kChannels; ++c) {
            *out++ = finished<T>(sums[c]);
        }
    }
}

template <typename T>
void horizontal(const T* in, T* out, int channels, const Axis<WeightOf<T>>& axis) {
    switch (channels) {
    case 1:
        return horizontal<T, 1>(in, out, axis);
    case 3:
        return horizontal<T, 3>(in, out, axis);
    case 4:
        return horizontal<T, 4>(in, out, axis);
    default:
        LIKENESS_CHECK(false, channels, " channels");
    }
}

// Rows of values somewhere in memory, `stride` values apart.
template <typename T>
struct Rows {
    const T* data = nullptr;
    std::size_t stride = 0;

    const T* row(int y) const { return data + static_cast<std::size_t>(y) * stride; }
};

// `width` values of every output row.
template <typename T>
void vertical(const Rows<T>& in, std::size_t width, T* out, const Axis<WeightOf<T>>& axis) {
    using Weight = WeightOf<T>;
    std::vector<Weight> sums(width);
    for (const Taps& taps : axis.taps) {
        std::fill(sums.begin(), sums.end(), start_value<Weight>());
        for (int j = 0; j < taps.count; ++j) {
            const Weight weight = axis.weights[taps.first_weight + static_cast<std::size_t>(j)];
            const T* row = in.row(taps.first + j);
            for (std::size_t x = 0; x < width; ++x) {
                sums[x] += static_cast<Weight>(row[x]) * weight;
            }
        }
        for (std::size_t x = 0; x < width; ++x) {
            *out++ = finished<T>(sums[x]);
        }
    }
}

template <typename T>
const T* values(const Image& image) {
    return reinterpret_cast<const T*>(image.bytes.data());
}

template <typename T>
T* values(Image& image) {
    return reinterpret_cast<T*>(image.bytes.data());
}

// The outputs of `axis` begin to read here; from now on it counts from there.
template <typename Weight>
int shift_to_zero(Axis<Weight>& axis) {
    const int first = axis.taps.front().first;
    for (Taps& taps : axis.taps) {
        taps.first -= first;
    }
    return first;
}

template <typename Weight>
int inputs_read(const Axis<Weight>& axis) {
    return axis.taps.back().first + axis.taps.back().count;
}

// Both directions change. Pillow 13 begins with the rows where more than twice as many of them go
// as columns, and with the columns otherwise (so do all versions before); the rounding between the
// passes makes it visible.
bool rows_first(const Image& image, int width, int height) {
    return height < image.height && image.height - height > 2 * (image.width - width);
}

template <typename T>
void resample_both(const Image& image, int width, int height, Filter filter, const Window& window,
                   T* out) {
    using Weight = WeightOf<T>;
    const auto channels = static_cast<std::size_t>(image.channels);
    const std::size_t in_row = static_cast<std::size_t>(image.width) * channels;
    const std::size_t out_row = static_cast<std::size_t>(window.width) * channels;
    Axis<Weight> across = make_axis<Weight>(image.width, width, window.left, window.width, filter);
    Axis<Weight> down = make_axis<Weight>(image.height, height, window.top, window.height, filter);
    const int left = shift_to_zero(across);
    const int top = shift_to_zero(down);
    const Rows<T> in{values<T>(image) + static_cast<std::size_t>(top) * in_row +
                         static_cast<std::size_t>(left) * channels,
                     in_row};
    if (rows_first(image, width, height)) {
        const std::size_t row = static_cast<std::size_t>(inputs_read(across)) * channels;
        std::vector<T> between(row * static_cast<std::size_t>(window.height));
        vertical(in, row, between.data(), down);
        const Rows<T> rows{between.data(), row};
        for (int y = 0; y < window.height; ++y, out += out_row) {
            horizontal(rows.row(y), out, image.channels, across);
        }
    } else {
        const int rows = inputs_read(down);
        std::vector<T> between(out_row * static_cast<std::size_t>(rows));
        for (int y = 0; y < rows; ++y) {
            horizontal(in.row(y), between.data() + static_cast<std::size_t>(y) * out_row,
                       image.channels, across);
        }
        vertical(Rows<T>{between.data(), out_row}, out_row, out, down);
    }
}

// A direction whose size does not change is left out, as in Pillow.
template <typename T>
Image resample(const Image& image, int width, int height, Filter filter, const Window& window) {
    using Weight = WeightOf<T>;
    const auto channels = static_cast<std::size_t>(image.channels);
    const std::size_t in_row = static_cast<std::size_t>(image.width) * channels;
    const std::size_t out_row = static_cast<std::size_t>(window.width) * channels;
    Image result = make_image(window.width, window.height, image.channels, image.type);
    T* out = values<T>(result);
    if (width != image.width && height != image.height) {
        resample_both(image, width, height, filter, window, out);
    } else if (width != image.width) {
        const Rows<T> in{values<T>(image) + static_cast<std::size_t>(window.top) * in_row, in_row};
        const auto across =
            make_axis<Weight>(image.width, width, window.left, window.width, filter);
        for (int y = 0; y < window.height; ++y, out += out_row) {
            horizontal(in.row(y), out, image.channels, across);
        }
    } else {
        const Rows<T> in{values<T>(image) + static_cast<std::size_t>(window.left) * channels,
                         in_row};
        vertical(in, out_row, out,
                 make_axis<Weight>(image.height, height, window.top, window.height, filter));
    }
    return result;
}

// Pillow's MULDIV255: a * b / 255 to the nearest.
std::uint8_t product_255(unsigned a, unsigned b) {
    const unsigned t = a * b + 128;
    return static_cast<std::uint8_t>((t + (t >> 8)) >> 8);
}

template <typename T>
void weight_by_alpha(Image& image) {
    T* pixel = values<T>(image);
    for (const T* end = pixel + image.bytes.size() / sizeof(T); pixel != end; pixel += 4) {
        for (int c = 0; c < 3; ++c) {
            if constexpr (std::is_same_v<T, std::uint8_t>) {
                pixel[c] = product_255(pixel[c], pixel[3]);
            } else if constexpr (std::is_same_v<T, std::uint16_t>) {
                pixel[c] = static_cast<T>((std::uint64_t{pixel[c]} * pixel[3] + 32767) / 65535);
            } else {
                pixel[c] *= pixel[3];
            }
        }
    }
}

template <typename T>
void divide_by_alpha(Image& image) {
    T* pixel = values<T>(image);
    for (const T* end = pixel + image.bytes.size() / sizeof(T); pixel != end; pixel += 4) {
        if (pixel[3] == T{0}) {
            continue;
        }
        for (int c = 0; c < 3; ++c) {
            if constexpr (std::is_same_v<T, std::uint8_t>) {
                pixel[c] = static_cast<T>(std::min(255 * pixel[c] / pixel[3], 255));
            } else if constexpr (std::is_same_v<T, std::uint16_t>) {
                pixel[c] = static_cast<T>(
                    std::min<std::uint64_t>(std::uint64_t{pixel[c]} * 65535 / pixel[3], 65535));
            } else {
                pixel[c] /= pixel[3];
            }
        }
    }
}

template <typename T>
Image resample_colours(const Image& image, int width, int height, Filter filter,
                       const Window& window) {
    if (image.channels != 4) {
        return resample<T>(image, width, height, filter, window);
    }
    Image weighted = image;
    weight_by_alpha<T>(weighted);
    Image result = resample<T>(weighted, width, height, filter, window);
    divide_by_alpha<T>(result);
    return result;
}

} // namespace

Image resize(const Image& image, int width, int height, Filter filter) {
    LIKENESS_CHECK(width > 0 && height > 0, width, "x", height);
    return resize_window(image, width, height, filter, {0, 0, width, height});
}

Image resize_window(const Image& image, int width, int height, Filter filter,
                    const Window& window) {
    LIKENESS_CHECK(image.width > 0 && image.height > 0, "an empty picture");
    LIKENESS_CHECK(window.left >= 0 && window.top >= 0 && window.width > 0 && window.height > 0 &&
                       window.left <= width - window.width && window.top <= height - window.height,
                   "window ", window.width, "x", window.height, " at ", window.left, ",",
                   window.top, " of ", width, "x", height);
    if (width == image.width && height == image.height) {
        return crop(image, window.left, window.top, window.width, window.height);
    }
    Image result;
    switch (image.type) {
    case PixelType::u8:
        result = resample_colours<std::uint8_t>(image, width, height, filter, window);
        break;
    case PixelType::u16:
        result = resample_colours<std::uint16_t>(image, width, height, filter, window);
        break;
    case PixelType::f32:
        result = resample_colours<float>(image, width, height, filter, window);
        break;
    }
    result.icc_profile = image.icc_profile;
    return result;
}

} // namespace likeness
