// Stages vae, latents and decoder: the autoencoder, every picture through it, and its decoding half
// once more.

#include "app/starter/stage.h"
#include "core/base/error.h"
#include "core/models/autoencoder_kl.h"
#include "core/training/latent_fold.h"
#include "core/training/losses.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/stack.h>

#include <cmath>
#include <functional>

namespace likeness::starter {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kGrowEvery = 50; // steps between looks for newly rendered pictures

// A batch of pictures with the weight of each pixel: 4 on the subject, 1 elsewhere.
struct VaeBatch {
    Tensor pictures{}, weight{};
};

struct Corner {
    std::int64_t top = 0, left = 0;
};

// Where a square of `side` pixels is cut: mostly around a pixel of the subject.
Corner draw_corner(Draw& draw, const Tensor& mask, std::int64_t side) {
    const std::int64_t size = mask.size(-1);
    const auto* values = mask.const_data_ptr<float>();
    auto row = draw.below(size), column = draw.below(size);
    for (int attempt = 0; attempt < 12 && values[row * size + column] < 0.5F; ++attempt) {
        row = draw.below(size);
        column = draw.below(size);
    }
    const auto from = [&](std::int64_t centre) {
        return std::clamp<std::int64_t>(centre - side / 2, 0, size - side);
    };
    return {from(row), from(column)};
}

VaeBatch draw_batch(Draw& draw, const PictureSet& set, std::int64_t batch, std::int64_t side) {
    const auto indices = set.on_device(draw_indices(draw, batch, set.size()));
    VaeBatch drawn{set.pictures(indices), set.masks(indices)};
    if (side < drawn.pictures.size(2)) {
        std::vector<Tensor> pictures, masks;
        for (std::int64_t i = 0; i < batch; ++i) {
            const auto mask = drawn.weight[i];
            const auto corner = draw_corner(draw, mask.cpu().contiguous(), side);
            const auto cut = [&](const Tensor& x) {
                return x.narrow(1, corner.top, side).narrow(2, corner.left, side);
            };
            pictures.push_back(cut(drawn.pictures[i]));
            masks.push_back(cut(mask));
        }
        drawn = {at::stack(pictures).contiguous(at::MemoryFormat::ChannelsLast), at::stack(masks)};
    }
    drawn.weight = 1 + 3 * drawn.weight;
    return drawn;
}

// Squared error and share of the subject, to sum a PSNR over pictures.
struct Error2 {
    double all = 0, all_count = 0, subject = 0, subject_count = 0;
};

double psnr(double squared, double count) {
    return 10 * std::log10(4.0 * count / squared);
}

// One training run over crops, then whole pictures. `encode` gives what the decoder reads and what
// its loss adds.
struct Encoded {
    Tensor latents{}, penalty{};
};

void train_autoencoder(const Options& options, const nlohmann::json& stage, PictureSet& set,
                       const AutoencoderKL& vae, Trainer& trainer,
                       const std::function<Encoded(const Tensor&, Draw&, double)>& encode) {
    const std::int64_t batch = stage.at("batch"), side = stage.at("crop");
    const std::int64_t size = set.recipe().size;
    const auto full_batch = std::max<std::int64_t>(1, batch * side * side / (size * size));
    const double full_from = 1.0 - stage.at("full_share").get<double>();
    const bool lower = stage.at("bfloat16");
    const auto dtype = placement(options, stage).dtype;
    run_slice(trainer, options, stage, [&](std::int64_t step) {
        if (step % kGrowEvery == 0) {
            set.grow();
        }
        Draw draw(options.seed, step, set.device());
        const double steps =
            static_cast<double>(std::max<std::int64_t>(trainer.planned_steps(), 1));
        const double done = trainer.planned_steps() > 0 ? static_cast<double>(step) / steps : 0.0;
        const auto drawn = done < full_from ? draw_batch(draw, set, batch, side)
                                            : draw_batch(draw, set, full_batch, size);
        const Autocast autocast(lower);
        const auto encoded = encode(drawn.pictures.to(dtype), draw, done);
        const auto made = vae.decode(encoded.latents.to(dtype)).to(at::kFloat);
        const auto loss = reconstruction_loss(made, drawn.pictures, drawn.weight);
        return encoded.penalty.defined() ? loss + encoded.penalty : loss;
    });
}

// How well it does on pictures it also saw in training; the bench measures unseen ones.
void report(const std::string& stage, const PictureSet& set, const AutoencoderKL& vae) {
    const at::NoGradGuard no_grad;
    Error2 sums;
    constexpr std::int64_t kPictures = 96, kBatch = 16;
    for (std::int64_t i = 0; i < kPictures; i += kBatch) {
        std::vector<std::int64_t> numbers(kBatch);
        for (std::int64_t j = 0; j < kBatch; ++j) {
            numbers[static_cast<std::size_t>(j)] = (i + j) * set.size() / kPictures;
        }
        const auto indices = set.on_device(numbers);
        const auto pictures = set.pictures(indices), mask = set.masks(indices);
        const auto made = vae.decode(vae.encode(pictures).mean).clamp(-1, 1);
        const auto squared = (made - pictures).square().mean(1, true);
        sums.all += squared.sum().item<double>();
        sums.all_count += static_cast<double>(squared.numel());
        sums.subject += (squared * mask).sum().item<double>();
        sums.subject_count += mask.sum().item<double>();
    }
    log_line({{"stage", stage},
              {"report", "pictures of the training set"},
              {"psnr", psnr(sums.all, sums.all_count)},
              {"psnr_subject", psnr(sums.subject, sums.subject_count)}});
}

fs::path folded_path(const Options& options) {
    return options.out / "vae_folded.safetensors";
}

// As stage latents wrote it, or as imported, which is folded too.
TensorMap folded_autoencoder(const Options& options) {
    auto weights = fs::exists(folded_path(options)) ? load_safetensors(folded_path(options))
                                                    : imported_weights(options, "vae");
    if (weights.empty()) {
        throw Error(ErrorCode::file_missing,
                    message("{} is not there: stage latents has to run first, or import.",
                            folded_path(options).string()));
    }
    return weights;
}

} // namespace

void run_vae(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto config = AutoencoderKLConfig::from_json(profile.at("vae"));
    const auto source =
        std::make_shared<ParameterSource>(options.seed, TensorMap{}, placement(options, stage));
    const AutoencoderKL vae(Weights(source, {}), config);
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    train_autoencoder(
        options, stage, *set, vae, trainer,
        [&vae](const Tensor& pictures, Draw& draw, double done) -> Encoded {
            const auto latent = vae.encode(pictures);
            const auto mean = latent.mean.to(at::kFloat);
            const auto logvar = latent.logvar.to(at::kFloat).clamp(-30, 20);
            const auto noise = at::randn_like(mean, draw.generator());
            const double kl_weight = std::pow(10.0, -4.0 - 2.0 * done);
            return {mean + (0.5 * logvar).exp() * noise, kl_weight * kl_loss(mean, logvar)};
        });
    report("vae", *set, {averaged(options, "vae", {}, {.device = set->device()}), config});
}

void run_decoder(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto config = AutoencoderKLConfig::from_json(profile.at("vae"));
    const auto folded = folded_autoencoder(options);
    const auto wanted = placement(options, stage);
    const AutoencoderKL frozen(Weights(std::make_shared<MapSource>(folded), wanted), config);
    // A whole autoencoder is made; only its decoding half is trained.
    const auto source = std::make_shared<ParameterSource>(options.seed, folded, wanted);
    const AutoencoderKL vae(Weights(source, {}), config);
    TensorMap decoding;
    for (const auto& [name, parameter] : source->parameters()) {
        if (name.starts_with("decoder.") || name.starts_with("post_quant_conv.")) {
            decoding[name] = parameter;
        }
    }
    Trainer trainer(decoding, trainer_options(profile, options));
    train_autoencoder(options, stage, *set, vae, trainer,
                      [&frozen](const Tensor& pictures, Draw&, double) -> Encoded {
                          const at::NoGradGuard no_grad;
                          return {frozen.encode(pictures).mean.to(at::kFloat), {}};
                      });
    report("decoder", *set,
           {Weights(std::make_shared<MapSource>(finished_autoencoder(options)),
                    {.device = set->device()}),
            config});
}

bool has_finished_autoencoder(const Options& options) {
    return fs::exists(folded_path(options)) || fs::exists(imported_path(options, "vae"));
}

TensorMap finished_autoencoder(const Options& options) {
    auto weights = folded_autoencoder(options);
    const auto decoder = checkpoint_path(options, "decoder");
    if (fs::exists(decoder)) {
        for (const auto& [name, tensor] : load_average(decoder)) {
            weights[name] = tensor;
        }
    }
    return weights;
}

void run_latents(const Options& options) {
    const at::NoGradGuard no_grad;
    const auto profile = read_profile(options);
    const auto set = picture_set(options);
    const auto config = AutoencoderKLConfig::from_json(profile.at("vae"));
    auto weights = imported_weights(options, "vae"); // as exported: folded already
    const bool folded = !weights.empty();
    if (!folded) {
        weights = load_average(checkpoint_path(options, "vae"));
    }
    const auto& stage = profile.at("stages").at("vae");
    const bool lower = stage.at("bfloat16");
    const auto wanted = placement_of_frozen(options, stage);
    const std::int64_t batch = set->device().is_cpu() ? 32 : 512;
    const auto encode_all = [&](const TensorMap& with, std::int64_t count) {
        const AutoencoderKL vae(Weights(std::make_shared<MapSource>(with), wanted), config);
        std::vector<Tensor> pieces;
        for (std::int64_t i = 0; i < count; i += batch) {
            const auto indices =
                at::arange(i, std::min(i + batch, count),
                           at::TensorOptions().dtype(at::kLong).device(set->device()));
            const Autocast autocast(lower);
            pieces.push_back(vae.encode(set->pictures(indices).to(wanted.dtype))
                                 .mean.to(at::kFloat)
                                 .contiguous());
        }
        return at::cat(pieces);
    };
    if (!folded) {
        const auto sample = encode_all(weights, std::min<std::int64_t>(set->size(), 4000));
        const auto mean = sample.mean({0, 2, 3}).cpu(), deviation = sample.std({0, 2, 3}).cpu();
        weights = fold_latent_statistics(weights, mean, deviation);
    }
    save_safetensors(folded_path(options), weights);
    const auto count = options.count > 0 ? std::min(options.count, set->size()) : set->size();
    const auto latents = encode_all(weights, count);
    save_safetensors(options.out / "latents.safetensors",
                     {{"mean", latents.to(at::kCPU, at::kHalf)}});
    nlohmann::json means, deviations;
    for (std::int64_t c = 0; c < latents.size(1); ++c) {
        means.push_back(latents.select(1, c).mean().item<double>());
        deviations.push_back(latents.select(1, c).std().item<double>());
    }
    log_line({{"stage", "latents"},
              {"count", latents.size(0)},
              {"mean", means},
              {"deviation", deviations}});
}

} // namespace likeness::starter
