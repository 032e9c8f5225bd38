#include "app/starter/bench/rows.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/max.h>

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace likeness::starter::bench {

namespace {

Group make_group(std::vector<Product> products, int size) {
    Group group;
    group.products = std::move(products);
    std::vector<Pictured> references, crowds;
    for (const auto& product : group.products) {
        references.push_back({product.subject, product.reference});
        for (std::size_t i = 0; i < product.crowd.size(); ++i) {
            auto& one = crowds.emplace_back(Pictured{product.subject, product.crowd[i]});
            one.subject.has_decal = product.subject.has_decal && !product.hides_decal[i];
        }
    }
    group.references = render_all(references, size);
    const auto rendered = render_all(crowds, size);
    for (std::size_t i = 0; i < rendered.size(); i += kMostReferences) {
        const auto first = rendered.begin() + static_cast<std::ptrdiff_t>(i);
        group.crowds.emplace_back(first, first + kMostReferences);
    }
    return group;
}

// Everybody gets the next one's references.
void shuffle(Group& group) {
    if (!group.products.empty()) {
        std::rotate(group.references.begin(), group.references.begin() + 1, group.references.end());
        std::rotate(group.crowds.begin(), group.crowds.begin() + 1, group.crowds.end());
    }
}

// What a row shows: the first products of a group in their first cases.
struct Take {
    const Group* group = nullptr;
    Prompted prompted = Prompted::barely;
    int subjects = 0, prompts = 0, seeds = 1;
    std::function<std::vector<ImagePtr>(std::size_t product)> references{}; // empty: none
    double scale = 1;
    CombineMode combine = CombineMode::join;
};

Row film(const Take& take, Studio& studio, const Judges& judges) {
    Row row{.group = take.group, .prompted = take.prompted};
    const auto& products = take.group->products;
    for (int p = 0; p < std::min(take.subjects, static_cast<int>(products.size())); ++p) {
        const auto number = static_cast<std::size_t>(p);
        const auto& cases = products[number].cases;
        for (int c = 0; c < std::min(take.prompts, static_cast<int>(cases.size())); ++c) {
            const auto& one = cases[static_cast<std::size_t>(c)];
            Wish wish{.prompt = take.prompted == Prompted::explicitly ? one.explicit_prompt
                                                                      : one.bare_prompt,
                      .seed = one.seed,
                      .count = take.seeds,
                      .scale = take.scale,
                      .combine = take.combine};
            if (take.references) {
                wish.references = take.references(number);
            }
            int seed = 0;
            for (auto& image : studio.make(wish)) {
                row.shots.push_back({p, c, seed++});
                row.images.push_back(std::move(image));
            }
        }
    }
    row.judged = judges.judge(row.images);
    return row;
}

// The cases' own scenes, drawn, through the autoencoder.
Row oracle(const Group& group, Studio& studio, const Judges& judges) {
    Row row{.group = &group, .prompted = Prompted::explicitly};
    std::vector<Pictured> wanted;
    for (std::size_t p = 0; p < group.products.size(); ++p) {
        const auto& product = group.products[p];
        for (std::size_t c = 0; c < product.cases.size(); ++c) {
            row.shots.push_back({static_cast<int>(p), static_cast<int>(c), 0});
            wanted.push_back({product.subject, product.cases[c].scene});
        }
    }
    row.images = studio.reconstruct(render_all(wanted, studio.size()));
    row.judged = judges.judge(row.images);
    return row;
}

// The largest difference that a reference of scale 0 makes.
std::optional<Estimate> zero_difference(const Plan& plan, const Group& group, Studio& studio) {
    constexpr int kPictures = 2;
    double largest = 0;
    const int pictures =
        std::min({kPictures, plan.ladder_subjects, static_cast<int>(group.products.size())});
    for (int p = 0; p < pictures; ++p) {
        const auto number = static_cast<std::size_t>(p);
        const auto& one = group.products[number].cases.at(0);
        const auto without = studio.make_exact({.prompt = one.bare_prompt, .seed = one.seed});
        const auto with = studio.make_exact({.prompt = one.bare_prompt,
                                             .seed = one.seed,
                                             .references = {group.references[number]},
                                             .scale = 0});
        largest = std::max(largest, (with - without).abs().max().item<double>());
    }
    return pictures > 0 ? std::optional(Estimate{.value = largest, .subjects = pictures})
                        : std::nullopt;
}

void make_adapter_rows(const std::string& name, const Plan& plan, const Cast& cast, Studio& studio,
                       const Judges& judges, Rows& rows) {
    const auto one_of = [](const Group& group) {
        return [&group](std::size_t p) { return std::vector{group.references[p]}; };
    };
    const auto some_of = [](const Group& group, int count) {
        return [&group, count](std::size_t p) {
            return std::vector(group.crowds[p].begin(), group.crowds[p].begin() + count);
        };
    };
    const auto add = [&](const std::string& row, const Take& take) {
        rows[name + "." + row] = film(take, studio, judges);
    };
    for (const double scale : kScales) {
        const bool full = scale == 1.0, strong = scale == 0.6;
        if (scale > 0) {
            add(scale_name(scale),
                {.group = &cast.unseen,
                 .subjects = full || strong ? plan.subjects : plan.ladder_subjects,
                 .prompts = full || strong ? plan.prompts : plan.ladder_prompts,
                 .seeds = full ? plan.adapter_seeds : 1,
                 .references = one_of(cast.unseen),
                 .scale = scale});
        }
    }
    add("seen", {.group = &cast.seen,
                 .subjects = plan.seen_subjects,
                 .prompts = plan.seen_prompts,
                 .references = one_of(cast.seen)});
    const Take several{.group = &cast.decals,
                       .subjects = plan.references_subjects,
                       .prompts = plan.references_prompts};
    for (const int count : kReferenceCounts) {
        auto take = several;
        take.references = some_of(cast.decals, count);
        add(fmt::format("references_{}", count), take);
    }
    for (const int count : kAveragedCounts) {
        auto take = several;
        take.references = some_of(cast.decals, count);
        take.combine = CombineMode::average;
        add(fmt::format("averaged_{}", count), take);
    }
    add("two", {.group = &cast.unseen,
                .subjects = plan.pairs,
                .prompts = plan.pair_prompts,
                .references = [&cast](std::size_t p) {
                    return std::vector{cast.unseen.references[p], cast.partners.references[p]};
                }});
}

} // namespace

std::string scale_name(double scale) {
    return fmt::format("scale_{:.{}f}", scale, scale == static_cast<int>(scale) ? 0 : 1);
}

Cast make_cast(const Plan& plan, int size, Degrade degrade) {
    Cast cast;
    cast.unseen = make_group(unseen_products(plan.subjects, plan.prompts), size);
    cast.seen = make_group(seen_products(plan.seen_subjects, plan.seen_prompts), size);
    cast.decals =
        make_group(decal_products(plan.references_subjects, plan.references_prompts), size);
    std::vector<Product> partners;
    for (int i = 0; i < std::min(plan.pairs, plan.subjects); ++i) {
        partners.push_back(partner_of(cast.unseen.products[static_cast<std::size_t>(i)],
                                      static_cast<std::uint64_t>(i)));
    }
    cast.partners = make_group(std::move(partners), size);
    if (degrade == Degrade::shuffled_references) {
        shuffle(cast.unseen);
        shuffle(cast.seen);
        shuffle(cast.decals);
    }
    return cast;
}

Rows make_rows(const Plan& plan, const std::set<std::string>& adapters, const Cast& cast,
               Studio& studio, const Judges& judges, Measures& measures) {
    Rows rows;
    rows["oracle"] = oracle(cast.unseen, studio, judges);
    rows["text_only"] = film({.group = &cast.unseen,
                              .prompted = Prompted::explicitly,
                              .subjects = plan.subjects,
                              .prompts = plan.prompts,
                              .seeds = plan.seeds},
                             studio, judges);
    rows["text_only_seen"] = film({.group = &cast.seen,
                                   .prompted = Prompted::explicitly,
                                   .subjects = plan.seen_subjects,
                                   .prompts = plan.seen_prompts},
                                  studio, judges);
    rows["shape_only"] = film({.group = &cast.unseen,
                               .subjects = plan.subjects,
                               .prompts = plan.prompts,
                               .seeds = plan.adapter_seeds},
                              studio, judges);
    for (const auto& adapter : kAdapters) {
        const std::string name = adapter.row;
        if (!adapters.contains(name)) {
            measures.miss(name + ".", "this run left that adapter out");
            continue;
        }
        if (!studio.has(adapter)) {
            measures.miss(name + ".", fmt::format("the model has no adapter {}", adapter.file));
            continue;
        }
        studio.use(adapter);
        make_adapter_rows(name, plan, cast, studio, judges, rows);
        measures.set(name + ".ladder.zero_difference", zero_difference(plan, cast.unseen, studio),
                     "no picture was asked for it");
    }
    return rows;
}

} // namespace likeness::starter::bench
