#pragma once

#include "core/base/error.h"
#include "core/image/image.h"
#include "core/request/generation_request.h"
#include "core/request/influence.h"
#include "core/request/measure.h"
#include "core/request/memory_plan.h"
#include "core/request/training_check.h"
#include "core/request/training_result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace likeness {

using JobId = std::uint64_t;

// What a job is doing; the words of the events and of the progress strip.
enum class Stage { load, encode_prompt, encode_references, denoise, decode };

const char* to_string(Stage stage);

// One finished picture with everything it came from: the request that makes exactly this one again
// (num_images 1, its own seed, every default resolved).
struct ResultImage {
    ImagePtr image{};
    GenerationRequest request{};

    bool operator==(const ResultImage&) const = default;
};

struct Result {
    std::vector<ResultImage> images{};
    std::map<std::string, double> seconds{}; // by stage: "load", "encode_prompt", ...
    double preview_seconds = 0;              // of the denoising's: what its previews cost
    std::uint64_t peak_memory_bytes = 0;
    std::vector<Message> notices{}; // e.g. "the prompt has 93 tokens; the last 18 are not used"
    std::vector<Measurement> measurements{};       // of a measuring job, one a picture
    Message no_agreement{};                        // why they carry no agreement, where they do not
    std::vector<Influence> influences{};           // one a reference, where it was asked for
    std::optional<TrainingResult> training{};      // of a training
    std::optional<TrainingCheck> training_check{}; // of a check before one

    bool operator==(const Result&) const = default;
};

struct Started {
    GenerationRequest request{};
};

// What the run is going to need, told before it loads anything; again when it is tried once more
// with less.
struct Planned {
    MemoryPlan plan{};
};

struct Stepped {
    Stage stage = Stage::denoise;
    int step = 0; // 1..total within the stage; 0 when the stage begins
    int total = 0;
    int image_index = 0; // of num_images
    double seconds = 0;  // since the stage began
    ImagePtr preview{};  // only now and then; small
};

// One picture of several is ready before the job ends.
struct ImageReady {
    int image_index = 0;
    ResultImage result{};
};

// A training's checkpoint lies beside what it makes, holding so many steps.
struct CheckpointWritten {
    std::int64_t steps = 0;
};

struct Finished {
    Result result{};
};

struct Stopped {};

struct Failed {
    ErrorCode code = ErrorCode::internal;
    Message message{};
    std::string detail{};
};

// News of one job, in this order: Started, any number of what tells of its way, then exactly one of
// Finished, Stopped, Failed. A job cancelled while queued gives only Stopped. Between the steps of
// a training whole other jobs come.
struct JobEvent {
    JobId job = 0;
    std::variant<Started, Planned, Stepped, ImageReady, TrainingStep, TrainingSamplePicture,
                 CheckpointWritten, Finished, Stopped, Failed>
        what{};
};

} // namespace likeness
