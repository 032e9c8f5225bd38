#pragma once

#include "core/weights/weights.h"

namespace likeness {

// Puts values into parameters, such as their average, so that the model shows those; what was there
// comes back with its end, bit for bit.
class ShownValues {
public:
    ShownValues(const TensorMap& parameters, const TensorMap& values);
    ~ShownValues();

    ShownValues(const ShownValues&) = delete;
    ShownValues& operator=(const ShownValues&) = delete;

private:
    const TensorMap& parameters_;
    TensorMap former_;
};

} // namespace likeness
