#pragma once

#include "core/request/validate.h"

#include <QSize>

#include <optional>

namespace likeness {

// The size of that shape (width / height) with as many pixels as the model is made for, in whole
// steps of what it can make.
QSize sizeOfShape(double ratio, const ModelTraits& traits);

// The nearest size in those steps.
QSize nearestSize(double width, double height, const ModelTraits& traits);

// The next smaller size of the same shape: the model's own where the size is larger, else three
// quarters of each side; nullopt where nothing smaller can be made.
std::optional<QSize> smallerSize(QSize size, const ModelTraits& traits);

} // namespace likeness
