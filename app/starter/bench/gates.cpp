#include "app/starter/bench/gates.h"

#include <cmath>

namespace likeness::starter::bench {

namespace {

constexpr auto least = Bound::at_least;
constexpr auto most = Bound::at_most;

// clang-format off
constexpr GateRule kRules[] = {
    {"G0", "E1 on clean renders: shape", "clean.shape", least, 0.99},
    {"G0", "E1 on clean renders: place", "clean.place", least, 0.99},
    {"G0", "E1 on clean renders: pattern", "clean.pattern", least, 0.99},
    {"G0", "E1 on clean renders: hue within 15 degrees", "clean.hue", least, 0.98},
    {"G0", "E1 on clean renders: decal", "clean.decal", least, 0.98},
    {"G0", "E2: R@1 of real renders", "clean.recall", least, 0.95},

    {"G1", "autoencoder: PSNR, dB", "vae.psnr", least, 32},
    {"G1", "autoencoder: PSNR inside the subject, dB", "vae.psnr_subject", least, 28},
    {"G1", "E1 loses on reconstructions: shape", "vae.loss.shape", most, 0.01},
    {"G1", "E1 loses on reconstructions: hue", "vae.loss.hue", most, 0.01},
    {"G1", "E1 loses on reconstructions: place", "vae.loss.place", most, 0.01},
    {"G1", "E1 loses on reconstructions: pattern", "vae.loss.pattern", most, 0.03},
    {"G1", "E1 loses on reconstructions: decal", "vae.loss.decal", most, 0.05},
    {"G1", "latents: largest mean of a channel", "vae.latent_mean", most, 0.05},
    {"G1", "latents: smallest deviation of a channel", "vae.latent_deviation_least", least, 0.95},
    {"G1", "latents: largest deviation of a channel", "vae.latent_deviation_most", most, 1.05},

    {"G2", "linear probe of the image embedding: shape", "encoder.probe.shape", least, 0.98},
    {"G2", "linear probe of the image embedding: hue", "encoder.probe.hue", least, 0.95},
    {"G2", "linear probe of the image embedding: pattern", "encoder.probe.pattern", least, 0.93},
    {"G2", "linear probe of the image embedding: decal", "encoder.probe.decal", least, 0.85},
    {"G2", "the same subject in another scene, R@1", "encoder.recall", least, 0.85},
    {"G2", "caption to picture among 256, R@1", "encoder.caption_recall", least, 0.90},

    {"G3", "text only: shape", "text_only.attr_t.shape", least, 0.95},
    {"G3", "text only: colour", "text_only.attr_t.colour", least, 0.95},
    {"G3", "text only: place", "text_only.attr_t.place", least, 0.95},
    {"G3", "text only: pattern", "text_only.attr_t.pattern", least, 0.88},
    {"G3", "text only: decal", "text_only.attr_t.decal", least, 0.75},
    {"G3", "text only: all of them at once", "text_only.joint", least, 0.55},
    {"G3", "text only: unseen combinations against seen ones", "text_only.unseen_share", least, 0.85},
    {"G3", "text only: variety against real renders", "text_only.div", least, 0.6},

    {"G4 plain", "shape", "plain.scale_1.attr_i.shape", least, 0.92},
    {"G4 plain", "hue", "plain.scale_1.attr_i.hue", least, 0.88},
    {"G4 plain", "pattern", "plain.scale_1.attr_i.pattern", least, 0.75},
    {"G4 plain", "decal", "plain.scale_1.attr_i.decal", least, 0.50},
    {"G4 plain", "identity: R@1", "plain.scale_1.recall", least, 0.35},
    {"G4 plain", "identity: similarity between text only (0) and oracle (1)", "plain.scale_1.id_rescaled", least, 0.60},
    {"G4 plain", "the prompt's place at 1.0", "plain.scale_1.place", least, 0.80},
    {"G4 plain", "the prompt's place at 0.6 against the base model's", "plain.scale_0.6.place_share", least, 0.90},
    {"G4 plain", "leak of the reference's place", "plain.scale_1.leak", most, 0.05},

    {"G4 plus", "shape", "plus.scale_1.attr_i.shape", least, 0.95},
    {"G4 plus", "hue", "plus.scale_1.attr_i.hue", least, 0.92},
    {"G4 plus", "pattern", "plus.scale_1.attr_i.pattern", least, 0.85},
    {"G4 plus", "decal", "plus.scale_1.attr_i.decal", least, 0.70},
    {"G4 plus", "identity: R@1", "plus.scale_1.recall", least, 0.55},
    {"G4 plus", "identity: similarity between text only (0) and oracle (1)", "plus.scale_1.id_rescaled", least, 0.75},
    {"G4 plus", "the prompt's place at 1.0", "plus.scale_1.place", least, 0.80},
    {"G4 plus", "the prompt's place at 0.6 against the base model's", "plus.scale_0.6.place_share", least, 0.90},
    {"G4 plus", "leak of the reference's place", "plus.scale_1.leak", most, 0.10},

    {"G5 plain", "scale 0 against the base model, largest difference", "plain.ladder.zero_difference", most, 1e-4},
    {"G5 plain", "ID-sim falls nowhere up to 1.0 (standard errors)", "plain.ladder.id_falls", most, 2},
    {"G5 plain", "Attr-T rises nowhere up to 1.0 (standard errors)", "plain.ladder.attr_t_rises", most, 2},
    {"G5 plain", "rank correlation of scale and ID-sim up to 1.0", "plain.ladder.rank_correlation", least, 0.95},

    {"G5 plus", "scale 0 against the base model, largest difference", "plus.ladder.zero_difference", most, 1e-4},
    {"G5 plus", "ID-sim falls nowhere up to 1.0 (standard errors)", "plus.ladder.id_falls", most, 2},
    {"G5 plus", "Attr-T rises nowhere up to 1.0 (standard errors)", "plus.ladder.attr_t_rises", most, 2},
    {"G5 plus", "rank correlation of scale and ID-sim up to 1.0", "plus.ladder.rank_correlation", least, 0.95},

    {"G6 plain", "decal: four references less one", "plain.references.decal_gain", least, 0.10},
    {"G6 plain", "decal: ten less four (standard errors)", "plain.references.decal_ten_less_four", least, -2},
    {"G6 plain", "four joined less averaged, Attr-I", "plain.references.joined_less_averaged", least, -0.01},
    {"G6 plain", "two products: the weaker one's ID-sim less without references", "plain.two.id_gain", least, 0},

    {"G6 plus", "decal: four references less one", "plus.references.decal_gain", least, 0.10},
    {"G6 plus", "decal: ten less four (standard errors)", "plus.references.decal_ten_less_four", least, -2},
    {"G6 plus", "four joined less averaged, Attr-I", "plus.references.joined_less_averaged", least, -0.01},
    {"G6 plus", "two products: the weaker one's ID-sim less without references", "plus.two.id_gain", least, 0},

    {"G7 plain", "seen less unseen combinations, Attr-I", "plain.seen_less_unseen", most, 0.05},
    {"G7 plus", "seen less unseen combinations, Attr-I", "plus.seen_less_unseen", most, 0.05},
};

// clang-format on

bool holds(const GateRule& rule, double reached) {
    // NaN holds nothing.
    return rule.bound == Bound::at_least ? reached >= rule.wanted : reached <= rule.wanted;
}

} // namespace

std::optional<Estimate> Measures::find(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::string Measures::reason(const std::string& name) const {
    std::string nearest = "this run made no pictures for it";
    std::size_t length = 0;
    for (const auto& [beginning, reason] : reasons_) {
        if (name.starts_with(beginning) && beginning.size() > length) {
            length = beginning.size();
            nearest = reason;
        }
    }
    return nearest;
}

std::span<const GateRule> gate_rules() {
    return kRules;
}

const char* to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::passed:
        return "passed";
    case Verdict::failed:
        return "failed";
    case Verdict::not_measured:
        return "not measured";
    }
    return "";
}

std::vector<GateResult> judge(std::span<const GateRule> rules, const Measures& measures) {
    std::vector<GateResult> results;
    for (const auto& rule : rules) {
        auto& result = results.emplace_back(GateResult{.rule = rule});
        result.reached = measures.find(rule.measure);
        if (!result.reached) {
            result.reason = measures.reason(rule.measure);
        } else {
            result.verdict = holds(rule, result.reached->value) ? Verdict::passed : Verdict::failed;
        }
    }
    return results;
}

std::map<std::string, Verdict> by_gate(std::span<const GateResult> results) {
    std::map<std::string, Verdict> verdicts;
    for (const auto& result : results) {
        auto& verdict = verdicts.try_emplace(result.rule.gate, Verdict::passed).first->second;
        if (result.verdict == Verdict::failed ||
            (result.verdict == Verdict::not_measured && verdict == Verdict::passed)) {
            verdict = result.verdict;
        }
    }
    return verdicts;
}

} // namespace likeness::starter::bench
