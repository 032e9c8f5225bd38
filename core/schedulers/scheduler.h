#pragma once

#include "core/tensor/tensor.h"

#include <functional>
#include <utility>
#include <vector>

namespace likeness {

// What the next step reads of those before it. A rule of one step leaves all but the count empty.
struct StepHistory {
    int steps = 0;
    std::vector<Tensor> outputs{}; // of the model, as the rule keeps them; the newest last
    Tensor sample{};               // that a later step goes on from
    Tensor sum{};                  // over the stages of a Runge-Kutta step
};

// Standard normal float32 noise of that shape, on the CPU, one after the other.
using NoiseSource = std::function<Tensor(at::IntArrayRef shape)>;

// A noise schedule and its step rule, made for one job and thrown away. Tables are computed in the
// constructor; `i` is an index into timesteps(). What a step depends on beside its arguments is the
// history and, where the rule adds noise, the source: both can be carried to another scheduler that
// goes on from there.
class Scheduler {
public:
    virtual ~Scheduler() = default;

    // What the model is told, from most to least noise; Euler's may have a fraction. A rule may
    // call the model more often than num_inference_steps says.
    virtual const std::vector<double>& timesteps() const = 0;

    // Deviation of the noise that the first step starts from.
    virtual double init_noise_sigma() const { return 1.0; }

    // The sample as the model wants it at step i; the dtype stays. Only rules that work with sigmas
    // scale it.
    virtual Tensor scale_model_input(const Tensor& sample, int /*i*/) const { return sample; }

    // The sample after step i, in the dtype of noise_pred. noise_pred is the model's output,
    // whatever it predicts. Steps are taken one after the other.
    virtual Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) = 0;

    // The clean sample with noise as it is at step i (what image to image begins from), in the
    // clean one's dtype. `alphas_cumprod` is the table of every training timestep; schedulers that
    // work with sigmas have their own.
    virtual Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                             const Tensor& alphas_cumprod) const;

    // The clean sample that this output predicts (x0), for previews. Changes nothing.
    virtual Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const = 0;

    // How many calls of the model a step of num_inference_steps takes; the last one may take fewer.
    // What begins on the way begins with a whole step.
    virtual int stages() const { return 1; }

    // Whether steps draw noise from the source.
    virtual bool is_stochastic() const { return false; }

    // How often those before step i do.
    virtual int draws_before(int i) const { return is_stochastic() ? i : 0; }

    void set_noise_source(NoiseSource source) { noise_source_ = std::move(source); }

    const StepHistory& history() const { return history_; }

    void set_history(StepHistory history) { history_ = std::move(history); }

protected:
    // Noise like that sample.
    Tensor draw(const Tensor& like) const;

    StepHistory history_{};

private:
    NoiseSource noise_source_{};
};

} // namespace likeness
