#pragma once

#include "core/tensor/tensor.h"

#include <vector>

namespace likeness {

// A noise schedule and its step rule, made for one job and thrown away. Tables are computed in the
// constructor; `i` is an index into timesteps().
class Scheduler {
public:
    virtual ~Scheduler() = default;

    // What the model is told, from most to least noise; Euler's may have a fraction.
    virtual const std::vector<double>& timesteps() const = 0;

    // Deviation of the noise that the first step starts from.
    virtual double init_noise_sigma() const = 0;

    // The sample as the model wants it at step i; the dtype stays.
    virtual Tensor scale_model_input(const Tensor& sample, int i) const = 0;

    // The sample after step i, in the dtype of noise_pred. noise_pred is the model's output,
    // whatever it predicts.
    virtual Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) = 0;

    // The clean sample that this output predicts (x0), for previews. Changes nothing.
    virtual Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const = 0;
};

} // namespace likeness
