#include "core/library/export_name.h"

#include "core/base/local_time.h"
#include "core/library/picture_record.h"

#include <algorithm>
#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestPrompt = 60;
constexpr std::string_view kForbidden = "/\\:*?\"<>|";
constexpr std::string_view kReserved[] = {"con", "prn", "aux", "nul"};

// At most that many bytes, never within a character.
std::string_view cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) {
        --most;
    }
    return text.substr(0, most);
}

void replace_all(std::string& text, std::string_view word, std::string_view with) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
        text.replace(at, word.size(), with);
        at += with.size();
    }
}

// COM1 to COM9 and LPT1 to LPT9 too.
bool is_reserved(std::string_view name) {
    const std::string stem = folded(name.substr(0, name.find('.')));
    const bool port = stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) &&
                      stem[3] >= '1' && stem[3] <= '9';
    return port || std::ranges::find(kReserved, stem) != std::end(kReserved);
}

} // namespace

std::string export_name(std::string_view name_template, const GenerationRequest& request,
                        std::int64_t created, int number) {
    std::string name(name_template);
    replace_all(name, "{seed}", std::to_string(request.seed));
    replace_all(name, "{date}", fmt::format("{:%Y-%m-%d}", local_time(created / 1000)));
    replace_all(name, "{number}", fmt::format("{:03}", number));
    replace_all(name, "{model}", std::filesystem::path(request.model).filename().string());
    replace_all(name, "{prompt}", cut(request.prompt, kLongestPrompt));
    std::string safe;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool space = byte <= ' ' || byte == 0x7F;
        if (space ? !safe.empty() && safe.back() != ' ' : true) {
            safe += space ? ' ' : kForbidden.find(c) == std::string_view::npos ? c : '-';
        }
    }
    safe = cut(safe, kLongestName);
    safe.erase(0, std::min(safe.find_first_not_of(". "), safe.size()));
    safe.erase(safe.find_last_not_of(". ") + 1);
    if (safe.empty()) {
        return "picture";
    }
    return is_reserved(safe) ? "_" + safe : safe;
}

} // namespace likeness
