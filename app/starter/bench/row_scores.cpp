#include "app/starter/bench/row_scores.h"

#include <ATen/TensorOperators.h>

#include <functional>

namespace likeness::starter::bench {

namespace {

const std::vector<std::string> kIdentity{"shape",   "hue",   "second_hue",
                                         "pattern", "decal", "decal_colour"};

// Every score of the row's pictures that are in `wanted` (empty: all of them).
class RowScorer {
public:
    RowScorer(const Row& row, const Judges& judges, const Faces& faces)
        : row_(row), judges_(judges), faces_(faces) {}

    Scores operator()(const std::set<Shot>& wanted) {
        Scores scores;
        Tensor nearest;
        const auto first = faces_.in_gallery(*row_.group);
        if (first && row_.judged.size() > 0) {
            nearest = row_.judged.embeds.matmul(faces_.gallery().t()).argmax(1);
        }
        for (std::size_t i = 0; i < row_.shots.size(); ++i) {
            const auto& shot = row_.shots[i];
            if (!wanted.empty() && !wanted.contains(shot)) {
                continue;
            }
            const auto add = [&](const std::string& name, double value) {
                scores[name].push_back({shot.product, value});
            };
            identity(i, add);
            prompt(i, add);
            const auto number = static_cast<std::int64_t>(i);
            add("id_sim",
                similarity(row_.judged.embeds[number], faces_.real(*row_.group, shot.product)));
            if (first) {
                add("recall",
                    nearest[number].item<std::int64_t>() == *first + shot.product ? 1 : 0);
            }
        }
        return scores;
    }

private:
    using Add = std::function<void(const std::string&, double)>;

    Pictured told(std::size_t i) const {
        const auto& product = row_.group->products[static_cast<std::size_t>(row_.shots[i].product)];
        return {product.subject, product.cases[static_cast<std::size_t>(row_.shots[i].part)].scene};
    }

    double read(const std::string& name, std::size_t i) const {
        return row_.judged.readings[judges_.attribute(name)][i];
    }

    bool right(const std::string& name, std::size_t i) const {
        const auto& attribute = judges_.attributes()[judges_.attribute(name)];
        return is_right(attribute, read(name, i), attribute.value(told(i)));
    }

    // What the product has, whether a prompt tells it or not. A decal counts where there is one.
    void identity(std::size_t i, const Add& add) const {
        const auto subject = told(i).subject;
        double sum = 0, shown = 0;
        for (const auto& name : kIdentity) {
            const bool of_decal = name == "decal" || name == "decal_colour";
            if ((of_decal && !subject.has_decal) ||
                (name == "second_hue" && !subject.has_pattern())) {
                continue;
            }
            const double value = right(name, i) ? 1 : 0;
            add("attr_i." + name, value);
            sum += value;
            ++shown;
        }
        add("attr_i", sum / shown);
        add("material", right("material", i) ? 1 : 0);
        if (!subject.has_decal) {
            add("no_decal", right("decal", i) ? 1 : 0);
        }
    }

    // What the prompt names.
    void prompt(std::size_t i, const Add& add) const {
        const auto made = told(i);
        std::vector<std::pair<std::string, bool>> named{{"shape", right("shape", i)},
                                                        {"place", right("place", i)}};
        if (row_.prompted == Prompted::explicitly) {
            named.emplace_back("colour", shows_colour(read("hue", i), made.subject.hue));
            if (made.subject.has_pattern()) {
                named.emplace_back("pattern", right("pattern", i));
            }
            if (made.subject.has_decal) {
                named.emplace_back("decal", right("decal", i));
            }
        }
        double sum = 0, all = 1;
        for (const auto& [name, is] : named) {
            add("attr_t." + name, is ? 1 : 0);
            sum += is ? 1 : 0;
            all *= is ? 1 : 0;
        }
        add("attr_t", sum / static_cast<double>(named.size()));
        add("joint", all);
        add("place", right("place", i) ? 1 : 0);
        add("light", right("light", i) ? 1 : 0);
    }

    const Row& row_;
    const Judges& judges_;
    const Faces& faces_;
};

} // namespace

Scores row_scores(const Row& row, const Judges& judges, const Faces& faces,
                  const std::set<Shot>& wanted) {
    return RowScorer(row, judges, faces)(wanted);
}

double similarity(const Tensor& embed, const Tensor& real) {
    return real.matmul(embed).mean().item<double>();
}

double mean_distance(const Tensor& features) {
    const auto n = features.size(0);
    const auto apart = (features.unsqueeze(0) - features.unsqueeze(1)).norm(2, {2});
    return apart.sum().item<double>() / static_cast<double>(n * (n - 1));
}

} // namespace likeness::starter::bench
