#include "app/cli/output_paths.h"

#include "core/base/local_time.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/imageio/save.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace likeness::cli {

namespace fs = std::filesystem;

namespace {

void replace_all(std::string& text, const std::string& mark, const std::string& value) {
    for (auto at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size())) {
        text.replace(at, mark.size(), value);
    }
}

std::string date_now() {
    return fmt::format("{:%Y%m%d-%H%M%S}", local_time(std::time(nullptr)));
}

// `stem.png`, or the first of `stem-2.png`, `stem-3.png` ... that is free.
fs::path unused(const fs::path& folder, const std::string& stem, const std::set<fs::path>& taken) {
    fs::path path = folder / (stem + ".png");
    std::error_code ignored;
    for (int number = 2; fs::exists(path, ignored) || taken.contains(path); ++number) {
        path = folder / fmt::format("{}-{}.png", stem, number);
    }
    return path;
}

} // namespace

bool OutputPaths::is_folder() const {
    std::error_code ignored;
    return pattern_.ends_with('/') || fs::is_directory(pattern_, ignored);
}

fs::path OutputPaths::folder() const {
    const fs::path parent = is_folder() ? fs::path(pattern_) : fs::path(pattern_).parent_path();
    return parent.empty() ? fs::path(".") : parent;
}

std::vector<fs::path> OutputPaths::plan(const std::vector<OutputName>& names,
                                        Problems& problems) const {
    std::vector<fs::path> paths;
    std::set<fs::path> taken;
    if (is_folder() && in_folder_.empty()) {
        const std::string date = date_now();
        for (const OutputName& name : names) {
            const std::string rung = name.strength.empty() ? "" : "-strength" + name.strength;
            paths.push_back(
                unused(folder(), fmt::format("{}-seed{}{}", date, name.seed, rung), taken));
            taken.insert(paths.back());
        }
        std::error_code ignored;
        if (!paths.empty() && fs::exists(folder(), ignored)) {
            check_writable(paths.front(), true, problems);
        }
        return paths;
    }
    const std::string pattern = is_folder() ? (folder() / in_folder_).string() : pattern_;
    const bool is_new_folder = is_folder() && !is_there(folder());
    if (!image_format(pattern)) {
        problems.add(fmt::format("--out {} has no ending that is written; .png, .jpg, .tif, .exr "
                                 "and .webp are. A folder ends with /.",
                                 in_quotes(pattern)));
        return paths;
    }
    bool told_clash = false;
    bool folder_told = false;
    for (const OutputName& name : names) {
        std::string text = pattern;
        replace_all(text, "{seed}", fmt::format("{}", name.seed));
        replace_all(text, "{index}", fmt::format("{}", name.index));
        replace_all(text, "{strength}", name.strength);
        if (name.line != 0) {
            replace_all(text, "{line}", fmt::format("{}", name.line));
        }
        paths.emplace_back(text);
        if (!taken.insert(paths.back()).second && !told_clash) {
            const bool one_seed = names.front().seed == names.back().seed;
            problems.add(fmt::format("--out {} gives {} pictures the same name{}.",
                                     in_quotes(pattern), names.size(),
                                     one_seed ? ", and one seed is theirs; put {index} into it"
                                              : "; put {seed} or {index} into it"));
            told_clash = true;
        }
        if (!told_clash && !folder_told && !is_new_folder) {
            Problems own;
            check_writable(paths.back(), force_, own);
            folder_told = !own.empty();
            check_writable(paths.back(), force_, problems);
        }
    }
    return paths;
}

fs::path OutputPaths::beside(std::uint64_t seed, const std::string& ending) const {
    if (is_folder()) {
        return unused(folder(), fmt::format("{}-seed{}-{}", date_now(), seed, ending), {});
    }
    const fs::path parent = fs::path(pattern_).parent_path();
    return parent / fmt::format("likeness-{}-{}.png", seed, ending);
}

} // namespace likeness::cli
