#pragma once

#include "core/library/project.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace likeness {

// Picture files called by the SHA-256 of their bytes, each once. Safe from any thread and for
// several programs at once.
class ContentStore {
public:
    explicit ContentStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Keeps the bytes and gives their name. Throws Error{write_failed}.
    std::string put(std::span<const std::byte> bytes) const;

    // Throws Error{file_missing} where there is none.
    std::vector<std::byte> bytes(const std::string& name) const;

    bool has(const std::string& name) const;
    std::filesystem::path path_of(const std::string& name) const;

private:
    std::filesystem::path folder_;
};

// What is edited between start and end of one program, kept on disk as it goes: a folder of its own
// with the last generations, locked while the program lives. Programs beside each other never meet.
// The folder is made with the first generation.
class Sitting {
public:
    static constexpr int kGenerations = 5;

    // `sessions`: the folder of all sittings.
    explicit Sitting(std::filesystem::path sessions);
    ~Sitting();
    Sitting(const Sitting&) = delete;
    Sitting& operator=(const Sitting&) = delete;

    // Writes the next generation and drops the oldest of six. From one thread at a time. Throws
    // Error{write_failed}.
    void keep(const Project& project);

    bool is_kept() const { return generation_ > 0; }

    // The program ends as it should: the next one goes on here.
    void end();

    const std::filesystem::path& folder() const { return folder_; } // empty before the first keep()

private:
    void make();

    std::filesystem::path sessions_;
    std::filesystem::path folder_{};
    int lock_ = -1;
    int generation_ = 0;
};

// A sitting whose program is gone.
struct EarlierSitting {
    std::filesystem::path folder{};
    std::int64_t kept = 0; // seconds since 1970: its last generation
    bool ended = false;    // as it should; else it was cut off
    bool settled = false;  // brought back or not wanted: nothing is asked about it any more

    bool operator==(const EarlierSitting&) const = default;
};

// Newest first; those of running programs and empty ones are left out.
std::vector<EarlierSitting> earlier_sittings(const std::filesystem::path& sessions);

// The newest generation that can be read; nullopt: none can.
std::optional<Project> last_kept(const std::filesystem::path& folder);

// It is not asked about any more, but stays for two weeks.
void settle_sitting(const std::filesystem::path& folder);

void remove_sitting(const std::filesystem::path& folder);

inline constexpr std::int64_t kKeptSeconds = 14 * 24 * 3600;

// Removes sittings that were settled more than two weeks before `now` (seconds since 1970), and
// contents that no sitting names, a day old or more. What may still be asked about stays.
void sweep_sittings(const std::filesystem::path& sessions, std::int64_t now);

// The store of a folder of sittings.
ContentStore content_store(const std::filesystem::path& sessions);

} // namespace likeness
