#pragma once

#include "core/request/model_folder.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace likeness {

// What a run does to need less memory; each step is taken on top of those before it, and none
// changes a picture beyond rounding.
enum class MemoryStep {
    stream_encoders, // large encoders are read when they run and not kept
    two_passes,      // the halves of guidance one after the other
    tiled_decode,    // the VAE's large layers tile by tile
    take_turns,      // of a model and its refiner only one is kept
};

// "stream_encoders"; and what it does, for people.
const char* to_string(MemoryStep step);
Message step_words(MemoryStep step);

// How much memory the person gives: everything is kept; as much as there is, with large encoders
// streamed where they are read quickly (on the processor); as little as possible.
enum class MemoryChoice { keep, automatic, low };

// "keep", "auto", "low".
const char* to_string(MemoryChoice choice);
std::optional<MemoryChoice> memory_choice_from_string(std::string_view name);

// Where a run computes, as far as its memory goes.
struct MemoryNumbers {
    std::uint64_t value_bytes = 4; // of the dtype
    bool packs = false;            // bfloat16 in this program's own kernels
    bool gpu = false;

    bool operator==(const MemoryNumbers&) const = default;
};

// What loading a model takes, in bytes.
struct ModelBytes {
    std::uint64_t kept = 0;           // what stays in any case
    std::uint64_t encoders = 0;       // what need not
    std::uint64_t streamed_layer = 0; // the largest part of it that is read at once
};

// Parts of this size are worth reading again each time.
inline constexpr std::uint64_t kWorthStreaming = std::uint64_t{64} << 20;

// Reads headers only. An adapter or encoder that cannot be read counts nothing: opening it will
// tell.
ModelBytes model_bytes(const ModelFolder& folder,
                       const std::vector<std::filesystem::path>& adapters,
                       const std::vector<std::filesystem::path>& image_encoders,
                       const MemoryNumbers& numbers);

// What a picture's computing takes beside the weights, in bytes.
struct RunBytes {
    std::uint64_t step = 0, step_in_two_passes = 0;
    std::uint64_t decode = 0, tiled_decode = 0;
};

RunBytes run_bytes(const ModelFolder& folder, const GenerationRequest& resolved,
                   const MemoryNumbers& numbers);

// What is there beside the model.
struct MemoryState {
    std::uint64_t program = 0;   // resident without any model
    std::uint64_t available = 0; // for the program and all it loads; 0: not known
    bool has_loras = false;      // the layers they change are there twice
};

struct MemoryPlan {
    std::uint64_t predicted_peak_bytes = 0;
    std::uint64_t available_bytes = 0; // 0: not known
    std::vector<MemoryStep> steps{};

    bool operator==(const MemoryPlan&) const = default;

    bool has(MemoryStep step) const;
};

// A model and what a picture with it takes.
struct ModelNeeds {
    ModelBytes model{};
    RunBytes run{};
};

// The plan with the fewest steps beside the choice's own that fits, the smallest where none does. A
// refiner's picture is decoded by the refiner.
MemoryPlan plan_memory(const ModelNeeds& base, const std::optional<ModelNeeds>& refiner,
                       const MemoryState& state, const MemoryNumbers& numbers, MemoryChoice choice);

// "about 2.1 GB of 24 GB"; without the second where it is not known.
Message memory_words(const MemoryPlan& plan);

} // namespace likeness
