#pragma once

#include "app/patient_threads.h"

#include <array>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

namespace likeness {

// The program of that name beside this one; `in_build` for a loader that was given our program as
// its argument.
inline std::filesystem::path program_beside(const char* name, const char* in_build) {
    std::error_code ignored;
    const auto beside =
        std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name;
    return std::filesystem::exists(beside, ignored) ? beside : std::filesystem::path(in_build);
}

// Turns this process into that program, with the wish for patient threads in its environment, or
// it would start itself once more for it. Returns only where that fails, with the reason in errno.
inline void become(const std::filesystem::path& program, char** argv) {
    static auto wish = std::to_array(kPatientThreads);
    if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("GOMP_SPINCOUNT") == nullptr) {
        ::putenv(wish.data());
    }
    ::execv(program.c_str(), argv);
}

} // namespace likeness
