#include "core/pipelines/sd_pipeline.h"

#include "core/base/seconds_since.h"
#include "core/image/inpaint.h"
#include "core/pipelines/guidance.h"
#include "core/pipelines/hand_over.h"
#include "core/pipelines/shared_steps.h"
#include "core/request/resolve.h"
#include "core/tensor/image_tensor.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace likeness {

namespace {

using Clock = std::chrono::steady_clock;

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

void SdPipeline::prepare(const GenerationRequest& request, const Progress& progress) {
    conditioning(request, progress, nullptr);
    encode(request, progress);
    if (options_.previews) {
        ready_preview(progress);
    }
}

void SdPipeline::ready_preview(const Progress& progress) {
    if (!preview_ && !model_->preview_decoder) {
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
    if (options_.previews && progress.wants_steps()) {
        ready_preview(progress);
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
