#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

enum class BetaSchedule { linear, scaled_linear, squaredcos_cap_v2 };
enum class PredictionType { epsilon, sample, v_prediction };
enum class TimestepSpacing { leading, linspace, trailing };
enum class InterpolationType { linear, log_linear };
enum class SigmaSchedule { from_timesteps, karras, exponential, beta };
enum class FinalSigmas { zero, sigma_min };
enum class TimestepType { discrete, continuous };
enum class SolverType { midpoint, heun, bh1, bh2 };
enum class VarianceType {
    fixed_small,
    fixed_small_log,
    fixed_large,
    fixed_large_log,
    learned,
    learned_range
};

// scheduler_config.json, whatever class wrote it. A field that the file does not hold stays empty:
// the scheduler that is made from it fills in its own class's default, as diffusers'
// `DDIMScheduler.from_config(other.config)` does.
struct SchedulerConfig {
    std::string class_name{}; // `_class_name`: "PNDMScheduler", "EulerDiscreteScheduler", ...
    std::optional<int> num_train_timesteps{};
    std::optional<double> beta_start{};
    std::optional<double> beta_end{};
    std::optional<BetaSchedule> beta_schedule{};
    std::vector<double> trained_betas{}; // empty: from beta_start, beta_end and beta_schedule
    std::optional<PredictionType> prediction_type{};
    std::optional<TimestepSpacing> timestep_spacing{};
    std::optional<int> steps_offset{};
    bool rescale_betas_zero_snr = false;

    // DDIM's own
    std::optional<bool> set_alpha_to_one{};
    std::optional<bool> clip_sample{};
    std::optional<double> clip_sample_range{};
    bool thresholding = false; // not done here; DDIM refuses it

    // Euler's own
    InterpolationType interpolation_type = InterpolationType::linear;
    SigmaSchedule sigma_schedule =
        SigmaSchedule::from_timesteps; // use_karras_sigmas, use_exponential_sigmas, ...
    std::optional<double> sigma_min{};
    std::optional<double> sigma_max{};
    FinalSigmas final_sigmas_type = FinalSigmas::zero;
    TimestepType timestep_type = TimestepType::discrete;

    // PNDM's own
    bool skip_prk_steps = false; // straight to the linear multistep rule, as all SD models do

    // Of DPM++ and UniPC; the one takes another's solver_type for its own default
    std::optional<int> solver_order{};
    std::optional<SolverType> solver_type{};
    std::optional<bool> lower_order_final{};
    bool euler_at_final = false;
    std::optional<double> lambda_min_clipped{}; // empty: nothing is clipped
    std::vector<int> disable_corrector{};
    bool predict_x0 = true;       // off is not done here
    bool use_flow_sigmas = false; // neither are these
    bool use_lu_lambdas = false;

    // LCM's own
    std::optional<int> original_inference_steps{};
    std::optional<double> timestep_scaling{};

    // DDPM's own
    std::optional<VarianceType> variance_type{};

    bool operator==(const SchedulerConfig&) const = default;

    // Throws Error{model_mismatch} naming every field whose value cannot be. Fields of other
    // schedulers are passed over, null is as good as absent.
    static SchedulerConfig from_json(const nlohmann::json& config);

    // The fields that are set, in diffusers' spelling.
    nlohmann::ordered_json to_json() const;
};

} // namespace likeness
