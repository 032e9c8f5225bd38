#pragma once

#include <cstdint>

namespace likeness {

// What the loss is multiplied by where gradients are float16, so that small ones are not zero:
// torch.amp.GradScaler's rule. Halved after a step whose gradient was no number, which is not
// taken; doubled after 2000 that were.
struct LossScale {
    double scale = 65536;
    std::int64_t growth_tracker = 0; // steps taken since it was changed

    void update(bool is_finite);

    // Whether it has come down so far that the scale is not what the numbers are lost of.
    bool is_lost() const;

    bool operator==(const LossScale&) const = default;
};

} // namespace likeness
