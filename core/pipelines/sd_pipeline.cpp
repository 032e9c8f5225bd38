#include "core/pipelines/sd_pipeline.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/request/json.h"
#include "core/schedulers/make_scheduler.h"
#include "core/tensor/image_tensor.h"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kKeptReferences = 32;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

bool guided(const GenerationRequest& request) {
    return *request.guidance_scale > 1.0;
}

bool same_prompt(const GenerationRequest& a, const GenerationRequest& b) {
    return a.prompt == b.prompt && a.negative_prompt == b.negative_prompt &&
           a.clip_skip == b.clip_skip && guided(a) == guided(b);
}

// SDXL's (original height, width, crop top, left, target height, width), one row per half.
AddedConditions added_conditions(const SdModel& model, const Conditioning& conditioning, int width,
                                 int height) {
    if (!model.text_2) {
        return {};
    }
    const Tensor ids = at::tensor({height, width, 0, 0, height, width}, at::kFloat)
                           .to(model.options.device, model.options.dtype)
                           .unsqueeze(0)
                           .expand({conditioning.pooled_prompt_embeds.size(0), 6});
    return {.text_embeds = conditioning.pooled_prompt_embeds, .time_ids = ids};
}

Tensor output_mask(const Image& mask, int width, int height) {
    return mask_to_tensor(resize(to_grey(to_u8(mask)), width, height, Filter::lanczos));
}

// The request that makes picture `index` of these alone.
GenerationRequest single(const GenerationRequest& request, int index) {
    GenerationRequest one = request;
    one.seed = request.seed + static_cast<std::uint64_t>(index);
    one.num_images = 1;
    return one;
}

void dump_references(const std::vector<std::shared_ptr<const EncodedReference>>& references,
                     TensorMap& dump) {
    for (std::size_t r = 0; r < references.size(); ++r) {
        dump[fmt::format("pixel_values.{}", r)] = references[r]->pixel_values;
        dump[fmt::format("image_embeds.{}", r)] = references[r]->image_embeds;
        dump[fmt::format("ip_tokens.{}", r)] = references[r]->ip_tokens;
    }
}

} // namespace

SdPipeline::SdPipeline(std::shared_ptr<const SdModel> model, bool previews)
    : model_(std::move(model)), previews_(previews) {}

void SdPipeline::use_adapter(std::shared_ptr<const LoadedAdapter> adapter) {
    if (adapter != adapter_) {
        adapter_ = std::move(adapter);
        references_.clear();
        unconditional_.reset();
    }
}

std::shared_ptr<const Conditioning> SdPipeline::conditioning(const GenerationRequest& request,
                                                             const Progress& progress,
                                                             TensorDump dump) {
    if (prompt_ && dump == nullptr && same_prompt(prompt_->request, request)) {
        return prompt_->conditioning;
    }
    progress.step({.stage = Stage::encode_prompt});
    auto made = std::make_shared<const Conditioning>(
        encode_prompt(*model_,
                      {.prompt = request.prompt,
                       .negative_prompt = request.negative_prompt,
                       .clip_skip = request.clip_skip,
                       .guided = guided(request)},
                      dump));
    prompt_ = Prompt{.request = request, .conditioning = made};
    prompt_->request.references.clear();
    return made;
}

std::vector<std::shared_ptr<const EncodedReference>>
SdPipeline::encode(const GenerationRequest& request, const Progress& progress) {
    std::vector<std::shared_ptr<const EncodedReference>> encoded;
    if (request.references.empty()) {
        return encoded;
    }
    LIKENESS_CHECK(adapter_ != nullptr, "references need an adapter");
    const int total = static_cast<int>(request.references.size());
    if (!unconditional_) {
        unconditional_ = std::make_shared<const EncodedReference>(
            encode_unconditional(*adapter_, model_->options));
    }
    for (const ReferenceImage& reference : request.references) {
        progress.step({.stage = Stage::encode_references,
                       .step = static_cast<int>(encoded.size()),
                       .total = total});
        if (!reference.image) {
            throw Error(ErrorCode::bad_request,
                        fmt::format("Reference {} has no picture ({}).", encoded.size() + 1,
                                    reference.path.empty() ? "no path" : reference.path));
        }
        auto known = std::ranges::find_if(references_, [&](const Reference& kept) {
            return kept.image == reference.image && kept.view == reference.view;
        });
        if (known == references_.end()) {
            references_.push_back(
                {.image = reference.image,
                 .view = reference.view,
                 .encoded = std::make_shared<const EncodedReference>(encode_reference(
                     *adapter_, *reference.image, reference.view, model_->options))});
            known = references_.end() - 1;
        }
        std::rotate(known, known + 1, references_.end());
        encoded.push_back(references_.back().encoded);
    }
    if (references_.size() > kKeptReferences) {
        references_.erase(references_.begin(), references_.end() - kKeptReferences);
    }
    return encoded;
}

std::vector<std::shared_ptr<const AttentionContext>>
SdPipeline::contexts(const GenerationRequest& request, const Conditioning& conditioning,
                     const std::vector<std::shared_ptr<const EncodedReference>>& references) const {
    const int steps = *request.num_inference_steps;
    const auto layer_factors = layer_scales(model_->unet, request.block_scales);
    const int64_t factor = model_->vae.config.factor();
    std::vector<OutputMask> masks(references.size());
    std::vector<std::string> mask_hashes(references.size());
    std::vector<std::optional<std::vector<double>>> own_factors(references.size());
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (!request.references[r].block_scales.empty()) {
            own_factors[r] = layer_scales(model_->unet, request.references[r].block_scales);
        }
        if (const ImagePtr& mask = request.references[r].mask) {
            masks[r] = model_->unet.output_mask(output_mask(*mask, *request.width, *request.height),
                                                *request.height / factor, *request.width / factor);
            mask_hashes[r] = sha256(mask->bytes);
        }
    }
    std::vector<std::shared_ptr<const AttentionContext>> by_step;
    std::vector<bool> previous;
    for (int i = 0; i < steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        std::vector<bool> acts;
        for (const ReferenceImage& reference : request.references) {
            acts.push_back(share >= reference.range_start && share < reference.range_end);
        }
        if (i > 0 && acts == previous) {
            by_step.push_back(by_step.back());
            continue;
        }
        std::vector<ActiveReference> active;
        for (std::size_t r = 0; r < references.size(); ++r) {
            if (acts[r]) {
                active.push_back(
                    {.encoded = references[r].get(),
                     .scale = request.references[r].ip_adapter_scale * request.master_scale,
                     .mask = masks[r].empty() ? nullptr : &masks[r],
                     .layer_scales = own_factors[r] ? &*own_factors[r] : nullptr,
                     .mask_hash = mask_hashes[r]});
            }
        }
        auto context = std::make_shared<AttentionContext>();
        context->text = conditioning.text;
        if (!active.empty()) {
            context->references = combine_references(active, *unconditional_, layer_factors,
                                                     request.combine, guided(request));
        }
        by_step.push_back(std::move(context));
        previous = acts;
    }
    return by_step;
}

void SdPipeline::prepare(const GenerationRequest& request, const Progress& progress) {
    conditioning(request, progress, nullptr);
    encode(request, progress);
    if (previews_ && !preview_) {
        preview_ = fit_preview(model_->vae, model_->options);
    }
}

Result SdPipeline::generate(const GenerationRequest& request, const Progress& progress,
                            TensorDump dump) {
    Result result;
    auto begin = Clock::now();
    const auto prompts = conditioning(request, progress, dump);
    result.notices = prompts->notices;
    result.seconds["encode_prompt"] = seconds_since(begin);

    begin = Clock::now();
    const auto references = encode(request, progress);
    if (dump != nullptr) {
        dump_references(references, *dump);
    }
    const auto by_step = contexts(request, *prompts, references);
    result.seconds["encode_references"] = seconds_since(begin);

    if (previews_ && progress.wants_steps() && !preview_) {
        preview_ = fit_preview(model_->vae, model_->options);
    }
    const AddedConditions added =
        added_conditions(*model_, *prompts, *request.width, *request.height);
    for (int index = 0; index < request.num_images; ++index) {
        const GenerationRequest one = single(request, index);
        const auto scheduler = make_scheduler(
            to_string(*request.scheduler), model_->scheduler_config, *request.num_inference_steps);
        TensorDump first_dump = index == 0 ? dump : nullptr;
        Denoising job{
            .scheduler = *scheduler,
            .predict_noise =
                [&](const Tensor& latents, double timestep, int step) {
                    const Tensor input = latents.to(model_->options.device, model_->options.dtype)
                                             .contiguous(at::MemoryFormat::ChannelsLast);
                    const Tensor time =
                        at::tensor({timestep}, at::kDouble).to(model_->options.device);
                    return model_
                        ->unet(input, time, *by_step[static_cast<std::size_t>(step)], added)
                        .to(at::kCPU, at::kFloat)
                        .contiguous();
                },
            .guidance_scale = *request.guidance_scale,
            .guidance_rescale = request.guidance_rescale,
            .image_index = index,
            .dump = first_dump};
        if (preview_) {
            job.make_preview = [this, &result](const Tensor& latents) {
                const auto start = Clock::now();
                ImagePtr preview = make_preview(*preview_, latents);
                result.preview_seconds += seconds_since(start);
                return preview;
            };
        }
        begin = Clock::now();
        const Tensor latents =
            denoise(prepare_latents(*model_, *scheduler, *request.width, *request.height, one.seed),
                    job, progress);
        result.seconds["denoise"] += seconds_since(begin);

        begin = Clock::now();
        progress.step({.stage = Stage::decode, .image_index = index});
        const Tensor pixels = decode(*model_, latents);
        ResultImage image{.image = std::make_shared<const Image>(tensor_to_image(pixels)),
                          .request = one};
        result.seconds["decode"] += seconds_since(begin);
        if (first_dump != nullptr) {
            (*first_dump)["image"] = pixels;
        }
        progress.image({.image_index = index, .result = image});
        result.images.push_back(std::move(image));
    }
    return result;
}

} // namespace likeness
