#include "ui/model/reference_roles.h"

#include "core/base/error.h"
#include "core/request/model_folder.h"
#include "ui/model/reference_list_model.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr const char* kKeys[] = {"product", "style", "composition", "everything", "scene"};

// The file of presets. It is ours: one that cannot be read leaves the roles without numbers.
const nlohmann::json& presets() {
    static const nlohmann::json read = [] {
        try {
            return read_json_file(resource_folder() / "presets" / "reference_roles.json");
        } catch (const Error&) {
            return nlohmann::json::object();
        }
    }();
    return read;
}

bool covers(const std::string& name, const std::string& block) {
    return block == name || block.starts_with(name + ".");
}

// The value of the longest name that covers `block`.
template <typename Items>
double longest(const Items& items, const std::string& block, double otherwise) {
    std::size_t length = 0;
    for (const auto& [name, value] : items) {
        if (name.size() > length && covers(name, block)) {
            length = name.size();
            otherwise = value;
        }
    }
    return otherwise;
}

// The layout of presets that fits a model with these blocks; null without one.
const nlohmann::json* layoutFor(const BlockNames& blocks) {
    const auto layouts = presets().find("layouts");
    if (layouts == presets().end()) {
        return nullptr;
    }
    for (const nlohmann::json& layout : *layouts) {
        const auto& when = layout.at("when");
        if (std::ranges::all_of(when, [&blocks](const nlohmann::json& name) {
                return std::ranges::find(blocks, name.get_ref<const std::string&>()) !=
                       blocks.end();
            })) {
            return &layout;
        }
    }
    return nullptr;
}

} // namespace

QString roleKey(ReferenceRole role) {
    return QLatin1String(kKeys[static_cast<int>(role)]);
}

std::optional<ReferenceRole> roleFromKey(const QString& key) {
    const auto found = std::ranges::find_if(
        kReferenceRoles, [&key](ReferenceRole role) { return roleKey(role) == key; });
    return found == std::end(kReferenceRoles) ? std::nullopt : std::optional(*found);
}

QString roleName(ReferenceRole role) {
    switch (role) {
    case ReferenceRole::product:
        return ReferenceListModel::tr("Product");
    case ReferenceRole::style:
        return ReferenceListModel::tr("Style");
    case ReferenceRole::composition:
        return ReferenceListModel::tr("Composition");
    case ReferenceRole::everything:
        return ReferenceListModel::tr("Everything");
    case ReferenceRole::scene:
        return ReferenceListModel::tr("Scene");
    }
    return {};
}

QString roleExplained(ReferenceRole role) {
    switch (role) {
    case ReferenceRole::product:
        return ReferenceListModel::tr("The thing itself; the words place it");
    case ReferenceRole::style:
        return ReferenceListModel::tr("Colours, light and manner, not the thing");
    case ReferenceRole::composition:
        return ReferenceListModel::tr("Where things lie, not how they look");
    case ReferenceRole::everything:
        return ReferenceListModel::tr("All blocks, all steps, as trained");
    case ReferenceRole::scene:
        return ReferenceListModel::tr("The surroundings; early steps, then the words go on");
    }
    return {};
}

RoleNumbers roleNumbers(ReferenceRole role, const BlockNames& blocks) {
    RoleNumbers numbers;
    const nlohmann::json* layout = layoutFor(blocks);
    const std::string key = roleKey(role).toStdString();
    if (role == ReferenceRole::everything || !layout || !layout->at("roles").contains(key)) {
        return numbers;
    }
    const nlohmann::json& preset = layout->at("roles").at(key);
    numbers.range_start = preset.at("range").at(0).get<double>();
    numbers.range_end = preset.at("range").at(1).get<double>();
    const auto given = preset.at("blocks").get<std::map<std::string, double>>();
    for (const std::string& block : blocks) {
        const double factor = longest(given, block, preset.at("others").get<double>());
        if (factor != 1) {
            numbers.block_scales[block] = factor;
        }
    }
    return numbers;
}

double blockFactor(const std::map<std::string, double>& block_scales, const std::string& block) {
    return longest(block_scales, block, 1);
}

std::map<std::string, double> spelledOut(const std::map<std::string, double>& block_scales,
                                         const BlockNames& blocks) {
    if (blocks.empty()) {
        return block_scales;
    }
    std::map<std::string, double> result;
    for (const std::string& block : blocks) {
        const double factor = blockFactor(block_scales, block);
        if (factor != 1) {
            result[block] = factor;
        }
    }
    return result;
}

} // namespace likeness
