#pragma once

#include <ctime>

namespace likeness {

// That moment in this machine's time zone, for names and words. `seconds` since 1970, UTC.
inline std::tm local_time(std::time_t seconds) {
    std::tm local{};
    localtime_r(&seconds, &local);
    return local;
}

} // namespace likeness
