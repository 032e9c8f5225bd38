#pragma once

#include "core/base/error.h"

#include <string>

namespace likeness {

// Why a pickle is not opened, and what can be done instead.
[[noreturn]] void refuse_pickle(ErrorCode code, const std::string& file, const Message& why,
                                const Message& what_now);
[[noreturn]] void damaged_pickle(const std::string& file, const Message& why);
[[noreturn]] void unsupported_pickle(const std::string& file, const Message& why);
[[noreturn]] void too_large_pickle(const std::string& file, const Message& why);

} // namespace likeness
