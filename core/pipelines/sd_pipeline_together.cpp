#include "core/base/check.h"
#include "core/base/seconds_since.h"
#include "core/kernels/choice.h"
#include "core/pipelines/guidance.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/pipelines/shared_steps.h"
#include "core/schedulers/make_scheduler.h"
#include "core/tensor/image_tensor.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace likeness {

namespace {

using Clock = std::chrono::steady_clock;

// The kernels give the same bytes in any batch; libtorch's own operators do not.
bool batch_changes_nothing(const SdModel& model) {
    using kernels::Kernel;
    return model.options.device.is_cpu() && model.options.dtype == at::kBFloat16 && !model.text_2 &&
           std::ranges::all_of(
               std::array{Kernel::norm, Kernel::linear, Kernel::attention, Kernel::convolution},
               kernels::runs) &&
           model.unet.is_packed();
}

} // namespace

// One of the pictures on their way.
struct SdPipeline::Course {
    const GenerationRequest& request;
    const Progress& progress;
    Result result{};
    Conditions read{};
    std::unique_ptr<Scheduler> scheduler{};
    Start at{};
};

bool SdPipeline::can_go_together(const GenerationRequest& a, const GenerationRequest& b) const {
    return go_together(a, b) && !sparing_.two_passes && !sparing_.tiled_decode &&
           batch_changes_nothing(*model_) && most_together(a) > 1;
}

std::size_t SdPipeline::most_together(const GenerationRequest& request) const {
    // Of larger ones each keeps the processor busy by itself.
    constexpr std::int64_t kPlaces = 8192;
    const std::int64_t factor = model_->vae.config.factor();
    const std::int64_t places = (*request.width / factor) * (*request.height / factor);
    return static_cast<std::size_t>(std::max<std::int64_t>(1, kPlaces / places));
}

std::vector<Result> SdPipeline::generate_together(const std::vector<GenerationRequest>& requests,
                                                  const std::vector<Progress>& progress) {
    LIKENESS_CHECK(!requests.empty() && requests.size() == progress.size(),
                   "requests: ", requests.size(), ", progress: ", progress.size());
    const bool seen = std::ranges::any_of(progress, &Progress::wants_steps);
    if (options_.previews && seen && !preview_ && !model_->preview_decoder) {
        preview_ = fit_preview(whole_vae(*model_), model_->options,
                               [&progress] { progress.front().check(); });
    }
    std::vector<Course> courses;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        Course course{.request = requests[i], .progress = progress[i]};
        course.read = conditions(course.request, course.progress, course.result, nullptr);
        course.result.notices = course.read.prompts->notices;
        course.scheduler =
            make_scheduler(to_string(*course.request.scheduler), model_->scheduler_config,
                           *course.request.num_inference_steps);
        course.at = start_of(course.request, course.read, *course.scheduler);
        courses.push_back(std::move(course));
    }
    const auto begin = Clock::now();
    Course& first = courses.front();
    const auto& timesteps = first.scheduler->timesteps();
    const int steps = static_cast<int>(timesteps.size());
    const auto take = [&](Course& course, const Tensor& predicted, int last) {
        const int from = course.at.step;
        const Progress one({}, [&](Stepped stepped) {
            // Each call tells where it begins; that is news once.
            if (stepped.step > from || from == 0) {
                stepped.seconds = seconds_since(begin);
                course.progress.step(std::move(stepped));
            }
        });
        const StepTaken taken = take_steps(course.request, course.read, *course.scheduler,
                                           {.from = course.at,
                                            .last = last,
                                            .preview_seconds = &course.result.preview_seconds,
                                            .predicted = predicted},
                                           course.progress.wants_steps() ? one : Progress());
        course.progress.check();
        course.at.at = taken;
        course.at.step = last;
    };

    int common = steps - 1;
    for (const Course& other : courses) {
        common = std::min(common, common_steps(first.request, other.request, steps));
    }
    if (common > 0) {
        take(first, {}, common);
        for (Course& course : courses) {
            course.at = going_on(std::move(course.at), {.at = first.at.at, .step = common});
        }
    }
    std::vector<std::shared_ptr<const AttentionContext>> contexts;
    AttentionContext all;
    for (int i = common; i < steps; ++i) {
        std::vector<std::shared_ptr<const AttentionContext>> now;
        std::vector<Tensor> inputs;
        for (Course& course : courses) {
            now.push_back(course.read.by_step[static_cast<std::size_t>(i)]);
            inputs.push_back(course.scheduler->scale_model_input(course.at.at.latents, i));
        }
        if (now != contexts) {
            contexts = std::move(now);
            all = joined(contexts);
        }
        const Tensor input =
            at::cat(inputs).to(model_->options.dtype).contiguous(at::MemoryFormat::ChannelsLast);
        const Tensor time = at::tensor({timesteps[static_cast<std::size_t>(i)]}, at::kDouble);
        const Tensor noise = model_->unet(input, time, all).to(at::kFloat).contiguous();
        const auto count = static_cast<std::int64_t>(courses.size());
        for (std::int64_t c = 0; c < count; ++c) {
            std::vector<Tensor> halves;
            for (std::int64_t at = c; at < noise.size(0); at += count) {
                halves.push_back(noise.slice(0, at, at + 1));
            }
            take(courses[static_cast<std::size_t>(c)], at::cat(halves), i + 1);
        }
    }
    const double share = seconds_since(begin) / static_cast<double>(courses.size());

    std::vector<Result> results;
    for (Course& course : courses) {
        Result& result = course.result;
        result.seconds["denoise"] = share;
        const auto start = Clock::now();
        course.progress.step({.stage = Stage::decode});
        const Tensor pixels = decode(*model_, course.at.at.latents, DecodeForm::whole,
                                     [&course] { course.progress.check(); });
        result.images.push_back({.image = std::make_shared<const Image>(tensor_to_image(pixels)),
                                 .request = course.request});
        result.seconds["decode"] = seconds_since(start);
        course.progress.image({.result = result.images.front()});
        results.push_back(std::move(result));
    }
    return results;
}

} // namespace likeness
