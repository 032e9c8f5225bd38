#include "app/starter/methods/trainings.h"

#include "app/starter/bench/studio.h"
#include "app/starter/options.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/request/training_json.h"
#include "core/runner/training_proof.h"
#include "core/training/lora_metadata.h"

#include <chrono>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness::starter::methods {

namespace {

namespace fs = std::filesystem;

} // namespace

std::string key(const TrainingRequest& request, const std::string& weights) {
    auto settings = request;
    settings.learning_rate = request.learning_rate.value_or(default_learning_rate(request));
    settings.threads = 0; // how quickly, not what
    Sha256 hash;
    const auto text = fmt::format("{}|{}|{}", fingerprint(request), weights, to_json(settings));
    hash.add(std::as_bytes(std::span(text)));
    return hash.hex();
}

Trainings::Trainings(fs::path folder, std::string weights)
    : folder_(std::move(folder)), weights_(std::move(weights)) {
    make_folder(folder_);
}

Trained Trainings::get(TrainingRequest request, const std::string& label, Runner& runner) {
    constexpr std::size_t kShort = 16; // characters of the hash in a file's name
    const auto name = label + "-" + key(request, weights_).substr(0, kShort);
    const auto told = folder_ / (name + ".json");
    const bool is_folder =
        request.method == TrainingMethod::dreambooth && !request.as_lora && !request.as_difference;
    Trained trained{.weights = folder_ / (is_folder ? name : name + ".safetensors")};
    request.learning_rate = request.learning_rate.value_or(default_learning_rate(request));
    trained.settings = to_json(request);
    if (fs::exists(told) && fs::exists(trained.weights)) {
        std::ifstream file(told);
        const auto json = nlohmann::json::parse(file);
        trained.seconds = json.at("seconds");
        trained.proof = json.at("proof");
        return trained;
    }
    // What a run that was cut left half done is done again: its seconds could not be told.
    fs::remove_all(trained.weights);
    request.out = trained.weights.string();
    request.checkpointing_minutes = 60;
    for (const auto& checkpoint : training_checkpoints(request)) {
        fs::remove_all(checkpoint);
    }
    const auto start = std::chrono::steady_clock::now();
    double last = 0;
    const TrainingListener listener{
        .on_step =
            [&](const TrainingStep& step) {
                constexpr int kNews = 100; // steps
                last = step.loss;
                if (step.step % kNews == 0) {
                    log_line({{"stage", "methods"},
                              {"training", label},
                              {"step", step.step},
                              {"loss", step.loss},
                              {"seconds", step.seconds}});
                }
            },
        .wish = [] { return stop_requested() ? TrainingWish::stop : TrainingWish::go_on; }};
    const auto result = runner.train(request, bench::stoppable(), listener);
    trained.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto numbers = numbers_of(result.proof);
    trained.proof = {numbers.begin(), numbers.end()};
    trained.proof["last_loss"] = last;
    const nlohmann::json json{{"seconds", trained.seconds}, {"proof", trained.proof}};
    write_file_atomically(told, json.dump(2) + "\n");
    log_line({{"stage", "methods"}, {"trained", label}, {"seconds", trained.seconds}});
    return trained;
}

} // namespace likeness::starter::methods
