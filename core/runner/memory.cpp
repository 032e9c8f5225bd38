#include "core/runner/memory.h"

#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace likeness {

std::uint64_t peak_memory_bytes() {
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        return 0;
    }
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024; // Linux counts in KiB
}

std::uint64_t resident_memory_bytes() {
    std::ifstream file("/proc/self/statm"); // in pages: all, resident, ...
    std::uint64_t all = 0, resident = 0;
    file >> all >> resident;
    return file ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::uint64_t total_memory_bytes() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    return pages > 0 ? static_cast<std::uint64_t>(pages) *
                           static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))
                     : 0;
}

} // namespace likeness
