#include "core/training/trainer.h"

#include "core/base/seconds_since.h"
#include "core/base/wording.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include <fmt/format.h>
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

std::vector<std::filesystem::path> places_of(const TrainerOptions& options) {
    if (options.second_checkpoint.empty()) {
        return {options.checkpoint};
    }
    return {options.checkpoint, options.second_checkpoint};
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

LossLost::LossLost(const std::string& name, std::int64_t at, double value, double rate)
    : Error(ErrorCode::internal,
            likeness::message("{}: the loss is {} at step {}, at a learning rate of {}.", name,
                              value, at, rate)),
      step(at), loss(value), learning_rate(rate) {}

Trainer::Trainer(TensorMap parameters, TrainerOptions options)
    : parameters_(std::move(parameters)), options_(std::move(options)), files_(places_of(options_)),
      optimizer_(parameters_, options_.adamw) {
    if (options_.scales_loss) {
        loss_scale_.emplace();
    }
    if (options_.averages) {
        ema_.emplace(optimizer_.masters());
    }
    if (options_.checkpoint.empty()) {
        return;
    }
    if (const auto file = files_.newest()) {
        load(*file);
    }
    for (const Message& notice : files_.notices()) {
        if (options_.on_notice) {
            options_.on_notice(notice);
        }
    }
    if (options_.planned_steps == 0 || step_ < options_.planned_steps) {
        const std::uint64_t kept = ema_ ? 4 : 3; // themselves, two moments, and their average
        files_.check_room(kept * bytes(), bytes());
    }
}

std::uint64_t Trainer::bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [name, master] : optimizer_.masters()) {
        bytes += master.nbytes();
    }
    return bytes;
}

void Trainer::check_is_of_this_run(const SafetensorsFile& file) const {
    const auto told = [&file](const char* key) {
        const auto found = file.metadata().find(key);
        return found == file.metadata().end() ? std::string() : found->second;
    };
    const std::string where = in_quotes(options_.checkpoint.filename().string());
    if (told("name") != options_.name) {
        throw Error(ErrorCode::model_mismatch,
                    message("The checkpoint {} is of a training with other settings or pictures, "
                            "so it cannot go on.\nGive what it was begun with, or begin anew.",
                            where),
                    fmt::format("it is of \"{}\", this is \"{}\"", told("name"), options_.name));
    }
    if (told("base") != options_.base) {
        throw Error(ErrorCode::model_mismatch,
                    message("The model was changed since the checkpoint {} was written, so the "
                            "training cannot go on.\nBring the model of then back, or begin anew.",
                            where));
    }
    const std::string rate = fmt::format("{}", options_.learning_rate);
    if (options_.on_notice && !told("learning_rate").empty() && told("learning_rate") != rate) {
        options_.on_notice(message("The learning rate was {} up to step {}; it goes on with {}.",
                                   told("learning_rate"), told("step"), rate));
    }
}

void Trainer::load(SafetensorsFile& file) {
    const at::NoGradGuard no_grad;
    check_is_of_this_run(file);
    TensorMap average, moments;
    for (const auto& full : file.names()) {
        const auto slash = full.find('/');
        const auto kind = full.substr(0, slash), rest = full.substr(slash + 1);
        if (kind == "average") {
            average[rest] = file.take(full);
        } else if (kind == "parameter") {
            const auto found = parameters_.find(rest);
            const auto value = file.take(full);
            if (found == parameters_.end() || found->second.sizes() != value.sizes()) {
                throw Error(ErrorCode::model_mismatch, message("{}: {} does not fit this network.",
                                                               options_.checkpoint.string(), rest));
            }
            optimizer_.masters().at(rest).copy_(value);
        } else {
            moments[full] = file.take(full);
        }
    }
    if (ema_) {
        ema_->load(average);
    }
    optimizer_.load_state(moments);
    optimizer_.follow_masters();
    const auto& metadata = file.metadata();
    step_ = saved_ = std::stoll(metadata.at("step"));
    if (const auto scale = metadata.find("loss_scale"); loss_scale_ && scale != metadata.end()) {
        *loss_scale_ = {.scale = std::stod(scale->second),
                        .growth_tracker = std::stoll(metadata.at("growth_tracker"))};
    }
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

void Trainer::save() {
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
    CheckpointFiles::Metadata told{{"name", options_.name},
                                   {"step", std::to_string(step_)},
                                   {"planned_steps", std::to_string(options_.planned_steps)},
                                   {"learning_rate", fmt::format("{}", options_.learning_rate)}};
    if (loss_scale_) {
        told["loss_scale"] = fmt::format("{}", loss_scale_->scale);
        told["growth_tracker"] = std::to_string(loss_scale_->growth_tracker);
    }
    if (!options_.base.empty()) {
        told["base"] = options_.base;
    }
    files_.save(all, told);
    saved_ = step_;
    if (options_.on_save) {
        options_.on_save(step_);
    }
}

void Trainer::try_to_save() {
    try {
        save();
    } catch (const Error& error) {
        if (!options_.on_notice) {
            throw;
        }
        options_.on_notice(message("The checkpoint of step {} was not written; the one before it "
                                   "stays, and the training goes on.\n{}",
                                   step_, error.message));
    }
}

double Trainer::rate() const {
    return options_.learning_rate * learning_rate_share(step_, options_);
}

Tensor Trainer::take_step(double learning_rate) {
    if (!loss_scale_) {
        const Tensor length = optimizer_.step(learning_rate);
        if (length.is_cpu() && !std::isfinite(length.item<double>())) {
            throw LossLost(options_.name, step_ + 1, length.item<double>(), learning_rate);
        }
        return length;
    }
    const Tensor length = optimizer_.step(learning_rate, loss_scale_->scale);
    const bool is_finite = std::isfinite(length.item<double>());
    loss_scale_->update(is_finite);
    if (loss_scale_->is_lost()) {
        throw LossLost(options_.name, step_ + 1, length.item<double>(), learning_rate);
    }
    return is_finite ? length : at::zeros_like(length);
}

void Trainer::look(LogWindow& window) const {
    if (!window.new_loss.defined()) {
        return;
    }
    const double sum = window.new_loss.item<double>(); // waits for a GPU
    const double gradient = window.new_gradient.item<double>();
    if (!std::isfinite(sum + gradient)) {
        throw LossLost(options_.name, step_, std::isfinite(sum) ? gradient : sum, rate());
    }
    window.loss += sum;
    window.gradient += gradient;
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
             {"learning_rate", rate()},
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
                throw LossLost(options_.name, step_ + 1, part.item<double>(), rate());
            }
            (loss_scale_ ? part * loss_scale_->scale : part).backward();
            value = value.defined() ? value + part.detach() : part.detach();
        }
        const double learning_rate = rate();
        window.add(value, take_step(learning_rate));
        if (ema_) {
            ema_->update(
                optimizer_.masters(),
                ema_decay(step_, options_.planned_steps > 0 ? options_.planned_steps : 1000));
        }
        ++step_;
        if (options_.on_step) {
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
            look(window); // nothing that is lost is kept
            try_to_save();
            saved = Clock::now();
        }
    }
    if (window.steps > 0) {
        look(window);
        report();
    }
    if (!options_.checkpoint.empty() && saved_ != step_) {
        try_to_save();
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
