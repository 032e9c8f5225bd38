#include "app/cli/training_findings.h"

#include "core/base/wording.h"
#include "core/request/training_json.h"

#include <fmt/format.h>

namespace likeness::cli {

namespace {

const char* to_string(TrainingFindingKind kind) {
    switch (kind) {
    case TrainingFindingKind::count:
        return "count";
    case TrainingFindingKind::size:
        return "size";
    case TrainingFindingKind::sharpness:
        return "sharpness";
    case TrainingFindingKind::duplicates:
        return "duplicates";
    case TrainingFindingKind::subjects:
        return "subjects";
    case TrainingFindingKind::captions:
        return "captions";
    case TrainingFindingKind::masks:
        return "masks";
    }
    return "";
}

Json to_json(const TrainingEstimate& estimate) {
    return {{"seconds_per_step", estimate.seconds_per_step},
            {"seconds", estimate.seconds},
            {"seconds_per_picture", estimate.seconds_per_picture},
            {"class_pictures", estimate.class_pictures},
            {"peak_memory_bytes", estimate.peak_memory_bytes},
            {"available_bytes", estimate.available_bytes},
            {"disk_bytes", estimate.disk_bytes}};
}

std::string words_of(const TrainingFinding& finding) {
    return fmt::format("{} ({})", finding.title.text(), finding.detail.text());
}

std::string words_of(const TrainingEstimate& estimate, const TrainingRequest& request) {
    std::string text = fmt::format(
        "It takes about {} here: {} steps of {:.2g} s, the rest is loading, encoding and proof.\n",
        duration_words(estimate.seconds).text(), request.max_train_steps,
        estimate.seconds_per_step);
    if (estimate.class_pictures > 0) {
        text += fmt::format("{} class pictures are made first, {:.2g} s each.\n",
                            estimate.class_pictures, estimate.seconds_per_picture);
    }
    text += fmt::format("Memory: about {}", byte_words(estimate.peak_memory_bytes).text());
    if (estimate.available_bytes > 0) {
        text += fmt::format(" of {}", byte_words(estimate.available_bytes).text());
        if (estimate.peak_memory_bytes > estimate.available_bytes) {
            text += ", which is more than there is";
        }
    }
    return text + fmt::format(". On the disk: {} with two checkpoints.\n",
                              byte_words(estimate.disk_bytes).text());
}

} // namespace

Json to_json(const TrainingCheck& check, const TrainingRequest& request) {
    Json findings = Json::array(), crops = Json::array();
    for (const TrainingFinding& finding : check.findings) {
        Json names = Json::array();
        for (const std::size_t picture : finding.pictures) {
            names.push_back(request.pictures.at(picture).path);
        }
        findings.push_back({{"kind", to_string(finding.kind)},
                            {"is_fine", finding.is_fine},
                            {"title", finding.title.text()},
                            {"detail", finding.detail.text()},
                            {"pictures", std::move(names)}});
    }
    for (std::size_t i = 0; i < check.crops.size(); ++i) {
        const TrainingCrop& crop = check.crops[i];
        crops.push_back({{"picture", request.pictures.at(i).path},
                         {"x", crop.x},
                         {"y", crop.y},
                         {"width", crop.width},
                         {"height", crop.height},
                         {"trained_width", crop.trained_width},
                         {"trained_height", crop.trained_height}});
    }
    Json settings = Json::parse(to_json(request));
    settings["learning_rate"] = request.learning_rate.value_or(default_learning_rate(request));
    settings.erase("pictures"); // they are among the crops
    Json event = {{"event", "check"},
                  {"findings", std::move(findings)},
                  {"crops", std::move(crops)},
                  {"settings", std::move(settings)}};
    if (check.estimate) {
        event["estimate"] = to_json(*check.estimate);
    }
    return event;
}

std::string words_of(const TrainingCheck& check, const TrainingRequest& request) {
    std::string text;
    for (const TrainingFinding& finding : check.findings) {
        text += fmt::format("{} {}\n", finding.is_fine ? " " : "!", words_of(finding));
    }
    text += words_of_settings(request) + "\n";
    return check.estimate ? text + words_of(*check.estimate, request) : text;
}

std::string words_of_settings(const TrainingRequest& request) {
    constexpr const char* kFalls[] = {"", ", falling by a cosine", ", falling straight"};
    std::string text =
        fmt::format("Settings: batch {}, learning rate {}{}", request.train_batch_size,
                    request.learning_rate.value_or(default_learning_rate(request)),
                    kFalls[static_cast<std::size_t>(request.lr_scheduler)]);
    if (request.train_text_encoder) {
        text +=
            request.text_encoder_learning_rate
                ? fmt::format(", the text encoder too at {}", *request.text_encoder_learning_rate)
                : ", the text encoder too";
    }
    if (request.use_ema) {
        text += ", averaged";
    }
    if (request.keeps_class() && request.prior_loss_weight != 1) {
        text += fmt::format(", its kind counts {}", request.prior_loss_weight);
    }
    return text + ".";
}

void tell_doubts(Console& console, const TrainingCheck& check) {
    for (const TrainingFinding& finding : check.findings) {
        if (!finding.is_fine) {
            console.line(words_of(finding));
        }
    }
}

} // namespace likeness::cli
