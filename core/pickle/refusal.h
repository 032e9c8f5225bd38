#pragma once

#include "core/base/error.h"

#include <string>

namespace likeness {

// Why a pickle is not opened, and what can be done instead.
[[noreturn]] inline void refuse_pickle(ErrorCode code, const std::string& file, const Message& why,
                                       const Message& what_now) {
    throw Error(code, message("{} could not be opened: {}.\n{}", file, why, what_now));
}

[[noreturn]] inline void damaged_pickle(const std::string& file, const Message& why) {
    refuse_pickle(ErrorCode::file_damaged, file, why, message("Download the file again."));
}

[[noreturn]] inline void unsupported_pickle(const std::string& file, const Message& why) {
    refuse_pickle(ErrorCode::file_unsupported, file, why,
                  message("Get the .safetensors form of the same model."));
}

[[noreturn]] inline void too_large_pickle(const std::string& file, const Message& why) {
    refuse_pickle(ErrorCode::file_too_large, file, why,
                  message("Get the .safetensors form of the same model."));
}

} // namespace likeness
