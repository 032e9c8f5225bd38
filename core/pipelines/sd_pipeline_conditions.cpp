#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/seconds_since.h"
#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/pipelines/guidance.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/pipelines/shared_steps.h"
#include "core/tensor/image_tensor.h"

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

// What the steps of a picture read: its prompts, its references, the picture it begins from. What
// of it the last pictures had too is not made again.

namespace likeness {

namespace {

constexpr std::size_t kKeptReferences = 32;

using Clock = std::chrono::steady_clock;

bool same_prompt(const GenerationRequest& a, const GenerationRequest& b) {
    return a.prompt == b.prompt && a.negative_prompt == b.negative_prompt &&
           a.clip_skip == b.clip_skip && is_guided(a) == is_guided(b) &&
           a.prompt_syntax == b.prompt_syntax && a.prompt_2 == b.prompt_2 &&
           a.negative_prompt_2 == b.negative_prompt_2;
}

// SDXL's (original height, width, crop top, left, target height, width), one row per half. Its
// refiner reads, in the place of the target, how well pictures like this one were liked.
AddedConditions added_conditions(const SdModel& model, const Conditioning& conditioning,
                                 const GenerationRequest& request) {
    if (!model.is_sdxl()) {
        return {};
    }
    const SizeConditions& sizes = request.sizes;
    const int width = *request.width;
    const int height = *request.height;
    const auto row = [&](double score) {
        std::vector<double> ids{static_cast<double>(sizes.original_height.value_or(height)),
                                static_cast<double>(sizes.original_width.value_or(width)),
                                static_cast<double>(sizes.crop_top.value_or(0)),
                                static_cast<double>(sizes.crop_left.value_or(0))};
        if (reads_aesthetic_score(model)) {
            ids.push_back(score);
        } else {
            ids.push_back(sizes.target_height.value_or(height));
            ids.push_back(sizes.target_width.value_or(width));
        }
        return at::tensor(ids, at::kFloat);
    };
    constexpr double kScore = 6.0, kNegativeScore = 2.5; // diffusers' own
    std::vector<Tensor> rows{row(kScore)};
    if (conditioning.pooled_prompt_embeds.size(0) == 2) {
        rows.insert(rows.begin(), row(kNegativeScore));
    }
    return {.text_embeds = conditioning.pooled_prompt_embeds,
            .time_ids = at::stack(rows).to(model.options.device, model.options.dtype)};
}

Tensor output_mask(const Image& mask, int width, int height) {
    return mask_to_tensor(resize(to_grey(to_u8(mask)), width, height, Filter::lanczos));
}

void dump_reference(std::size_t r, const EncodedReference& reference, TensorMap& dump) {
    dump[fmt::format("pixel_values.{}", r)] = reference.pixel_values;
    dump[fmt::format("image_embeds.{}", r)] = reference.image_embeds;
    dump[fmt::format("ip_tokens.{}", r)] = reference.ip_tokens;
}

// The same pixels are the same pictures; a path or hash beside them counts for nothing.
bool same_input(const InputImage& a, const InputImage& b) {
    return a.image == b.image && a.mask == b.mask && a.fit == b.fit && a.pad == b.pad &&
           a.mask_grow == b.mask_grow && a.mask_feather == b.mask_feather;
}

} // namespace

const std::shared_ptr<const LoadedAdapter>&
SdPipeline::adapter_of(const GenerationRequest& request, const ReferenceImage& reference) const {
    const bool own = !reference.ip_adapter.empty() && reference.ip_adapter != request.ip_adapter;
    const auto found = own_adapters_.find(reference.ip_adapter);
    LIKENESS_CHECK(own ? found != own_adapters_.end() : adapter_ != nullptr,
                   "references need an adapter");
    return own ? found->second : adapter_;
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
                       .guided = is_guided(request),
                       .syntax = request.prompt_syntax,
                       .prompt_2 = request.prompt_2,
                       .negative_prompt_2 = request.negative_prompt_2},
                      dump, [&progress] { progress.check(); }));
    prompt_ = Prompt{.request = request, .conditioning = made};
    prompt_->request.references.clear();
    return made;
}

std::vector<SdPipeline::UsedReference> SdPipeline::encode(const GenerationRequest& request,
                                                          const Progress& progress) {
    const BetweenLayers between = [&progress] { progress.check(); };
    // What is not known yet, by adapter: a streamed encoder is read once for all.
    std::map<std::shared_ptr<const LoadedAdapter>, std::vector<const ReferenceImage*>> unknown;
    const auto known_of = [this](const auto& adapter, const ReferenceImage& reference) {
        return std::ranges::find_if(references_, [&](const Reference& kept) {
            return kept.adapter == adapter && kept.image == reference.image &&
                   kept.view == reference.view;
        });
    };
    const int total = static_cast<int>(request.references.size());
    int number = 0;
    for (const ReferenceImage& reference : request.references) {
        progress.step({.stage = Stage::encode_references, .step = number++, .total = total});
        if (!reference.image) {
            throw Error(
                ErrorCode::bad_request,
                message("Reference {} has no picture ({}).", number,
                        reference.path.empty() ? message("no path") : verbatim(reference.path)));
        }
        const auto& adapter = adapter_of(request, reference);
        auto& unconditional = unconditional_[adapter];
        if (!unconditional) {
            unconditional = std::make_shared<const EncodedReference>(
                encode_unconditional(*adapter, model_->options, between));
        }
        auto& others = unknown[adapter];
        const bool asked = std::ranges::any_of(others, [&](const ReferenceImage* other) {
            return other->image == reference.image && other->view == reference.view;
        });
        if (!asked && known_of(adapter, reference) == references_.end()) {
            others.push_back(&reference);
        }
    }
    for (const auto& [adapter, references] : unknown) {
        std::vector<SeenPicture> pictures;
        for (const ReferenceImage* reference : references) {
            pictures.push_back({*reference->image, reference->view});
        }
        auto encoded = encode_references(*adapter, pictures, model_->options, between);
        for (std::size_t i = 0; i < references.size(); ++i) {
            references_.push_back(
                {.adapter = adapter,
                 .image = references[i]->image,
                 .view = references[i]->view,
                 .encoded = std::make_shared<const EncodedReference>(std::move(encoded[i]))});
        }
    }
    std::vector<UsedReference> used;
    for (const ReferenceImage& reference : request.references) {
        const auto& adapter = adapter_of(request, reference);
        const auto known = known_of(adapter, reference);
        std::rotate(known, known + 1, references_.end());
        used.push_back({adapter, references_.back().encoded, unconditional_.at(adapter)});
    }
    if (references_.size() > kKeptReferences) {
        references_.erase(references_.begin(), references_.end() - kKeptReferences);
    }
    return used;
}

std::vector<std::shared_ptr<const AttentionContext>>
SdPipeline::contexts(const GenerationRequest& request, const Conditioning& conditioning,
                     const std::vector<UsedReference>& references, const Progress& progress) const {
    // Of the model's calls; some schedulers make more of them than were asked for.
    const auto steps = static_cast<int>(scheduler_of(*model_, request)->timesteps().size());
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
    // By file, so that the order of cards never changes the picture.
    std::map<std::string, std::vector<std::size_t>> by_adapter;
    for (std::size_t r = 0; r < references.size(); ++r) {
        by_adapter[references[r].adapter->path.string()].push_back(r);
    }
    std::vector<bool> previous;
    for (int i = 0; i < steps; ++i) {
        std::vector<bool> acting{is_guided(request, i, steps)};
        for (const ReferenceImage& reference : request.references) {
            acting.push_back(acts(reference, i, steps));
        }
        if (i > 0 && acting == previous) {
            by_step.push_back(by_step.back());
            continue;
        }
        auto context = std::make_shared<AttentionContext>();
        context->text = conditioning.text;
        if (model_->options.device.is_cpu()) { // a GPU gets a step's work in no time
            context->between = [progress] { progress.check(); };
        }
        for (const auto& [adapter, members] : by_adapter) {
            std::vector<ActiveReference> active;
            for (const std::size_t r : members) {
                if (acting[r + 1]) {
                    active.push_back(
                        {.encoded = references[r].encoded.get(),
                         .scale = request.references[r].ip_adapter_scale * request.master_scale,
                         .mask = masks[r].empty() ? nullptr : &masks[r],
                         .index = static_cast<int>(r),
                         .layer_scales = own_factors[r] ? &*own_factors[r] : nullptr,
                         .mask_hash = mask_hashes[r]});
                }
            }
            if (!active.empty()) {
                std::ranges::move(
                    combine_references(active, *references[members.front()].unconditional,
                                       layer_factors, request.combine, is_guided(request)),
                    std::back_inserter(context->references));
            }
        }
        if (is_guided(request) && !acting.front()) {
            *context = conditional_half(*context);
        }
        by_step.push_back(std::move(context));
        previous = acting;
    }
    return by_step;
}

std::shared_ptr<const EncodedInput> SdPipeline::input_of(const GenerationRequest& request,
                                                         const Progress& progress) {
    const bool kept = input_ && same_input(input_->of, request.input) &&
                      input_->pixels.width == *request.width &&
                      input_->pixels.height == *request.height;
    if (!kept) {
        input_ = std::make_shared<const EncodedInput>(
            encode_input(*model_, request, [&progress] { progress.check(); }));
    }
    return input_;
}

SdPipeline::Conditions SdPipeline::conditions(const GenerationRequest& request,
                                              const Progress& progress, Result& result,
                                              TensorDump dump) {
    auto begin = Clock::now();
    Conditions made{.prompts = conditioning(request, progress, dump)};
    result.seconds["encode_prompt"] += seconds_since(begin);

    begin = Clock::now();
    const auto references = encode(request, progress);
    for (std::size_t r = 0; dump != nullptr && r < references.size(); ++r) {
        dump_reference(r, *references[r].encoded, *dump);
    }
    made.by_step = contexts(request, *made.prompts, references, progress);
    made.added = added_conditions(*model_, *made.prompts, request);
    result.seconds["encode_references"] += seconds_since(begin);

    if (request.input.is_given()) {
        begin = Clock::now();
        made.input = input_of(request, progress);
        result.seconds["encode_image"] += seconds_since(begin);
    }
    return made;
}

} // namespace likeness
