#include "app/starter/attributes.h"

#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>

#include <cmath>

namespace likeness::starter {

namespace {

constexpr double kRightAngle = 15.0; // degrees an angle may be off and still count
constexpr double kAngleWeight = 4.0; // an angle's squared error beside cross-entropies up to log 24

template <typename Enum>
double number(Enum value) {
    return static_cast<double>(static_cast<int>(value));
}

Attribute of_class(const std::string& name, int classes,
                   const std::function<double(const Pictured&)>& value) {
    return {name, classes, value};
}

} // namespace

const std::vector<Attribute>& identity_attributes() {
    using P = const Pictured&;
    static const std::vector<Attribute> table{
        of_class("shape", synth::kShapes, [](P p) { return number(p.subject.shape); }),
        of_class("hue", 0, [](P p) { return p.subject.hue; }),
        of_class("second_hue", 0,
                 [](P p) { return p.subject.has_pattern() ? p.subject.second_hue : -1.0; }),
        of_class("pattern", synth::kPatterns, [](P p) { return number(p.subject.pattern); }),
        of_class("decal", synth::kGlyphs + 1,
                 [](P p) { return p.subject.has_decal ? 1 + number(p.subject.glyph) : 0.0; }),
        of_class("decal_colour", synth::kDecalColours,
                 [](P p) { return p.subject.has_decal ? number(p.subject.decal_colour) : -1.0; }),
        of_class("material", synth::kMaterials, [](P p) { return number(p.subject.material); }),
    };
    return table;
}

const std::vector<Attribute>& scene_attributes() {
    using P = const Pictured&;
    static const std::vector<Attribute> table{
        of_class("place", synth::kPlaces, [](P p) { return number(p.scene.place); }),
        of_class("light", synth::kLightDirections, [](P p) { return number(p.scene.light); }),
        of_class("style", synth::kStyles, [](P p) { return number(p.scene.style); }),
    };
    return table;
}

std::vector<Attribute> all_attributes() {
    auto all = identity_attributes();
    all.insert(all.end(), scene_attributes().begin(), scene_attributes().end());
    return all;
}

AttributeHeads::AttributeHeads(const Weights& weights, std::int64_t features,
                               std::vector<Attribute> wanted)
    : attributes(std::move(wanted)) {
    heads.reserve(attributes.size());
    for (const auto& attribute : attributes) {
        heads.emplace_back(weights / attribute.name, features,
                           attribute.classes > 0 ? attribute.classes : 2);
    }
}

Tensor AttributeHeads::loss(const Tensor& features, const std::vector<Pictured>& told) const {
    Tensor sum;
    for (std::size_t a = 0; a < attributes.size(); ++a) {
        const auto& attribute = attributes[a];
        std::vector<double> values;
        std::vector<std::int64_t> shown;
        for (std::size_t i = 0; i < told.size(); ++i) {
            const double value = attribute.value(told[i]);
            if (value >= 0) {
                values.push_back(value);
                shown.push_back(static_cast<std::int64_t>(i));
            }
        }
        if (values.empty()) {
            continue;
        }
        const auto out =
            heads[a](features).index_select(0, at::tensor(shown, at::kLong)).to(at::kFloat);
        const auto wanted = at::tensor(values, at::kDouble);
        const auto loss = attribute.classes > 0 ? at::cross_entropy_loss(out, wanted.to(at::kLong))
                                                : kAngleWeight * angle_loss(out, wanted);
        sum = sum.defined() ? sum + loss : loss;
    }
    return sum;
}

std::vector<std::vector<double>> AttributeHeads::read(const Tensor& features) const {
    std::vector<std::vector<double>> readings;
    for (std::size_t a = 0; a < attributes.size(); ++a) {
        const auto out = heads[a](features);
        const auto values = (attributes[a].classes > 0 ? out.argmax(1) : to_degrees(out))
                                .to(at::kDouble)
                                .contiguous();
        const auto* first = values.const_data_ptr<double>();
        readings.emplace_back(first, first + values.numel());
    }
    return readings;
}

bool is_right(const Attribute& attribute, double read, double value) {
    if (attribute.classes > 0) {
        return read == value;
    }
    const double apart = std::abs(std::remainder(read - value, 360.0));
    return apart <= kRightAngle;
}

namespace {

constexpr std::int64_t kWidths[] = {24, 48, 64, 96, 96, 128};
constexpr std::int64_t kStrides[] = {2, 2, 2, 1, 2, 1};

std::vector<Conv2d> evaluator_convolutions(const Weights& weights) {
    std::vector<Conv2d> layers;
    std::int64_t in = 3;
    for (std::size_t i = 0; i < std::size(kWidths); ++i) {
        layers.emplace_back(weights / "convolutions" / std::to_string(i), in, kWidths[i],
                            Conv2d::Shape{.kernel = 3, .stride = kStrides[i], .padding = 1});
        in = kWidths[i];
    }
    return layers;
}

std::vector<GroupNorm> evaluator_norms(const Weights& weights) {
    std::vector<GroupNorm> layers;
    for (std::size_t i = 0; i < std::size(kWidths); ++i) {
        layers.emplace_back(weights / "norms" / std::to_string(i), 8, kWidths[i], 1e-5);
    }
    return layers;
}

} // namespace

Evaluator::Evaluator(const Weights& weights)
    : convolutions(evaluator_convolutions(weights)), norms(evaluator_norms(weights)),
      heads(weights / "heads", 2 * 128, all_attributes()) {}

Tensor Evaluator::features(const Tensor& pictures) const {
    auto x = pictures;
    for (std::size_t i = 0; i < convolutions.size(); ++i) {
        x = norms[i].norm_silu(convolutions[i](x));
    }
    return at::cat({x.mean({2, 3}), x.amax({2, 3})}, 1);
}

} // namespace likeness::starter
