#pragma once

#include "core/base/message.h"
#include "core/image/image.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// A step of a training as it went.
struct TrainingStep {
    std::int64_t step = 0; // 1..total
    std::int64_t total = 0;
    double loss = 0;
    double learning_rate = 0;
    double seconds = 0;                      // since the training began or went on
    std::optional<double> validation_loss{}; // on what is held out, now and then
};

// A picture made on the way, on a seed that stays the same; step 0 is made before the first.
struct TrainingSamplePicture {
    std::int64_t step = 0;
    int index = 0; // of num_validation_images
    ImagePtr image{};
};

// What changed, measured: the same seeds without and with what was trained.
struct TrainingProof {
    double weight_change = 0; // |difference| / |weights|, the largest of the groups
    std::map<std::string, double> weight_changes{};            // by group of layers
    double picture_change = 0;                                 // mean difference of a pixel, 0..1
    std::optional<double> likeness_before{}, likeness_after{}; // to the pictures, a cosine
    std::optional<double> prompt_before{}, prompt_after{};     // agreement with it, a cosine
    // Mean cosine of the made pictures to the nearest one learned from, less that of the pictures
    // held out (where there are none: of each learned one to the nearest of the others). Near 0
    // they are as near as other pictures of the subject, far above 0 they are the very pictures.
    std::optional<double> overfit{};
    // Mean of 1 - cosine between pictures of the class prompt, or else of no prompt, without and
    // with it on the same seeds: near 0 everything else stayed as it was.
    std::optional<double> drift{};
    // By how much nearer to the pictures learned from those have come (mean cosine to the nearest):
    // near 0 they changed on their own account, far above it they show what was learned.
    std::optional<double> spread{};
    std::vector<ImagePtr> without{}, with{}; // the pictures, one a seed

    bool operator==(const TrainingProof&) const = default;
};

struct TrainingResult {
    std::string weights{}; // the file or folder
    TrainingProof proof{};
    std::int64_t steps = 0; // taken
    std::uint64_t peak_memory_bytes = 0;
    std::vector<Message> notices{}; // what went otherwise on the way

    bool operator==(const TrainingResult&) const = default;
};

// What a training is told between two steps: go on; stop, leaving a checkpoint from which the same
// request goes on; or take what is learned for the result.
enum class TrainingWish { go_on, stop, keep };

// Who hears of a training and may steer it. Every function may be empty.
struct TrainingListener {
    std::function<void(std::uint64_t values)>
        on_parameters{}; // how many learn, before the first step
    std::function<void(const TrainingStep&)> on_step{};
    std::function<void(const TrainingSamplePicture&)> on_sample{};
    std::function<void(std::int64_t steps)> on_checkpoint{}; // steps it holds
    // What went otherwise and did not end it, such as a checkpoint that the disk had no room for.
    std::function<void(const Message&)> on_notice{};
    // Asked after each step; what it does meanwhile (a picture, say) holds the training up and
    // changes nothing in it.
    std::function<TrainingWish()> wish{};
};

} // namespace likeness
