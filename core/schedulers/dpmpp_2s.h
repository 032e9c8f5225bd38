#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"
#include "core/schedulers/vp_sigmas.h"

namespace likeness {

// DPM-Solver++ in single steps of several stages (arXiv 2211.01095): every second call, or as the
// config's solver_order says, goes back to where its step began with what the model told on the
// way. As diffusers' DPMSolverSinglestepScheduler counts, each call is one of the steps asked for.
class DpmppSinglestepScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a config that asks for what is not done here.
    DpmppSinglestepScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return schedule_.timesteps; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                     const Tensor& alphas_cumprod) const override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    VpLevel level(int i) const {
        return vp_level(schedule_.sigmas.at(static_cast<std::size_t>(i)));
    }

    VpSchedule schedule_;
    PredictionType prediction_type_;
    int solver_order_;
    bool is_heun_;
    std::vector<int> orders_; // of each call
};

} // namespace likeness
