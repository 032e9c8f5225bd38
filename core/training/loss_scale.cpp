#include "core/training/loss_scale.h"

#include <limits>

namespace likeness {

void LossScale::update(bool is_finite) {
    constexpr std::int64_t kGrowthInterval = 2000;
    if (!is_finite) {
        scale *= 0.5;
        growth_tracker = 0;
    } else if (++growth_tracker == kGrowthInterval) {
        // torch keeps it in float32.
        scale *= 2 * scale <= std::numeric_limits<float>::max() ? 2 : 1;
        growth_tracker = 0;
    }
}

bool LossScale::is_lost() const {
    return scale < 1.0 / 16384; // 30 halvings: float16 is wide enough for any gradient then
}

} // namespace likeness
