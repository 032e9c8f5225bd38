#pragma once

#include "app/starter/bench/gates.h"
#include "app/starter/methods/method.h"
#include "app/starter/methods/trainings.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace likeness::starter::methods {

// What a comparison asks.
struct Order {
    std::filesystem::path folder{};     // the model
    std::filesystem::path evaluators{}; // the judging networks
    std::filesystem::path work{};       // where trainings are kept
    std::filesystem::path sheets{};     // where pictures to be looked at go; empty: none
    std::vector<Method> methods{};      // text_only among them
    int subjects = 10;                  // of combinations that the model has never seen
    int first = 0;                      // of them passed over: settings are chosen on others
    int references = 4;                 // pictures of each, for every method
    int cases = 4;                      // prompts of each, in places that no reference shows
    int seeds = 2;                      // pictures of each prompt
    int class_pictures = 4;             // of the class's own prompt, where a model was changed
    int num_inference_steps = 0;        // 0: the model's own
    int gallery = 200;                  // among which E2 has to find the right one
    int lessons_of_judges = 400;        // renders from which the judges take their measures
    Lessons lessons{};
};

// "full" or "mini"; with a count, that many subjects. Throws Error{bad_request} for another word.
Order make_order(const std::string& suite, std::int64_t count);

struct Findings {
    bench::Measures measures{};
    std::vector<bench::GateResult> gates{};
    std::map<std::string, Trained> trainings{}; // by "lora 3": of the fourth of all subjects
    int pictures = 0;
    std::map<std::string, double> seconds{}; // by what it went into
};

// Trains what is not kept, makes every picture by the program's own Runner, and has it judged.
// Throws Cancelled where the program is asked to stop.
Findings compare(const Order& order);

} // namespace likeness::starter::methods
