#include "core/request/weights_file.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/request/model_folder.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".safetensors";
constexpr std::string_view kIndex = ".index";
constexpr std::string_view kJson = ".json";

bool take_end(std::string_view& name, std::string_view end) {
    if (!name.ends_with(end)) {
        return false;
    }
    name.remove_suffix(end.size());
    return true;
}

// What stands between a component's base name and its ending: "" of model.safetensors, ".fp16" of
// model.fp16.safetensors. False where the file is neither weights nor an index, as shards are.
bool find_variant(std::string_view name, std::string_view& base, std::string_view& variant) {
    const auto split = [&](std::string_view whole) {
        const auto dot = whole.find('.');
        base = whole.substr(0, dot);
        variant = dot == std::string_view::npos ? std::string_view{} : whole.substr(dot + 1);
        return variant.find_first_of(".-") == std::string_view::npos;
    };
    if (!take_end(name, kJson)) {
        return take_end(name, kEnding) && split(name);
    }
    const auto ending = name.find(kEnding);
    if (ending == std::string_view::npos) {
        return false;
    }
    base = name.substr(0, ending);
    variant = name.substr(ending + kEnding.size());
    // model.safetensors.index.fp16.json, and model.safetensors.fp16.index.json as it was.
    if (variant.starts_with(kIndex)) {
        variant.remove_prefix(kIndex.size());
    } else if (!take_end(variant, kIndex)) {
        return false;
    }
    variant.remove_prefix(variant.starts_with('.') ? 1 : 0);
    return base.find('.') == std::string_view::npos;
}

// Which of two files of one component is taken: none before fp16 before other variants, a whole
// file before an index.
auto rank(const std::string& name) {
    const std::string variant = variant_of(name);
    const int order = variant.empty() ? 0 : variant == "fp16" ? 1 : variant == "bf16" ? 2 : 3;
    return std::tuple(order, variant, name.ends_with(kJson), name);
}

} // namespace

std::string variant_of(const fs::path& file) {
    const std::string name = file.filename().string();
    std::string_view base, variant;
    return find_variant(name, base, variant) ? std::string(variant) : "";
}

nlohmann::json config_beside(const fs::path& file, const nlohmann::json& by_shapes,
                             const char* field) {
    const fs::path beside = file.parent_path() / "config.json";
    if (!is_there(beside)) {
        return by_shapes;
    }
    try {
        auto json = read_json_file(beside);
        const bool same = json.is_object() && json.contains(field) && by_shapes.contains(field) &&
                          json.at(field) == by_shapes.at(field);
        return same ? json : by_shapes;
    } catch (const Error&) {
        return by_shapes;
    }
}

fs::path weights_file(const fs::path& folder, const std::string& base) {
    std::vector<std::string> found;
    for (const fs::path& file : files_in(folder)) {
        const std::string name = file.filename().string();
        std::string_view own, variant;
        if (find_variant(name, own, variant) && own == base) {
            found.push_back(name);
        }
    }
    if (!found.empty()) {
        return folder / *std::ranges::min_element(found, {}, rank);
    }
    for (const char* ending : {".bin", ".bin.index.json", ".fp16.bin", ".bin.index.fp16.json"}) {
        for (const std::string& pickle : {base + ending, "pytorch_model" + std::string(ending)}) {
            if (is_there(folder / pickle)) {
                return folder / pickle; // an old file; it is converted when it is opened
            }
        }
    }
    const std::string component = folder.filename().string();
    throw Error(ErrorCode::model_incomplete,
                message("The component {} has no weights: {}/{}.safetensors is not there, nor "
                        "its fp16 variant. Copy the "
                        "whole model again.",
                        component, component, base));
}

} // namespace likeness
