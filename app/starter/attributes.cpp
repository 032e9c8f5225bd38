#include "app/starter/attributes.h"

#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
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
    std::vector<float> values; // [B, attributes]
    values.reserve(told.size() * attributes.size());
    for (const auto& picture : told) {
        for (const auto& attribute : attributes) {
            values.push_back(static_cast<float>(attribute.value(picture)));
        }
    }
    const auto table = to_tensor(values, features.device())
                           .view({features.size(0), static_cast<std::int64_t>(attributes.size())});
    Tensor sum;
    for (std::size_t a = 0; a < attributes.size(); ++a) {
        const auto wanted = table.select(1, static_cast<std::int64_t>(a));
        const auto shown = wanted >= 0;
        const auto out = heads[a](features).to(at::kFloat);
        const auto each = attributes[a].classes > 0
                              ? at::cross_entropy_loss(out, wanted.clamp_min(0).to(at::kLong), {},
                                                       at::Reduction::None)
                              : kAngleWeight * angle_losses(out, wanted);
        const auto loss = (each * shown).sum() / shown.sum().clamp_min(1);
        sum = sum.defined() ? sum + loss : loss;
    }
    return sum;
}

std::vector<std::vector<double>> AttributeHeads::read(const Tensor& features) const {
    std::vector<std::vector<double>> readings;
    for (std::size_t a = 0; a < attributes.size(); ++a) {
        const auto out = heads[a](features);
        const auto values = (attributes[a].classes > 0 ? out.argmax(1) : to_degrees(out))
                                .to(at::kCPU, at::kDouble)
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

} // namespace likeness::starter
