#include "core/pipelines/sd_pipeline.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/seconds_since.h"
#include "core/image/convert.h"
#include "core/image/inpaint.h"
#include "core/image/resize.h"
#include "core/pipelines/guidance.h"
#include "core/pipelines/hand_over.h"
#include "core/pipelines/picture_noise.h"
#include "core/pipelines/shared_steps.h"
#include "core/pipelines/step_preview.h"
#include "core/request/json.h"
#include "core/request/resolve.h"
#include "core/schedulers/make_scheduler.h"
#include "core/tensor/device_stream.h"
#include "core/tensor/image_tensor.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

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

} // namespace

std::unique_ptr<Scheduler> scheduler_of(const SdModel& model, const GenerationRequest& request) {
    return make_scheduler(to_string(*request.scheduler), model.scheduler_config,
                          *request.num_inference_steps);
}

namespace {

// Neighbouring steps hold some of their tensors together.
std::uint64_t bytes_of(const std::vector<StepTaken>& steps) {
    std::map<const void*, std::uint64_t> held;
    const auto add = [&held](const Tensor& tensor) {
        if (tensor.defined()) {
            held[tensor.const_data_ptr()] = tensor.nbytes();
        }
    };
    for (const StepTaken& step : steps) {
        add(step.latents);
        add(step.history.sample);
        add(step.history.sum);
        std::ranges::for_each(step.history.outputs, add);
    }
    std::uint64_t bytes = 0;
    for (const auto& [data, size] : held) {
        bytes += size;
    }
    return bytes;
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

// Where the input keeps its pixels they come back as they were, whatever the VAE makes of them.
ImagePtr finished(const Tensor& pixels, const EncodedInput* input) {
    Image image = tensor_to_image(pixels);
    if (input != nullptr && input->mask) {
        image = composite(input->pixels, image, *input->mask);
    }
    return std::make_shared<const Image>(std::move(image));
}

} // namespace

SdPipeline::SdPipeline(std::shared_ptr<const SdModel> model, const PipelineOptions& options)
    : model_(std::move(model)), options_(options), graphs_(options.capture) {}

void SdPipeline::use_adapter(std::shared_ptr<const LoadedAdapter> adapter) {
    if (adapter != adapter_) {
        adapter_ = std::move(adapter);
        forget_unused();
    }
}

void SdPipeline::use_model(std::shared_ptr<const SdModel> model) {
    if (model != model_) {
        model_ = std::move(model);
        prompt_.reset();
        graphs_.forget();
    }
}

void SdPipeline::forget_steps() {
    trails_.clear();
}

void SdPipeline::use_own_adapters(OwnAdapters adapters) {
    own_adapters_ = std::move(adapters);
    forget_unused();
}

// Frees what adapters that are not in use any more have encoded.
void SdPipeline::forget_unused() {
    const auto unused = [this](const std::shared_ptr<const LoadedAdapter>& adapter) {
        return adapter != adapter_ && std::ranges::none_of(own_adapters_, [&](const auto& own) {
                   return own.second == adapter;
               });
    };
    std::erase_if(references_, [&](const Reference& kept) { return unused(kept.adapter); });
    std::erase_if(unconditional_, [&](const auto& kept) { return unused(kept.first); });
}

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

void SdPipeline::prepare(const GenerationRequest& request, const Progress& progress) {
    conditioning(request, progress, nullptr);
    encode(request, progress);
    if (options_.previews && !preview_) {
        preview_ =
            fit_preview(whole_vae(*model_), model_->options, [&progress] { progress.check(); });
    }
}

Result SdPipeline::influence(const GenerationRequest& request, const Progress& progress) {
    // Whatever ends the run, the next one is not recorded.
    struct Recording {
        std::shared_ptr<InfluenceRecord>& record;

        ~Recording() { record.reset(); }
    };

    const int64_t factor = model_->vae.config.factor();
    const int64_t height = *request.height / factor;
    const int64_t width = *request.width / factor;
    const Recording recording{record_};
    if (!request.references.empty()) {
        record_ = std::make_shared<InfluenceRecord>(request.references.size(), height, width,
                                                    model_->unet.config.block_out_channels.size(),
                                                    model_->unet.config.downsample_padding);
    }
    Result result = generate(single(request, 0), progress, nullptr);
    for (std::size_t r = 0; r < request.references.size(); ++r) {
        Influence one{.width = static_cast<int>(width), .height = static_cast<int>(height)};
        one.mean.resize(static_cast<std::size_t>(height * width));
        for (const Tensor& step : record_->steps()) {
            const Tensor map = step[static_cast<int64_t>(r)].contiguous();
            const float* values = map.const_data_ptr<float>();
            one.steps.emplace_back(values, values + map.numel());
            for (std::size_t i = 0; i < one.mean.size(); ++i) {
                one.mean[i] += values[i] / static_cast<float>(record_->steps().size());
            }
        }
        result.influences.push_back(std::move(one));
    }
    return result;
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

Tensor SdPipeline::noise_pred(UNetCall call) {
    const AddedConditions both = call.added;
    if (!is_guided(*call.context)) {
        call.added = conditional_half(both);
        return graphs_(model_->unet, call);
    }
    if (!sparing_.two_passes) {
        return graphs_(model_->unet, call);
    }
    const AttentionContext& context = *call.context;
    const Tensor unconditional = model_->unet(
        call.sample, call.timesteps, unconditional_half(context), unconditional_half(both));
    return at::cat(
        {unconditional, model_->unet(call.sample, call.timesteps, conditional_half(context),
                                     conditional_half(both))});
}

StepTaken SdPipeline::take_steps(const GenerationRequest& one, const Conditions& conditions,
                                 Scheduler& scheduler, const Steps& steps,
                                 const Progress& progress) {
    Trail trail{.request = one, .steps = steps.from.before};
    scheduler.set_history(steps.from.at.history);
    PictureNoise noise(one);
    if (scheduler.is_stochastic()) { // each step has its own draw, wherever the picture begins
        const Beginning& own = steps.from.beginning;
        noise.skip(steps.from.at.latents.sizes(),
                   own.draws + std::max(0, scheduler.draws_before(steps.from.step) -
                                               scheduler.draws_before(own.first_step)));
        scheduler.set_noise_source([&noise](at::IntArrayRef shape) { return noise.draw(shape); });
    }
    const at::Device device = model_->options.device;
    const Tensor times = to_device(at::tensor(scheduler.timesteps(), at::kDouble), device);
    Denoising job{
        .scheduler = scheduler,
        .predict_noise =
            [&](const Tensor& latents, double, int step) {
                if (steps.predicted.defined()) {
                    return steps.predicted;
                }
                const Tensor& read = steps.from.beginning.conditions;
                const Tensor whole = read.defined() ? at::cat({latents, read}, 1) : latents;
                const auto& context = conditions.by_step[static_cast<std::size_t>(step)];
                const Tensor noise_pred = this->noise_pred(
                    {.sample =
                         whole.to(model_->options.dtype).contiguous(at::MemoryFormat::ChannelsLast),
                     .timesteps = times.slice(0, step, step + 1),
                     .context = context,
                     .added = conditions.added});
                if (context->influence) {
                    context->influence->end_step();
                }
                return noise_pred.to(at::kFloat).contiguous();
            },
        .guided_at =
            [&](int step) {
                return is_guided(*conditions.by_step[static_cast<std::size_t>(step)]);
            },
        .after_step = steps.from.beginning.keep,
        .guidance_scale = *one.guidance_scale,
        .guidance_rescale = one.guidance_rescale,
        .image_index = steps.image_index,
        .first_step = steps.from.step,
        .last_step = steps.last,
        .trail = options_.kept_latents_bytes > 0 ? &trail.steps : nullptr,
        .dump = steps.dump};
    std::optional<StepPreview> preview;
    if ((preview_ || model_->preview_decoder) && steps.preview_seconds != nullptr) {
        const AutoencoderTiny* decoder = model_->preview_decoder.get();
        // A decoder draws well and not quickly: only as often as a tenth of the time allows.
        preview.emplace(
            [this, decoder](const Tensor& latents) {
                return decoder != nullptr ? draw_preview(*decoder, latents, model_->options)
                                          : draw_preview(*preview_, latents);
            },
            device, decoder != nullptr ? 0.1 : 1.0);
        job.make_preview = [&preview](const Tensor& latents) { return (*preview)(latents); };
    }
    Tensor latents = denoise(to_device(steps.from.at.latents, device), job, progress);
    if (preview) {
        *steps.preview_seconds += preview->seconds();
    }
    scheduler.set_noise_source({});
    // Without latents a trail would only hold on to its request's pixels.
    if (job.trail != nullptr && static_cast<int>(steps.from.before.size()) == steps.from.step) {
        keep(std::move(trail));
    }
    return {.latents = std::move(latents), .history = scheduler.history()};
}

void SdPipeline::keep(Trail trail) {
    std::erase_if(trails_, [&](const Trail& old) { return old.request == trail.request; });
    trails_.push_back(std::move(trail));
    std::uint64_t bytes = 0;
    for (const Trail& each : trails_) {
        bytes += bytes_of(each.steps);
    }
    while (bytes > options_.kept_latents_bytes) {
        bytes -= bytes_of(trails_.front().steps);
        trails_.pop_front();
    }
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

SdPipeline::Start SdPipeline::start_of(const GenerationRequest& one, const Conditions& conditions,
                                       const Scheduler& scheduler) const {
    PictureNoise noise(one);
    Beginning beginning = begin(*model_, scheduler, one, conditions.input.get(), noise);
    Start from{.at = {.latents = beginning.latents}, .step = beginning.first_step};
    // The steps it does not take leave it as it begins.
    from.before.assign(static_cast<std::size_t>(from.step), from.at);
    from.beginning = std::move(beginning);
    return from;
}

// That picture, but from where the other one is.
SdPipeline::Start SdPipeline::going_on(Start own, const Start& other) {
    return {.at = other.at,
            .step = other.step,
            .beginning = std::move(own.beginning),
            .before = other.before};
}

SdPipeline::Start SdPipeline::after_common_steps(Start own, const GenerationRequest& one,
                                                 int steps) const {
    int most = own.step;
    const Trail* longest = nullptr;
    for (const Trail& trail : trails_) {
        if (trail.request == one) {
            continue; // whoever asks for the same picture again wants it made
        }
        const int common = std::min({common_steps(trail.request, one, steps), steps - 1,
                                     static_cast<int>(trail.steps.size())});
        if (common > most) {
            most = common;
            longest = &trail;
        }
    }
    if (longest == nullptr) {
        return own;
    }
    const auto end = longest->steps.begin() + most;
    return going_on(std::move(own),
                    {.at = *(end - 1), .step = most, .before = {longest->steps.begin(), end}});
}

SdPipeline::Start SdPipeline::start_of(const Branch& branch, const Progress& progress) {
    const int begins = branch.of.input.is_given()
                           ? first_step(*branch.of.strength, *branch.of.num_inference_steps) *
                                 scheduler_of(*model_, branch.of)->stages()
                           : 0;
    if (branch.step < begins) { // it has no earlier steps
        return start_of({.of = branch.of, .step = begins}, progress);
    }
    // Some schedulers make more calls of the model than there are steps.
    const auto calls = static_cast<int>(scheduler_of(*model_, branch.of)->timesteps().size());
    if (branch.step >= calls) {
        throw Error(ErrorCode::bad_request,
                    message("branch.step is {}; it goes from 1 to {}.", branch.step, calls - 1));
    }
    const auto step = static_cast<std::size_t>(branch.step);
    for (const Trail& trail : trails_) {
        if (trail.steps.size() >= step && trail.request == branch.of) {
            const auto end = trail.steps.begin() + branch.step;
            return {.at = trail.steps[step - 1],
                    .step = branch.step,
                    .before = {trail.steps.begin(), end}};
        }
    }
    // Not kept any more: the same steps give the same latents.
    const auto scheduler = scheduler_of(*model_, branch.of);
    std::optional<Start> branched;
    if (branch.of.branch) {
        branched = start_of(*branch.of.branch, progress);
        if (branch.step <= branched->step) { // from before it hung on the other itself
            return start_of({.of = branch.of.branch->of, .step = branch.step}, progress);
        }
    }
    Result unused;
    const Conditions read = conditions(branch.of, progress, unused, nullptr);
    Start from = start_of(branch.of, read, *scheduler);
    if (branched) {
        from = going_on(std::move(from), *branched);
    }
    StepTaken taken =
        take_steps(branch.of, read, *scheduler, {.from = from, .last = branch.step}, progress);
    return {.at = std::move(taken), .step = branch.step};
}

Result SdPipeline::generate(const GenerationRequest& request, const Progress& progress,
                            TensorDump dump) {
    return run(request, progress, dump, nullptr);
}

void SdPipeline::add_picture(const GenerationRequest& one, int index, const Tensor& latents,
                             const EncodedInput* input, const Progress& progress, TensorDump dump,
                             Result& result) {
    const auto begin = Clock::now();
    progress.step({.stage = Stage::decode, .image_index = index});
    const Tensor pixels =
        decode(*model_, latents, sparing_.tiled_decode ? DecodeForm::tiled : DecodeForm::whole,
               [&progress] { progress.check(); });
    ResultImage image{.image = finished(pixels, input), .request = one};
    result.seconds["decode"] += seconds_since(begin);
    if (dump != nullptr) {
        (*dump)["image"] = pixels;
    }
    progress.image({.image_index = index, .result = image});
    result.images.push_back(std::move(image));
}

Result SdPipeline::run(const GenerationRequest& request, const Progress& progress, TensorDump dump,
                       std::vector<HandedOver>* handed_over) {
    Result result;
    if (options_.previews && progress.wants_steps() && !preview_ && !model_->preview_decoder) {
        preview_ =
            fit_preview(whole_vae(*model_), model_->options, [&progress] { progress.check(); });
    }
    std::optional<Start> branched;
    if (request.branch) {
        const auto begin = Clock::now();
        branched = start_of(*request.branch, progress);
        result.seconds["denoise"] += seconds_since(begin);
    }
    Conditions read = conditions(request, progress, result, dump);
    if (record_) { // of this picture's steps alone, not of those it branches from
        for (auto& context : read.by_step) {
            auto watched = std::make_shared<AttentionContext>(*context);
            watched->influence = record_;
            context = std::move(watched);
        }
    }
    result.notices = read.prompts->notices;
    if (!model_->is_sdxl() && request.sizes != SizeConditions{}) {
        result.notices.push_back(message("The sizes that SDXL is told are not used: this model is "
                                         "none."));
    }
    if (read.input && read.input->mask && !read.input->is_as_given) {
        result.notices.push_back(message("The picture was brought to {} x {}, whose sides are "
                                         "multiples of {}: what the mask keeps of it is not pixel "
                                         "for pixel what it was.",
                                         *request.width, *request.height,
                                         model_->vae.config.factor()));
    }
    for (int index = 0; index < request.num_images; ++index) {
        const GenerationRequest one = single(request, index);
        const auto scheduler = scheduler_of(*model_, request);
        TensorDump first_dump = index == 0 ? dump : nullptr;
        const auto begin = Clock::now();
        Start from = start_of(one, read, *scheduler);
        if (branched) {
            from = going_on(std::move(from), *branched);
        } else if (dump == nullptr && !record_) {
            from = after_common_steps(std::move(from), one,
                                      static_cast<int>(scheduler->timesteps().size()));
        }
        std::optional<int> last;
        if (handed_over != nullptr) {
            last = std::max(from.step, switch_step(*model_, *scheduler, request, Side::base));
        }
        if (index == 0) {
            const auto calls = static_cast<int>(scheduler->timesteps().size());
            const int first = branched ? from.step : from.beginning.first_step;
            std::ranges::move(idle_ranges(request, first, last.value_or(calls), calls),
                              std::back_inserter(result.notices));
        }
        const StepTaken end = take_steps(one, read, *scheduler,
                                         {.from = from,
                                          .last = last,
                                          .image_index = index,
                                          .preview_seconds = &result.preview_seconds,
                                          .dump = first_dump},
                                         progress);
        result.seconds["denoise"] += seconds_since(begin);
        if (handed_over != nullptr) {
            // Those of steps that it has in common with another picture are drawn by none.
            const int drawn =
                scheduler->draws_before(*last) - scheduler->draws_before(from.beginning.first_step);
            handed_over->push_back({.latents = end.latents,
                                    .draws = from.beginning.draws + drawn,
                                    .begun = from.beginning.first_step});
        } else {
            add_picture(one, index, end.latents, read.input.get(), progress, first_dump, result);
        }
    }
    if (!graphs_.failure().empty()) {
        result.notices.push_back(message("The steps were not recorded, so each took longer: {}",
                                         verbatim(graphs_.failure())));
    }
    return result;
}

} // namespace likeness
