#pragma once

#include "core/model_library/entry_cache.h"

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace likeness {

// How a scan is followed. All are called on the thread that scans.
struct ScanWatch {
    std::function<void()> check{};                        // throws (Cancelled) to stop it
    std::function<void(const LibraryEntry&)> on_entry{};  // each as it is found
    std::function<void(std::size_t files)> on_progress{}; // looked at so far
    // Whether what lies there is looked at; all of it where this is empty.
    std::function<bool(const std::filesystem::path&)> is_wanted{};
};

// What was found, by folder and name, and the folders that could not be looked into.
struct Scan {
    std::vector<LibraryEntry> entries{};
    std::vector<Message> problems{};
};

// Looks through those folders and everything below them for models and what goes with them.
// Nothing is written but the cache. Links are followed, each folder is looked into once; hidden
// ones, pipes, sockets and devices are passed over. What is wrong with one file is that entry's
// problem and disturbs no other.
Scan scan_models(std::span<const std::filesystem::path> roots, EntryCache& cache,
                 const ScanWatch& watch = {});

// SHA-256 of the entry's file of weights, from the cache where it is known; empty where the file is
// gone or cannot be read. `check` is called every few megabytes and may throw.
std::string content_hash(const LibraryEntry& entry, EntryCache& cache,
                         const std::function<void()>& check = {});

} // namespace likeness
