#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace likeness {

// Parses JSON text with bounds on size and depth (16 levels); a key that stands twice in one object
// is refused. Throws Error{bad_request}.
nlohmann::json parse_json_text(std::string_view text);

} // namespace likeness
