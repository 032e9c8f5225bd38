#pragma once

#include "core/base/error.h"
#include "core/training/adamw.h"
#include "core/training/checkpoint_files.h"
#include "core/training/ema.h"
#include "core/training/loss_scale.h"

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
    std::filesystem::path second_checkpoint{}; // written in turn with that one; empty: it alone
    std::string base{}; // hash of what is trained over; a checkpoint of another is none
    // into the minutes of the first slice, measured when it has begun.
    std::int64_t planned_steps = 1000;
    std::int64_t batch = 1; // samples a step, for the log
    double learning_rate = 1e-3;
    std::int64_t warmup_steps = 100;
    double final_share = 0.02; // of the learning rate, reached at the end; 1: it stays
    LearningRateCurve curve = LearningRateCurve::half_cosine;
    std::int64_t accumulation = 1; // losses whose mean's gradient makes one step
    AdamWOptions adamw{};
    bool scales_loss = false; // as gradients in float16 need it
    bool averages = true;     // keeps a moving average of the parameters
    double save_every_seconds = 300;
    double log_every_seconds = 30;
    std::function<void(const TrainerStep&)> on_step{}; // after each; waits for a GPU
    std::function<void(std::int64_t)> on_save{};       // (steps done) when a checkpoint is written
    // What went otherwise and does not end the run, such as a checkpoint that could not be written.
    // Empty: it ends the run.
    std::function<void(const Message&)> on_notice{};
};

// The loss or its gradient is no number. The parameters and checkpoints are as they were before.
struct LossLost : Error {
    LossLost(const std::string& name, std::int64_t at, double value, double rate);

    std::int64_t step = 0; // 1..planned, that could not be taken
    double loss = 0;
    double learning_rate = 0;
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
    // Throws Error{file_damaged, model_mismatch} for a checkpoint that is not of this run, and
    // {write_failed} where the disk has no room for its own.
    Trainer(TensorMap parameters, TrainerOptions options);

    enum class End { planned, time, stopped };

    // loss(draw) -> the scalar to minimise; draws are counted over the run, as many a step as
    // losses are accumulated. Ends at the planned steps, after `minutes`, or when
    // `stop` is set, and saves in every case. `log` gets one object each 30 s: step, samples, loss,
    // gradient, learning_rate, samples_per_second. Throws LossLost; the last checkpoint stays. The
    // loss is looked at before each step on a CPU; a GPU is waited for every now and then only.
    End run(const std::function<Tensor(std::int64_t)>& loss, double minutes,
            const std::atomic<bool>& stop, const std::function<void(const nlohmann::json&)>& log);

    std::int64_t step() const { return step_; }

    std::int64_t planned_steps() const { return options_.planned_steps; }

    const TensorMap& parameters() const { return parameters_; }

    // Where the loss is scaled.
    const std::optional<LossScale>& loss_scale() const { return loss_scale_; }

    // The parameters' float32 values, before the first step: where the parameters hold less.
    void begin_with(const TensorMap& values);

    // The parameters' float32 values; their average where it is kept.
    const TensorMap& average() const { return ema_ ? ema_->average() : optimizer_.masters(); }

    void save();

private:
    void load(SafetensorsFile& file);
    void check_is_of_this_run(const SafetensorsFile& file) const;
    std::uint64_t bytes() const; // of the parameters
    double rate() const;         // of the next step
    // As save(), where it may fail.
    void try_to_save();
    // Takes a step along the gradients; returns their length. One that is no number
    // ends the run, or, where the loss is scaled, leaves all as it was but for the scale.
    Tensor take_step(double learning_rate);
    // Takes the new losses and gradients off the device into the window.
    void look(LogWindow& window) const;

    TensorMap parameters_;
    TrainerOptions options_;
    CheckpointFiles files_;
    AdamW optimizer_;
    std::optional<LossScale> loss_scale_{};
    std::optional<Ema> ema_{};
    std::int64_t step_ = 0;
    std::int64_t saved_ = -1; // steps that the newest checkpoint holds
};

// The averaged weights of a checkpoint, by their own names: what is exported and measured.
TensorMap load_average(const std::filesystem::path& checkpoint);

// A number that depends on all bits of both: the seed of what one step draws.
std::uint64_t step_seed(std::uint64_t seed, std::uint64_t step);

} // namespace likeness
