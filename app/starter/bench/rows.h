#pragma once

#include "app/starter/bench/gates.h"
#include "app/starter/bench/judges.h"
#include "app/starter/bench/studio.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace likeness::starter::bench {

// Products with their references rendered.
struct Group {
    std::vector<Product> products{};
    std::vector<ImagePtr> references{};
    std::vector<std::vector<ImagePtr>> crowds{}; // several references, some hiding the decal
};

// Everybody who is shown.
struct Cast {
    Group unseen{}, seen{}, decals{}, partners{}; // partner k goes with the k-th unseen product
};

Cast make_cast(const Plan& plan, int size, Degrade degrade);

// Which picture of a row this is: indices into its products, their cases, and the case's seeds.
struct Shot {
    int product = 0, part = 0, seed = 0;

    auto operator<=>(const Shot&) const = default;
};

enum class Prompted { explicitly, barely };

// Pictures made alike.
struct Row {
    const Group* group = nullptr;
    Prompted prompted = Prompted::barely;
    std::vector<Shot> shots{};
    std::vector<ImagePtr> images{};
    Judged judged{};
};

// By name: "oracle", "text_only", "text_only_seen", "shape_only", and of each adapter
// "plain.scale_1", "plain.seen", "plain.references_4", "plain.averaged_4", "plain.two".
using Rows = std::map<std::string, Row>;

// "scale_0.6", "scale_1".
std::string scale_name(double scale);

// Makes every picture of the plan, with the adapters of these names, and has it judged. What needs
// the model itself, the difference at scale 0, and which adapters are missing is told to
// `measures`.
Rows make_rows(const Plan& plan, const std::set<std::string>& adapters, const Cast& cast,
               Studio& studio, const Judges& judges, Measures& measures);

} // namespace likeness::starter::bench
