#pragma once

namespace likeness {

// How often an image-prompt adapter learns without one condition or both, so that guidance can take
// them away (checkpoints.md 8.10).
struct DropChances {
    double text = 0.05, image = 0.05, both = 0.05;
};

struct Dropped {
    bool text = false, image = false;
};

// Which of them a sample goes without, by one number drawn from 0..1.
constexpr Dropped dropped_conditions(double drawn, const DropChances& chances) {
    return {.text = drawn < chances.text + chances.both,
            .image = drawn >= chances.text && drawn < chances.text + chances.both + chances.image};
}

} // namespace likeness
