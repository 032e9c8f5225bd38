#pragma once

#include "core/request/generation_request.h"

#include <string>
#include <string_view>

namespace likeness {

// The request as JSON text, keys as in spec/cli.md and style.md 4, in a fixed order. Pixels are not
// in it: a reference is written as {"path", "sha256" when known, "ip_adapter_scale", ...}. request
// -> JSON -> request -> JSON is the same text.
std::string to_json(const GenerationRequest& request);

// Reads what to_json wrote, and hand-written files: a missing key means the default; an unknown
// key, a wrong type or a number out of its type's range throws Error{bad_request} naming every such
// key. Nested deeper than 16: refused.
GenerationRequest request_from_json(std::string_view text);

const char* to_string(PromptSyntax syntax);
std::optional<PromptSyntax> syntax_from_string(std::string_view name);
const char* to_string(CombineMode mode);
std::optional<CombineMode> combine_from_string(std::string_view name);

const char* to_string(InputFit fit);
std::optional<InputFit> input_fit_from_string(std::string_view name);

const char* to_string(EncoderFit fit);
std::optional<EncoderFit> fit_from_string(std::string_view name);

} // namespace likeness
