#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace likeness {

// The licence that a file's own notes name (`modelspec.license`, `license`). Empty where none does.
std::string licence_of_notes(const std::map<std::string, std::string>& metadata);

// The licence that the README.md beside a file, or in a folder above it up to `root`, names as
// model cards do: `license:` in the lines between `---` at its top. Empty where nobody says.
std::string licence_of_card(const std::filesystem::path& path, const std::filesystem::path& root);

} // namespace likeness
