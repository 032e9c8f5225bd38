// Threads of libtorch that wait for each other turn in a loop for some microseconds, then sleep.
// Without a bound they turn for milliseconds, and take the core from what they wait for where
// another busy program shares it: beside six of them a picture of the starter took from 3 to 33
// seconds, now 4; alone it takes half a second with this bound, and twice that without any turning.
//
// libgomp reads the wish from the environment when it is loaded, before main() and before any code
// of ours but this: what stands in .preinit_array runs once the libraries are mapped and none has
// begun. Nothing can be added to their environment any more by then, so the program starts itself
// once more with it. Who says otherwise beforehand (GOMP_SPINCOUNT, OMP_WAIT_POLICY) is heard.

#include "app/patient_threads.h"

#include <array>
#include <string_view>

#include <unistd.h>

namespace {

// No memory is asked for this early.
std::array<char*, 4096> with_wish{};
std::array<char, 4096> program{};
std::array<char, sizeof likeness::kPatientThreads> wish = std::to_array(likeness::kPatientThreads);

void start_again_with_patient_threads(int /*argc*/, char** argv, char** environment) {
    std::size_t count = 0;
    for (; environment[count] != nullptr; ++count) {
        const std::string_view text(environment[count]);
        if (count + 2 == with_wish.size() || text.starts_with("GOMP_SPINCOUNT=") ||
            text.starts_with("OMP_WAIT_POLICY=")) {
            return;
        }
        with_wish[count] = environment[count];
    }
    with_wish[count] = wish.data();
    const auto length = ::readlink("/proc/self/exe", program.data(), program.size());
    const std::string_view path(program.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    // A loader that was given our program as its argument would take ours for its own.
    if (length > 0 && path.find("/ld-") == std::string_view::npos) {
        ::execve("/proc/self/exe", argv, with_wish.data()); // where it fails we go on as we are
    }
}

__attribute__((section(".preinit_array"),
               used)) void (*const before_all)(int, char**,
                                               char**) = start_again_with_patient_threads;

} // namespace
