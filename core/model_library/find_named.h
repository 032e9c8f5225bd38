#pragma once

#include "core/model_library/entry.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace likeness {

// The one thing of that kind (of any, where none is given) and name below those folders. A name is
// a file's, with its ending or without, or a folder's; more of its path may stand before it
// ("loras/pixel"). Looked into is only what is called so. An old pickle counts as every kind.
// nullopt where there is none; throws Error{bad_request} that lists them where there are several.
std::optional<std::filesystem::path> find_named(const std::string& name,
                                                std::optional<ModelKind> kind,
                                                std::span<const std::filesystem::path> folders,
                                                const std::function<void()>& check = {});

} // namespace likeness
