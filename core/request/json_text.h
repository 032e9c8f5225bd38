#pragma once

#include "core/base/message.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace likeness {

// Parses JSON text with bounds on size and depth (16 levels); a key that stands twice in one object
// is refused. Throws Error{bad_request}.
nlohmann::json parse_json_text(std::string_view text);

// A value as a message shows it: at most 60 bytes.
std::string shown(const nlohmann::json& value);

// Throws the Error{bad_request} of a request that cannot be read.
[[noreturn]] void refuse_json(const Message& why);

} // namespace likeness
