#pragma once

#include "core/request/progress.h"

#include <cstdint>
#include <string>

namespace likeness {

// What a small network of fixed weights should have computed, and what it did.
struct KnownAnswer {
    double difference = 0; // largest, over the largest expected value
    double allowed = 0;
    double seconds = 0;

    bool right() const { return difference <= allowed; }
};

// Renders a tiny picture of fixed noise with a UNet and a VAE whose weights are computed, not
// loaded, on that device in float32, and compares it with what diffusers makes of the same weights.
KnownAnswer check_known_answer(const std::string& device);

} // namespace likeness
