#include "core/model_library/model_folders.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/request/model_folder.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostBytes = 1U << 20U;
constexpr std::size_t kMostFolders = 1'000;

} // namespace

fs::path model_folders_file() {
    for (const auto& [name, below] : {std::pair("XDG_CONFIG_HOME", ""), {"HOME", ".config"}}) {
        const char* value = std::getenv(name);
        if (value != nullptr && fs::path(value).is_absolute()) {
            return fs::path(value) / below / "likeness" / "model-folders.json";
        }
    }
    return {};
}

std::vector<fs::path> load_model_folders(const fs::path& file) {
    std::vector<fs::path> folders;
    std::error_code ignored;
    if (file.empty() || !fs::exists(file, ignored)) {
        return folders;
    }
    try {
        const auto json = nlohmann::json::parse(read_text_file(file, kMostBytes));
        for (const auto& folder : json.at("folders")) {
            if (folder.is_string() && folders.size() < kMostFolders) {
                folders.emplace_back(folder.get<std::string>());
            }
        }
    } catch (const Error&) {
        folders.clear();
    } catch (const nlohmann::json::exception&) {
        folders.clear();
    }
    return folders;
}

void save_model_folders(const fs::path& file, std::span<const fs::path> folders) {
    nlohmann::json list = nlohmann::json::array();
    for (const fs::path& folder : folders) {
        list.push_back(folder.string());
    }
    const nlohmann::json json{{"folders", std::move(list)}};
    make_folder(file.parent_path());
    write_file_atomically(file, json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
                                    "\n");
}

std::vector<fs::path> folders_of_environment() {
    std::vector<fs::path> folders;
    const char* value = std::getenv("LIKENESS_MODEL_PATHS");
    std::istringstream list(value == nullptr ? "" : value);
    for (std::string folder; std::getline(list, folder, ':');) {
        if (!folder.empty()) {
            folders.emplace_back(folder);
        }
    }
    return folders;
}

std::vector<fs::path> all_model_folders(std::span<const fs::path> more) {
    std::vector<fs::path> all;
    std::error_code ignored;
    const auto add = [&all](const fs::path& folder) {
        if (std::ranges::find(all, folder) == all.end()) {
            all.push_back(folder);
        }
    };
    for (const fs::path& own : {resource_folder(), user_model_folder()}) {
        if (!own.empty() && fs::is_directory(own, ignored)) {
            add(own);
        }
    }
    std::ranges::for_each(load_model_folders(model_folders_file()), add);
    std::ranges::for_each(folders_of_environment(), add);
    std::ranges::for_each(more, add);
    return all;
}

} // namespace likeness
