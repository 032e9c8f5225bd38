#pragma once

#include "core/request/generation_request.h"
#include "core/tensor/noise.h"

#include <vector>

namespace likeness {

// All the noise of one picture in the order that diffusers draws it: the latents it starts from,
// then that of each step of a stochastic scheduler. Each draw is between those of the request's
// seed and of its variations, so that a variation of strength 1 is the other seed's picture whole.
class PictureNoise {
public:
    explicit PictureNoise(const GenerationRequest& request);

    // float32 on the CPU.
    Tensor draw(at::IntArrayRef shape);

    // As many draws as that, unused: those of steps that another picture has taken already.
    void skip(at::IntArrayRef shape, int count);

private:
    struct Towards {
        NoiseStream stream;
        double strength;
    };

    NoiseStream stream_;
    std::vector<Towards> variations_{};
};

} // namespace likeness
