#include "core/request/findings.h"
#include "core/request/training_request.h"

#include <algorithm>
#include <limits>

namespace likeness {

namespace {

constexpr const char* kSampleWeights = ".checkpoint.sample-"; // behind what it makes

} // namespace

std::filesystem::path training_checkpoint(const TrainingRequest& request) {
    return request.out + ".checkpoint";
}

std::vector<std::filesystem::path> training_checkpoints(const TrainingRequest& request) {
    return {training_checkpoint(request), request.out + ".checkpoint2"};
}

std::filesystem::path training_sample_weights(const TrainingRequest& request, std::int64_t step) {
    return request.out + kSampleWeights + std::to_string(step);
}

std::vector<std::int64_t> kept_sample_steps(const TrainingRequest& request) {
    namespace fs = std::filesystem;
    const fs::path first = training_sample_weights(request, 0);
    const std::string start = fs::path(request.out).filename().string() + kSampleWeights;
    std::vector<std::int64_t> steps;
    if (request.out.empty()) {
        return steps;
    }
    std::error_code failed;
    for (auto entry = fs::directory_iterator(fs::absolute(first).parent_path(), failed);
         !failed && entry != fs::end(entry); entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        const std::string step =
            name.starts_with(start) ? name.substr(start.size()) : std::string();
        constexpr std::size_t kMostDigits = 18;
        if (!step.empty() && step.size() <= kMostDigits &&
            step.find_first_not_of("0123456789") == std::string::npos) {
            steps.push_back(std::stoll(step));
        }
    }
    std::ranges::sort(steps);
    return steps;
}

void remove_kept_samples(const TrainingRequest& request) {
    std::error_code ignored;
    for (const std::int64_t step : kept_sample_steps(request)) {
        std::filesystem::remove(training_sample_weights(request, step), ignored);
    }
}

namespace {

// Fields that the method does not have.
void check_method(const TrainingRequest& request, Findings& findings) {
    const bool dreambooth = request.method == TrainingMethod::dreambooth;
    if (!request.class_prompt.empty() && !dreambooth) {
        findings.add("class_prompt", message("is of DreamBooth alone"));
    }
    if (request.as_lora && request.as_difference) {
        findings.add("as_difference",
                     message("is a form of the whole; a LoRA is one file of its own already"));
    }
    if (request.train_text_encoder && request.method == TrainingMethod::ip_adapter) {
        findings.add("train_text_encoder",
                     message("is on; an adapter learns over an unchanged text encoder"));
    }
    if (request.text_encoder_learning_rate && !request.train_text_encoder) {
        findings.add("text_encoder_learning_rate",
                     message("is given, and the text encoder is not trained; train it too, or "
                             "leave its rate out"));
    }
    if (request.take_step > 0 && !request.learns_little()) {
        findings.add("take_step",
                     message("is {}; a whole model is not kept at its samples", request.take_step));
    }
    if (!request.ip_adapter.empty() && request.method != TrainingMethod::ip_adapter) {
        findings.add("ip_adapter", message("is of the adapter's training alone"));
    }
}

// How many seeds follow the request's: of the proof's pictures, of samples, and of the class.
std::uint64_t following_seeds(const TrainingRequest& request) {
    constexpr int kProofImages = 2;
    const int kept = request.keeps_class() ? request.num_class_images : 0;
    return static_cast<std::uint64_t>(
        std::max({kProofImages, request.num_validation_images, kept}) - 1);
}

} // namespace

std::vector<Problem> validate(const TrainingRequest& request) {
    Findings findings;
    findings.check("resolution", request.resolution);
    findings.check("train_batch_size", request.train_batch_size);
    findings.check("gradient_accumulation_steps", request.gradient_accumulation_steps);
    findings.check("max_train_steps", request.max_train_steps);
    findings.check("learning_rate", request.learning_rate);
    findings.check("lr_warmup_steps", request.lr_warmup_steps);
    findings.check("snr_gamma", request.snr_gamma);
    findings.check("text_encoder_learning_rate", request.text_encoder_learning_rate);
    findings.check("noise_offset", request.noise_offset);
    findings.check("num_class_images", request.num_class_images);
    findings.check("prior_loss_weight", request.prior_loss_weight);
    findings.check("rank", request.rank);
    findings.check("network_alpha", request.network_alpha);
    findings.check("threads", request.threads);
    findings.check("validation_steps", request.validation_steps);
    findings.check("num_validation_images", request.num_validation_images);
    findings.check("kept_sample_weights", request.kept_sample_weights);
    findings.check("validation_share", request.validation_share);
    findings.check("checkpointing_minutes", request.checkpointing_minutes);
    if (request.lr_warmup_steps > request.max_train_steps) {
        findings.add("lr_warmup_steps", message("is {}, more than the {} steps of the training",
                                                request.lr_warmup_steps, request.max_train_steps));
    }
    if (request.seed > std::numeric_limits<std::uint64_t>::max() - following_seeds(request)) {
        findings.add("seed", message("is {}; the pictures that are made would need seeds past "
                                     "2^64 - 1",
                                     request.seed));
    }
    if (request.pictures.empty()) {
        findings.add("pictures", message("there are none; a LoRA is learned from about ten "
                                         "to fifty pictures of one thing"));
    }
    const auto untold = std::ranges::count_if(
        request.pictures, [](const TrainingPicture& picture) { return picture.caption.empty(); });
    if (untold > 0 && request.instance_prompt.empty()) {
        findings.add(
            "instance_prompt",
            message("is empty, and {} of {} pictures have no caption; say what they show, such as "
                    "\"a photo of sks mug\"",
                    untold, request.pictures.size()));
    }
    if (request.out.empty()) {
        findings.add("out", message("is empty; name where the result is written to"));
    }
    check_method(request, findings);
    return findings.problems;
}

} // namespace likeness
