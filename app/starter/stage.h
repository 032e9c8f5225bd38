#pragma once

#include "app/starter/attributes.h"
#include "app/starter/draw.h"
#include "app/starter/options.h"
#include "app/starter/picture_set.h"
#include "core/training/trainer.h"
#include "core/weights/weights.h"

#include <memory>
#include <string>

namespace likeness::starter {

// Where a stage's networks lie and in which numbers: on a GPU in bfloat16 where the stage's profile
// says so (the optimiser keeps float32 masters); on a CPU in float32 (Autocast computes lower).
WeightOptions placement(const Options& options, const nlohmann::json& stage);

// As placement(), of networks that the stage only runs and takes gradients through: on a CPU, where
// the stage computes in bfloat16, in those numbers and in the order of our kernels.
WeightOptions placement_of_frozen(const Options& options, const nlohmann::json& stage);

// What every training stage reads of its part of the profile.
TrainerOptions trainer_options(const nlohmann::json& profile, const Options& options);

// Runs the slice of the stage's minutes, logs, and prints how it ended.
Trainer::End run_slice(Trainer& trainer, const Options& options, const nlohmann::json& stage,
                       const std::function<Tensor(std::int64_t)>& loss);

// Weights for one network out of a stage's average; `prefix` is cut off ("unet.").
Weights averaged(const Options& options, const std::string& stage, const std::string& prefix = {},
                 const WeightOptions& wanted = {});
TensorMap with_prefix(const TensorMap& tensors, const std::string& prefix);
TensorMap without_prefix(const TensorMap& tensors, const std::string& prefix);

// Where a stage's checkpoint lies.
std::filesystem::path checkpoint_path(const Options& options, const std::string& stage);

// The averaged weights of a stage: of this run's checkpoint or, where the stage was not run, of the
// finished model that stage `import` brought. Throws Error{file_missing} where there is neither.
TensorMap stage_weights(const Options& options, const std::string& stage);

// What a stage's parameters begin with where a finished model was imported; empty elsewhere.
TensorMap imported_weights(const Options& options, const std::string& stage);

// Where stage `import` puts the weights that another stage begins with.
std::filesystem::path imported_path(const Options& options, const std::string& stage);

// The autoencoder as it is exported: latents centred, and the decoder of its own stage where that
// was run. Throws Error{file_missing} where neither stage latents nor import has left one.
TensorMap finished_autoencoder(const Options& options);
bool has_finished_autoencoder(const Options& options);

// Writes weights in half precision for use elsewhere, atomically; makes the folder. Throws
// Error{internal} for values that half precision or a later user could not take.
void write_half(const std::filesystem::path& path, const TensorMap& tensors);

// `batch` of the first `count` pictures.
std::vector<std::int64_t> draw_indices(Draw& draw, std::int64_t batch, std::int64_t count);

// Two scenes each of batch / 2 subjects of the first `count` pictures, one after the other.
std::vector<std::int64_t> draw_pairs(Draw& draw, const PictureSet& set, std::int64_t batch,
                                     std::int64_t count);

// What these pictures show.
std::vector<Pictured> told(const PictureSet& set, const std::vector<std::int64_t>& indices);

// The share of right readings of each attribute.
nlohmann::json accuracy(const AttributeHeads& heads, const Tensor& features,
                        const std::vector<Pictured>& pictures);

// On a CPU: computes in bfloat16 where that is faster, while it lives; weights and gradients stay
// float32.
class Autocast {
public:
    explicit Autocast(bool wanted);
    ~Autocast();
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

private:
    bool before_;
};

} // namespace likeness::starter
