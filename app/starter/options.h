#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness::starter {

// What the command line asks of a stage.
struct Options {
    std::string stage{};
    std::filesystem::path data{}; // the rendered pictures
    std::filesystem::path out{};  // checkpoints and reports of this run
    std::filesystem::path
        profile{}; // sizes and rates; kept as profile.json in `out` by the first stage
    std::filesystem::path folder{}; // export, bench, samples: the finished model's folder
    std::filesystem::path
        evaluators{}; // bench: folder of the judging networks; empty: this run's export
    std::string adapters = "plain,plus"; // bench: which of them
    std::string suite = "full";          // bench: how many pictures
    std::string degrade = "none";        // bench: a way to make the model worse, to prove the bench
    std::filesystem::path work{};        // methods: where trainings are kept; empty: out/trainings
    std::string methods{};               // methods: which of them; empty: all
    std::string captions = "class";      // methods: what trainings are told of each picture
    std::string text_encoder{};          // methods: "trained" or "kept"; empty: the model's default
    double learning_rate = 0;            // methods: of every training; 0: the method's usual
    double minutes = 0;                  // of this slice; 0: what the profile says, else 60
    std::int64_t steps = 0;              // planned for the whole stage; 0: what the profile says
    std::int64_t first = 0;              // methods: subjects passed over
    std::int64_t count = 0; // pictures to render or to measure; 0: what the stage thinks right
    int threads = 1;
    std::string device = "cpu"; // "cpu", "cuda", "cuda:N"
    std::uint64_t seed = 1;
};

// Throws Error{bad_request} with what is wrong.
Options parse_options(int count, const char* const* words);

// "vae,latents" -> both words.
std::vector<std::string> split(const std::string& words);

// The run's profile: `out`/profile.json, or the file of --profile, which is then kept there.
// Throws Error{file_missing} when there is neither.
nlohmann::json read_profile(const Options& options);

// One object, one line, on standard output.
void log_line(const nlohmann::json& line);

// Set by SIGTERM and SIGINT.
std::atomic<bool>& stop_requested();

// Set-up of one stage's training that every stage reads from the profile alike.
// `stages.<stage>`: batch, learning_rate, steps (0: as many as fit the minutes), warmup_steps, and
// where it is not --minutes, minutes.
nlohmann::json stage_profile(const nlohmann::json& profile, const Options& options);

// The stages. Each writes under `out`, goes on from where it stopped, and prints its report at the
// end.
void run_render(const Options& options);
void run_tokenizer(const Options& options);
void run_vae(const Options& options);
void run_latents(const Options& options);
void run_decoder(const Options& options);
void run_attributes(const Options& options);
void run_identity(const Options& options);
void run_encoders(const Options& options);
void run_unet(const Options& options);
void run_ip(const Options& options);
void run_plus(const Options& options);
void run_import(const Options& options);
void run_export(const Options& options);
void run_samples(const Options& options);
void run_bench(const Options& options);
void run_methods(const Options& options);

} // namespace likeness::starter
