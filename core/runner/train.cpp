#include "core/runner/train.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/request/check_pictures.h"
#include "core/request/given_vae.h"
#include "core/request/model_folder.h"
#include "core/request/training_crop.h"
#include "core/request/training_place.h"
#include "core/runner/caption_lengths.h"
#include "core/runner/class_pictures.h"
#include "core/runner/content_of_model.h"
#include "core/runner/machine.h"
#include "core/runner/memory.h"
#include "core/runner/out_of_memory.h"
#include "core/runner/throw_problems.h"
#include "core/runner/training_proof.h"
#include "core/runner/training_samples.h"
#include "core/tensor/device.h"
#include "core/training/fine_tuning.h"
#include "core/training/recompute.h"
#include "core/training/sample_weights.h"
#include "core/training/shown_values.h"
#include "core/training/validation.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

// |change| / |weights| over all groups is not the mean of theirs; the largest is what matters.
double largest(const std::map<std::string, double>& changes) {
    double most = 0;
    for (const auto& [group, change] : changes) {
        most = std::max(most, change);
    }
    return most;
}

// What is made lies here until it is proved: beside its place, so that a rename brings it there.
fs::path unproved_path(const TrainingRequest& request) {
    return request.out + (request.makes_model() ? ".unproved" : ".unproved.safetensors");
}

// Takes what is made away again unless it is kept.
class Unproved {
public:
    explicit Unproved(const TrainingRequest& request) : path(unproved_path(request)) {
        remove(); // what a killed run left
    }

    ~Unproved() { remove(); }

    Unproved(const Unproved&) = delete;
    Unproved& operator=(const Unproved&) = delete;

    // Puts it in the place of what lies there, which goes away with this; a folder with the
    // one that replaces it in one move, where the disk can do that.
    void keep_as(const fs::path& out) const {
        std::error_code failed;
        const bool replaces = fs::is_directory(out, failed);
        if (replaces &&
            ::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, out.c_str(), RENAME_EXCHANGE) == 0) {
            return;
        }
        const fs::path former = out.string() + ".former";
        if (replaces) {
            fs::rename(out, former, failed);
        }
        fs::rename(path, out, failed);
        if (failed) {
            const Message why = verbatim(failed.message());
            fs::rename(former, out, failed);
            throw Error(ErrorCode::write_failed,
                        message("{} could not be written: {}. Its last checkpoint goes on.",
                                out.string(), why));
        }
        fs::remove_all(former, failed);
    }

    const fs::path path;

private:
    void remove() const {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

// That what is made can be written, before anything is learned that would be lost.
void check_place(const TrainingRequest& request) {
    if (const std::vector<Error> problems = problems_of_place(request); !problems.empty()) {
        throw problems.front();
    }
}

// Whether anything is learned over that model.
void check_model(const ModelFolder& folder) {
    if (folder.traits.inpainting || folder.traits.refiner) {
        throw_problems(
            {{.field = "model",
              .message = message("the model {} is {}; what is learned needs one that makes whole "
                                 "pictures from text",
                                 folder.name,
                                 folder.traits.refiner ? message("a refiner")
                                                       : message("made for inpainting"))}});
    }
}

// As for pictures, where nothing else was asked for; but not in float16, where small gradients are
// zero, and a whole model on a CPU in float32: the gradients of its kernels take half the time of
// those in bfloat16, and the float32 values are there anyway.
Placement training_placement(const TrainingRequest& request) {
    Placement placement = choose_placement(request.device, request.dtype);
    const bool whole = request.method == TrainingMethod::dreambooth && !request.as_lora;
    if (request.dtype.empty() && whole && placement.device.is_cpu()) {
        placement.dtype = at::kFloat;
    } else if (request.dtype.empty() && placement.dtype == at::kHalf) {
        placement.dtype = at::kBFloat16;
    }
    return placement;
}

// The adapter that is trained on, where one is.
std::vector<fs::path> adapter_files(const TrainingRequest& request, const ModelFolder& folder) {
    if (request.method != TrainingMethod::ip_adapter) {
        return {};
    }
    return {find_adapter(folder, request.ip_adapter)};
}

// That and what to do about it.
Error lost(const LossLost& loss, const std::string& dtype) {
    const std::string lower = fmt::format("{:.2g}", loss.learning_rate / 10);
    const Message what =
        message("The training ended: at step {}, with a learning rate of {}, its loss is {}.",
                loss.step, fmt::format("{:.2g}", loss.learning_rate), loss.loss);
    return {
        ErrorCode::internal,
        dtype == "float32"
            ? message("{}\nLower the learning rate to {} and go on from the last checkpoint, or "
                      "begin anew.",
                      what, lower)
            : message("{}\nLower the learning rate to {}, or choose the dtype float32 instead "
                      "of {}, and go on from the last checkpoint, or begin anew.",
                      what, lower, dtype)};
}

// Made outside of inference mode, and not packed: it can learn.
std::shared_ptr<const SdModel> load_to_learn(const TrainingRequest& request,
                                             const ModelFolder& folder, const Progress& progress) {
    const Placement placement = training_placement(request);
    const at::NoGradGuard no_grad;
    return load_model(folder, {.dtype = placement.dtype, .device = placement.device}, progress);
}

std::string base_of(const TrainingRequest& request, const ModelFolder& folder,
                    const Progress& progress) {
    return content_of_model(folder, adapter_files(request, folder),
                            [&progress] { progress.check(); });
}

// Writes what was learned to `made`; returns the result without its proof.
TrainingResult write_learned(const TrainedWeights& weights, const TensorMap& values,
                             const TrainingRequest& request, Made& made) {
    if (const auto adapter = weights.adapter()) {
        made.image_encoder = adapter->image_encoder;
    }
    TrainingResult result{.weights = request.out};
    result.proof.weight_changes = weights.weight_changes(values);
    result.proof.weight_change = largest(result.proof.weight_changes);
    weights.save(made.path, values);
    return result;
}

// Writes what was learned at a sample's step and kept.
TrainingResult take_sample(const TrainingRequest& request, const ModelFolder& folder, Made& made,
                           const Progress& progress) {
    const TensorMap values =
        SampleWeights(request, base_of(request, folder, progress)).load(request.take_step);
    const at::AutoGradMode learns(true);
    SdModel own = *load_to_learn(request, folder, progress); // its layers get parts of their own
    const auto weights =
        make_trained_weights(own, request, training_resolution(request, folder.traits), progress);
    TrainingResult result = write_learned(*weights, values, request, made);
    result.steps = request.take_step;
    return result;
}

// Loads, learns and writes what was learned; returns the result without its proof.
TrainingResult learn(const TrainingRequest& request, const ModelFolder& folder, Made& made,
                     const Progress& progress, const TrainingListener& listener) {
    const Placement placement = training_placement(request);
    const int resolution = training_resolution(request, folder.traits);
    // Before the model that learns is loaded: two would take twice the memory.
    const std::vector<TrainingPicture> kept = request.keeps_class()
                                                  ? class_pictures(request, folder, progress)
                                                  : std::vector<TrainingPicture>();
    const at::AutoGradMode learns(true);
    const auto model = load_to_learn(request, folder, progress);
    SdModel own = *model; // its layers get parts of their own
    if (request.gradient_checkpointing) {
        own.unet.recompute = recompute_in_backward(placement.device);
    }
    TrainingSamples samples{.base = base_of(request, folder, progress),
                            .class_samples = encode_training_set(own, kept, request.class_prompt,
                                                                 request, resolution, progress)};
    const std::set<std::size_t> held_out = held_out_pictures(request);
    for (TrainingSample& sample : encode_training_set(
             own, request.pictures, request.instance_prompt, request, resolution, progress)) {
        (held_out.contains(sample.picture) ? samples.held_out : samples.instance)
            .push_back(std::move(sample));
    }
    const auto weights = make_trained_weights(own, request, resolution, progress);
    std::vector<Message> notices;
    TrainingListener hears = listener;
    hears.on_notice = [&](const Message& notice) {
        notices.push_back(notice);
        if (listener.on_notice) {
            listener.on_notice(notice);
        }
    };
    TrainingSampler sampler(own, request, hears, weights->adapter());
    if (const auto finding = check_caption_lengths(request, own.text.tokenizer)) {
        hears.on_notice(message("{}: {}", finding->title, finding->detail));
    }
    SampleWeights kept_weights(request, samples.base);
    const TensorMap* values = nullptr; // of the step that is told
    hears.on_step = [&](const TrainingStep& step) {
        TrainingStep told = step;
        const bool validates = !samples.held_out.empty() && is_validated(request, step.step);
        std::optional<ShownValues> shown;
        if (request.use_ema && (validates || sampler.is_due(step.step))) {
            shown.emplace(weights->parameters(), *values);
        }
        if (validates) {
            told.validation_loss = validation_loss(own, *weights, samples, request);
        }
        if (listener.on_step) {
            listener.on_step(told);
        }
        if (sampler.is_due(step.step)) {
            sampler.make(step.step, progress);
        }
        if (sampler.is_due(step.step)) { // there was room for it
            if (const auto failure = kept_weights.keep(step.step, *values)) {
                hears.on_notice(*failure);
            }
        }
    };
    if (sampler.is_due(0)) {
        sampler.make(0, progress);
    }
    const TrainingOutcome outcome =
        fine_tune(own, *weights, samples, request, hears,
                  [&values](const TensorMap& of_step) { values = &of_step; });
    if (outcome.is_stopped) {
        throw Cancelled{};
    }
    TrainingResult result = write_learned(*weights, outcome.values, request, made);
    result.steps = outcome.steps;
    result.notices = std::move(notices);
    return result;
}

} // namespace

ModelFolder folder_to_train(const TrainingRequest& request) {
    ModelFolder folder = model_of({.model = request.model, .vae = request.vae});
    check_model(folder);
    adapter_files(request, folder);
    return folder;
}

TrainingResult train(const TrainingRequest& given, const Progress& progress,
                     const TrainingListener& listener) {
    TrainingRequest request = given;
    request.out = without_trailing_slashes(request.out);
    throw_problems(validate(request));
    throw_problems(nothing_to_learn(request));
    check_place(request);
    const ModelFolder folder = folder_to_train(request);
    at::set_num_threads(thread_count(request.threads));
    remove_stale_parts(fs::absolute(request.out).parent_path()); // of checkpoints, by a kill
    const Unproved unproved(request);
    Made made{.path = unproved.path};
    TrainingResult result;
    try {
        result = request.take_step > 0 ? take_sample(request, folder, made, progress)
                                       : learn(request, folder, made, progress, listener);
    } catch (const LossLost& loss) {
        throw lost(loss, dtype_name(training_placement(request).dtype));
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        if (is_out_of_memory(error)) {
            throw Error(ErrorCode::out_of_memory,
                        message("The training ended: memory ran out. A smaller resolution or "
                                "train_batch_size needs less, and so does "
                                "gradient_checkpointing.\nIts last checkpoint goes on."),
                        words_of(error));
        }
        if (dynamic_cast<const c10::Error*>(&error) != nullptr) {
            throw Error(ErrorCode::internal,
                        message("The training ended: the program made a mistake. Its details are "
                                "in the log.\nIts last checkpoint goes on."),
                        words_of(error));
        }
        throw;
    }
    prove(result.proof, request, folder, made, progress);
    if (result.proof.weight_change == 0 || result.proof.picture_change == 0) {
        throw Error(ErrorCode::internal,
                    message("The training changed nothing: weights by {}, pictures by {}. What it "
                            "made was not saved. Try a higher learning rate or more steps.",
                            result.proof.weight_change, result.proof.picture_change));
    }
    unproved.keep_as(request.out);
    std::error_code ignored;
    for (const fs::path& checkpoint : training_checkpoints(request)) {
        fs::remove(checkpoint, ignored);
    }
    result.peak_memory_bytes = peak_memory_bytes();
    return result;
}

} // namespace likeness
