#include "tests/ui/fake_runner.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

namespace likeness {

namespace {

constexpr int kDefaultSide = 128;
constexpr int kDefaultSteps = 20;

std::uint32_t mix(std::uint64_t x) {
    x ^= x >> 33U;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33U;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return static_cast<std::uint32_t>(x >> 32U);
}

// The picture with `noise` (0..1) still in it.
Image paint(const GenerationRequest& request, double noise) {
    Image image = make_image(request.width.value(), request.height.value());
    const ImagePtr source = request.references.empty() ? nullptr : request.references[0].image;
    const double scale = source ? request.references[0].ip_adapter_scale * request.master_scale : 0;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            for (int c = 0; c < 3; ++c) {
                const std::uint64_t place =
                    (static_cast<std::uint64_t>(y) * image.width + x) * 3 + c;
                double clean = 90 + 60 * std::sin(0.02 * x * (c + 1)) + 0.3 * y +
                               static_cast<double>(request.seed % 30);
                if (source && source->channels >= 3 && source->type == PixelType::u8) {
                    const int sx = x * source->width / image.width;
                    const int sy = y * source->height / image.height;
                    const double pixel =
                        source->u8()[(static_cast<std::size_t>(sy) * source->width + sx) *
                                         source->channels +
                                     c];
                    const double share = std::min(1.0, scale);
                    clean = share * pixel + (1 - share) * clean;
                }
                const double random = mix(place * 7919 + request.seed) % 256;
                const double value = (1 - noise) * clean + noise * random;
                image.u8()[place] =
                    static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
            }
        }
    }
    return image;
}

GenerationRequest resolved(GenerationRequest request) {
    request.width = request.width.value_or(kDefaultSide);
    request.height = request.height.value_or(kDefaultSide);
    request.num_inference_steps = request.num_inference_steps.value_or(kDefaultSteps);
    request.guidance_scale = request.guidance_scale.value_or(3.0);
    request.scheduler = request.scheduler.value_or(SchedulerKind::ddim);
    return request;
}

} // namespace

void FakeRunner::load(const GenerationRequest& request, const Progress& progress) {
    const std::string wanted = request.model + request.vae;
    if (loaded_ == wanted) {
        return;
    }
    ++script_->loads;
    const int steps = script_->load_steps;
    for (int i = 0; i <= steps; ++i) {
        progress.step({.stage = Stage::load, .step = i, .total = steps});
        std::this_thread::sleep_for(std::chrono::milliseconds(script_->load_milliseconds));
    }
    if (script_->model_is_broken && request.model != "starter") {
        throw Error(ErrorCode::model_incomplete,
                    message("{} has no text_encoder folder. Choose a whole diffusers folder.",
                            request.model),
                    "looked for text_encoder/config.json");
    }
    if (request.vae.find("hollow") != std::string::npos) {
        throw Error(ErrorCode::not_a_checkpoint, message("{} holds no VAE.", request.vae));
    }
    loaded_ = wanted;
}

void FakeRunner::prepare(const GenerationRequest& request, const Progress& progress) {
    ++script_->prepares;
    load(request, progress);
    progress.step({.stage = Stage::encode_references});
    script_->encodings += static_cast<int>(request.references.size());
}

// The brighter, the more like the references and the less like the prompt.
Result FakeRunner::measure(const MeasureRequest& asked, const Progress& progress) {
    Result result;
    if (asked.influence) { // each reference acts in a column of its own
        const int count = static_cast<int>(asked.request.references.size());
        for (int r = 0; r < count; ++r) {
            Influence one{.width = count, .height = 1};
            one.steps.assign(3, std::vector<float>(static_cast<std::size_t>(count)));
            one.mean.assign(static_cast<std::size_t>(count), 0.0F);
            one.mean[static_cast<std::size_t>(r)] = 0.3F;
            for (std::vector<float>& step : one.steps) {
                step[static_cast<std::size_t>(r)] = 0.3F;
            }
            result.influences.push_back(std::move(one));
        }
        return result;
    }
    for (const ImagePtr& image : asked.images) {
        progress.step({.stage = Stage::encode_references});
        double sum = 0;
        for (std::size_t i = 0; i < image->bytes.size(); ++i) {
            sum += image->u8()[i];
        }
        const double bright = sum / 255.0 / static_cast<double>(image->bytes.size());
        Measurement one;
        one.similarity.assign(asked.request.references.size(), bright);
        if (!script_->no_agreement) {
            one.agreement = 0.33 - 0.1 * bright * bright;
        }
        result.measurements.push_back(std::move(one));
        ++script_->measured;
    }
    if (script_->no_agreement) {
        result.no_agreement = message("the text and the image encoder share no space");
    }
    return result;
}

Result FakeRunner::run(const GenerationRequest& asked, const Progress& progress) {
    if (++script_->runs == script_->fails_run) {
        throw Error(ErrorCode::out_of_memory, message("The picture was not made: memory ran out."),
                    "");
    }
    const GenerationRequest request = resolved(asked);
    const auto pixels = static_cast<std::uint64_t>(*request.width * *request.height);
    progress.plan({.plan = {.predicted_peak_bytes = 2'000'000'000 + pixels * 100'000,
                            .steps = {MemoryStep::two_passes}}});
    load(asked, progress);
    progress.step({.stage = Stage::encode_prompt});
    progress.step({.stage = Stage::encode_references});
    Result result;
    const auto start = std::chrono::steady_clock::now();
    for (int k = 0; k < request.num_images; ++k) {
        GenerationRequest one = request;
        (one.variations.empty() ? one.seed : one.variations.back().seed) +=
            static_cast<std::uint64_t>(k);
        one.num_images = 1;
        const int total = request.num_inference_steps.value();
        for (int i = 1; i <= total; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(script_->step_milliseconds));
            if (script_->fails_while_denoising && i == total / 2) {
                throw Error(
                    ErrorCode::out_of_memory,
                    message("The picture was not made: 18.4 GB are needed, 16 GB are there.\nMake "
                            "it smaller."),
                    "allocator");
            }
            ++script_->steps;
            const double seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            progress.step({.stage = Stage::denoise,
                           .step = i,
                           .total = total,
                           .image_index = k,
                           .seconds = seconds / (k + 1),
                           .preview = std::make_shared<const Image>(
                               paint(one, 1.0 - static_cast<double>(i) / total))});
        }
        progress.step({.stage = Stage::decode, .image_index = k});
        result.images.push_back({std::make_shared<const Image>(paint(one, 0)), one});
        progress.image({k, result.images.back()});
    }
    result.seconds["denoise"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

// The sample of a seed: the gradient of that seed, and the more steps the more of the first
// picture.
TrainingResult FakeRunner::train(const TrainingRequest& request, const Progress& progress,
                                 const TrainingListener& listener) {
    load({.model = request.model}, progress);
    progress.step({.stage = Stage::encode_references});
    const auto sample = [&](std::int64_t step, int index) {
        return std::make_shared<const Image>(
            paint(resolved({.references = {{.image = request.pictures.front().image,
                                            .ip_adapter_scale = static_cast<float>(step) /
                                                                request.max_train_steps}},
                            .seed = request.seed + static_cast<std::uint64_t>(index)}),
                  0));
    };
    const auto show = [&](std::int64_t step) {
        for (int i = 0; i < request.num_validation_images && listener.on_sample; ++i) {
            listener.on_sample({.step = step, .index = i, .image = sample(step, i)});
        }
        if (step > 0 && request.kept_sample_weights > 0) {
            std::ofstream(training_sample_weights(request, step)) << step;
        }
    };
    if (request.validation_steps > 0 && request.take_step == 0) {
        show(0);
    }
    TrainingResult result{.weights = request.out};
    auto wish = TrainingWish::go_on;
    const int total = request.max_train_steps;
    const auto start = std::chrono::steady_clock::now();
    // As the real one: a checkpoint beside the result, from which a resumed training goes on.
    const std::filesystem::path checkpoint = training_checkpoint(request);
    int first = 0;
    if (request.resume) {
        std::ifstream(checkpoint) >> first;
    }
    result.steps = first;
    if (request.take_step > 0) { // it has learned that already
        first = total;
        std::ifstream(training_sample_weights(request, request.take_step)) >> result.steps;
        if (script_->fails_train_step == request.take_step) {
            throw Error(ErrorCode::file_missing, message("What was learned is not kept any more."));
        }
    }
    for (int i = first + 1; i <= total && wish == TrainingWish::go_on; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(script_->train_step_milliseconds));
        if (i == script_->fails_train_step) {
            throw Error(ErrorCode::internal,
                        message("The loss is nan at step {}.\nLower the learning rate.", i));
        }
        ++script_->trained_steps;
        result.steps = i;
        const double loss = 0.05 + 0.15 * std::exp(-4.0 * i / total);
        const double random = static_cast<double>(mix(static_cast<std::uint64_t>(i))) / 4e9;
        if (listener.on_step) {
            TrainingStep step{.step = i,
                              .total = total,
                              .loss = loss * (0.7 + 0.6 * random),
                              .learning_rate = request.learning_rate.value_or(5e-4)};
            step.seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            if (i % 10 == 0) {
                step.validation_loss = 1.1 * loss;
            }
            listener.on_step(step);
        }
        if (request.validation_steps > 0 && i % request.validation_steps == 0) {
            show(i);
        }
        wish = listener.wish ? listener.wish() : TrainingWish::go_on;
    }
    if (request.take_step > 0) {
        progress.check();
    } else {
        std::ofstream(checkpoint) << result.steps;
        if (listener.on_checkpoint) {
            listener.on_checkpoint(result.steps);
        }
    }
    if (wish == TrainingWish::stop) {
        throw Cancelled{};
    }
    std::filesystem::remove(checkpoint);
    if (request.method == TrainingMethod::dreambooth && !request.as_lora &&
        !request.as_difference) {
        std::filesystem::create_directories(request.out);
    } else {
        std::ofstream(request.out) << "weights of the fake at " << result.steps;
    }
    result.proof = {
        .weight_change = 0.021,
        .weight_changes = {{"unet.down", 0.012}, {"unet.mid", 0.017}, {"unet.up", 0.021}},
        .picture_change = 0.12,
        .likeness_before = 0.41,
        .likeness_after = 0.79,
        .prompt_before = 0.31,
        .prompt_after = 0.30,
        .overfit = 0.04,
        .drift = 0.05,
        .spread = 0.02,
        .without = {sample(0, 0), sample(0, 1)},
        .with = {sample(result.steps, 0), sample(result.steps, 1)}};
    return result;
}

// Every picture in its middle; the first two look alike where there are more.
TrainingCheck FakeRunner::check_training(const TrainingRequest& request, const Progress& progress) {
    TrainingCheck check;
    for (const TrainingPicture& picture : request.pictures) {
        progress.step({.stage = Stage::encode_references});
        const int side = std::min(picture.image->width, picture.image->height);
        check.crops.push_back({.x = (picture.image->width - side) / 2,
                               .y = (picture.image->height - side) / 2,
                               .width = side,
                               .height = side,
                               .trained_width = kDefaultSide,
                               .trained_height = kDefaultSide});
    }
    const std::size_t count = request.pictures.size();
    check.findings.push_back({.kind = TrainingFindingKind::count,
                              .is_fine = count >= 10,
                              .title = message("{} pictures", count),
                              .detail = count >= 10 ? message("enough for a LoRA, 10 to 50")
                                                    : message("few for a LoRA, 10 to 50")});
    if (count > 2) {
        check.findings.push_back({.kind = TrainingFindingKind::duplicates,
                                  .is_fine = false,
                                  .title = message("2 look alike"),
                                  .detail = message("they count double"),
                                  .pictures = {0, 1}});
    }
    check.estimate = {.seconds_per_step = 0.05,
                      .seconds = 0.05 * request.max_train_steps,
                      .peak_memory_bytes = 400'000'000,
                      .available_bytes = 16'000'000'000,
                      .disk_bytes = 12'000'000};
    return check;
}

} // namespace likeness
