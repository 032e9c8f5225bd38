#pragma once

#include "core/pickle/run_converter.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace likeness {

// Whether the file begins like a pickle or a zip archive; false for what cannot be read.
bool is_pickle_file(const std::filesystem::path& path);

// The start of the safetensors file that stands for a pickle (length and header), and how long the
// whole would be.
struct PickleStart {
    std::string bytes{};
    std::uint64_t file_size = 0;
};

// Told by the converter process, which reads the names and shapes and no values.
PickleStart pickle_start(const std::filesystem::path& path);

// The safetensors file in the cache that stands for that pickle, where there is one already and the
// pickle is still the file that was converted (path, size and time).
std::optional<std::filesystem::path> found_conversion(const std::filesystem::path& path);

// The same, made by the converter process where it is missing:
// `$XDG_CACHE_HOME/likeness/converted/<SHA-256 of the pickle>.safetensors`.
std::filesystem::path converted_pickle(const std::filesystem::path& path,
                                       const StillWanted& still_wanted = {});

// Converts a pickle into a file of the caller's choice, whole or not at all.
ConverterAnswer convert_pickle(const std::filesystem::path& path,
                               const std::filesystem::path& target,
                               const StillWanted& still_wanted = {});

} // namespace likeness
