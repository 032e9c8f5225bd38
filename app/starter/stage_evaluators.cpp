// Stages attributes and identity: the networks that judge pictures in the bench.

#include "app/starter/evaluators.h"
#include "app/starter/stage.h"
#include "core/models/autoencoder_kl.h"
#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/where.h>

#include <numeric>
#include <optional>

namespace likeness::starter {

namespace {

constexpr std::uint64_t kOwnSeed = 1000; // nothing in common with the stages that make the model
constexpr double kTemperature = 0.07;
constexpr std::int64_t kJudged = 1024, kJudgedAtOnce = 128; // pictures of a report

// Pictures as the autoencoder might give them back: half of them blurred, all a little noisy.
Tensor worn(Draw& draw, const Tensor& pictures) {
    const std::int64_t side = pictures.size(2);
    const auto blurred =
        at::upsample_bilinear2d(at::avg_pool2d(pictures, 2), {side, side}, /*align_corners=*/false);
    const auto chance = [&] {
        return at::rand({pictures.size(0), 1, 1, 1}, draw.generator(), pictures.options());
    };
    const auto x = at::where(chance() < 0.5, blurred, pictures);
    return x + 0.08 * chance() * at::randn_like(x, draw.generator());
}

// The run's autoencoder where there is one already, or an imported one: the evaluator is to read
// what it gives back as it reads renders.
std::optional<AutoencoderKL> autoencoder(const Options& options, const nlohmann::json& profile,
                                         const WeightOptions& wanted) {
    const auto config = AutoencoderKLConfig::from_json(profile.at("vae"));
    if (has_finished_autoencoder(options)) {
        const auto source = std::make_shared<MapSource>(finished_autoencoder(options));
        return AutoencoderKL(Weights(source, wanted), config);
    }
    if (std::filesystem::exists(checkpoint_path(options, "vae"))) {
        return AutoencoderKL(averaged(options, "vae", {}, wanted), config);
    }
    return std::nullopt;
}

// A quarter of the pictures through the autoencoder.
Tensor partly_given_back(const AutoencoderKL& vae, const Tensor& pictures, at::ScalarType dtype) {
    const at::NoGradGuard no_grad;
    const auto share = pictures.size(0) / 4;
    const auto back = vae.decode(vae.encode(pictures.narrow(0, 0, share).to(dtype)).mean);
    return at::cat(
        {back.to(at::kFloat).clamp(-1, 1), pictures.narrow(0, share, pictures.size(0) - share)});
}

// Renders as a judging network learns from them: some through the autoencoder, all worn.
Tensor lesson(Draw& draw, Tensor pictures, const std::optional<AutoencoderKL>& vae,
              at::ScalarType dtype) {
    if (vae) {
        pictures = partly_given_back(*vae, pictures, dtype);
    }
    return worn(draw, pictures).contiguous(at::MemoryFormat::ChannelsLast).to(dtype);
}

// The last pictures of the set are only judged.
std::int64_t learned(const PictureSet& set) {
    const auto scenes = static_cast<std::int64_t>(set.recipe().scenes_per_subject);
    return (set.size() - std::min(kJudged, set.size() / 10)) / scenes * scenes;
}

// Pieces of the pictures from `from` on through a network.
template <typename Network>
Tensor judge(const PictureSet& set, std::int64_t from, const Network& network) {
    std::vector<Tensor> pieces;
    for (auto i = from; i < set.size(); i += kJudgedAtOnce) {
        std::vector<std::int64_t> numbers(
            static_cast<std::size_t>(std::min(kJudgedAtOnce, set.size() - i)));
        std::iota(numbers.begin(), numbers.end(), i);
        pieces.push_back(network(set.pictures(set.on_device(numbers))));
    }
    return at::cat(pieces);
}

} // namespace

void run_attributes(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto wanted = placement(options, stage);
    const auto source =
        std::make_shared<ParameterSource>(options.seed + kOwnSeed, TensorMap{}, wanted);
    const AttributeEvaluator evaluator(Weights(source, {}));
    const auto vae = autoencoder(options, profile, wanted);
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    const std::int64_t batch = stage.at("batch"), count = learned(*set);
    const bool lower = stage.at("bfloat16");
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed + kOwnSeed, step, set->device());
        const auto numbers = draw_indices(draw, batch, count);
        const auto pictures =
            lesson(draw, set->pictures(set->on_device(numbers)), vae, wanted.dtype);
        const Autocast autocast(lower);
        return evaluator.heads.loss(evaluator.features(pictures), told(*set, numbers));
    };
    run_slice(trainer, options, stage, loss);

    const at::NoGradGuard no_grad;
    write_half(options.out / "export/attributes.safetensors", stage_weights(options, "attributes"));
    const AttributeEvaluator judged(averaged(options, "attributes", {}, {.device = set->device()}));
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(set->size() - count));
    std::iota(numbers.begin(), numbers.end(), count);
    const auto features =
        judge(*set, count, [&](const Tensor& pictures) { return judged.features(pictures); });
    log_line({{"stage", "attributes"},
              {"report", "pictures it did not learn from"},
              {"right", accuracy(judged.heads, features, told(*set, numbers))}});
}

void run_identity(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto wanted = placement(options, stage);
    const auto source =
        std::make_shared<ParameterSource>(options.seed + kOwnSeed + 1, TensorMap{}, wanted);
    const IdentityEncoder encoder(Weights(source, {}));
    const auto vae = autoencoder(options, profile, wanted);
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    const std::int64_t batch = stage.at("batch"), count = learned(*set);
    const bool lower = stage.at("bfloat16");
    const std::int64_t scenes = set->recipe().scenes_per_subject;
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed + kOwnSeed + 1, step, set->device());
        const auto indices = set->on_device(draw_pairs(draw, *set, batch, count));
        const auto pictures = lesson(draw, set->pictures(indices), vae, wanted.dtype);
        const Autocast autocast(lower);
        return supervised_contrastive_loss(encoder(pictures).to(at::kFloat),
                                           indices.floor_divide(scenes), kTemperature);
    };
    run_slice(trainer, options, stage, loss);

    const at::NoGradGuard no_grad;
    write_half(options.out / "export/identity.safetensors", stage_weights(options, "identity"));
    const IdentityEncoder judged(averaged(options, "identity", {}, {.device = set->device()}));
    const auto unit = unit_rows(judge(*set, count, judged));
    auto similarity = unit.matmul(unit.t());
    similarity.fill_diagonal_(-2);
    const auto nearest = similarity.argmax(1).cpu().floor_divide(scenes);
    const auto own = at::arange(nearest.size(0)).floor_divide(scenes);
    log_line(
        {{"stage", "identity"},
         {"report", "pictures it did not learn from: the nearest other shows the same product"},
         {"pictures", nearest.size(0)},
         {"recall", nearest.eq(own).to(at::kFloat).mean().item<double>()}});
}

} // namespace likeness::starter
