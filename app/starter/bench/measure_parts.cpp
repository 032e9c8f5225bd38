// What the judges, the autoencoder and the encoders are worth by themselves.

#include "app/starter/bench/measure.h"
#include "core/tensor/image_tensor.h"
#include "core/training/adamw.h"
#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace likeness::starter::bench {

namespace {

constexpr std::size_t kCaptions = 256; // pictures among which a caption has to find its own
constexpr std::size_t kQueries = 500;  // of the gallery's subjects

// Whether the row of the same number is the nearest, one value each row of `from`.
std::vector<SubjectScore> found(const Tensor& from, const Tensor& to) {
    const auto nearest = unit_rows(from).matmul(unit_rows(to).t()).argmax(1);
    std::vector<SubjectScore> scores;
    for (std::int64_t i = 0; i < nearest.size(0); ++i) {
        const bool own = nearest[i].item<std::int64_t>() == i;
        scores.push_back({static_cast<int>(i), own ? 1.0 : 0.0});
    }
    return scores;
}

// By attribute: whether each picture that shows it is read rightly. A decal counts where there is
// one.
std::map<std::string, std::vector<SubjectScore>>
readings_right(const std::vector<Attribute>& attributes,
               const std::vector<std::vector<double>>& readings,
               const std::vector<Pictured>& told) {
    std::map<std::string, std::vector<SubjectScore>> scores;
    for (std::size_t a = 0; a < attributes.size(); ++a) {
        const auto& attribute = attributes[a];
        for (std::size_t i = 0; i < readings[a].size(); ++i) {
            const double value = attribute.value(told[i]);
            if (value < 0) {
                continue;
            }
            const bool absent = attribute.name == "decal" && !told[i].subject.has_decal;
            scores[absent ? "no_decal" : attribute.name].push_back(
                {static_cast<int>(i), is_right(attribute, readings[a][i], value) ? 1.0 : 0.0});
        }
    }
    return scores;
}

std::vector<ImagePtr> rgb_of(const std::vector<RenderedPair>& pairs) {
    std::vector<ImagePtr> images;
    for (const auto& pair : pairs) {
        images.push_back(pair.rgb);
    }
    return images;
}

// The mean squared error of values in -1..1, over the whole and inside the subject.
std::pair<double, double> errors(const Image& made, const RenderedPair& wanted) {
    double whole = 0, inside = 0, area = 0;
    const std::size_t pixels = wanted.mask->bytes.size();
    for (std::size_t i = 0; i < pixels; ++i) {
        const double share = wanted.mask->u8()[i] / 255.0;
        double error = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            const double apart =
                (made.u8()[3 * i + c] - static_cast<double>(wanted.rgb->u8()[3 * i + c])) / 127.5;
            error += apart * apart / 3;
        }
        whole += error;
        inside += share * error;
        area += share;
    }
    return {whole / static_cast<double>(pixels), area > 0 ? inside / area : 0.0};
}

void measure_autoencoder(const std::vector<Pictured>& told, const Judges& judges, Studio& studio,
                         Measures& measures) {
    const auto pairs = render_with_masks(told, studio.size());
    const auto clean = rgb_of(pairs);
    const auto made = studio.reconstruct(clean);
    std::vector<double> whole, inside;
    for (std::size_t i = 0; i < made.size(); ++i) {
        const auto [all, subject] = errors(*made[i], pairs[i]);
        whole.push_back(all);
        inside.push_back(subject);
    }
    measures.set("vae.psnr", psnr(whole));
    measures.set("vae.psnr_subject", psnr(inside));
    const auto before = readings_right(judges.attributes(), judges.judge(clean).readings, told);
    const auto after = readings_right(judges.attributes(), judges.judge(made).readings, told);
    for (const auto& [name, scores] : before) {
        measures.set("vae.loss." + name, paired_difference(scores, after.at(name)),
                     "none of the renders shows it");
    }
    const auto latents = studio.latents(clean).transpose(0, 1).flatten(1); // [C, N h w]
    const auto deviations = latents.std(1, true);
    const int count = static_cast<int>(told.size());
    const auto set = [&](const char* name, const Tensor& value) {
        measures.set(name, Estimate{.value = value.item<double>(), .subjects = count});
    };
    set("vae.latent_mean", latents.mean(1).abs().max());
    set("vae.latent_deviation_least", deviations.min());
    set("vae.latent_deviation_most", deviations.max());
}

// Heads over the frozen embeddings, learned on most of the renders and asked about the rest.
void measure_probe(int count, Studio& studio, Measures& measures) {
    constexpr double kLearned = 0.8;
    constexpr std::int64_t kBatch = 512, kSteps = 1500;
    constexpr double kRate = 0.02;
    const auto told = lesson_renders(count);
    auto embeds = studio.image_embeds(render_all(told, studio.size()));
    embeds = (embeds - embeds.mean(0, true)) / embeds.std(0, true, true).clamp_min(1e-6);
    const auto learned = static_cast<std::int64_t>(kLearned * count);
    const auto source = std::make_shared<ParameterSource>(1);
    const AttributeHeads heads(Weights(source, {}), embeds.size(1), identity_attributes());
    AdamW optimizer(source->parameters(), {.weight_decay = 0});
    for (std::int64_t step = 0; step < kSteps; ++step) {
        const std::int64_t from = (step * kBatch) % std::max<std::int64_t>(learned - kBatch, 1);
        const std::int64_t size = std::min(kBatch, learned - from);
        const std::vector<Pictured> batch(told.begin() + from, told.begin() + from + size);
        heads.loss(embeds.narrow(0, from, size), batch).backward();
        const double left = 1 - static_cast<double>(step) / kSteps;
        optimizer.step(kRate * left);
    }
    const at::NoGradGuard no_grad;
    const std::vector<Pictured> rest(told.begin() + learned, told.end());
    const auto scores = readings_right(
        heads.attributes, heads.read(embeds.narrow(0, learned, count - learned)), rest);
    for (const auto& [name, values] : scores) {
        measures.set("encoder.probe." + name, macro_average(values),
                     "none of the renders shows it");
    }
}

void measure_encoders(const Plan& plan, const Faces& faces, Studio& studio, Measures& measures) {
    if (studio.model().folder.image_encoder.empty()) {
        measures.miss("encoder.", "the model has no image encoder");
        return;
    }
    std::vector<Pictured> portraits, queries;
    for (const auto& one : faces.portraits()) {
        portraits.push_back({one.subject, one.scene});
        queries.push_back({one.subject, one.query});
    }
    queries.resize(std::min(queries.size(), kQueries));
    const auto gallery = studio.image_embeds(render_all(portraits, studio.size()));
    const auto asked = studio.image_embeds(render_all(queries, studio.size()));
    measures.set("encoder.recall", macro_average(found(asked, gallery)), "the gallery is empty");

    std::vector<std::string> captions;
    for (std::size_t i = 0; i < std::min(portraits.size(), kCaptions); ++i) {
        captions.push_back(synth::caption(portraits[i].subject, portraits[i].scene, 0,
                                          synth::CaptionKind::explicit_all));
    }
    const auto words = studio.text_embeds(captions);
    if (!words.defined()) {
        measures.miss("encoder.caption_recall",
                      "the text encoder has no text_projection into the pictures' space");
    } else if (words.size(1) != gallery.size(1)) {
        measures.miss("encoder.caption_recall",
                      fmt::format("captions have {} dimensions, pictures {}", words.size(1),
                                  gallery.size(1)));
    } else if (captions.size() < kCaptions) {
        measures.miss("encoder.caption_recall",
                      fmt::format("this suite's gallery has {} subjects, {} are wanted",
                                  captions.size(), kCaptions));
    } else {
        measures.set("encoder.caption_recall",
                     macro_average(found(words, gallery.narrow(0, 0, words.size(0)))), "");
    }

    if (plan.probed > 0) {
        measure_probe(plan.probed, studio, measures);
    } else {
        measures.miss("encoder.probe.", "only the suite full learns a probe");
    }
}

} // namespace

Faces::Faces(const Plan& plan, const Cast& cast, const Judges& judges, int size) {
    for (const auto* const group : {&cast.unseen, &cast.seen, &cast.decals, &cast.partners}) {
        for (const auto& product : group->products) {
            std::vector<Pictured> scenes;
            for (const auto& scene : product.real) {
                scenes.push_back({product.subject, scene});
            }
            real_[group].push_back(judges.judge(render_all(scenes, size)).embeds);
        }
    }
    std::vector<Product> products = cast.unseen.products;
    products.insert(products.end(), cast.seen.products.begin(), cast.seen.products.end());
    places_[&cast.unseen] = 0;
    places_[&cast.seen] = static_cast<std::int64_t>(cast.unseen.products.size());
    portraits_ = make_gallery(plan, products);
    std::vector<Pictured> scenes;
    for (const auto& one : portraits_) {
        scenes.push_back({one.subject, one.scene});
    }
    gallery_ = judges.judge(render_all(scenes, size)).embeds;
}

const Tensor& Faces::real(const Group& group, int product) const {
    return real_.at(&group).at(static_cast<std::size_t>(product));
}

std::optional<std::int64_t> Faces::in_gallery(const Group& group) const {
    const auto place = places_.find(&group);
    return place == places_.end() ? std::nullopt : std::optional(place->second);
}

void measure_parts(const Plan& plan, const Faces& faces, const Judges& judges, Studio& studio,
                   Measures& measures) {
    const auto told = clean_renders(plan.clean);
    const auto readings = judges.judge(render_all(told, studio.size())).readings;
    for (const auto& [name, scores] : readings_right(judges.attributes(), readings, told)) {
        measures.set("clean." + name, macro_average(scores), "none of the renders shows it");
    }
    measures.set("clean.position_share",
                 {.value = judges.position_share(), .subjects = plan.located});
    std::vector<Pictured> queries;
    for (const auto& one : faces.portraits()) {
        if (queries.size() < kQueries) {
            queries.push_back({one.subject, one.query});
        }
    }
    const auto asked = judges.judge(render_all(queries, studio.size())).embeds;
    measures.set("clean.recall", macro_average(found(asked, faces.gallery())),
                 "the gallery is empty");

    auto reconstructed = told;
    reconstructed.resize(
        std::min(reconstructed.size(), static_cast<std::size_t>(plan.reconstructed)));
    if (reconstructed.empty()) {
        measures.miss("vae.", "this run put no render through the autoencoder");
    } else {
        measure_autoencoder(reconstructed, judges, studio, measures);
    }
    measure_encoders(plan, faces, studio, measures);
}

} // namespace likeness::starter::bench
