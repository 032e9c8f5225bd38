#pragma once

#include "app/starter/bench/gates.h"

#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness::starter::bench {

// sha256 of every .safetensors below the folder, by its path there.
nlohmann::json file_hashes(const std::filesystem::path& folder);

// What `bench.json` holds of the numbers: every measure, why others are missing, every gate's rows
// and each gate's verdict.
nlohmann::json numbers(const Measures& measures, std::span<const GateResult> results);

// Scores of rows of pictures: every row's "<row>.<score>" in columns of a score and its title.
using Column = std::pair<const char*, const char*>;
std::string row_table(const Measures& measures, std::span<const std::string> rows,
                      std::span<const Column> columns);

// Every rule, what was reached and by how much it holds or does not, and each gate's verdict.
std::string gate_table(std::span<const GateResult> results);

// The rows of pictures and the gates, for people.
std::string table(const Measures& measures, std::span<const GateResult> results);

} // namespace likeness::starter::bench
