#pragma once

#include "core/training/adamw.h"
#include "core/training/ema.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// The way from the full learning rate to `final_share` of it.
enum class LearningRateCurve { half_cosine, straight };

// One step as it went.
struct TrainerStep {
    std::int64_t step = 0; // 1..planned
    std::int64_t planned = 0;
    double loss = 0;
    double learning_rate = 0;
    double seconds = 0; // since this slice began
};

struct TrainerOptions {
    std::string name{}; // for the log: "vae", "unet", ...
    std::filesystem::path
        checkpoint{}; // one safetensors file; gone on from where it exists. Empty: none
    // Of the whole run: the learning rate's curve and the average hang on it. 0: as many as fit
    // into the minutes of the first slice, measured when it has begun.
    std::int64_t planned_steps = 1000;
    std::int64_t batch = 1; // samples a step, for the log
    double learning_rate = 1e-3;
    std::int64_t warmup_steps = 100;
    double final_share = 0.02; // of the learning rate, reached at the end; 1: it stays
    LearningRateCurve curve = LearningRateCurve::half_cosine;
    std::int64_t accumulation = 1; // losses whose mean's gradient makes one step
    AdamWOptions adamw{};
    bool averages = true; // keeps a moving average of the parameters
    double save_every_seconds = 300;
    double log_every_seconds = 30;
    std::function<void(const TrainerStep&)> on_step{}; // after each, on a CPU; empty: nobody asks
    std::function<void(std::int64_t)> on_save{};       // (steps done) when a checkpoint is written
};

// The learning rate's share at a step: a straight warm-up, then the curve down to `final_share`.
double learning_rate_share(std::int64_t step, const TrainerOptions& options);

struct LogWindow; // sums for the log

// The loop of a training run that can be cut anywhere: parameters, average, optimiser and step lie
// in one checkpoint, and what a step draws is a function of the seed and the step. A run in slices
// gives the numbers of a run in one go, bit for bit.
class Trainer {
public:
    // Goes on from the checkpoint where there is one. `parameters` are changed in place.
    // Throws Error{file_damaged, model_mismatch} for a checkpoint that is not of this run.
    Trainer(TensorMap parameters, TrainerOptions options);

    enum class End { planned, time, stopped };

    // loss(draw) -> the scalar to minimise; draws are counted over the run, as many a step as
    // losses are accumulated. Ends at the planned steps, after `minutes`, or when
    // `stop` is set, and saves in every case. `log` gets one object each 30 s: step, samples, loss,
    // gradient, learning_rate, samples_per_second. Throws Error{internal} when the loss is not
    // finite; the last checkpoint stays. The loss is looked at after each step on a CPU; a GPU is
    // waited for every now and then only.
    End run(const std::function<Tensor(std::int64_t)>& loss, double minutes,
            const std::atomic<bool>& stop, const std::function<void(const nlohmann::json&)>& log);

    std::int64_t step() const { return step_; }

    std::int64_t planned_steps() const { return options_.planned_steps; }

    const TensorMap& parameters() const { return parameters_; }

    // The parameters' float32 values, before the first step: where the parameters hold less.
    void begin_with(const TensorMap& values);

    // The parameters' float32 values; their average where it is kept.
    const TensorMap& average() const { return ema_ ? ema_->average() : optimizer_.masters(); }

    void save() const;

private:
    void load();
    // Takes the new losses and gradients off the device into the window.
    void look(LogWindow& window) const;

    TensorMap parameters_;
    TrainerOptions options_;
    AdamW optimizer_;
    std::optional<Ema> ema_{};
    std::int64_t step_ = 0;
};

// The averaged weights of a checkpoint, by their own names: what is exported and measured.
TensorMap load_average(const std::filesystem::path& checkpoint);

// A number that depends on all bits of both: the seed of what one step draws.
std::uint64_t step_seed(std::uint64_t seed, std::uint64_t step);

} // namespace likeness
