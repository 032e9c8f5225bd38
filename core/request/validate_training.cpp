#include "core/request/limits.h"
#include "core/request/training_request.h"

#include <algorithm>
#include <cmath>

namespace likeness {

std::filesystem::path training_checkpoint(const LoraTrainingRequest& request) {
    return request.out + ".checkpoint";
}

std::vector<Problem> validate(const LoraTrainingRequest& request) {
    std::vector<Problem> problems;
    const auto check = [&problems](const char* field, double value) {
        const Limit& row = limit(field);
        if (!std::isfinite(value)) {
            problems.push_back({field, message("is not a number; it goes from {} to {}",
                                               row.minimum, row.maximum)});
        } else if (value < row.minimum || value > row.maximum) {
            problems.push_back(
                {field, message("is {}; it goes from {} to {}", value, row.minimum, row.maximum)});
        }
    };
    if (request.resolution) {
        check("resolution", *request.resolution);
    }
    check("train_batch_size", request.train_batch_size);
    check("gradient_accumulation_steps", request.gradient_accumulation_steps);
    check("max_train_steps", request.max_train_steps);
    check("learning_rate", request.learning_rate);
    check("lr_warmup_steps", request.lr_warmup_steps);
    check("snr_gamma", request.snr_gamma);
    check("rank", request.rank);
    if (request.network_alpha) {
        check("network_alpha", *request.network_alpha);
    }
    check("threads", request.threads);
    check("checkpointing_minutes", request.checkpointing_minutes);
    if (request.lr_warmup_steps > request.max_train_steps) {
        problems.push_back(
            {"lr_warmup_steps", message("is {}, more than the {} steps of the training",
                                        request.lr_warmup_steps, request.max_train_steps)});
    }
    if (request.pictures.empty()) {
        problems.push_back({"pictures", message("there are none; a LoRA is learned from about ten "
                                                "to fifty pictures of one thing")});
    }
    const auto untold = std::ranges::count_if(
        request.pictures, [](const TrainingPicture& picture) { return picture.caption.empty(); });
    if (untold > 0 && request.instance_prompt.empty()) {
        problems.push_back(
            {"instance_prompt",
             message("is empty, and {} of {} pictures have no caption; say what they show, such as "
                     "\"a photo of sks mug\"",
                     untold, request.pictures.size())});
    }
    if (request.out.empty()) {
        problems.push_back({"out", message("is empty; name the file that the LoRA is written to")});
    }
    return problems;
}

} // namespace likeness
