#pragma once

#include "core/image/encoder_view.h"
#include "core/request/scheduler_kind.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// How several references of one adapter act together: their tokens attended in one softmax, or
// averaged.
enum class CombineMode { join, average };

// How a prompt's text is read: with weights, BREAK and as many pieces as it needs
// (core/text/prompt_syntax.h), or word by word and cut at the model's length, as diffusers does.
enum class PromptSyntax { weighted, plain };

// What SDXL is told of the picture's sizes, in pixels; empty: the picture's own, not cropped.
struct SizeConditions {
    std::optional<int> original_width{};
    std::optional<int> original_height{};
    std::optional<int> crop_left{};
    std::optional<int> crop_top{};
    std::optional<int> target_width{};
    std::optional<int> target_height{};

    bool operator==(const SizeConditions&) const = default;
};

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
    std::string ip_adapter{}; // name or path of its own adapter; empty: the request's

    bool operator==(const ReferenceImage&) const = default;
};

// How a picture to begin from becomes the request's size: stretched, or cut to its proportions.
enum class InputFit { resize, crop };

// The picture that image to image, inpainting and outpainting begin from.
struct InputImage {
    ImagePtr image{};
    std::string path{};   // where it came from; kept in the request's JSON, may be empty
    std::string sha256{}; // of the file's bytes, lower-case hex; empty: not known
    InputFit fit = InputFit::resize;
    // Outpainting: new canvas at the left, top, right and bottom, in the picture's own pixels.
    std::array<int, 4> pad{};
    ImagePtr mask{}; // over the picture; white is made anew. Empty: all of it, or the new canvas
    std::string mask_path{};
    int mask_grow = 0;    // pixels of the result by which the white part grows
    int mask_feather = 0; // pixels to both sides of its edge over which old and new are mixed

    bool operator==(const InputImage&) const = default;

    bool is_given() const { return image || !path.empty(); }

    // Whether a part of it stays as it is.
    bool is_masked() const { return mask || !mask_path.empty() || pad != std::array<int, 4>{}; }
};

// A step away from a picture: its noise moves on the sphere towards that of another seed, by that
// share of the way. 0 is the picture itself, 1 that of the seed.
struct Variation {
    std::uint64_t seed = 0;
    double strength = 0.1;

    bool operator==(const Variation&) const = default;
};

inline constexpr std::size_t kMaxVariations = 8;

struct Branch;

// A branch is as large as a request: it is shared, and compared by what it holds.
struct BranchPtr : std::shared_ptr<const Branch> {
    BranchPtr() = default;

    BranchPtr(std::shared_ptr<const Branch> branch) : shared_ptr(std::move(branch)) {}

    friend bool operator==(const BranchPtr& a, const BranchPtr& b);
};

// Weights added onto the model's own for this picture (LoRA, LoHa, LoKr, DoRA files).
struct Lora {
    std::string path{};
    double scale = 1.0; // -10..10; 0: without it
    // Factors by block of the UNet, multiplied with the scale; named as those of the adapter.
    std::map<std::string, double> block_scales{};
    bool muted = false; // kept, but not used: resolve() leaves it out

    bool operator==(const Lora&) const = default;
};

// A file of learned vectors that stand for a word of the prompts.
struct TextualInversion {
    std::string path{};
    std::string token{}; // the word; empty: the one in the file, else the file's name
    bool muted = false;  // kept, but not used: resolve() leaves it out

    bool operator==(const TextualInversion&) const = default;
};

// A second model that takes the last steps of an SDXL picture.
struct Refiner {
    std::string model{};    // name, folder or single file; empty: there is none
    double switch_at = 0.8; // share of the noise levels that the base model does (denoising_end)

    bool operator==(const Refiner&) const = default;

    bool is_given() const { return !model.empty(); }
};

// Everything a picture is a function of, beside the weights and the device. Once submitted it is
// never changed. A field that is empty (nullopt) takes the model's own default when the job runs.
struct GenerationRequest {
    std::string model = "starter"; // installed name, diffusers folder or single file
    std::string ip_adapter{};      // name or path; empty: the model's own
    std::string image_encoder{};   // path; empty: found beside the adapter or in the model
    std::string vae{};             // path of a file or folder; empty: the model's own
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
    double guidance_start = 0.0; // share of the steps that are guided: [start, end)
    double guidance_end = 1.0;
    std::optional<SchedulerKind> scheduler{};
    std::uint64_t seed = 0;
    int num_images = 1;                  // picture k has seed + k, or its last variation has
    std::vector<Variation> variations{}; // one after the other, at most kMaxVariations
    InputImage input{};                  // what image to image begins from; not given: noise alone
    std::optional<double> strength{};    // share of the steps that change the input
    // Goes on from another picture's latents instead of from noise; empty: from noise.
    BranchPtr branch{};
    Refiner refiner{}; // SDXL's
    int clip_skip = 0;
    std::vector<Lora> loras{};                          // at most kMaxLoras; their order is nothing
    std::vector<TextualInversion> textual_inversions{}; // at most kMaxTextualInversions
    PromptSyntax prompt_syntax = PromptSyntax::weighted;
    std::string prompt_2{}; // of SDXL's second text encoder; empty: the prompt
    std::string negative_prompt_2{};
    SizeConditions sizes{}; // SDXL's
    std::string device{};   // "cpu", "cuda", "cuda:0"; empty: best present
    std::string dtype{};    // "float32", "bfloat16", "float16"; empty: best for the device
    int threads = 0;        // 0: as many as the machine has

    bool operator==(const GenerationRequest&) const = default;
};

// The first steps of another picture: a request that begins here has them as they were and does its
// own from `step` on.
struct Branch {
    GenerationRequest of{}; // one picture, every field resolved
    int step = 0;           // 1 .. num_inference_steps - 1

    bool operator==(const Branch&) const = default;
};

// How many branches may hang on each other.
inline constexpr int kMaxBranches = 4;

} // namespace likeness
