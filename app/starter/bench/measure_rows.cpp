// What the rows of pictures score.

#include "app/starter/bench/row_scores.h"
#include "core/base/check.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

namespace likeness::starter::bench {

namespace {

// What the picture's light is, 0..1: the mean of Rec. 709 luma of its display values.
double luminance(const Image& image) {
    double sum = 0;
    const std::size_t pixels = image.bytes.size() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
        const auto* rgb = image.u8() + 3 * i;
        sum += (0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]) / 255;
    }
    return sum / static_cast<double>(pixels);
}

class RowMeasurer {
public:
    RowMeasurer(const Plan& plan, const Cast& cast, const Rows& rows, const Faces& faces,
                const Judges& judges, int size, Measures& measures)
        : plan_(plan), cast_(cast), rows_(rows), faces_(faces), judges_(judges), size_(size),
          measures_(measures) {
        for (const auto& [name, row] : rows) {
            scores_[name] = row_scores(row, judges, faces);
        }
    }

    void all() {
        for (const auto& [name, scores] : scores_) {
            for (const auto& [score, values] : scores) {
                set(name + "." + score, macro_average(values));
            }
            set(name + ".id_rescaled", rescaled(name));
        }
        variety();
        light();
        set("text_only.unseen_share",
            both("text_only.joint", "text_only_seen.joint",
                 [](const Estimate& a, const Estimate& b) { return ratio(a, b); }));
        for (const auto& adapter : kAdapters) {
            const std::string name = adapter.row;
            if (rows_.contains(name + "." + scale_name(1))) {
                place(name);
                position(name);
                drift(name);
                ladder(name);
                references(name);
                two(name);
                set(name + ".seen_less_unseen",
                    both(name + ".seen.attr_i", name + "." + scale_name(1) + ".attr_i",
                         difference));
            }
        }
    }

private:
    void set(const std::string& name, const std::optional<Estimate>& estimate) {
        if (estimate) {
            measures_.set(name, *estimate);
        }
    }

    std::span<const SubjectScore> scores(const std::string& row, const std::string& score) const {
        const auto& of_row = scores_.at(row);
        const auto found = of_row.find(score);
        return found == of_row.end() ? std::span<const SubjectScore>{} : found->second;
    }

    std::optional<Estimate>
    both(const std::string& a, const std::string& b,
         const std::function<Estimate(const Estimate&, const Estimate&)>& join) const {
        const auto of_a = measures_.find(a), of_b = measures_.find(b);
        return of_a && of_b ? std::optional(join(*of_a, *of_b)) : std::nullopt;
    }

    // ID-sim with text only at 0 and the oracle at 1.
    std::optional<Estimate> rescaled(const std::string& row) const {
        if (rows_.at(row).group != &cast_.unseen) {
            return std::nullopt;
        }
        const auto text = scores("text_only", "id_sim");
        const auto whole = paired_difference(scores("oracle", "id_sim"), text);
        auto part = paired_difference(scores(row, "id_sim"), text);
        if (!whole || !part || whole->value <= 0) {
            return std::nullopt;
        }
        part->value /= whole->value;
        part->standard_error /= whole->value;
        return part;
    }

    // Pictures of one case that differ in their seed alone, against renders that differ as much as
    // the caption allows.
    void variety() {
        std::vector<Pictured> renders;
        std::vector<SubjectScore> real;
        const int seeds = std::max(plan_.seeds, 2);
        for (const auto& product : cast_.unseen.products) {
            for (const auto& one : product.cases) {
                const Pictured shown{product.subject, one.scene};
                for (int i = 0; i < seeds; ++i) {
                    renders.push_back(
                        {product.subject, seen_anew(shown, static_cast<std::uint64_t>(i))});
                }
            }
        }
        const auto features = judges_.judge(render_all(renders, size_)).features;
        std::int64_t at = 0;
        for (std::size_t p = 0; p < cast_.unseen.products.size(); ++p) {
            for (std::size_t c = 0; c < cast_.unseen.products[p].cases.size(); ++c, at += seeds) {
                real.push_back({static_cast<int>(p), mean_distance(features.narrow(0, at, seeds))});
            }
        }
        const auto of_real = macro_average(real);
        for (const auto& [name, row] : rows_) {
            std::vector<SubjectScore> made;
            std::map<std::pair<int, int>, std::vector<Tensor>> alike;
            for (std::size_t i = 0; i < row.shots.size() && row.group == &cast_.unseen; ++i) {
                alike[{row.shots[i].product, row.shots[i].part}].push_back(
                    row.judged.features[static_cast<std::int64_t>(i)].unsqueeze(0));
            }
            for (const auto& [key, pictures] : alike) {
                if (pictures.size() > 1) {
                    made.push_back({key.first, mean_distance(at::cat(pictures))});
                }
            }
            if (const auto of_made = macro_average(made); of_made && of_real) {
                measures_.set(name + ".div", ratio(*of_made, *of_real));
            }
        }
    }

    // The darkest and the lightest place.
    void light() {
        const std::pair<const char*, synth::Place> places[] = {{"night", synth::Place::city},
                                                               {"snow", synth::Place::snow}};
        for (const std::string row : {"oracle", "text_only"}) {
            for (const auto& [name, place] : places) {
                std::vector<SubjectScore> values;
                const auto& of_row = rows_.at(row);
                for (std::size_t i = 0; i < of_row.shots.size(); ++i) {
                    const auto& shot = of_row.shots[i];
                    if (case_of(of_row, shot).scene.place == place) {
                        values.push_back({shot.product, luminance(*of_row.images[i])});
                    }
                }
                set(row + ".luminance." + name, macro_average(values));
            }
        }
    }

    static const Case& case_of(const Row& row, const Shot& shot) {
        return row.group->products[static_cast<std::size_t>(shot.product)]
            .cases[static_cast<std::size_t>(shot.part)];
    }

    // Whether the picture shows the place of its product's reference.
    std::vector<SubjectScore> in_reference_place(const Row& row) const {
        const auto& readings = row.judged.readings[judges_.attribute("place")];
        std::vector<SubjectScore> scores;
        for (std::size_t i = 0; i < row.shots.size(); ++i) {
            const auto& product =
                row.group->products[static_cast<std::size_t>(row.shots[i].product)];
            const bool there = readings[i] == static_cast<int>(product.reference.place);
            scores.push_back({row.shots[i].product, there ? 1.0 : 0.0});
        }
        return scores;
    }

    void place(const std::string& name) {
        const auto full = name + "." + scale_name(1), weak = name + "." + scale_name(0.6);
        set(full + ".leak", paired_difference(in_reference_place(rows_.at(full)),
                                              in_reference_place(rows_.at("shape_only"))));
        set(weak + ".place_share",
            both(weak + ".place", "shape_only.place",
                 [](const Estimate& a, const Estimate& b) { return ratio(a, b); }));
    }

    // Of where the product stands in the picture and where it stood in its reference.
    void position(const std::string& name) {
        const auto& row = rows_.at(name + "." + scale_name(1));
        for (const int axis : {0, 1}) {
            std::vector<double> made, given;
            for (std::size_t i = 0; i < row.shots.size(); ++i) {
                const auto& reference =
                    row.group->products[static_cast<std::size_t>(row.shots[i].product)].reference;
                made.push_back(
                    row.judged.positions[static_cast<std::int64_t>(i)][axis].item<double>());
                given.push_back(axis == 0 ? reference.x : reference.y);
            }
            if (made.size() > 2) {
                measures_.set(name + "." + scale_name(1) +
                                  (axis == 0 ? ".position_x" : ".position_y"),
                              {.value = correlation(made, given),
                               .standard_error = 1 / std::sqrt(static_cast<double>(made.size())),
                               .subjects = static_cast<int>(row.group->products.size())});
            }
        }
    }

    // How far the adapter moves what surrounds the product, against the distance between the
    // surroundings of different renders.
    void drift(const std::string& name) {
        const auto& with = rows_.at(name + "." + scale_name(1));
        const auto& without = rows_.at("shape_only");
        const auto& real = rows_.at("oracle");
        if (with.shots != without.shots || with.shots.empty() || real.images.size() < 2) {
            return;
        }
        const auto moved =
            (judges_.surroundings(with.images) - judges_.surroundings(without.images)).norm(2, {1});
        std::vector<SubjectScore> values;
        for (std::size_t i = 0; i < with.shots.size(); ++i) {
            values.push_back(
                {with.shots[i].product, moved[static_cast<std::int64_t>(i)].item<double>()});
        }
        const Estimate apart{.value = mean_distance(judges_.surroundings(real.images)),
                             .subjects = static_cast<int>(real.images.size())};
        if (const auto mean = macro_average(values)) {
            measures_.set(name + "." + scale_name(1) + ".drift", ratio(*mean, apart));
        }
    }

    void ladder(const std::string& name) {
        const auto& shots = rows_.at(name + "." + scale_name(kScales[1])).shots;
        if (shots.empty()) {
            return;
        }
        const std::set<Shot> same(shots.begin(), shots.end());
        std::vector<Scores> steps;
        std::vector<double> scales, similarities;
        for (const double scale : kScales) {
            const auto row =
                scale == 0 ? std::string("shape_only") : name + "." + scale_name(scale);
            auto& step = steps.emplace_back(row_scores(rows_.at(row), judges_, faces_, same));
            for (const auto* const score : {"id_sim", "attr_t", "attr_i", "place"}) {
                set(name + ".ladder." + scale_name(scale) + "." + score,
                    macro_average(step.at(score)));
            }
            if (scale <= 1.0) {
                scales.push_back(scale);
                similarities.push_back(macro_average(step.at("id_sim"))->value);
            }
        }
        Estimate falls{.subjects = plan_.ladder_subjects}, rises = falls;
        falls.value = rises.value = -1e9;
        for (std::size_t i = 0; i + 1 < scales.size(); ++i) {
            const auto& low = steps[i];
            const auto& high = steps[i + 1];
            falls.value = std::max(falls.value, in_standard_errors(*paired_difference(
                                                    low.at("id_sim"), high.at("id_sim"))));
            rises.value = std::max(rises.value, in_standard_errors(*paired_difference(
                                                    high.at("attr_t"), low.at("attr_t"))));
        }
        measures_.set(name + ".ladder.id_falls", falls);
        measures_.set(name + ".ladder.attr_t_rises", rises);
        measures_.set(
            name + ".ladder.rank_correlation",
            {.value = rank_correlation(scales, similarities), .subjects = plan_.ladder_subjects});
    }

    void references(const std::string& name) {
        const auto of = [&](int count, const std::string& score) {
            return scores(fmt::format("{}.references_{}", name, count), score);
        };
        set(name + ".references.decal_gain",
            paired_difference(of(4, "attr_i.decal"), of(1, "attr_i.decal")));
        if (const auto more = paired_difference(of(10, "attr_i.decal"), of(4, "attr_i.decal"))) {
            measures_.set(name + ".references.decal_ten_less_four",
                          {.value = in_standard_errors(*more), .subjects = more->subjects});
        }
        set(name + ".references.joined_less_averaged",
            paired_difference(of(4, "attr_i"), scores(name + ".averaged_4", "attr_i")));
        // What can be reached: the decal as one reference that shows it has it, where one of k
        // does.
        if (const auto shown = measures_.find(name + "." + scale_name(1) + ".attr_i.decal")) {
            for (const int count : kReferenceCounts) {
                const double seen = 1 - std::pow(kHidden, count);
                measures_.set(fmt::format("{}.references_{}.decal_ceiling", name, count),
                              {.value = seen * shown->value,
                               .standard_error = seen * shown->standard_error,
                               .subjects = shown->subjects});
            }
        }
    }

    // Pictures of two products at once: how near they are to each, against no reference at all.
    void two(const std::string& name) {
        const auto& row = rows_.at(name + ".two");
        const auto& bare = rows_.at("shape_only");
        std::optional<Estimate> weaker;
        for (const auto* const group : {&cast_.unseen, &cast_.partners}) {
            const auto near = [&](const Row& pictures) {
                std::vector<SubjectScore> values;
                for (std::size_t i = 0; i < pictures.shots.size(); ++i) {
                    const int product = pictures.shots[i].product;
                    if (product < static_cast<int>(cast_.partners.products.size())) {
                        values.push_back(
                            {product,
                             similarity(pictures.judged.embeds[static_cast<std::int64_t>(i)],
                                        faces_.real(*group, product))});
                    }
                }
                return values;
            };
            const auto gain = paired_difference(near(row), near(bare));
            set(name + ".two." + (group == &cast_.unseen ? "first_gain" : "second_gain"), gain);
            if (gain && (!weaker || gain->value < weaker->value)) {
                weaker = gain;
            }
        }
        set(name + ".two.id_gain", weaker);
    }

    const Plan& plan_;
    const Cast& cast_;
    const Rows& rows_;
    const Faces& faces_;
    const Judges& judges_;
    int size_;
    Measures& measures_;
    std::map<std::string, Scores> scores_;
};

} // namespace

void measure_rows(const Plan& plan, const Cast& cast, const Rows& rows, const Faces& faces,
                  const Judges& judges, int size, Measures& measures) {
    RowMeasurer(plan, cast, rows, faces, judges, size, measures).all();
}

} // namespace likeness::starter::bench
