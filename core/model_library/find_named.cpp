#include "core/model_library/find_named.h"

#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/model_library/classify.h"
#include "core/model_library/scan.h"

#include <algorithm>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kListed = 8;

// Whether that path ends with those components.
bool ends_with(const fs::path& path, const fs::path& end) {
    const auto length = [](const fs::path& p) { return std::distance(p.begin(), p.end()); };
    if (length(end) > length(path)) {
        return false;
    }
    auto at = path.begin();
    std::advance(at, length(path) - length(end));
    return std::equal(end.begin(), end.end(), at);
}

bool is_called(const fs::path& path, const fs::path& name) {
    return ends_with(path, name) ||
           (is_model_name(path) && ends_with(path.parent_path() / path.stem(), name)) ||
           name_of_folder(path) == name.string();
}

} // namespace

std::optional<fs::path> find_named(const std::string& name, std::optional<ModelKind> kind,
                                   std::span<const fs::path> folders,
                                   const std::function<void()>& check) {
    const fs::path wanted = fs::path(name).lexically_normal();
    if (name.empty() || wanted.is_absolute() || name.find("..") != std::string::npos) {
        return std::nullopt;
    }
    EntryCache cache(EntryCache::default_file());
    const Scan scan =
        scan_models(folders, cache, {.check = check, .is_wanted = [&](const auto& p) {
                                         return is_called(p.lexically_normal(), wanted);
                                     }});
    std::vector<fs::path> found;
    for (const LibraryEntry& entry : scan.entries) {
        if (!kind || entry.kind == *kind || entry.kind == ModelKind::pickle) {
            found.push_back(entry.path);
        }
    }
    if (found.size() < 2) {
        return found.empty() ? std::nullopt : std::optional(found.front());
    }
    std::string list;
    for (std::size_t i = 0; i < std::min(kListed, found.size()); ++i) {
        list += "\n  " + in_quotes(found[i].string());
    }
    throw Error(ErrorCode::bad_request,
                message("{} is the name of {} files. Name one with more of its path:{}",
                        in_quotes(name), found.size(), list));
}

} // namespace likeness
