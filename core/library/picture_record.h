#pragma once

#include "core/request/generation_request.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// Everything that is known of one picture of the library. It stands beside the picture as
// "<file>.json", its sidecar; the index only repeats it.
struct PictureRecord {
    std::string file{};        // in the library's folder, with "/": "2026-11-25/031512-seed7.png"
    std::int64_t created = 0;  // milliseconds since 1970, UTC
    int width = 0, height = 0; // pixels
    int stars = 0;             // 0..kMostStars
    std::vector<std::string> albums{}; // sorted, each once
    GenerationRequest request{};       // what it came from, without pixels

    // The trash is a folder of the library; what lies in it keeps everything else.
    bool trashed() const;

    bool operator==(const PictureRecord&) const = default;
};

inline constexpr int kMostStars = 5;
inline constexpr std::string_view kTrashFolder = "trash";

// "a/b.png" -> "a/b.png.json".
std::filesystem::path sidecar_of(const std::filesystem::path& picture);

// The sidecar's text, and back. Reading throws Error{file_damaged} naming what is wrong with it,
// Error{file_unsupported} for a newer version's; `file` is where the picture lies.
std::string to_json(const PictureRecord& record);
PictureRecord record_from_json(std::string_view text, std::string file);

// What a search looks through, in small letters: prompts, model, reference names, seed, date.
std::string search_words(const PictureRecord& record);

// Small letters of ASCII and of the Latin alphabet's accented ones.
std::string folded(std::string_view text);

} // namespace likeness
