#pragma once

#include "app/starter/picture_set.h"
#include "core/nn/layers.h"

#include <functional>
#include <string>
#include <vector>

namespace likeness::starter {

// One thing that can be read off a picture: a class, or an angle on the colour circle.
struct Attribute {
    std::string name{};
    int classes = 0; // 0: an angle in degrees
    // The class or the angle; -1: this subject does not show it, which is nobody's fault.
    std::function<double(const Pictured&)> value{};
};

// What belongs to the product; and what belongs to where it is shown.
const std::vector<Attribute>& identity_attributes();
const std::vector<Attribute>& scene_attributes();
std::vector<Attribute> all_attributes();

// A linear head on a feature vector for each attribute.
struct AttributeHeads {
    AttributeHeads(const Weights& weights, std::int64_t features,
                   std::vector<Attribute> attributes);

    // Cross-entropy of each class and the weighted squared error of each angle, summed; features
    // [B, F].
    Tensor loss(const Tensor& features, const std::vector<Pictured>& told) const;

    // By attribute, for each picture: the class or the angle.
    std::vector<std::vector<double>> read(const Tensor& features) const;

    std::vector<Attribute> attributes;
    std::vector<Linear> heads;
};

// Whether a reading is right: the class equal, the angle within 15 degrees.
bool is_right(const Attribute& attribute, double read, double value);

} // namespace likeness::starter
