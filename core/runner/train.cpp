#include "core/runner/train.h"

#include "core/base/error.h"
#include "core/request/limits.h"
#include "core/request/model_folder.h"
#include "core/runner/machine.h"
#include "core/runner/memory.h"
#include "core/runner/throw_problems.h"
#include "core/runner/torch_runner.h"
#include "core/tensor/device.h"
#include "core/training/lora_metadata.h"
#include "core/training/lora_trainer.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <utility>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr int kProofImages = 2;

// The pictures of the prompt without and with the LoRA, and what the model's own encoders say of
// both.
struct Shown {
    std::vector<ImagePtr> images{};
    std::optional<double> likeness{}, prompt{};
};

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Shown show(Runner& runner, const TrainingRequest& request, const ModelFolder& folder,
           const std::string& lora, const Progress& progress) {
    GenerationRequest wanted{.model = request.model,
                             .prompt = request.instance_prompt.empty()
                                           ? request.pictures.front().caption
                                           : request.instance_prompt,
                             .seed = request.seed,
                             .num_images = kProofImages,
                             .device = request.device,
                             .dtype = request.dtype,
                             .threads = request.threads};
    if (!lora.empty()) {
        wanted.loras = {{.path = lora}};
    }
    Shown shown;
    for (const ResultImage& image : runner.run(wanted, progress).images) {
        shown.images.push_back(image.image);
    }
    if (!folder.traits.has_ip_adapter) {
        return shown;
    }
    MeasureRequest measured{.request = wanted, .images = shown.images};
    for (const TrainingPicture& picture : request.pictures) {
        if (measured.request.references.size() < static_cast<std::size_t>(kMaxReferences)) {
            measured.request.references.push_back({.image = picture.image});
        }
    }
    std::vector<double> likeness, prompt;
    for (const Measurement& one : runner.measure(measured, progress).measurements) {
        likeness.push_back(mean(one.similarity));
        if (one.agreement) {
            prompt.push_back(*one.agreement);
        }
    }
    shown.likeness = mean(likeness);
    if (!prompt.empty()) {
        shown.prompt = mean(prompt);
    }
    return shown;
}

double difference(const std::vector<ImagePtr>& a, const std::vector<ImagePtr>& b) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t k = 0; k < a[i]->bytes.size(); ++k) {
            sum += std::abs(a[i]->u8()[k] - b[i]->u8()[k]);
        }
        count += 255.0 * static_cast<double>(a[i]->bytes.size());
    }
    return sum / count;
}

// |change| / |weights| over all groups is not the mean of theirs; the largest is what matters.
double largest(const std::map<std::string, double>& changes) {
    double most = 0;
    for (const auto& [group, change] : changes) {
        most = std::max(most, change);
    }
    return most;
}

} // namespace

TrainingResult train(const TrainingRequest& request, const Progress& progress,
                     const TrainingListener& listener) {
    throw_problems(validate(request));
    const ModelFolder folder = read_model_folder(find_model(request.model));
    const Placement placement = choose_placement(request.device, request.dtype);
    at::set_num_threads(thread_count(request.threads));
    const int resolution = request.resolution.value_or(
        std::min(folder.traits.default_width, folder.traits.default_height));
    LoraOutcome outcome;
    std::map<std::string, std::string> metadata;
    try {
        const at::AutoGradMode learns(true);
        const auto model = [&] {
            const at::NoGradGuard no_grad;
            return load_model(folder, {.dtype = placement.dtype, .device = placement.device},
                              progress);
        }();
        SdModel own = *model; // its layers get parts of their own
        const auto samples = encode_training_set(own, request, resolution, progress);
        outcome = train_lora(own, request, samples, listener);
        if (outcome.is_stopped) {
            throw Cancelled{};
        }
        metadata = lora_metadata(own, request, resolution);
    } catch (const c10::OutOfMemoryError& error) {
        throw Error(ErrorCode::out_of_memory,
                    message("The LoRA was not trained: memory ran out. A smaller resolution or "
                            "train_batch_size needs less."),
                    error.what_without_backtrace());
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::internal,
                    message("The LoRA was not trained: the program made a mistake."),
                    error.what_without_backtrace());
    }
    TrainingResult result{.weights = request.out, .steps = outcome.steps};
    result.proof.weight_changes = outcome.weight_changes;
    result.proof.weight_change = largest(outcome.weight_changes);

    // Nothing lies under its name before it is proved.
    const fs::path unproved = request.out + ".unproved.safetensors";
    save_safetensors(unproved, outcome.file, metadata);
    try {
        const auto runner = make_torch_runner({.previews = false});
        const Shown before = show(*runner, request, folder, "", progress);
        const Shown after = show(*runner, request, folder, unproved.string(), progress);
        result.proof.picture_change = difference(before.images, after.images);
        result.proof.without = before.images;
        result.proof.with = after.images;
        result.proof.likeness_before = before.likeness;
        result.proof.likeness_after = after.likeness;
        result.proof.prompt_before = before.prompt;
        result.proof.prompt_after = after.prompt;
        if (result.proof.weight_change == 0 || result.proof.picture_change == 0) {
            throw Error(ErrorCode::internal,
                        message("The training changed nothing: weights by {}, pictures by {}. Its "
                                "LoRA was not saved. Try a higher learning rate or more steps.",
                                result.proof.weight_change, result.proof.picture_change));
        }
    } catch (...) {
        std::error_code ignored;
        fs::remove(unproved, ignored);
        throw;
    }
    fs::rename(unproved, request.out);
    std::error_code ignored;
    fs::remove(training_checkpoint(request), ignored);
    result.peak_memory_bytes = peak_memory_bytes();
    return result;
}

} // namespace likeness
