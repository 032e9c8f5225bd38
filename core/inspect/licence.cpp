#include "core/inspect/licence.h"

#include <algorithm>
#include <fstream>
#include <string_view>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostBytes = 80;   // of a licence's name
constexpr std::size_t kMostLine = 1'000; // bytes of a line that is looked at
constexpr int kMostLines = 500;          // of a model card's head
constexpr int kMostFolders = 3;          // that a README may lie above its model
constexpr std::string_view kBlank = " \t\r\"'";

// One plain word or name; what else stands there (a list, control characters) is none.
std::string plain(std::string_view text) {
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
    const bool printable = std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
    const bool fits = text.size() <= kMostBytes && !text.starts_with("[") && !text.starts_with("{");
    return printable && fits ? std::string(text) : std::string();
}

std::string licence_in(const fs::path& readme) {
    std::error_code ignored;
    if (!fs::is_regular_file(readme, ignored)) {
        return {};
    }
    std::ifstream file(readme);
    std::string line(kMostLine, '\0');
    const auto next = [&] {
        line.resize(kMostLine);
        file.getline(line.data(), static_cast<std::streamsize>(line.size()));
        line.resize(std::char_traits<char>::length(line.c_str()));
        return static_cast<bool>(file);
    };
    if (!next() || plain(line) != "---") {
        return {};
    }
    std::string licence, name;
    for (int i = 0; i < kMostLines && next() && !line.starts_with("---"); ++i) {
        const std::string_view text = line;
        if (text.starts_with("license:")) {
            licence = plain(text.substr(8));
        } else if (text.starts_with("license_name:")) {
            name = plain(text.substr(13));
        }
    }
    return (licence.empty() || licence == "other") && !name.empty() ? name : licence;
}

} // namespace

std::string licence_of_notes(const std::map<std::string, std::string>& metadata) {
    for (const char* key : {"modelspec.license", "license", "licence"}) {
        const auto found = metadata.find(key);
        if (found != metadata.end() && !plain(found->second).empty()) {
            return plain(found->second);
        }
    }
    return {};
}

std::string licence_of_card(const fs::path& path, const fs::path& root) {
    std::error_code ignored;
    fs::path folder = fs::is_directory(path, ignored) ? path : path.parent_path();
    for (int i = 0; i < kMostFolders; ++i, folder = folder.parent_path()) {
        if (const std::string licence = licence_in(folder / "README.md"); !licence.empty()) {
            return licence;
        }
        if (folder == root || folder == folder.parent_path()) {
            break;
        }
    }
    return {};
}

} // namespace likeness
