// Stages ip and plus: the image prompt adapters over the frozen denoiser and encoders.

#include "app/starter/conditioning.h"
#include "app/starter/reference_view.h"
#include "app/starter/stage.h"
#include "core/adapters/ip_adapter.h"
#include "core/models/clip_vision.h"
#include "core/training/dropped_conditions.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <map>

namespace likeness::starter {

namespace {

// The first `count` pictures of the set as the adapter's projector reads them, each in several
// views (cuts, tints) of its own, view by view; the last row is the dropped image, as in
// generation: a zero embedding for the plain adapter, the states of a zero picture for plus. [views
// * count + 1, ...].
Tensor image_features(const PictureSet& set, std::int64_t count, std::int64_t views,
                      const ClipVision& encoder, const IpAdapter& adapter, std::uint64_t seed) {
    const at::NoGradGuard no_grad;
    const auto dtype = encoder.class_embedding.scalar_type();
    const auto side = encoder.config.image_size;
    const auto options = at::TensorOptions().device(set.device());
    constexpr std::int64_t kBatch = 256;
    std::vector<Tensor> pieces;
    for (std::int64_t view = 0; view < views; ++view) {
        for (std::int64_t i = 0; i < count; i += kBatch) {
            Draw draw(seed + 77, view * count + i);
            const auto indices =
                at::arange(i, std::min(i + kBatch, count), options.dtype(at::kLong));
            const auto seen = reference_views(draw, set, indices, side);
            pieces.push_back(adapter.features(encoder(seen.to(dtype))));
        }
    }
    const auto nothing =
        adapter.features(encoder(at::zeros({1, 3, side, side}, options.dtype(dtype))));
    pieces.push_back(adapter.kind == IpAdapterKind::plain ? nothing * 0 : nothing);
    return at::cat(pieces);
}

// The text branch's projections, under the adapter's names: where the image branch begins.
TensorMap text_key_values_as_initial(const UNet2DCondition& unet) {
    TensorMap initial;
    std::size_t n = 1;
    const auto weight = [](const Linear& linear) {
        return linear.packed ? linear.packed->weight() : linear.weight;
    };
    for (const auto* layer : unet.cross_attentions()) {
        const auto name = "ip_adapter." + std::to_string(n);
        initial[name + ".to_k_ip.weight"] = weight(layer->to_k);
        initial[name + ".to_v_ip.weight"] = weight(layer->to_v);
        n += 2;
    }
    return initial;
}

IpAdapter::Wanted wanted_adapter(const nlohmann::json& profile, IpAdapterKind kind,
                                 const ClipVisionConfig& encoder, std::int64_t context_dim) {
    if (kind == IpAdapterKind::plain) {
        return {.num_tokens = profile.at("ip_adapter").at("num_tokens")};
    }
    const auto& plus = profile.at("ip_adapter_plus");
    return {.kind = kind,
            .num_tokens = plus.at("num_queries"),
            .resampler = {.embed_dim = encoder.hidden_size,
                          .dim = plus.at("dim"),
                          .depth = plus.at("depth"),
                          .heads = plus.at("heads"),
                          .inner_dim = plus.at("heads").get<std::int64_t>() * 64,
                          .num_queries = plus.at("num_queries"),
                          .output_dim = context_dim}};
}

// Pictures by what surrounds the product: place and style.
using Surroundings = std::map<std::pair<int, int>, std::vector<std::int64_t>>;

std::pair<int, int> surroundings_of(const Pictured& told) {
    return {static_cast<int>(told.scene.place), static_cast<int>(told.scene.style)};
}

// The first scene of the subject from that number on, round and round, that hides no decal; another
// one than `but`. There is one: see SetRecipe.
std::int64_t shown_from(const PictureSet& set, std::int64_t subject, std::int64_t scene,
                        std::int64_t but = -1) {
    const std::int64_t scenes = set.recipe().scenes_per_subject;
    scene %= scenes;
    while (scene == but || set.told(subject * scenes + scene).hides_decal) {
        scene = (scene + 1) % scenes;
    }
    return scene;
}

// What is drawn for one sample.
struct Chances {
    DropChances drop{};
    double shape_only = 0; // share of captions that leave everything but the shape to the picture
    double style = 0;      // share whose reference shows another product in the same surroundings
    double average = 0;    // share whose references are averaged, not joined
};

Chances read_chances(const nlohmann::json& stage) {
    return {.drop = {stage.at("text_dropout"), stage.at("image_dropout"), stage.at("both_dropout")},
            .shape_only = stage.at("shape_only"),
            .style = stage.at("style"),
            .average = stage.at("average")};
}

void train_adapter(const Options& options, IpAdapterKind kind) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto wanted = placement(options, stage);
    const auto frozen = placement_of_frozen(options, stage);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto latents = load_latents(options);
    const TextAndUNet model(averaged(options, "unet", {}, frozen), profile, tokenizer);
    const ClipVision encoder(averaged(options, "encoders", "encoder.", frozen),
                             ClipVisionConfig::from_json(profile.at("image_encoder")));
    const std::int64_t views = stage.at("views");
    const std::int64_t scenes = set->recipe().scenes_per_subject;
    // Whole subjects, as many as asked for.
    const std::int64_t subjects =
        std::min(latents.size(0), stage.value("pictures", latents.size(0))) / scenes;
    const std::int64_t pictures = subjects * scenes;

    auto initial = imported_weights(options, options.stage);
    const auto source = std::make_shared<ParameterSource>(
        options.seed, initial.empty() ? text_key_values_as_initial(model.unet) : std::move(initial),
        wanted);
    const IpAdapter adapter(
        Weights(source, {}), model.unet, encoder.config,
        wanted_adapter(profile, kind, encoder.config, model.unet.config.cross_attention_dim));
    const auto features = image_features(*set, pictures, views, encoder, adapter, options.seed);
    Trainer trainer(source->parameters(), trainer_options(profile, options));

    const DiffusionObjective objective = objective_of(profile, set->device());
    const std::int64_t batch = stage.at("batch");
    const auto chances = read_chances(stage);
    const auto emphasis = read_emphasis(stage);
    const bool lower = stage.at("bfloat16");
    const auto slots = stage.at("references").get<std::int64_t>();
    const auto full = captions_of(options, *set, pictures, tokenizer, synth::CaptionKind::full);
    const auto bare =
        captions_of(options, *set, pictures, tokenizer, synth::CaptionKind::shape_only);
    Surroundings alike;
    for (std::int64_t i = 0; i < pictures; ++i) {
        alike[surroundings_of(set->told(i))].push_back(i);
    }
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step, set->device());
        std::vector<std::int64_t> targets, references, captioned;
        std::vector<float> averaged_share, is_bare;
        for (std::int64_t i = 0; i < batch; ++i) {
            const auto subject = draw.below(subjects);
            const auto scene = shown_from(*set, subject, draw.below(scenes));
            const auto target = subject * scenes + scene;
            const Dropped dropped = dropped_conditions(draw.uniform(), chances.drop);
            const bool style = draw.uniform() < chances.style;
            const bool names_shape_only = !style && draw.uniform() < chances.shape_only;
            const auto& others = alike.at(surroundings_of(set->told(target)));
            // 1, 2, 4 .. different references fill the slots. The same tokens twice attend as once.
            std::int64_t different = 1;
            while (2 * different <= slots && draw.uniform() < 0.5) {
                different *= 2;
            }
            // The first shows the decal where the product has one: what none shows nobody knows.
            const auto first =
                (shown_from(*set, subject, scene + 1 + draw.below(scenes - 1), scene) - scene - 1 +
                 scenes) %
                scenes;
            const auto view = draw.below(views);
            for (std::int64_t slot = 0; slot < slots; ++slot) {
                const auto other = (first + slot % different) % (scenes - 1);
                const auto picture = style ? others[static_cast<std::size_t>(draw.below(
                                                 static_cast<std::int64_t>(others.size())))]
                                           : subject * scenes + (scene + 1 + other) % scenes;
                references.push_back(dropped.image ? views * pictures : view * pictures + picture);
            }
            targets.push_back(target);
            captioned.push_back(dropped.text ? -1 : target);
            is_bare.push_back(names_shape_only ? 1.0F : 0.0F);
            averaged_share.push_back(draw.uniform() < chances.average ? 1.0F : 0.0F);
        }
        const auto device = set->device();
        const auto samples = draw_samples(draw, *set, latents, set->on_device(targets), emphasis);
        const auto ids = at::where(to_tensor(is_bare, device).unsqueeze(1) > 0.5,
                                   bare->draw(draw, captioned), full->draw(draw, captioned));
        const auto seen = features.index_select(0, set->on_device(references));
        const Autocast autocast(lower);
        AttentionContext context;
        {
            const at::NoGradGuard no_grad;
            context.text = model.unet.text_key_values(model.text(ids).last_hidden_state);
        }
        const auto tokens = adapter.project(seen); // [B * slots, T, D]
        const auto by_slot = tokens.view({batch, slots, tokens.size(1), tokens.size(2)});
        const auto average = by_slot.mean(1, true).expand_as(by_slot);
        const auto mixed = at::where(to_tensor(averaged_share, device).view({batch, 1, 1, 1}) > 0.5,
                                     average, by_slot);
        const auto joined = mixed.reshape({batch, slots * tokens.size(1), tokens.size(2)});
        context.references = {{.layers = adapter.key_values(joined)}};
        return denoising_loss(model.unet, objective, samples, context);
    };
    run_slice(trainer, options, stage, loss);
}

} // namespace

void run_ip(const Options& options) {
    train_adapter(options, IpAdapterKind::plain);
}

void run_plus(const Options& options) {
    train_adapter(options, IpAdapterKind::plus);
}

} // namespace likeness::starter
