#pragma once

#include "core/request/generation_request.h"
#include "core/request/training_request.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// What the window knows of a reference beside what the request says. Pixels are named by the
// SHA-256 of a picture file that holds them: "picture", "mask", "look_mask".
struct ProjectCard {
    std::string name{};
    std::string role{}; // as the window spells it; empty: none was chosen
    std::map<std::string, std::string> contents{};
    bool muted = false;
    bool solo = false;

    bool operator==(const ProjectCard&) const = default;
};

// A piece of work as it lies on disk: what is edited, and how one was looking at it. Not where the
// docks stand.
struct Project {
    GenerationRequest request{}; // a reference for each card, in their order, without pixels
    std::vector<ProjectCard> cards{};
    bool seed_locked = false;
    bool live = false;
    // The training that is being prepared: its pictures by their paths, which stay where they are.
    std::string training_name{};
    TrainingRequest training{};
    std::optional<GenerationRequest> shown{}; // the picture on the canvas
    std::string shown_content{};
    std::string file{};   // of a sitting: the project file it works on; empty: none
    bool unsaved = false; // of a sitting: that file does not hold all of it

    bool operator==(const Project&) const = default;
};

// Every content that the project names, each once.
std::vector<std::string> contents_of(const Project& project);

// The project as JSON text, and back. Reading throws Error: file_damaged naming what is wrong,
// file_unsupported for a newer version's; `name` is what messages call it.
std::string to_json(const Project& project);
Project project_from_json(std::string_view text, const std::string& name);

// A project file (.likeness): the project with the picture files it names, so that it stands for
// itself. "likeness", the header's length (8 bytes, little-endian), the header (JSON: the project
// and the length of each content), the contents one after the other to the file's end.
struct ProjectFile {
    Project project{};
    std::map<std::string, std::span<const std::byte>>
        contents{}; // by hash; within the file's bytes
};

struct ProjectLimits {
    std::uint64_t file_bytes = 2ULL << 30;
    std::uint64_t header_bytes = 16U << 20;
};

// Reads a project file's bytes, every content held against its hash. Throws Error: file_unsupported
// for what is no project and for a newer version's, file_damaged.
ProjectFile parse_project_file(std::span<const std::byte> bytes, const std::string& name,
                               const ProjectLimits& limits = {});

// Writes one, all or nothing; `content` gives the bytes of a hash. Throws Error{write_failed}, and
// what `content` throws.
void write_project_file(const std::filesystem::path& path, const Project& project,
                        const std::function<std::vector<std::byte>(const std::string&)>& content);

// 64 lower-case hex digits: what a content may be called. Nothing else is made a path of.
bool is_content_name(std::string_view text);

} // namespace likeness
