#include "core/training/trainer.h"

#include "core/base/error.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Clock = std::chrono::steady_clock;

// Steps a GPU may run behind the program that feeds it.
constexpr std::int64_t kAhead = 20;
// Steps of a new run that are left out of the measurement, and measured, where the number of steps
// hangs on the time; and the share of the time that is planned for.
constexpr std::int64_t kUnmeasured = 20, kMeasured = 40;
constexpr double kPlannedShare = 0.96;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

// Sums since the last line of the log; those of the steps not looked at yet lie on the device.
struct LogWindow {
    Clock::time_point start = Clock::now();
    double loss = 0.0, gradient = 0.0;
    std::int64_t steps = 0;
    Tensor new_loss{}, new_gradient{};

    void add(const Tensor& step_loss, const Tensor& step_gradient) {
        new_loss = new_loss.defined() ? new_loss + step_loss : step_loss;
        new_gradient = new_gradient.defined() ? new_gradient + step_gradient : step_gradient;
        ++steps;
    }
};

double learning_rate_share(std::int64_t step, const TrainerOptions& options) {
    if (step < options.warmup_steps) {
        return static_cast<double>(step + 1) / static_cast<double>(options.warmup_steps);
    }
    const double rest = static_cast<double>(options.planned_steps - options.warmup_steps);
    if (options.planned_steps <= 0) {
        return 1.0; // not known yet
    }
    const double done =
        std::min(static_cast<double>(step - options.warmup_steps) / std::max(rest, 1.0), 1.0);
    const double left = options.curve == LearningRateCurve::straight
                            ? 1.0 - done
                            : 0.5 * (1.0 + std::cos(std::numbers::pi * done));
    return options.final_share + (1.0 - options.final_share) * left;
}

std::uint64_t step_seed(std::uint64_t seed, std::uint64_t step) {
    // SplitMix64's mixing of a Weyl sequence.
    std::uint64_t z = seed * 0xd1342543de82ef95ULL + (step + 1) * 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

Trainer::Trainer(TensorMap parameters, TrainerOptions options)
    : parameters_(std::move(parameters)), options_(std::move(options)),
      optimizer_(parameters_, options_.adamw) {
    if (options_.averages) {
        ema_.emplace(optimizer_.masters());
    }
    if (!options_.checkpoint.empty() && std::filesystem::exists(options_.checkpoint)) {
        load();
    }
}

void Trainer::load() {
    const at::NoGradGuard no_grad;
    const auto file = SafetensorsFile::open(options_.checkpoint);
    const auto& metadata = file->metadata();
    const auto name = metadata.find("name"), step = metadata.find("step");
    if (name == metadata.end() || step == metadata.end() || name->second != options_.name) {
        throw Error(ErrorCode::model_mismatch,
                    message("{} is not a checkpoint of a run of \"{}\".",
                            options_.checkpoint.string(), options_.name));
    }
    TensorMap average, moments;
    for (const auto& full : file->names()) {
        const auto slash = full.find('/');
        const auto kind = full.substr(0, slash), rest = full.substr(slash + 1);
        if (kind == "average") {
            average[rest] = file->take(full);
        } else if (kind == "parameter") {
            const auto found = parameters_.find(rest);
            const auto value = file->take(full);
            if (found == parameters_.end() || found->second.sizes() != value.sizes()) {
                throw Error(ErrorCode::model_mismatch, message("{}: {} does not fit this network.",
                                                               options_.checkpoint.string(), rest));
            }
            optimizer_.masters().at(rest).copy_(value);
        } else {
            moments[full] = file->take(full);
        }
    }
    if (ema_) {
        ema_->load(average);
    }
    optimizer_.load_state(moments);
    optimizer_.follow_masters();
    step_ = std::stoll(step->second);
    const auto planned = metadata.find("planned_steps");
    if (options_.planned_steps == 0 && planned != metadata.end()) {
        options_.planned_steps = std::stoll(planned->second);
    }
}

void Trainer::begin_with(const TensorMap& values) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : values) {
        optimizer_.masters().at(name).copy_(value);
    }
    optimizer_.follow_masters();
    if (ema_) {
        ema_->load(optimizer_.masters());
    }
}

void Trainer::save() const {
    TensorMap all = optimizer_.state();
    for (const auto& [name, master] : optimizer_.masters()) {
        all["parameter/" + name] = master;
        if (ema_) {
            all["average/" + name] = ema_->average().at(name);
        }
    }
    for (auto& [name, tensor] : all) {
        tensor = tensor.to(at::kCPU);
    }
    save_safetensors(options_.checkpoint, all,
                     {{"name", options_.name},
                      {"step", std::to_string(step_)},
                      {"planned_steps", std::to_string(options_.planned_steps)}});
    if (options_.on_save) {
        options_.on_save(step_);
    }
}

void Trainer::look(LogWindow& window) const {
    if (!window.new_loss.defined()) {
        return;
    }
    const double sum = window.new_loss.item<double>(); // waits for a GPU
    if (!std::isfinite(sum)) {
        throw Error(ErrorCode::internal,
                    message("{}: the loss is {} at step {}.", options_.name, sum, step_));
    }
    window.loss += sum;
    window.gradient += window.new_gradient.item<double>();
    window.new_loss = window.new_gradient = Tensor();
}

Trainer::End Trainer::run(const std::function<Tensor(std::int64_t)>& loss, double minutes,
                          const std::atomic<bool>& stop,
                          const std::function<void(const nlohmann::json&)>& log) {
    const auto start = Clock::now();
    auto saved = start;
    LogWindow window;
    const auto report = [&] {
        const double seconds = seconds_since(window.start);
        const double steps = static_cast<double>(std::max<std::int64_t>(window.steps, 1));
        log({{"stage", options_.name},
             {"step", step_},
             {"of", options_.planned_steps},
             {"samples", step_ * options_.batch},
             {"loss", window.loss / steps},
             {"gradient", window.gradient / steps},
             {"learning_rate", options_.learning_rate * learning_rate_share(step_, options_)},
             {"samples_per_second", steps * static_cast<double>(options_.batch) / seconds},
             {"minutes", seconds_since(start) / 60}});
        window = {};
    };
    auto end = End::planned;
    const std::int64_t first = step_;
    const bool on_cpu = parameters_.empty() || parameters_.begin()->second.is_cpu();
    auto measured_from = start;
    while (options_.planned_steps == 0 || step_ < options_.planned_steps) {
        if (stop || seconds_since(start) > 60 * minutes) {
            end = stop ? End::stopped : End::time;
            break;
        }
        Tensor value;
        for (std::int64_t i = 0; i < options_.accumulation; ++i) {
            const auto part = loss(step_ * options_.accumulation + i) /
                              static_cast<double>(options_.accumulation);
            if (on_cpu && !std::isfinite(part.item<double>())) {
                throw Error(ErrorCode::internal,
                            message("{}: the loss is {} at step {}.", options_.name,
                                    part.item<double>(), step_));
            }
            part.backward();
            value = value.defined() ? value + part.detach() : part.detach();
        }
        const double learning_rate = options_.learning_rate * learning_rate_share(step_, options_);
        const auto length = optimizer_.step(learning_rate);
        window.add(value, length);
        if (ema_) {
            ema_->update(
                optimizer_.masters(),
                ema_decay(step_, options_.planned_steps > 0 ? options_.planned_steps : 1000));
        }
        ++step_;
        if (on_cpu && options_.on_step) {
            options_.on_step({.step = step_,
                              .planned = options_.planned_steps,
                              .loss = value.item<double>(),
                              .learning_rate = learning_rate,
                              .seconds = seconds_since(start)});
        }
        if (on_cpu || step_ % kAhead == 0) {
            look(window);
        }
        if (options_.planned_steps == 0 && step_ - first == kUnmeasured) {
            measured_from = Clock::now();
        }
        if (options_.planned_steps == 0 && step_ - first == kUnmeasured + kMeasured) {
            const double rate = static_cast<double>(kMeasured) / seconds_since(measured_from);
            const double left = 60 * minutes - seconds_since(start);
            options_.planned_steps =
                step_ + static_cast<std::int64_t>(std::max(kPlannedShare * left * rate, 1.0));
            log({{"stage", options_.name},
                 {"planned_steps", options_.planned_steps},
                 {"samples_per_second", rate * static_cast<double>(options_.batch)}});
        }
        if (seconds_since(window.start) >= options_.log_every_seconds) {
            look(window);
            report();
        }
        if (!options_.checkpoint.empty() && seconds_since(saved) >= options_.save_every_seconds) {
            save();
            saved = Clock::now();
        }
    }
    if (window.steps > 0) {
        look(window);
        report();
    }
    if (!options_.checkpoint.empty()) {
        save();
    }
    return end;
}

TensorMap load_average(const std::filesystem::path& checkpoint) {
    const auto file = SafetensorsFile::open(checkpoint);
    TensorMap average;
    for (const auto& full : file->names()) {
        if (full.starts_with("average/")) {
            average[full.substr(8)] = file->take(full);
        }
    }
    if (average.empty()) {
        throw Error(ErrorCode::model_mismatch,
                    message("{} holds no averaged weights.", checkpoint.string()));
    }
    return average;
}

} // namespace likeness
