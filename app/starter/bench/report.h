#pragma once

#include "app/starter/bench/gates.h"

#include <filesystem>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

namespace likeness::starter::bench {

// sha256 of every .safetensors below the folder, by its path there.
nlohmann::json file_hashes(const std::filesystem::path& folder);

// What `bench.json` holds of the numbers: every measure, why others are missing, every gate's rows
// and each gate's verdict.
nlohmann::json numbers(const Measures& measures, std::span<const GateResult> results);

// The rows of pictures and the gates, for people.
std::string table(const Measures& measures, std::span<const GateResult> results);

} // namespace likeness::starter::bench
