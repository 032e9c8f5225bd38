#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace likeness {

// A mistake of ours: a broken promise between two parts of the program. Never thrown for bad input.
struct CheckFailed : std::logic_error {
    using std::logic_error::logic_error;
};

template <typename... Parts>
[[noreturn]] void fail_check(const char* condition, const char* file, int line,
                             const Parts&... parts) {
    std::ostringstream text;
    text << "check failed: " << condition << " (" << file << ':' << line << ')';
    if constexpr (sizeof...(parts) > 0) {
        text << ": ";
        (text << ... << parts);
    }
    throw CheckFailed(text.str());
}

} // namespace likeness

// On in release too, at module boundaries: LIKENESS_CHECK(cond, "shapes: ", a.sizes()).
#define LIKENESS_CHECK(condition, ...)                                                             \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ::likeness::fail_check(#condition, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__);     \
        }                                                                                          \
    } while (false)
