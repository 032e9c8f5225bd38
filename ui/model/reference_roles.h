#pragma once

#include <QString>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace likeness {

// What a reference is there for. A role only sets numbers that can be seen and changed.
enum class ReferenceRole { product, style, composition, everything, scene };

inline constexpr ReferenceRole kReferenceRoles[] = {
    ReferenceRole::product, ReferenceRole::style, ReferenceRole::composition,
    ReferenceRole::everything, ReferenceRole::scene};

// As sets and tests spell it: "product".
QString roleKey(ReferenceRole role);
std::optional<ReferenceRole> roleFromKey(const QString& key);

// As the window says it, translated.
QString roleName(ReferenceRole role);
QString roleExplained(ReferenceRole role); // one line

// The numbers a role stands for.
struct RoleNumbers {
    std::map<std::string, double> block_scales{}; // of every attention that is not 1
    double range_start = 0;
    double range_end = 1;
};

using BlockNames = std::vector<std::string>; // ModelTraits::attention_blocks

// What `role` means in a model with these blocks, by resources/presets/reference_roles.json. Where
// the blocks are not known it is the range alone.
RoleNumbers roleNumbers(ReferenceRole role, const BlockNames& blocks);

// The factor of one attention: that of the longest name that covers it, 1 without one.
double blockFactor(const std::map<std::string, double>& block_scales, const std::string& block);

// Those names written out for every attention of the model, ones left out, unknown names dropped.
// With no blocks known: as it is.
std::map<std::string, double> spelledOut(const std::map<std::string, double>& block_scales,
                                         const BlockNames& blocks);

} // namespace likeness
