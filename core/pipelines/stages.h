#pragma once

#include "core/base/message.h"
#include "core/pipelines/sd_model.h"
#include "core/request/generation_request.h"
#include "core/request/progress.h"
#include "core/schedulers/scheduler.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// Collects the intermediate tensors of one run, keys as in spec/cli.md 4; null: nobody asked.
using TensorDump = TensorMap*;

// What the denoising reads of the prompts. Batch is [negative, positive], or [positive] without
// guidance.
struct Conditioning {
    Tensor prompt_embeds{};        // [1 or 2, T, D]; T is 77 for each piece of the longer prompt
    Tensor pooled_prompt_embeds{}; // [1 or 2, D2], SDXL
    std::vector<KeyValue> text{};  // of every cross-attention layer
    std::vector<Message> notices{};
};

struct PromptRequest {
    std::string prompt{};
    std::optional<std::string> negative_prompt{};
    int clip_skip = 0;
    bool guided = true;
    PromptSyntax syntax = PromptSyntax::weighted;
    std::string prompt_2{}; // of the second text encoder; empty: the prompt
    std::string negative_prompt_2{};
};

Conditioning encode_prompt(const SdModel& model, const PromptRequest& request, TensorDump dump,
                           const BetweenLayers& between = {});

// One reference through encoder, projector and every layer's projections; nothing of it depends on
// a scale.
struct EncodedReference {
    // Of its pixels and how they are looked at: the order of references is by it, never by the
    // caller's.
    std::string hash{};
    Tensor pixel_values{};          // [1, 3, S, S]
    Tensor image_embeds{};          // what the projector reads
    Tensor ip_tokens{};             // [1, num_tokens, D]
    std::vector<KeyValue> layers{}; // unscaled, batch 1
};

// A picture to encode: its pixels, and what of them the image encoder looks at.
struct SeenPicture {
    const Image& image;
    const EncoderView& view;
};

// Each as if it were alone; a streamed image encoder is read once for all.
std::vector<EncodedReference> encode_references(const LoadedAdapter& adapter,
                                                const std::vector<SeenPicture>& pictures,
                                                const WeightOptions& options,
                                                const BetweenLayers& between = {});

// The image tokens of the unconditional half: zero embeddings, or an image whose normalised pixels
// are zero, through the projector (checkpoints.md 8.5).
EncodedReference encode_unconditional(const LoadedAdapter& adapter, const WeightOptions& options,
                                      const BetweenLayers& between = {});

// Where and how strongly an encoded reference acts at one step.
struct ActiveReference {
    const EncodedReference* encoded = nullptr;
    double scale = 0;
    const OutputMask* mask = nullptr; // null: everywhere
    int index = 0;                    // its place in the request
    // Its own factor for every cross-attention layer, multiplied with the request's; null: all 1.
    const std::vector<double>* layer_scales = nullptr;
    std::string mask_hash{}; // of the mask's pixels
};

// The image branch of the cross-attention for these references. Those without a mask act together
// by `combine`: joined in one softmax with reference i's values times scale i, or as their weighted
// mean. Each masked one attends by itself. References of scale 0 are left out, each layer for
// itself. `layer_scales`: one factor per cross-attention layer, for all references.
std::vector<ReferenceKeyValues> combine_references(std::vector<ActiveReference> references,
                                                   const EncodedReference& unconditional,
                                                   const std::vector<double>& layer_scales,
                                                   CombineMode combine, bool guided);

// One factor per cross-attention layer from names like "down.block_1", "up.block_0.attentions_2"
// or "mid"; the most exact name wins, absent ones are 1. Throws Error{bad_request}
// naming a block that this UNet does not have.
std::vector<double> layer_scales(const UNet2DCondition& unet,
                                 const std::map<std::string, double>& block_scales);

// What a step leaves behind for whoever goes on from there.
struct StepTaken {
    Tensor latents{};
    StepHistory history{}; // of the scheduler
};

struct Denoising {
    Scheduler& scheduler; // with the history of the steps before first_step
    // (latents of one picture, timestep, step index) -> predicted noise; guided: of both halves.
    std::function<Tensor(const Tensor&, double, int)> predict_noise{};
    // (predicted clean latents) -> a small picture; empty: no previews.
    std::function<ImagePtr(const Tensor&)> make_preview{};
    std::function<bool(int)> guided_at{};                   // which steps are; empty: all
    std::function<Tensor(const Tensor&, int)> after_step{}; // changes the latents; empty: does not
    double guidance_scale = 7.5;
    double guidance_rescale = 0;
    int image_index = 0;
    int first_step = 0;                      // the latents have these steps behind them
    std::optional<int> last_step{};          // stops when this many are done; empty: all
    std::vector<StepTaken>* trail = nullptr; // gets each step
    TensorDump dump = nullptr;
};

// Of the request (resolved), as the model's config sets it up.
std::unique_ptr<Scheduler> scheduler_of(const SdModel& model, const GenerationRequest& request);

// The only loop. Reports each step. What it computes stays on the latents' device, and on a GPU no
// step waits for its own end.
Tensor denoise(Tensor latents, const Denoising& job, const Progress& progress);

// Whether the UNet reads an aesthetic score in the place of the picture's size, as SDXL's refiner.
bool reads_aesthetic_score(const SdModel& model);

enum class DecodeForm { whole, tiled };

// Latents -> picture, [1, 3, H, W] in 0..1 float32.
Tensor decode(const SdModel& model, const Tensor& latents, DecodeForm form = DecodeForm::whole,
              const BetweenLayers& between = {});

} // namespace likeness
