#pragma once

#include "app/starter/bench/measure.h"
#include "app/starter/bench/sheets.h"

namespace likeness::starter::bench {

// What a run asks.
struct Order {
    Plan plan{};
    std::filesystem::path folder{};     // the model
    std::filesystem::path evaluators{}; // the judging networks
    std::filesystem::path sheets{};     // where pictures to be looked at go; empty: none
    std::set<std::string> adapters{"plain", "plus"};
    std::string device = "cpu"; // as a request names it
    Degrade degrade = Degrade::none;
};

// What it found.
struct Findings {
    Measures measures{};
    std::vector<GateResult> gates{};
    std::string device{}, dtype{};
    int size = 0, pictures = 0;
    int num_inference_steps = 0;
    double guidance_scale = 0;
    std::map<std::string, double> seconds{}; // by part of the run
};

// Makes all pictures of the plan, has them judged, and judges the model by the gates. Throws Error
// for a folder that cannot be used, Cancelled when the program is asked to stop.
Findings run(const Order& order);

} // namespace likeness::starter::bench
