#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace likeness {

// The folders that a person keeps models in, besides the program's own: the window and the command
// line share the list, $XDG_CONFIG_HOME/likeness/model-folders.json.
std::filesystem::path model_folders_file(); // empty where there is no folder for settings

// A list that is missing or damaged is empty.
std::vector<std::filesystem::path> load_model_folders(const std::filesystem::path& file);
// Throws Error{write_failed}.
void save_model_folders(const std::filesystem::path& file,
                        std::span<const std::filesystem::path> folders);

// The folders of LIKENESS_MODEL_PATHS, which ':' parts.
std::vector<std::filesystem::path> folders_of_environment();

// Every folder that models are looked for in: the program's own models, the person's, those of the
// list and of the environment, and `more`. Each once.
std::vector<std::filesystem::path>
all_model_folders(std::span<const std::filesystem::path> more = {});

} // namespace likeness
