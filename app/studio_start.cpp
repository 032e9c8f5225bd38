// likeness-studio: becomes likeness-studio-window, with what libgomp wants to find in the
// environment (patient_threads.cpp). The window's program alone would have to start itself once
// more for it, after its 280 libraries were loaded: a sixth of a second.
#include "app/patient_threads.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <unistd.h>

namespace {

namespace fs = std::filesystem;

// Beside this program; in the build folder for a loader that was given it as its argument.
fs::path window_program() {
    std::error_code ignored;
    const fs::path beside =
        fs::read_symlink("/proc/self/exe", ignored).parent_path() / "likeness-studio-window";
    return fs::exists(beside, ignored) ? beside : fs::path(LIKENESS_WINDOW_IN_BUILD);
}

} // namespace

int main(int /*argc*/, char** argv) {
    static auto wish = std::to_array(likeness::kPatientThreads);
    if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("GOMP_SPINCOUNT") == nullptr) {
        ::putenv(wish.data());
    }
    const fs::path path = window_program();
    ::execv(path.c_str(), argv);
    std::fprintf(stderr,
                 "likeness-studio: %s could not be started: %s. Install the program again.\n",
                 path.c_str(), std::strerror(errno));
    return 1;
}
