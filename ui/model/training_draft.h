#pragma once

#include "core/request/training_request.h"

#include <QString>

#include <filesystem>
#include <string>
#include <vector>

namespace likeness {

// One picture of the dataset. Its pixels stay in its file.
struct DatasetPicture {
    quint64 id = 0;
    QString name{};
    QString path{};
    QString caption{};     // empty: the draft's own
    std::string content{}; // SHA-256 of its file when the project was kept; empty: it was not

    bool operator==(const DatasetPicture&) const = default;
};

// The three ways to a likeness, as the person meets them.
enum class LikenessWay { image_prompt, lora, dreambooth };

// What the Train page holds: a training that is being prepared. Undone and kept with the rest of
// what is edited.
struct TrainingDraft {
    QString name{};            // of what comes out: a file's name
    TrainingRequest request{}; // without pictures and places
    std::vector<DatasetPicture> pictures{};

    bool operator==(const TrainingDraft&) const = default;
};

LikenessWay wayOf(const TrainingDraft& draft);

// The settings a first training begins with: the starter's own, and samples on the way.
TrainingDraft firstDraft();

// What is said of a picture that has no caption of its own.
QString captionTemplate(const TrainingDraft& draft);

// Where its result goes: loras/NAME.safetensors, ip_adapters/NAME.safetensors or the folder NAME.
std::filesystem::path resultPlace(const TrainingDraft& draft, const std::filesystem::path& folder);

// The request it stands for; pictures are named by their paths, and read where the training runs.
TrainingRequest requestOf(const TrainingDraft& draft, const std::filesystem::path& folder);

// What a name may not be, in one sentence; empty: it can be a file's.
QString problemOfName(const QString& name);

} // namespace likeness
