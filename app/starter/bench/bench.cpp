// Stage bench: the starter model against its acceptance gates.

#include "app/starter/bench/bench.h"

#include "app/starter/bench/report.h"
#include "app/starter/options.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/tensor/device.h"

#include <chrono>
#include <iostream>

#include <fmt/format.h>

namespace likeness::starter {

namespace bench {

Findings run(const Order& order) {
    const auto& plan = order.plan;
    Findings found;
    auto last = std::chrono::steady_clock::now();
    const auto clock = [&](const char* part) {
        const auto now = std::chrono::steady_clock::now();
        found.seconds[part] += std::chrono::duration<double>(now - last).count();
        last = now;
    };
    Studio studio(order.folder, order.device, order.degrade);
    Judges judges(order.evaluators, studio.model().options.device);
    clock("load");
    judges.learn(lesson_renders(plan.located), studio.size());
    const auto cast = make_cast(plan, studio.size(), order.degrade);
    const Faces faces(plan, cast, judges, studio.size());
    clock("renders");
    measure_parts(plan, faces, judges, studio, found.measures);
    clock("judges, autoencoder and encoders");
    const auto rows = make_rows(plan, order.adapters, cast, studio, judges, found.measures);
    clock("pictures and their judging");
    measure_rows(plan, cast, rows, faces, judges, studio.size(), found.measures);
    clock("scores");
    if (!order.sheets.empty()) {
        write_sheets(plan, cast, rows, studio, order.sheets);
        clock("sheets");
    }
    found.gates = judge(gate_rules(), found.measures);
    found.pictures = studio.pictures_made();
    found.size = studio.size();
    found.device = studio.model().options.device.str();
    found.dtype = dtype_name(studio.model().options.dtype);
    found.num_inference_steps = studio.model().folder.traits.default_num_inference_steps;
    found.guidance_scale = studio.model().folder.traits.default_guidance_scale;
    return found;
}

namespace {

// As it was typed.
std::string command(const Options& options) {
    std::string text = fmt::format("likeness-starter bench --suite {} --folder {} --out {}",
                                   options.suite, options.folder.string(), options.out.string());
    if (!options.evaluators.empty()) {
        text += " --evaluators " + options.evaluators.string();
    }
    if (options.adapters != Options{}.adapters) {
        text += " --adapters " + options.adapters;
    }
    if (options.count > 0) {
        text += fmt::format(" --count {}", options.count);
    }
    if (options.degrade != Options{}.degrade) {
        text += " --degrade " + options.degrade;
    }
    return text + fmt::format(" --device {} --threads {}", options.device, options.threads);
}

nlohmann::json report(const Options& options, const Order& order, const Findings& found) {
    auto json = numbers(found.measures, found.gates);
    json["suite"] = order.plan.name;
    json["command"] = command(options);
    json["degrade"] = to_string(order.degrade);
    json["pictures"] = found.pictures;
    json["size"] = found.size;
    json["num_inference_steps"] = found.num_inference_steps;
    json["guidance_scale"] = found.guidance_scale;
    json["device"] = found.device;
    json["dtype"] = found.dtype;
    json["files"] = file_hashes(order.folder);
    json["evaluators"] = file_hashes(order.evaluators);
    for (const auto& [part, seconds] : found.seconds) {
        json["seconds"][part] = std::round(seconds * 10) / 10;
    }
    return json;
}

} // namespace

} // namespace bench

void run_bench(const Options& options) {
    if (options.folder.empty()) {
        throw Error(ErrorCode::bad_request, message("--folder is missing: the finished model."));
    }
    const bench::Order order{.plan = bench::make_plan(options.suite, options.count),
                             .folder = options.folder,
                             .evaluators = options.evaluators.empty() ? options.out / "export"
                                                                      : options.evaluators,
                             .sheets = options.out,
                             .adapters = bench::adapters_from(options.adapters),
                             .device = options.device,
                             .degrade = bench::degrade_from(options.degrade)};
    try {
        const auto found = bench::run(order);
        const auto text = bench::report(options, order, found).dump(2) + "\n";
        write_file_atomically(options.out / "bench.json", text);
        // Only what was measured whole and as it is stands beside the weights.
        if (options.suite == "full" && options.count == 0 &&
            options.adapters == Options{}.adapters && order.degrade == bench::Degrade::none) {
            write_file_atomically(options.folder / "bench.json", text);
        }
        std::cout << bench::table(found.measures, found.gates) << std::flush;
    } catch (const Cancelled&) {
        log_line({{"stage", "bench"}, {"end", "stopped"}});
    }
}

} // namespace likeness::starter
