#include "ui/model/training_draft.h"

#include "core/request/proposed_training.h"
#include "ui/model/paths.h"

#include <QCoreApplication>

#include <algorithm>

namespace likeness {

namespace {

struct TrainingText {
    Q_DECLARE_TR_FUNCTIONS(likeness::TrainingText)
};

constexpr int kSampleEvery = 100; // steps
constexpr int kSampleSeeds = 3;
constexpr double kHeldOut = 0.1; // of the pictures, to be measured on
constexpr int kLongestName = 100;

// What the method does not have is not asked for; the draft keeps it for when it is chosen again.
void leaveOutUnused(TrainingRequest& request) {
    if (request.method == TrainingMethod::ip_adapter) {
        request.train_text_encoder = false;
    } else {
        request.ip_adapter.clear();
    }
    if (!request.train_text_encoder) {
        request.text_encoder_learning_rate.reset();
    }
    if (request.method != TrainingMethod::dreambooth) {
        request.class_prompt.clear();
    }
}

} // namespace

LikenessWay wayOf(const TrainingDraft& draft) {
    switch (draft.request.method) {
    case TrainingMethod::lora:
        return LikenessWay::lora;
    case TrainingMethod::dreambooth:
        return LikenessWay::dreambooth;
    case TrainingMethod::ip_adapter:
        break;
    }
    return LikenessWay::image_prompt;
}

TrainingDraft firstDraft() {
    const TrainingRequest first;
    TrainingDraft draft{.request = proposed_training(first.method, first.model)};
    draft.request.validation_steps = kSampleEvery;
    draft.request.num_validation_images = kSampleSeeds;
    draft.request.validation_share = kHeldOut;
    return draft;
}

QString captionTemplate(const TrainingDraft& draft) {
    // English in every language: it is what models are told.
    const QString name = draft.name.trimmed();
    return name.isEmpty() ? QString() : QStringLiteral("a photo of %1").arg(name);
}

std::filesystem::path resultPlace(const TrainingDraft& draft, const std::filesystem::path& folder) {
    const std::filesystem::path name = toPath(draft.name.trimmed());
    const std::filesystem::path file = toPath(draft.name.trimmed() + ".safetensors");
    switch (draft.request.method) {
    case TrainingMethod::lora:
        break;
    case TrainingMethod::ip_adapter:
        return folder / "ip_adapters" / file;
    case TrainingMethod::dreambooth:
        if (!draft.request.as_lora && !draft.request.as_difference) {
            return folder / name;
        }
        break;
    }
    return folder / "loras" / file;
}

TrainingRequest requestOf(const TrainingDraft& draft, const std::filesystem::path& folder) {
    TrainingRequest request = draft.request;
    leaveOutUnused(request);
    request.out =
        draft.name.trimmed().isEmpty() ? std::string() : resultPlace(draft, folder).string();
    if (request.instance_prompt.empty()) {
        request.instance_prompt = captionTemplate(draft).toStdString();
    }
    request.pictures.clear();
    for (const DatasetPicture& picture : draft.pictures) {
        request.pictures.push_back(
            {.path = picture.path.toStdString(), .caption = picture.caption.toStdString()});
    }
    return request;
}

QString problemOfName(const QString& name) {
    const QString plain = name.trimmed();
    if (plain.isEmpty()) {
        return TrainingText::tr("Give it a name, such as harbour-mug.");
    }
    const bool strange = std::ranges::any_of(plain, [](QChar letter) {
        return !letter.isPrint() || QStringLiteral("/\\:*?\"<>|").contains(letter);
    });
    if (strange || plain.startsWith('.') || plain.endsWith('.')) {
        return TrainingText::tr("A file cannot be named %1. Take letters, digits and hyphens.")
            .arg(plain);
    }
    if (plain.size() > kLongestName) {
        return TrainingText::tr("The name has %1 letters; %2 are the most.")
            .arg(plain.size())
            .arg(kLongestName);
    }
    return {};
}

} // namespace likeness
