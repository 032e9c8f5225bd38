#include "core/runner/out_of_memory.h"

#include "core/base/error.h"

#include <c10/util/Exception.h>

#include <new>
#include <string_view>
#include <system_error>

namespace likeness {

bool is_out_of_memory(const std::exception& error) {
    if (const auto* own = dynamic_cast<const Error*>(&error)) {
        return own->code == ErrorCode::out_of_memory;
    }
    if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
        dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
        dynamic_cast<const std::system_error*>(&error) != nullptr) {
        return true;
    }
    if (dynamic_cast<const c10::Error*>(&error) != nullptr) {
        return words_of(error).find("allocate memory") != std::string::npos;
    }
    return std::string_view(error.what()).starts_with("could not ");
}

std::string words_of(const std::exception& error) {
    const auto* libtorch = dynamic_cast<const c10::Error*>(&error);
    return libtorch != nullptr ? libtorch->what_without_backtrace() : error.what();
}

} // namespace likeness
