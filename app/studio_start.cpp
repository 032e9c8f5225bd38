// likeness-studio: becomes likeness-studio-window, with what libgomp wants to find in the
// environment (patient_threads.cpp). The window's program alone would have to start itself once
// more for it, after its 280 libraries were loaded: a sixth of a second.
#include "app/become.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

int main(int /*argc*/, char** argv) {
    const auto path = likeness::program_beside("likeness-studio-window", LIKENESS_WINDOW_IN_BUILD);
    likeness::become(path, argv);
    std::fprintf(stderr,
                 "likeness-studio: %s could not be started: %s. Install the program again.\n",
                 path.c_str(), std::strerror(errno));
    return 1;
}
