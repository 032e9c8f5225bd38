#include "core/schedulers/scheduler_config.h"

#include "core/base/error.h"

#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

template <typename Value>
using Words = std::vector<std::pair<const char*, Value>>;

const Words<BetaSchedule> kBetaSchedules = {{"linear", BetaSchedule::linear},
                                            {"scaled_linear", BetaSchedule::scaled_linear},
                                            {"squaredcos_cap_v2", BetaSchedule::squaredcos_cap_v2}};
const Words<PredictionType> kPredictionTypes = {{"epsilon", PredictionType::epsilon},
                                                {"sample", PredictionType::sample},
                                                {"v_prediction", PredictionType::v_prediction}};
const Words<TimestepSpacing> kTimestepSpacings = {{"leading", TimestepSpacing::leading},
                                                  {"linspace", TimestepSpacing::linspace},
                                                  {"trailing", TimestepSpacing::trailing}};
const Words<InterpolationType> kInterpolationTypes = {
    {"linear", InterpolationType::linear}, {"log_linear", InterpolationType::log_linear}};
const Words<FinalSigmas> kFinalSigmas = {{"zero", FinalSigmas::zero},
                                         {"sigma_min", FinalSigmas::sigma_min}};
const Words<TimestepType> kTimestepTypes = {{"discrete", TimestepType::discrete},
                                            {"continuous", TimestepType::continuous}};
const Words<SolverType> kSolverTypes = {{"midpoint", SolverType::midpoint},
                                        {"heun", SolverType::heun},
                                        {"bh1", SolverType::bh1},
                                        {"bh2", SolverType::bh2},
                                        {"logrho", SolverType::midpoint}}; // DEIS's, whose
                                                                           // configs others read
const Words<VarianceType> kVarianceTypes = {
    {"fixed_small", VarianceType::fixed_small}, {"fixed_small_log", VarianceType::fixed_small_log},
    {"fixed_large", VarianceType::fixed_large}, {"fixed_large_log", VarianceType::fixed_large_log},
    {"learned", VarianceType::learned},         {"learned_range", VarianceType::learned_range}};
const Words<SigmaSchedule> kSigmaFlags = {{"use_karras_sigmas", SigmaSchedule::karras},
                                          {"use_exponential_sigmas", SigmaSchedule::exponential},
                                          {"use_beta_sigmas", SigmaSchedule::beta}};

// Takes fields out of a config, noting each that has a wrong type or value.
class FieldReader {
public:
    explicit FieldReader(const nlohmann::json& config) : config_(config) {}

    // Calls `take` with the value where there is one; `take` says whether it was fit.
    template <typename Take>
    void field(const char* name, const Message& wanted, Take take) {
        const auto found = config_.find(name);
        if (found != config_.end() && !found->is_null() && !take(*found)) {
            problems.push_back(message(
                "{} is {}, expected {}", name,
                found->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 60),
                wanted));
        }
    }

    template <typename Target>
    void number(const char* name, Target& target, double least, double most) {
        field(name, message("a number from {} to {}", least, most),
              [&](const nlohmann::json& value) {
                  if (!value.is_number() ||
                      !(value.get<double>() >= least && value.get<double>() <= most)) {
                      return false;
                  }
                  using Number = typename Target::value_type;
                  target = value.get<Number>();
                  return static_cast<double>(*target) == value.get<double>();
              });
    }

    template <typename Target>
    void flag(const char* name, Target& target) {
        field(name, message("true or false"), [&](const nlohmann::json& value) {
            if (value.is_boolean()) {
                target = value.get<bool>();
            }
            return value.is_boolean();
        });
    }

    template <typename Value, typename Target>
    void word(const char* name, const Words<Value>& words, Target& target) {
        std::vector<Message> known;
        for (const auto& [text, meaning] : words) {
            known.push_back(verbatim(text));
        }
        field(name, message("one of {}", joined(known, " ")), [&](const nlohmann::json& value) {
            for (const auto& [text, meaning] : words) {
                if (value == text) {
                    target = meaning;
                    return true;
                }
            }
            return false;
        });
    }

    std::vector<Message> problems{};

private:
    const nlohmann::json& config_;
};

template <typename Value>
const char* spelled(const Words<Value>& words, Value wanted) {
    for (const auto& [text, meaning] : words) {
        if (meaning == wanted) {
            return text;
        }
    }
    return "";
}

} // namespace

SchedulerConfig SchedulerConfig::from_json(const nlohmann::json& config) {
    if (!config.is_object()) {
        throw Error(ErrorCode::model_mismatch,
                    message("The scheduler's config is not a JSON object."));
    }
    SchedulerConfig result;
    FieldReader reader(config);
    reader.field("_class_name", message("a name"), [&](const nlohmann::json& value) {
        if (value.is_string()) {
            result.class_name = value.get<std::string>();
        }
        return value.is_string();
    });
    reader.number("num_train_timesteps", result.num_train_timesteps, 2, 100'000);
    // Without any noise, and with nothing but noise from the first step on, there is no way back.
    reader.number("beta_start", result.beta_start, 1e-9, 0.999);
    reader.number("beta_end", result.beta_end, 1e-9, 0.999);
    reader.word("beta_schedule", kBetaSchedules, result.beta_schedule);
    reader.field("trained_betas", message("2 to 100000 numbers from 0 to 1"),
                 [&](const nlohmann::json& value) {
                     if (!value.is_array() || value.size() < 2 || value.size() > 100'000) {
                         return false;
                     }
                     for (const auto& beta : value) {
                         if (!beta.is_number() ||
                             !(beta.get<double>() >= 0 && beta.get<double>() <= 1)) {
                             return false;
                         }
                         result.trained_betas.push_back(beta.get<double>());
                     }
                     return true;
                 });
    reader.word("prediction_type", kPredictionTypes, result.prediction_type);
    reader.word("timestep_spacing", kTimestepSpacings, result.timestep_spacing);
    reader.number("steps_offset", result.steps_offset, 0, 1'000);
    reader.flag("rescale_betas_zero_snr", result.rescale_betas_zero_snr);
    reader.flag("set_alpha_to_one", result.set_alpha_to_one);
    reader.flag("clip_sample", result.clip_sample);
    reader.number("clip_sample_range", result.clip_sample_range, 0, 1e6);
    reader.flag("thresholding", result.thresholding);
    reader.word("interpolation_type", kInterpolationTypes, result.interpolation_type);
    for (const auto& [name, schedule] : kSigmaFlags) {
        bool wanted = false;
        reader.flag(name, wanted);
        if (wanted && result.sigma_schedule != SigmaSchedule::from_timesteps) {
            reader.field(name, message("false beside another sigma schedule"),
                         [](const nlohmann::json&) { return false; });
        }
        result.sigma_schedule = wanted ? schedule : result.sigma_schedule;
    }
    reader.number("sigma_min", result.sigma_min, 1e-9, 1e9);
    reader.number("sigma_max", result.sigma_max, 1e-9, 1e9);
    reader.word("final_sigmas_type", kFinalSigmas, result.final_sigmas_type);
    reader.word("timestep_type", kTimestepTypes, result.timestep_type);
    reader.flag("skip_prk_steps", result.skip_prk_steps);
    reader.number("solver_order", result.solver_order, 1, 3);
    reader.word("solver_type", kSolverTypes, result.solver_type);
    reader.flag("lower_order_final", result.lower_order_final);
    reader.flag("euler_at_final", result.euler_at_final);
    reader.number("lambda_min_clipped", result.lambda_min_clipped, -1e9, 1e9);
    reader.field("disable_corrector", message("a list of steps"), [&](const nlohmann::json& value) {
        for (const auto& step : value) {
            if (!step.is_number_integer() || step < 0 || step > 100'000) {
                return false;
            }
            result.disable_corrector.push_back(step.get<int>());
        }
        return value.is_array() && value.size() <= 100'000;
    });
    reader.flag("predict_x0", result.predict_x0);
    reader.flag("use_flow_sigmas", result.use_flow_sigmas);
    reader.flag("use_lu_lambdas", result.use_lu_lambdas);
    reader.number("original_inference_steps", result.original_inference_steps, 1, 100'000);
    reader.number("timestep_scaling", result.timestep_scaling, 0, 1e9);
    reader.word("variance_type", kVarianceTypes, result.variance_type);
    if (!reader.problems.empty()) {
        throw Error(ErrorCode::model_mismatch, message("The scheduler's config cannot be used: {}.",
                                                       joined(reader.problems, "; ")));
    }
    return result;
}

nlohmann::ordered_json SchedulerConfig::to_json() const {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    const auto put = [&](const char* name, const auto& value) {
        if (value) {
            json[name] = *value;
        }
    };
    if (!class_name.empty()) {
        json["_class_name"] = class_name;
    }
    put("num_train_timesteps", num_train_timesteps);
    put("beta_start", beta_start);
    put("beta_end", beta_end);
    if (beta_schedule) {
        json["beta_schedule"] = spelled(kBetaSchedules, *beta_schedule);
    }
    if (!trained_betas.empty()) {
        json["trained_betas"] = trained_betas;
    }
    if (prediction_type) {
        json["prediction_type"] = spelled(kPredictionTypes, *prediction_type);
    }
    if (timestep_spacing) {
        json["timestep_spacing"] = spelled(kTimestepSpacings, *timestep_spacing);
    }
    put("steps_offset", steps_offset);
    put("set_alpha_to_one", set_alpha_to_one);
    put("clip_sample", clip_sample);
    put("clip_sample_range", clip_sample_range);
    put("sigma_min", sigma_min);
    put("sigma_max", sigma_max);
    const SchedulerConfig defaults;
    if (rescale_betas_zero_snr) {
        json["rescale_betas_zero_snr"] = true;
    }
    if (thresholding) {
        json["thresholding"] = true;
    }
    if (interpolation_type != defaults.interpolation_type) {
        json["interpolation_type"] = spelled(kInterpolationTypes, interpolation_type);
    }
    if (sigma_schedule != defaults.sigma_schedule) {
        json[spelled(kSigmaFlags, sigma_schedule)] = true;
    }
    if (final_sigmas_type != defaults.final_sigmas_type) {
        json["final_sigmas_type"] = spelled(kFinalSigmas, final_sigmas_type);
    }
    if (timestep_type != defaults.timestep_type) {
        json["timestep_type"] = spelled(kTimestepTypes, timestep_type);
    }
    for (const auto& [name, value, usual] : {std::tuple("skip_prk_steps", skip_prk_steps, false),
                                             std::tuple("euler_at_final", euler_at_final, false),
                                             std::tuple("predict_x0", predict_x0, true),
                                             std::tuple("use_flow_sigmas", use_flow_sigmas, false),
                                             std::tuple("use_lu_lambdas", use_lu_lambdas, false)}) {
        if (value != usual) {
            json[name] = value;
        }
    }
    put("solver_order", solver_order);
    if (solver_type) {
        json["solver_type"] = spelled(kSolverTypes, *solver_type);
    }
    put("lower_order_final", lower_order_final);
    put("lambda_min_clipped", lambda_min_clipped);
    if (!disable_corrector.empty()) {
        json["disable_corrector"] = disable_corrector;
    }
    put("original_inference_steps", original_inference_steps);
    put("timestep_scaling", timestep_scaling);
    if (variance_type) {
        json["variance_type"] = spelled(kVarianceTypes, *variance_type);
    }
    return json;
}

} // namespace likeness
