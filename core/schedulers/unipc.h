#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"
#include "core/schedulers/vp_sigmas.h"

namespace likeness {

// UniPC (arXiv 2302.04867) in the form that predicts the clean sample: each step first corrects the
// sample with what the model says of it, then goes on. The config's solver_order 1 to 3 counts, 2
// by default.
class UniPcScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a config that asks for what is not done here.
    UniPcScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return schedule_.timesteps; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                     const Tensor& alphas_cumprod) const override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    // The order of the way on from step i, when that many steps lie behind it.
    int order_of(int i, int steps) const;

    // The sample after step `from`, which began at `sample`, from the kept outputs. With `arrived`,
    // the output there, as the corrector has it; without, as the predictor.
    Tensor moved(int from, int order, const Tensor& sample, const Tensor* arrived) const;

    VpSchedule schedule_;
    PredictionType prediction_type_;
    int solver_order_;
    bool is_bh1_;
    bool lower_order_final_;
    std::vector<int> disable_corrector_;
};

} // namespace likeness
