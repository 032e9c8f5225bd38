#include "app/starter/methods/scores.h"

#include <optional>

namespace likeness::starter::methods {

namespace {

using bench::Estimate;

constexpr const char* kTextOnly = "text_only";
constexpr const char* kOracle = "oracle";

// A score of one method less that of another, as "pair.<a>.<b>.<score>".
struct Pair {
    const char* a = "";
    const char* b = "";
    const char* score = "";
};

constexpr Pair kPairs[] = {
    {"dreambooth", "lora", "attr_i"},
    {"dreambooth", "lora", "id_sim"},
    {"lora", "plus", "attr_i"},
    {"lora", "plus", "id_sim"},
    {"plus", "plain", "attr_i"},
    {"plus", "plain", "id_sim"},
    {"plain", kTextOnly, "attr_i"},
    {"plain", kTextOnly, "id_sim"},
    {kTextOnly, "plain", "attr_t"},
    {"plus", "plain", "attr_t"},
    {"dreambooth", "dreambooth_no_prior", "class_similarity"},
    {"dreambooth", "dreambooth_no_prior", "div"},
    {"dreambooth_no_prior", "dreambooth", "attr_i"},
    {"dreambooth_no_prior", "dreambooth", "id_sim"},
};

class Measurer {
public:
    Measurer(const MethodScores& scores, bench::Measures& measures)
        : scores_(scores), measures_(measures) {}

    void all() {
        for (const auto& [method, of_method] : scores_) {
            for (const auto& [score, values] : of_method) {
                set(method + "." + score, bench::macro_average(values));
            }
            set(method + ".id_rescaled", rescaled(method));
            set(method + ".leak", less(method, kTextOnly, "in_reference_place"));
        }
        for (const auto& pair : kPairs) {
            set(std::string("pair.") + pair.a + "." + pair.b + "." + pair.score,
                less(pair.a, pair.b, pair.score));
        }
    }

private:
    void set(const std::string& name, const std::optional<Estimate>& estimate) {
        if (estimate) {
            measures_.set(name, *estimate);
        }
    }

    std::span<const bench::SubjectScore> find(const std::string& method,
                                              const std::string& score) const {
        const auto of_method = scores_.find(method);
        if (of_method == scores_.end()) {
            return {};
        }
        const auto found = of_method->second.find(score);
        return found == of_method->second.end() ? std::span<const bench::SubjectScore>{}
                                                : found->second;
    }

    std::optional<Estimate> less(const std::string& a, const std::string& b,
                                 const std::string& score) const {
        return bench::paired_difference(find(a, score), find(b, score));
    }

    std::optional<Estimate> rescaled(const std::string& method) const {
        const auto whole = less(kOracle, kTextOnly, "id_sim");
        auto part = less(method, kTextOnly, "id_sim");
        if (!whole || !part || whole->value <= 0) {
            return std::nullopt;
        }
        part->value /= whole->value;
        part->standard_error /= whole->value;
        return part;
    }

    const MethodScores& scores_;
    bench::Measures& measures_;
};

constexpr auto least = bench::Bound::at_least;
constexpr auto most = bench::Bound::at_most;

// clang-format off
constexpr bench::GateRule kRules[] = {
    {"G8", "identity E1: DreamBooth less LoRA", "pair.dreambooth.lora.attr_i", least, 0},
    {"G8", "identity E2: DreamBooth less LoRA", "pair.dreambooth.lora.id_sim", least, 0},
    {"G8", "identity E1: LoRA less plus", "pair.lora.plus.attr_i", least, 0},
    {"G8", "identity E2: LoRA less plus", "pair.lora.plus.id_sim", least, 0},
    {"G8", "identity E1: plus less plain", "pair.plus.plain.attr_i", least, 0},
    {"G8", "identity E2: plus less plain", "pair.plus.plain.id_sim", least, 0},
    {"G8", "identity E1: plain less text only, above 0", "pair.plain.text_only.attr_i", least, 0.001},
    {"G8", "identity E2: plain less text only, above 0", "pair.plain.text_only.id_sim", least, 0.001},
    {"G8", "Attr-T: text only less plain", "pair.text_only.plain.attr_t", most, 0.03},
    {"G8", "Attr-T: plus less plain", "pair.plus.plain.attr_t", most, 0},
    {"G8", "seconds of training: LoRA", "lora.train_seconds", most, 90},
    {"G8", "seconds of training: DreamBooth", "dreambooth.train_seconds", most, 150},

    {"G9", "pictures of the class like the product: with prior less without", "pair.dreambooth.dreambooth_no_prior.class_similarity", most, 0},
    {"G9", "variety: with prior less without", "pair.dreambooth.dreambooth_no_prior.div", least, 0},
    {"G9", "identity E1: without prior less with", "pair.dreambooth_no_prior.dreambooth.attr_i", most, 0.05},
    {"G9", "identity E2: without prior less with", "pair.dreambooth_no_prior.dreambooth.id_sim", most, 0.05},
};

// clang-format on

} // namespace

void measure_methods(const MethodScores& scores, bench::Measures& measures) {
    Measurer(scores, measures).all();
}

std::span<const bench::GateRule> method_rules() {
    return kRules;
}

} // namespace likeness::starter::methods
