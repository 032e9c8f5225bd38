#pragma once

#include "core/image/encoder_view.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// The schedulers, spelled as JSON and the command line spell them.
enum class SchedulerKind { ddim, euler };

// How several references of one adapter act together: their tokens attended in one softmax, or
// averaged.
enum class CombineMode { join, average };

// One image prompt: pixels plus how strongly, where and when it may act.
struct ReferenceImage {
    ImagePtr image{};
    std::string path{};   // where it came from; kept in the request's JSON, may be empty
    std::string sha256{}; // of the file's bytes, lower-case hex; empty: not known
    ImagePtr mask{};      // empty: acts on the whole picture
    std::string mask_path{};
    double ip_adapter_scale = 0.6; // 0..1.5
    double range_start = 0.0;      // share of the steps in which it acts: [range_start, range_end)
    double range_end = 1.0;
    // Its own factors by block, multiplied with the request's; named as those.
    std::map<std::string, double> block_scales{};
    EncoderView view{}; // what of the picture the image encoder looks at
    std::string look_mask_path{};

    bool operator==(const ReferenceImage&) const = default;
};

// Everything a picture is a function of, beside the weights and the device. Once submitted it is
// never changed. A field that is empty (nullopt) takes the model's own default when the job runs.
struct GenerationRequest {
    std::string model = "starter"; // installed name or path of a diffusers folder
    std::string ip_adapter{};      // name or path; empty: the model's own
    std::string image_encoder{};   // path; empty: found beside the adapter or in the model
    std::string prompt{};
    std::optional<std::string> negative_prompt{}; // nullopt: none given (SDXL may then use zeros)
    std::vector<ReferenceImage> references{};     // at most 10
    double master_scale = 1.0;                    // multiplied onto every reference's own scale
    CombineMode combine = CombineMode::join;
    // Block ("mid", "down.block_1") or one of its attentions ("up.block_0.attentions_2") -> factor;
    // what is not named counts fully.
    std::map<std::string, double> block_scales{};
    std::optional<int> width{}; // pixels; multiples of the VAE factor
    std::optional<int> height{};
    std::optional<int> num_inference_steps{};
    std::optional<double> guidance_scale{};
    double guidance_rescale = 0.0;
    std::optional<SchedulerKind> scheduler{};
    std::uint64_t seed = 0;
    int num_images = 1; // picture k has seed + k
    int clip_skip = 0;
    std::string device{}; // "cpu", "cuda", "cuda:0"; empty: best present
    std::string dtype{};  // "float32", "bfloat16", "float16"; empty: best for the device
    int threads = 0;      // 0: as many as the machine has

    bool operator==(const GenerationRequest&) const = default;
};

} // namespace likeness
