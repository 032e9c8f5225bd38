// Stage methods: the ways to get a product into pictures, side by side.

#include "app/starter/bench/report.h"
#include "app/starter/methods/compare.h"
#include "app/starter/options.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"

#include <cmath>
#include <iostream>

#include <fmt/format.h>

namespace likeness::starter {

namespace methods {

namespace {

// The columns of the table: a score and what stands above it.
constexpr bench::Column kColumns[] = {{"attr_i", "identity E1"},
                                      {"id_sim", "identity E2"},
                                      {"id_rescaled", "rescaled"},
                                      {"recall", "R@1"},
                                      {"attr_t", "Attr-T"},
                                      {"leak", "Leak"},
                                      {"drift", "Drift"},
                                      {"div", "Div"},
                                      {"class_similarity", "class like it"},
                                      {"class_div", "class Div"},
                                      {"style", "style"},
                                      {"train_seconds", "training s"},
                                      {"seconds", "picture s"}};

Order order_of(const Options& options) {
    if (options.folder.empty()) {
        throw Error(ErrorCode::bad_request, message("--folder is missing: the finished model."));
    }
    if (options.captions != "class" && options.captions != "place") {
        throw Error(ErrorCode::bad_request,
                    message("--captions takes class or place, not \"{}\".", options.captions));
    }
    if (!options.text_encoder.empty() && options.text_encoder != "kept" &&
        options.text_encoder != "trained") {
        throw Error(
            ErrorCode::bad_request,
            message("--text-encoder takes kept or trained, not \"{}\".", options.text_encoder));
    }
    auto order = make_order(options.suite, options.count);
    order.folder = std::filesystem::absolute(options.folder);
    order.evaluators = options.evaluators.empty() ? options.out / "export" : options.evaluators;
    order.work =
        std::filesystem::absolute(options.work.empty() ? options.out / "trainings" : options.work);
    order.sheets = options.out;
    order.methods = methods_from(options.methods);
    order.first = static_cast<int>(options.first);
    if (options.steps > 0) {
        order.lessons.steps = options.steps;
    }
    order.lessons.learning_rate = options.learning_rate;
    order.lessons.told_places = options.captions == "place";
    if (!options.text_encoder.empty()) {
        order.lessons.text_encoder = options.text_encoder == "trained";
    }
    order.lessons.seed = options.seed;
    order.lessons.threads = options.threads;
    order.lessons.device = options.device;
    return order;
}

// The settings that all trainings of a method share.
nlohmann::json told_settings(const Trained& trained) {
    auto json = nlohmann::json::parse(trained.settings);
    for (const auto* const own : {"pictures", "instance_prompt", "class_prompt", "model", "out"}) {
        json.erase(own);
    }
    return json;
}

// Whether everything is measured, as the model proposes it.
bool is_whole(const Options& options) {
    const Options usual;
    return options.suite == "full" && options.count == 0 && options.first == 0 &&
           options.methods.empty() && options.captions == usual.captions &&
           options.text_encoder.empty() && options.learning_rate == 0 && options.steps == 0;
}

nlohmann::json report(const Options& options, const Order& order, const Findings& found) {
    auto json = bench::numbers(found.measures, found.gates);
    json["suite"] = options.suite;
    json["subjects"] = order.subjects;
    json["first"] = order.first;
    json["references"] = order.references;
    json["prompts"] = order.cases;
    json["seeds"] = order.seeds;
    json["steps"] = order.lessons.steps;
    json["captions"] = options.captions;
    json["pictures"] = found.pictures;
    json["device"] = options.device;
    json["threads"] = options.threads;
    json["files"] = bench::file_hashes(order.folder);
    json["evaluators"] = bench::file_hashes(order.evaluators);
    for (const auto& method : order.methods) {
        json["methods"].push_back(method.name);
    }
    for (const auto& [name, trained] : found.trainings) {
        json["trainings"][name] = {{"seconds", trained.seconds}, {"proof", trained.proof}};
        json["settings"][name.substr(0, name.find(' '))] = told_settings(trained);
    }
    for (const auto& [part, seconds] : found.seconds) {
        json["seconds"][part] = std::round(seconds * 10) / 10;
    }
    return json;
}

} // namespace

} // namespace methods

void run_methods(const Options& options) {
    const auto order = methods::order_of(options);
    try {
        const auto found = methods::compare(order);
        std::vector<std::string> rows{"oracle"};
        for (const auto& method : order.methods) {
            rows.push_back(method.name);
        }
        const auto table = bench::row_table(found.measures, rows, methods::kColumns) + "\n" +
                           bench::gate_table(found.gates);
        const auto text = methods::report(options, order, found).dump(2) + "\n";
        write_file_atomically(options.out / "methods.json", text);
        if (methods::is_whole(options)) { // it stands beside the weights
            write_file_atomically(options.folder / "methods.json", text);
        }
        write_file_atomically(options.out / "methods.txt", table);
        std::cout << table << std::flush;
    } catch (const Cancelled&) {
        log_line({{"stage", "methods"}, {"end", "stopped"}});
    }
}

} // namespace likeness::starter
