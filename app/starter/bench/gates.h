#pragma once

#include "app/starter/bench/scores.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace likeness::starter::bench {

// Every number of a run by its name ("plus.scale_1.attr_i.decal"), and why a number is not there:
// the reasons are by the beginning of a name ("plus" tells why nothing of plus was measured).
class Measures {
public:
    void set(const std::string& name, const Estimate& estimate) { values_[name] = estimate; }

    void set(const std::string& name, const std::optional<Estimate>& estimate,
             const std::string& otherwise) {
        estimate ? set(name, *estimate) : miss(name, otherwise);
    }

    void miss(const std::string& name, const std::string& reason) { reasons_[name] = reason; }

    std::optional<Estimate> find(const std::string& name) const;

    // Why that number is not there; never empty.
    std::string reason(const std::string& name) const;

    const std::map<std::string, Estimate>& values() const { return values_; }

    const std::map<std::string, std::string>& reasons() const { return reasons_; }

private:
    std::map<std::string, Estimate> values_;
    std::map<std::string, std::string> reasons_;
};

enum class Bound { at_least, at_most };

// One line of the acceptance table: a number and what it has to reach.
struct GateRule {
    const char* gate = "";    // "G4 plus"
    const char* what = "";    // for people
    const char* measure = ""; // the number's name in Measures
    Bound bound = Bound::at_least;
    double wanted = 0;
};

// Section 7 of the design, G0 to G7.
std::span<const GateRule> gate_rules();

enum class Verdict { passed, failed, not_measured };

const char* to_string(Verdict verdict);

struct GateResult {
    GateRule rule{};
    std::optional<Estimate> reached{}; // empty: not measured
    Verdict verdict = Verdict::not_measured;
    std::string reason{}; // why it was not measured
};

// Every rule once, in order: none is ever left out.
std::vector<GateResult> judge(std::span<const GateRule> rules, const Measures& measures);

// Of a gate's rows together: failed where one failed, else not measured where one was not.
std::map<std::string, Verdict> by_gate(std::span<const GateResult> results);

} // namespace likeness::starter::bench
