#pragma once

#include "core/request/generation_request.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace likeness {

// The words that stand for something in a name's template.
inline constexpr std::string_view kNameWords[] = {"{prompt}", "{seed}", "{date}", "{model}",
                                                  "{number}"};

// A file's name without its ending, from a template such as "{date} {prompt} {number}". Whatever
// the prompt says, the name is one part of a path on every system: no separators, no control
// characters, no reserved name, at most 120 bytes, never empty or hidden. `created` in milliseconds
// since 1970; `number` counts from 1.
std::string export_name(std::string_view name_template, const GenerationRequest& request,
                        std::int64_t created, int number);

} // namespace likeness
