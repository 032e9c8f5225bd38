#include "core/runner/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// The number after a word at the start of a line, as in "MemAvailable:   1234 kB".
std::optional<std::uint64_t> number_after(const fs::path& file, const std::string& word) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream parts(line);
        std::string first;
        std::uint64_t number = 0;
        if (parts >> first >> number && first == word) {
            return number;
        }
    }
    return std::nullopt;
}

// The one number of a file; nullopt for "max", or where there is none.
std::optional<std::uint64_t> number_in(const fs::path& file) {
    std::ifstream text(file);
    std::uint64_t number = 0;
    return text >> number ? std::optional(number) : std::nullopt;
}

// The files of one kind of control group.
struct GroupFiles {
    const char* limit;
    const char* usage;
    const char* cache; // what of the usage the system takes back when it is needed
};

// What that group and those above it leave.
std::uint64_t free_in_groups(const fs::path& mount, std::string path, const GroupFiles& files) {
    std::uint64_t least = kUnlimited;
    while (true) {
        const fs::path folder = mount / fs::path(path).relative_path();
        const auto limit = number_in(folder / files.limit);
        const auto usage = number_in(folder / files.usage);
        if (limit && usage) {
            const std::uint64_t cache =
                number_after(folder / "memory.stat", files.cache).value_or(0);
            const std::uint64_t used = *usage - std::min(*usage, cache);
            least = std::min(least, *limit - std::min(*limit, used));
        }
        if (path.empty() || path == "/") {
            return least;
        }
        path = fs::path(path).parent_path().string();
    }
}

std::uint64_t free_in_all_groups(const fs::path& root) {
    constexpr GroupFiles kFirst{"memory.limit_in_bytes", "memory.usage_in_bytes",
                                "total_inactive_file"};
    constexpr GroupFiles kSecond{"memory.max", "memory.current", "inactive_file"};
    const fs::path mount = root / "sys/fs/cgroup";
    std::uint64_t least = kUnlimited;
    std::ifstream groups(root / "proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) { // "4:memory:/path", "0::/path"
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) {
            continue;
        }
        const std::string kinds = "," + line.substr(first + 1, second - first - 1) + ",";
        const std::string path = line.substr(second + 1);
        if (kinds == ",,") {
            least = std::min(least, free_in_groups(mount, path, kSecond));
        } else if (kinds.find(",memory,") != std::string::npos) {
            least = std::min(least, free_in_groups(mount / "memory", path, kFirst));
        }
    }
    return least;
}

std::uint64_t free_address_space() {
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return kUnlimited;
    }
    std::ifstream file("/proc/self/statm");
    std::uint64_t pages = 0;
    file >> pages;
    const std::uint64_t used = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return limit.rlim_cur - std::min<std::uint64_t>(limit.rlim_cur, used);
}

} // namespace

std::uint64_t peak_memory_bytes() {
    // Not getrusage(): its peak begins with that of the program that started this one.
    return number_after("/proc/self/status", "VmHWM:").value_or(0) * 1024;
}

void forget_peak_memory() {
    std::ofstream("/proc/self/clear_refs") << "5"; // proc(5): resets the peak resident size
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

std::optional<std::uint64_t> free_memory_bytes(Swap swap, const fs::path& root) {
    std::uint64_t least = free_in_all_groups(root);
    if (const auto machine = number_after(root / "proc/meminfo", "MemAvailable:")) {
        const std::uint64_t more =
            swap == Swap::counted ? number_after(root / "proc/meminfo", "SwapFree:").value_or(0)
                                  : 0;
        least = std::min(least, (*machine + more) * 1024);
    }
    least = std::min(least, free_address_space());
    return least == kUnlimited ? std::nullopt : std::optional(least);
}

} // namespace likeness
