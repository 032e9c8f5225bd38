#pragma once

#include "core/base/error.h"
#include "core/request/training_request.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace likeness {

// What is looked at before a training.
enum class TrainingFindingKind { count, size, sharpness, duplicates, subjects, captions, masks };

// One line of the check: what was found, and which pictures it is about.
struct TrainingFinding {
    TrainingFindingKind kind = TrainingFindingKind::count;
    bool is_fine = true;
    Message title{};  // "24 pictures"
    Message detail{}; // "enough for a LoRA, 10 to 50"
    std::vector<std::size_t> pictures{};

    bool operator==(const TrainingFinding&) const = default;
};

// The part of a picture that the trainer sees, in its pixels, and the size it is trained at.
struct TrainingCrop {
    int x = 0, y = 0, width = 0, height = 0;
    int trained_width = 0, trained_height = 0;

    bool operator==(const TrainingCrop&) const = default;
};

// What the training will take on this machine, from trial steps of it.
struct TrainingEstimate {
    double seconds_per_step = 0;
    double seconds = 0; // all of it: loading, encoding, steps, samples and proof
    std::uint64_t peak_memory_bytes = 0;
    std::uint64_t available_bytes = 0;
    std::uint64_t disk_bytes = 0;   // result and two checkpoints
    double seconds_per_picture = 0; // that the model makes here
    int class_pictures = 0;         // of prior preservation, still to be made

    bool operator==(const TrainingEstimate&) const = default;
};

struct TrainingCheck {
    std::vector<TrainingFinding> findings{};
    std::vector<TrainingCrop> crops{}; // one a picture
    std::optional<TrainingEstimate> estimate{};

    bool operator==(const TrainingCheck&) const = default;
};

} // namespace likeness
