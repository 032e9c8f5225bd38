#include "core/training/validation.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace likeness {

namespace {

constexpr std::int64_t kFirstDraw = std::int64_t{1} << 40; // beyond those of any training

} // namespace

std::set<std::size_t> held_out_pictures(const TrainingRequest& request) {
    const auto pictures = static_cast<std::int64_t>(request.pictures.size());
    if (request.validation_share <= 0 || pictures < 2) {
        return {};
    }
    const auto wanted = std::clamp<std::int64_t>(
        std::llround(request.validation_share * static_cast<double>(pictures)), 1, pictures - 1);
    std::vector<std::size_t> left(request.pictures.size());
    std::iota(left.begin(), left.end(), std::size_t{0});
    Draws draws(request.seed, kFirstDraw);
    std::set<std::size_t> held_out;
    while (std::ssize(held_out) < wanted) {
        const auto place = draws.below(std::ssize(left));
        held_out.insert(left[static_cast<std::size_t>(place)]);
        left.erase(left.begin() + place);
    }
    return held_out;
}

bool is_validated(const TrainingRequest& request, std::int64_t step) {
    const bool sampled = request.validation_steps > 0 && step % request.validation_steps == 0;
    const std::int64_t total = request.max_train_steps;
    return sampled || 10 * step / total > 10 * (step - 1) / total;
}

double validation_loss(const SdModel& model, const TrainedWeights& weights,
                       const TrainingSamples& samples, const TrainingRequest& request) {
    const at::NoGradGuard no_grad;
    const TrainingSamples seen{.instance = samples.held_out};
    TrainingRequest one = request;
    one.train_batch_size = 1;
    const DiffusionObjective objective(model.scheduler_config, {.snr_gamma = request.snr_gamma},
                                       model.options.device);
    double sum = 0;
    for (std::int64_t draw = 1; draw <= kValidationDraws; ++draw) {
        sum +=
            training_loss(model, weights, objective, seen, one, kFirstDraw + draw).item<double>();
    }
    return sum / kValidationDraws;
}

} // namespace likeness
