#include "core/runner/training_estimate.h"

#include "core/base/seconds_since.h"
#include "core/base/wording.h"
#include "core/request/limits.h"
#include "core/request/memory_plan.h"
#include "core/runner/class_pictures.h"
#include "core/runner/memory.h"
#include "core/runner/torch_runner.h"
#include "core/runner/train.h"
#include "core/runner/training_proof.h"
#include "core/tensor/device.h"
#include "core/training/validation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <optional>
#include <vector>

namespace likeness {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kTrialSteps = 10, kUnmeasuredSteps = 2, kFewestSteps = 4;
constexpr double kTrialSeconds = 30;
constexpr std::size_t kTrialPictures = 16;
constexpr int kTrialClassPictures = 2;
constexpr int kNoStep = 1'000'000;      // is reached by no trial
constexpr double kBytesPerSecond = 4e8; // of a checkpoint: its digest, and a plain disk

// As many as the trial takes, from all over the set, so that its sizes are as mixed.
std::vector<TrainingPicture> some_of(const std::vector<TrainingPicture>& pictures) {
    std::vector<TrainingPicture> readable, some;
    std::ranges::copy_if(pictures, std::back_inserter(readable),
                         [](const TrainingPicture& picture) { return picture.image != nullptr; });
    const std::size_t count = std::min(readable.size(), kTrialPictures);
    for (std::size_t i = 0; i < count; ++i) {
        some.push_back(readable[i * readable.size() / count]);
    }
    return some;
}

// A folder for what a trial might leave, and nothing left of it afterwards.
class TrialFolder {
public:
    explicit TrialFolder(const std::string& out) {
        std::error_code failed;
        fs::path parent = fs::path(out).parent_path();
        if (out.empty()) {
            parent = fs::temp_directory_path(failed);
        }
        std::string name = (parent / "likeness-trial-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw Error(ErrorCode::write_failed,
                        message("Nothing can be written into {}.", in_quotes(parent.string())));
        }
        path = name;
    }

    ~TrialFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }

    TrialFolder(const TrialFolder&) = delete;
    TrialFolder& operator=(const TrialFolder&) = delete;

    fs::path path;
};

// The training as far as the trial goes.
TrainingRequest trial_of(const TrainingRequest& request, const fs::path& folder) {
    TrainingRequest trial = request;
    trial.pictures = some_of(request.pictures);
    if (trial.instance_prompt.empty()) {
        trial.instance_prompt = "a photo"; // words that are missing cost the same
    }
    trial.max_train_steps =
        static_cast<int>(std::min<std::int64_t>(request.max_train_steps, 4 * kTrialSteps));
    trial.lr_warmup_steps = 0;
    trial.num_class_images = std::min(request.num_class_images, kTrialClassPictures);
    if (request.validation_steps > 0) { // those before the first step alone
        trial.validation_steps = kNoStep;
    }
    trial.validation_share = 0;
    trial.checkpointing_minutes = limit("checkpointing_minutes").maximum;
    trial.resume = false;
    trial.out = (folder / (request.makes_model() ? "trial" : "trial.safetensors")).string();
    return trial;
}

// The least memory of a GPU that was free while it was asked.
class DeviceFree {
public:
    explicit DeviceFree(const at::Device& device) : device_(device) {
        look();
        at_first = least;
    }

    void look() {
        if (device_.is_cuda()) {
            const std::uint64_t now = device_memory(device_).free;
            least = least == 0 ? now : std::min(least, now);
        }
    }

    std::uint64_t at_first = 0, least = 0;

private:
    at::Device device_;
};

std::uint64_t available_bytes(const at::Device& device) {
    if (device.is_cuda()) {
        return device_memory(device).free;
    }
    const auto free = free_memory_bytes();
    return free ? *free + resident_memory_bytes() : 0;
}

std::size_t readable(const TrainingRequest& request) {
    return static_cast<std::size_t>(std::ranges::count_if(
        request.pictures, [](const TrainingPicture& picture) { return picture.image != nullptr; }));
}

// A checkpoint holds what learns and the optimiser's two moments of it, and its average where that
// is kept; float32 all.
std::uint64_t checkpoint_bytes(const TrainingRequest& request, std::uint64_t values) {
    return values * sizeof(float) * (request.use_ema ? 4 : 3);
}

// A file of what was learned, or a model as large as that it was learned from.
std::uint64_t result_bytes(const TrainingRequest& request, const ModelFolder& folder,
                           std::uint64_t values) {
    if (!request.makes_model()) {
        return values * sizeof(float);
    }
    const ModelBytes model = model_bytes(folder, {}, {}, {.value_bytes = sizeof(float)});
    return model.kept + model.encoders;
}

// What was seen of a trial.
struct Trial {
    double loading = 0;   // until the first picture is encoded
    double preparing = 0; // from there to the first step
    double encoding = 0;  // of it, for each picture
    double sampling = 0;  // all samples of one step; 0: none were made
    double step = 0;
    std::uint64_t values = 0; // that are trained
};

// A step's seconds from when each was done: without the first ones, in which memory is laid out,
// and without the slowest.
double step_seconds(const std::vector<std::pair<std::int64_t, double>>& done) {
    std::vector<double> each;
    for (std::size_t i = 1; i < done.size(); ++i) {
        if (done[i - 1].first >= kUnmeasuredSteps) {
            each.push_back((done[i].second - done[i - 1].second) /
                           static_cast<double>(done[i].first - done[i - 1].first));
        }
    }
    if (each.empty()) { // a GPU tells of many at once
        return done.back().second / static_cast<double>(done.back().first);
    }
    if (each.size() > 2) {
        each.erase(std::ranges::max_element(each));
    }
    return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size());
}

Trial try_out(const TrainingRequest& trial, DeviceFree& device_free, const Progress& progress) {
    Trial seen;
    const auto start = Clock::now();
    std::optional<Clock::time_point> first_encoded, last_encoded, first_denoised;
    int encoded = 0; // and those looked at again by another encoder
    const Progress watched({}, [&](Stepped stepped) {
        if (stepped.stage == Stage::encode_references && stepped.total > 1) {
            last_encoded = Clock::now();
            ++encoded;
            first_encoded = first_encoded.value_or(*last_encoded);
        } else if (stepped.stage == Stage::denoise && !first_denoised) {
            first_denoised = Clock::now();
        }
        progress.step(std::move(stepped));
    });
    std::vector<std::pair<std::int64_t, double>> done;
    bool enough = false;
    try {
        train(trial, watched,
              {.on_parameters = [&](std::uint64_t values) { seen.values = values; },
               .on_step =
                   [&](const TrainingStep& step) {
                       done.emplace_back(step.step, step.seconds);
                       device_free.look();
                       if (done.size() == 1) {
                           const double before = seconds_since(start) - step.seconds;
                           seen.loading =
                               first_encoded
                                   ? std::chrono::duration<double>(*first_encoded - start).count()
                                   : before;
                           seen.preparing = before - seen.loading - seen.sampling;
                       }
                       enough = step.step >= kTrialSteps || step.step == step.total ||
                                (step.step >= kFewestSteps && step.seconds > kTrialSeconds);
                   },
               .on_sample =
                   [&](const TrainingSamplePicture&) {
                       seen.sampling = first_denoised ? seconds_since(*first_denoised) : 0;
                   },
               .wish =
                   [&] {
                       progress.check();
                       if (enough) {
                           throw Cancelled{}; // nothing of it is wanted
                       }
                       return TrainingWish::go_on;
                   }});
    } catch (const Cancelled&) {
        if (!enough) {
            throw;
        }
    }
    if (encoded > 1) {
        seen.encoding =
            std::chrono::duration<double>(*last_encoded - *first_encoded).count() / (encoded - 1);
    }
    seen.step = done.empty() ? 0 : step_seconds(done);
    return seen;
}

} // namespace

TrainingEstimate estimate_training(const TrainingRequest& request, const ModelFolder& folder,
                                   const Progress& progress) {
    const at::Device device = choose_placement(request.device, request.dtype).device;
    TrainingEstimate estimate{.available_bytes = available_bytes(device)};
    forget_peak_memory();
    DeviceFree device_free(device);
    const TrialFolder trial_folder(request.out);
    const TrainingRequest trial = trial_of(request, trial_folder.path);

    const auto start = Clock::now();
    estimate.seconds_per_picture = rehearse_proof(trial, folder, progress);
    const double half_proof = seconds_since(start);
    device_free.look();
    int others = 0; // of the class, that the trial leaves out
    if (request.keeps_class()) {
        class_pictures(trial, folder, progress);
        estimate.class_pictures = missing_class_pictures(request, folder, progress);
        others = request.num_class_images - trial.num_class_images;
    }
    const Trial seen = try_out(trial, device_free, progress);

    estimate.seconds_per_step = seen.step;
    const auto steps = static_cast<double>(request.max_train_steps);
    const double not_tried =
        others + static_cast<double>(readable(request) - trial.pictures.size());
    const double pictures = estimate.class_pictures * estimate.seconds_per_picture +
                            (estimate.class_pictures > 0 ? seen.loading : 0);
    const int sampled =
        request.validation_steps > 0 ? 1 + request.max_train_steps / request.validation_steps : 0;
    // Held-out pictures are looked at forward only, about a third of a pass, at each tenth and with
    // samples.
    const double passes = request.train_batch_size * request.gradient_accumulation_steps;
    const double validation = request.validation_share > 0
                                  ? (10 + sampled) * kValidationDraws * seen.step / (3 * passes)
                                  : 0;
    const double sampling = seen.sampling > 0
                                ? seen.sampling
                                : request.num_validation_images * estimate.seconds_per_picture;
    estimate.seconds = pictures + seen.loading + seen.preparing + not_tried * seen.encoding +
                       steps * seen.step + sampled * sampling + validation + 2 * half_proof;
    const std::uint64_t checkpoint = checkpoint_bytes(request, seen.values);
    const std::uint64_t result = result_bytes(request, folder, seen.values);
    const double between = std::max({60 * request.checkpointing_minutes, seen.step, 1e-3});
    const double checkpoints = 1 + std::floor(steps * seen.step / between);
    estimate.seconds +=
        (checkpoints * static_cast<double>(checkpoint) + static_cast<double>(result)) /
        kBytesPerSecond;
    estimate.disk_bytes = 2 * checkpoint + result;
    estimate.peak_memory_bytes =
        device.is_cuda() ? device_free.at_first - device_free.least : peak_memory_bytes();
    return estimate;
}

} // namespace likeness
