#pragma once

#include "app/cli/problems.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace likeness::cli {

// One picture's place among what a command makes.
struct OutputName {
    std::uint64_t seed = 0;
    int index = 0;
    std::string strength{}; // of a ladder's rung, "0.4"
    std::size_t line = 0;   // of a batch
};

// Where pictures go. Made before the work begins, so that what cannot be written is told then.
class OutputPaths {
public:
    // `pattern`: a file name with {seed}, {index}, {strength} and {line}, or a folder, in which
    // pictures get dated names that are always new, or those of `in_folder`.
    OutputPaths(std::string pattern, bool force, std::string in_folder = {})
        : pattern_(std::move(pattern)), in_folder_(std::move(in_folder)), force_(force) {}

    // One path for each name, in order. An ending that is not written, two pictures under one name,
    // a file that is there, a folder that is missing or read-only are problems.
    std::vector<std::filesystem::path> plan(const std::vector<OutputName>& names,
                                            Problems& problems) const;

    bool is_folder() const;

    // The folder the pictures go to.
    std::filesystem::path folder() const;

    // A name beside the pictures: "likeness-{seed}-sheet.png", dated where they are.
    std::filesystem::path beside(std::uint64_t seed, const std::string& ending) const;

private:
    std::string pattern_;
    std::string in_folder_;
    bool force_ = false;
};

// That `path` may be written: its folder is there and writable, the file is new or may be replaced.
void check_writable(const std::filesystem::path& path, bool force, Problems& problems);

} // namespace likeness::cli
