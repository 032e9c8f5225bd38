#pragma once

#include <vector>

namespace likeness {

// Where one reference acted on a picture: at every place of the latents its share of what the
// cross-attention took in, 0..1, beside the prompt and the other references.
struct Influence {
    int width = 0; // of the latents
    int height = 0;
    std::vector<std::vector<float>> steps{}; // [step][height * width]
    std::vector<float> mean{};               // over all steps

    bool operator==(const Influence&) const = default;
};

} // namespace likeness
