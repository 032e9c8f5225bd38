#pragma once

#include "core/image/image.h"
#include "core/request/validate.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// What is trained: small additions to the layers (arXiv 2106.09685), the model itself (DreamBooth,
// arXiv 2208.12242), or an image-prompt adapter's projection and its keys and values.
enum class TrainingMethod { lora, dreambooth, ip_adapter };
enum class LearningRateSchedule { constant, cosine, linear };
enum class TrainedLayers { attention, all };
enum class LoraSpelling { kohya, diffusers };

// Samples whose weights are kept where nobody says how many: the window's, and the command line's.
inline constexpr int kKeptSamples = 24;

// One picture to learn from.
struct TrainingPicture {
    ImagePtr image{};
    std::string path{};
    std::string caption{};     // empty: the request's instance_prompt
    ImagePtr mask{};           // white counts, black does not; null: all of it
    std::string content{};     // SHA-256 of its file when it was last seen; empty: not known
    int width = 0, height = 0; // of its file, which `image` may hold smaller; 0: the image's own

    bool operator==(const TrainingPicture&) const = default;
};

// A training; the fields are diffusers' training options (spec/cli.md 5).
struct TrainingRequest {
    TrainingMethod method = TrainingMethod::lora;
    std::string model = "starter";
    std::string vae{}; // path of a file or folder; empty: the model's own
    std::vector<TrainingPicture> pictures{};
    std::string instance_prompt{};
    std::optional<int> resolution{}; // of the square whose area pictures are brought to
    int train_batch_size = 1;
    int gradient_accumulation_steps = 1;
    int max_train_steps = 400;
    std::optional<double> learning_rate{};              // empty: default_learning_rate()
    std::optional<double> text_encoder_learning_rate{}; // empty: the same
    LearningRateSchedule lr_scheduler = LearningRateSchedule::constant;
    int lr_warmup_steps = 0;
    double snr_gamma = 0;                // 0: every step counts the same
    double noise_offset = 0;             // of each channel's mean, as diffusers adds it
    bool gradient_checkpointing = false; // less memory, more time: blocks are computed twice
    bool use_ema = false;                // the average of the way is what is saved
    bool random_flip = false;            // mirrors half of the pictures; text in them would suffer
    bool train_text_encoder = false;

    // A LoRA, and DreamBooth's form as one.
    int rank = 8;
    std::optional<double> network_alpha{}; // empty: the rank
    TrainedLayers targets = TrainedLayers::attention;
    LoraSpelling format = LoraSpelling::kohya;

    // DreamBooth. Prior preservation is on where there is a class prompt.
    std::string class_prompt{};
    int num_class_images = 50;
    double prior_loss_weight = 1;
    bool as_lora = false;       // trains a LoRA instead of the whole
    bool as_difference = false; // `out` is one file of differences instead of a model's folder

    std::string ip_adapter{}; // to go on from; empty: the model's own

    // Samples on fixed seeds while it runs: the request's seed and those after it.
    std::string validation_prompt{}; // empty: the instance prompt
    int validation_steps = 0;        // a sample every so many; 0: none
    int num_validation_images = 1;
    // What is learned is kept beside the checkpoint at so many of the newest samples; 0: at none.
    int kept_sample_weights = 0;
    int take_step = 0;           // takes what was kept at that step for the result; 0: it learns
    double validation_share = 0; // of the pictures, held out to be measured on and never learned

    std::uint64_t seed = 0;
    std::string device{};
    std::string dtype{};
    int threads = 0;
    double checkpointing_minutes = 5;
    std::string out{}; // the file, or DreamBooth's folder; its checkpoints lie beside it
    bool resume = false;

    // Whether what is made is a model's folder: a whole DreamBooth.
    bool makes_model() const {
        return method == TrainingMethod::dreambooth && !as_lora && !as_difference;
    }

    // Whether what is learned is small beside the model: additions to it, or an adapter.
    bool learns_little() const { return method != TrainingMethod::dreambooth || as_lora; }

    // Whether pictures of the class are kept as they are (prior preservation).
    bool keeps_class() const {
        return method == TrainingMethod::dreambooth && !class_prompt.empty();
    }

    bool operator==(const TrainingRequest&) const = default;
};

// Where the checkpoint of a training lies: beside what it makes.
std::filesystem::path training_checkpoint(const TrainingRequest& request);

// All places of its checkpoints, that one first: two are written in turn. A training was begun
// where there is a file in any of them.
std::vector<std::filesystem::path> training_checkpoints(const TrainingRequest& request);

// Where what is learned at a sample's step is kept, and the steps of which something is, in order.
std::filesystem::path training_sample_weights(const TrainingRequest& request, std::int64_t step);
std::vector<std::int64_t> kept_sample_steps(const TrainingRequest& request);
// Takes all of that away.
void remove_kept_samples(const TrainingRequest& request);

// What the model says in its likeness.json, else what is usual for the full-size ones: 5e-4 for a
// LoRA of one subject, 5e-6 for a whole model, 1e-4 for an adapter.
double default_learning_rate(const TrainingRequest& request);

// All problems at once, none when it can run.
std::vector<Problem> validate(const TrainingRequest& request);

} // namespace likeness
