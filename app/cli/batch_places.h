#pragma once

#include "app/cli/batch_lines.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace likeness::cli {

// How the pictures of a batch are named where nothing is said.
inline constexpr const char* kBatchOut = "likeness-{line}-{seed}.png";

// A line of a batch, and what is found out about it before its turn.
struct BatchWork {
    BatchLine line{};
    int first_index = 0; // of its pictures among all of the file
    std::vector<std::filesystem::path> paths{};
    bool is_done = false; // its pictures are there
};

// Where the pictures of every line go, also of those that other machines make: two under one name
// would be lost without a word.
class BatchPlaces {
public:
    // `out`: what the command says, a path or a folder; with `force` what is there is written over.
    BatchPlaces(std::optional<std::string> out, bool force) : out_(std::move(out)), force_(force) {}

    // One path for each picture of the line. What another line makes too is a problem, and on the
    // machine whose line it is also what cannot be written.
    std::vector<std::filesystem::path> plan(const BatchWork& work, bool is_own, Problems& problems);

    // Whether it matters that some of the line's pictures are there.
    bool any_there(const BatchWork& work) const;

    // Whether all of them are there and are its own, made before. Another picture in the place of
    // one is a problem. `resolved`: the line's request with its pictures read.
    static bool are_made(const BatchWork& work, const GenerationRequest& resolved,
                         Problems& problems);

    // Makes the folders that own lines write to.
    void make_folders() const;

private:
    std::optional<std::string> out_{};
    bool force_ = false;
    std::map<std::filesystem::path, std::size_t> lines_{}; // that make each
    std::set<std::filesystem::path> folders_{};
};

} // namespace likeness::cli
