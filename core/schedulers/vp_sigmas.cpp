#include "core/schedulers/vp_sigmas.h"

#include "core/base/error.h"
#include "core/schedulers/noise_schedule.h"
#include "core/schedulers/sigmas.h"

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

void refuse_unknown(const SchedulerConfig& config) {
    refuse_thresholding(config);
    for (const auto& [asked, name] : {std::pair(config.use_flow_sigmas, "use_flow_sigmas"),
                                      std::pair(config.use_lu_lambdas, "use_lu_lambdas")}) {
        if (asked) {
            throw Error(ErrorCode::model_mismatch,
                        message("The scheduler's config asks for {}, which this program does not "
                                "do.",
                                name));
        }
    }
}

// How many of the training timesteps are left when the noisiest are clipped (lambda_min_clipped).
int last_timestep(const SchedulerConfig& config, const std::vector<float>& table) {
    const auto total = static_cast<int>(table.size());
    if (!config.lambda_min_clipped) {
        return total;
    }
    return total - static_cast<int>(std::ranges::count_if(table, [&](float sigma) {
               return vp_level(sigma).lambda < *config.lambda_min_clipped;
           }));
}

// One step more than there are, of which the last is left out: the solvers end between two
// timesteps.
std::vector<double> solver_timesteps(const SchedulerConfig& config, int n, int total, int last) {
    const auto spacing = config.timestep_spacing.value_or(TimestepSpacing::linspace);
    const int most = spacing == TimestepSpacing::leading ? last - 1 : last;
    if (n < 1 || n > most) {
        throw Error(ErrorCode::bad_request,
                    message("num_inference_steps is {}; this model takes 1 to {}.", n, most));
    }
    std::vector<double> timesteps;
    const int ratio = last / (n + 1);
    switch (spacing) {
    case TimestepSpacing::linspace: {
        const std::vector<double> all = linspace(0, last - 1, n + 1);
        for (auto t = all.rbegin(); t + 1 != all.rend(); ++t) {
            timesteps.push_back(std::nearbyint(*t));
        }
        break;
    }
    case TimestepSpacing::leading:
        for (int i = n; i >= 1; --i) {
            timesteps.push_back(i * ratio + config.steps_offset.value_or(0));
        }
        break;
    case TimestepSpacing::trailing: {
        // numpy's arange steps by the difference of its first two values.
        const double ratio_down = static_cast<double>(total) / n;
        const double step = last - ratio_down - last;
        const auto count =
            static_cast<int>(std::ceil(last / ratio_down)); // without its stray one below 0
        for (int i = 0; i < std::min(count, n); ++i) {
            timesteps.push_back(std::nearbyint(last + i * step) - 1);
        }
        break;
    }
    }
    return timesteps;
}

} // namespace

VpLevel vp_level(float sigma) {
    const float alpha = 1.0F / std::sqrt(sigma * sigma + 1.0F);
    return {alpha, sigma * alpha, std::log(alpha) - std::log(sigma * alpha)};
}

VpSchedule vp_schedule(const SchedulerConfig& config, int num_inference_steps, VpSolver solver) {
    refuse_unknown(config);
    const int n = num_inference_steps;
    const std::vector<float> table = sigma_table(config);
    VpSchedule made{.timesteps = solver_timesteps(config, n, static_cast<int>(table.size()),
                                                  last_timestep(config, table))};
    std::vector<double> sigmas;
    const bool of_timesteps = config.sigma_schedule == SigmaSchedule::from_timesteps;
    if (of_timesteps) {
        for (const double timestep : made.timesteps) {
            sigmas.push_back(sigma_at(table, timestep));
        }
    } else {
        const bool karras = config.sigma_schedule == SigmaSchedule::karras;
        const double sigma_max = config.sigma_max.value_or(table.back());
        const double sigma_min = config.sigma_min.value_or(table.front());
        sigmas = sigmas_between(config.sigma_schedule, sigma_max, sigma_min, n);
        const std::vector<float> log_table = log_of(table);
        // DPM++ 2M leaves the fractions to the cast where betas are cosine's; the others round
        // always.
        const bool rounds = karras && (solver != VpSolver::dpmpp_2m ||
                                       config.beta_schedule != BetaSchedule::squaredcos_cap_v2);
        made.timesteps.clear();
        for (const double sigma : sigmas) {
            const double timestep = timestep_of(sigma, log_table);
            made.timesteps.push_back(rounds ? std::nearbyint(timestep) : std::trunc(timestep));
        }
    }
    made.sigmas.assign(sigmas.begin(), sigmas.end());
    const bool ends_at_min = config.final_sigmas_type == FinalSigmas::sigma_min;
    // UniPC's schedule that is not of the timesteps ends at its own last level.
    const bool repeats_last = solver == VpSolver::unipc && !of_timesteps;
    const float smallest = repeats_last ? made.sigmas.back() : table.front();
    made.sigmas.push_back(ends_at_min ? smallest : 0.0F);
    return made;
}

} // namespace likeness
