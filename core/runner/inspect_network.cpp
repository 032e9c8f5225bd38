#include "core/runner/inspect_network.h"

#include "core/checkpoint/safetensors_header.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace {

using Shape = std::vector<int64_t>;

constexpr std::size_t kNamed = 8; // tensors named in one problem

// The shape without ones at its end: old files keep a Linear as a 1 x 1 kernel.
Shape without_last_ones(Shape shape) {
    while (!shape.empty() && shape.back() == 1) {
        shape.pop_back();
    }
    return shape;
}

// Notes what a network asks for and compares it with a file's header. The network is built of
// tensors that have a shape and no memory.
class HeaderSource : public WeightSource {
public:
    explicit HeaderSource(const TensorPlaces& entries) : entries_(entries) {}

    // Only for tensors whose presence a network asks after; everything else goes through make().
    std::optional<Shape> shape(const std::string& name) const override {
        const auto found = entries_.find(name);
        return name == "text_projection.weight" && found != entries_.end()
                   ? std::optional(found->second.shape)
                   : std::nullopt;
    }

    Tensor take(const std::string& name) override {
        return at::zeros(entries_.at(name).shape, at::kFloat);
    }

    Tensor make(const std::string& name, const Shape& wanted) override {
        used_.insert(name);
        const auto found = entries_.find(name);
        if (found == entries_.end()) {
            missing_.insert(name);
        } else if (without_last_ones(found->second.shape) != without_last_ones(wanted)) {
            misshaped_.insert(fmt::format("{} ([{}] in the file, [{}] by the config)", name,
                                          fmt::join(found->second.shape, ", "),
                                          fmt::join(wanted, ", ")));
        } else if (found->second.dtype.find('F') == std::string::npos) {
            misshaped_.insert(fmt::format("{} (stored as {}, expected floating-point numbers)",
                                          name, found->second.dtype));
        }
        return at::empty(wanted, at::TensorOptions().dtype(at::kFloat).device(at::kMeta));
    }

    std::vector<std::string> names() const override { return {}; }

    std::vector<std::string> problems(const std::set<std::string>& ignored) const {
        std::set<std::string> unexpected;
        for (const auto& [name, entry] : entries_) {
            if (!used_.contains(name) && !ignored.contains(name)) {
                unexpected.insert(name);
            }
        }
        std::vector<std::string> out;
        const auto tell = [&out](const char* what, const std::set<std::string>& names) {
            if (names.empty()) {
                return;
            }
            const std::vector<std::string> all(names.begin(), names.end());
            const std::size_t shown = std::min(kNamed, all.size());
            out.push_back(fmt::format(
                "{} {}: {}{}", all.size(), what,
                fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                all.size() > shown ? fmt::format(" and {} more", all.size() - shown) : ""));
        };
        tell("missing", missing_);
        tell("of another shape", misshaped_);
        tell("not expected", unexpected);
        return out;
    }

private:
    const TensorPlaces& entries_;
    std::set<std::string> used_{"text_projection.weight"}, missing_, misshaped_;
};

} // namespace

std::vector<std::string> network_problems(const TensorPlaces& places,
                                          const std::set<std::string>& ignored,
                                          const BuildNetwork& build) {
    const auto source = std::make_shared<HeaderSource>(places);
    build(Weights(source, WeightOptions{}));
    return source->problems(ignored);
}

ComponentReport summary(const TensorPlaces& places) {
    ComponentReport report;
    std::set<std::string> counted; // a tensor that is split counts once
    for (const auto& [name, place] : places) {
        std::uint64_t values = 1;
        for (const int64_t size : place.shape) {
            values *= static_cast<std::uint64_t>(size);
        }
        report.parameters += values;
        report.bytes += values * dtype_bytes(place.dtype);
        if (counted.insert(place.name).second) {
            ++report.tensors;
            ++report.dtypes[place.dtype];
        }
    }
    return report;
}

} // namespace likeness
