#include "core/runner/training_proof.h"

#include "core/request/limits.h"
#include "core/runner/learned_too_well.h"
#include "core/runner/torch_runner.h"

#include <cmath>
#include <map>
#include <numeric>
#include <string>

namespace likeness {

namespace {

constexpr int kProofImages = 2;
constexpr int kSizeStep = 64; // pixels

// Pictures, and what the base model's encoders say of them.
struct Shown {
    std::vector<ImagePtr> images{};
    std::optional<double> likeness{}, prompt{};
    std::map<std::string, double> seconds{}; // of making them
};

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Shown show(Runner& runner, const GenerationRequest& wanted, const TrainingRequest& request,
           const ModelFolder& folder, const Progress& progress) {
    Shown shown;
    const Result made = runner.run(wanted, progress);
    for (const ResultImage& image : made.images) {
        shown.images.push_back(image.image);
    }
    shown.seconds = made.seconds;
    if (!folder.traits.has_ip_adapter) {
        return shown;
    }
    // Both are measured by the base model, so that the numbers are of one kind.
    MeasureRequest measured{.request = request_without(request), .images = shown.images};
    measured.request.references.clear();
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

// Pictures without the subject, which should come out as ever.
std::vector<ImagePtr> elsewhere(Runner& runner, GenerationRequest wanted,
                                const TrainingRequest& request, const Progress& progress) {
    std::vector<ImagePtr> images;
    if (request.method == TrainingMethod::ip_adapter) {
        return images; // without a reference it does nothing
    }
    wanted.prompt = request.class_prompt;
    for (const ResultImage& image : runner.run(wanted, progress).images) {
        images.push_back(image.image);
    }
    return images;
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

} // namespace

GenerationRequest request_without(const TrainingRequest& request) {
    GenerationRequest wanted{.model = request.model,
                             .ip_adapter = request.ip_adapter,
                             .vae = request.vae,
                             .prompt = request.instance_prompt.empty()
                                           ? request.pictures.front().caption
                                           : request.instance_prompt,
                             .seed = request.seed,
                             .num_images = kProofImages,
                             .device = request.device,
                             .dtype = request.dtype,
                             .threads = request.threads};
    if (request.resolution) { // in steps that every level of a UNet divides
        const int step = *request.resolution < kSizeStep ? kSizeStep / 8 : kSizeStep;
        wanted.width = wanted.height = *request.resolution / step * step;
    }
    if (request.method == TrainingMethod::ip_adapter) {
        wanted.references = {{.image = request.pictures.front().image}};
    }
    return wanted;
}

GenerationRequest request_with(const TrainingRequest& request, const Made& made) {
    GenerationRequest wanted = request_without(request);
    if (request.method == TrainingMethod::ip_adapter) {
        wanted.ip_adapter = made.path.string();
        wanted.image_encoder = made.image_encoder.string();
    } else if (request.makes_model()) {
        wanted.model = made.path.string();
    } else {
        wanted.loras = {{.path = made.path.string()}};
    }
    return wanted;
}

double rehearse_proof(const TrainingRequest& request, const ModelFolder& folder,
                      const Progress& progress) {
    const auto runner = make_torch_runner({.previews = false});
    const Shown shown = show(*runner, request_without(request), request, folder, progress);
    elsewhere(*runner, request_without(request), request, progress);
    double seconds = 0;
    for (const auto& [stage, each] : shown.seconds) {
        seconds += stage == "load" ? 0 : each;
    }
    return seconds / static_cast<double>(shown.images.size());
}

void prove(TrainingProof& proof, const TrainingRequest& request, const ModelFolder& folder,
           const Made& made, const Progress& progress) {
    const auto runner = make_torch_runner({.previews = false});
    const Shown before = show(*runner, request_without(request), request, folder, progress);
    const auto without = elsewhere(*runner, request_without(request), request, progress);
    const Shown after = show(*runner, request_with(request, made), request, folder, progress);
    const auto with = elsewhere(*runner, request_with(request, made), request, progress);
    const LearnedTooWell told =
        learned_too_well(request, folder, after.images, without, with, progress);
    proof.overfit = told.overfit;
    proof.drift = told.drift;
    proof.spread = told.spread;
    proof.picture_change = difference(before.images, after.images);
    proof.without = before.images;
    proof.with = after.images;
    proof.likeness_before = before.likeness;
    proof.likeness_after = after.likeness;
    proof.prompt_before = before.prompt;
    proof.prompt_after = after.prompt;
}

std::vector<std::pair<const char*, double>> numbers_of(const TrainingProof& proof) {
    std::vector<std::pair<const char*, double>> numbers{{"weight_change", proof.weight_change},
                                                        {"picture_change", proof.picture_change}};
    const auto add = [&numbers](const char* name, const std::optional<double>& value) {
        if (value) {
            numbers.emplace_back(name, *value);
        }
    };
    add("likeness_before", proof.likeness_before);
    add("likeness_after", proof.likeness_after);
    add("prompt_before", proof.prompt_before);
    add("prompt_after", proof.prompt_after);
    add("overfit", proof.overfit);
    add("drift", proof.drift);
    add("spread", proof.spread);
    return numbers;
}

} // namespace likeness
