#include "core/request/findings.h"
#include "core/request/training_request.h"

#include <algorithm>

namespace likeness {

std::filesystem::path training_checkpoint(const TrainingRequest& request) {
    return request.out + ".checkpoint";
}

double default_learning_rate(const TrainingRequest& request) {
    constexpr double kLora = 5e-4, kWhole = 5e-6, kAdapter = 1e-4; // diffusers' scripts and 8.10
    switch (request.method) {
    case TrainingMethod::lora:
        break;
    case TrainingMethod::dreambooth:
        return request.as_lora ? kLora : kWhole;
    case TrainingMethod::ip_adapter:
        return kAdapter;
    }
    return kLora;
}

std::vector<Problem> validate(const TrainingRequest& request) {
    Findings findings;
    findings.check("resolution", request.resolution);
    findings.check("train_batch_size", request.train_batch_size);
    findings.check("gradient_accumulation_steps", request.gradient_accumulation_steps);
    findings.check("max_train_steps", request.max_train_steps);
    findings.check("learning_rate", request.learning_rate);
    findings.check("lr_warmup_steps", request.lr_warmup_steps);
    findings.check("snr_gamma", request.snr_gamma);
    findings.check("rank", request.rank);
    findings.check("network_alpha", request.network_alpha);
    findings.check("threads", request.threads);
    findings.check("checkpointing_minutes", request.checkpointing_minutes);
    if (request.lr_warmup_steps > request.max_train_steps) {
        findings.add("lr_warmup_steps", message("is {}, more than the {} steps of the training",
                                                request.lr_warmup_steps, request.max_train_steps));
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
        findings.add("out", message("is empty; name the file that the LoRA is written to"));
    }
    return findings.problems;
}

} // namespace likeness
