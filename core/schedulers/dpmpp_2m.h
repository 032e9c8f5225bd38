#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"
#include "core/schedulers/vp_sigmas.h"

namespace likeness {

// DPM-Solver++ with the outputs of earlier steps (arXiv 2211.01095), as an ordinary or as a
// stochastic differential equation. The config's solver_order 1 to 3 counts; 2 is what the name
// says and the default. The update is done in float32, as in diffusers.
class DpmppScheduler : public Scheduler {
public:
    enum class Noise { none, drawn };

    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a config that asks for what is not done here.
    DpmppScheduler(const SchedulerConfig& config, int num_inference_steps, Noise noise);

    const std::vector<double>& timesteps() const override { return schedule_.timesteps; }

    bool is_stochastic() const override { return is_stochastic_; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                     const Tensor& alphas_cumprod) const override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    // The order of step i with that many outputs of earlier steps.
    int order_of(int i, std::size_t earlier) const;

    VpSchedule schedule_;
    PredictionType prediction_type_;
    int solver_order_;
    bool is_heun_;
    bool ends_at_zero_;
    bool lower_order_final_;
    bool euler_at_final_;
    bool is_stochastic_;
};

} // namespace likeness
