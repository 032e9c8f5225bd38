// likeness-unpickle: reads a pickled checkpoint that may be hostile and writes its tensors as
// safetensors. Started by the other programs (core/pickle/run_converter), never by a person:
//
//   likeness-unpickle list|convert NAME    reads descriptor 3, writes 4, answers on 5

#include "app/unpickle/confine.h"
#include "core/pickle/converter_answer.h"
#include "core/pickle/converter_task.h"

#include <cstdio>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>

int main(int argc, char** argv) {
    using namespace likeness;

    struct stat source {};

    if (argc != 3 || ::fstat(kConverterSource, &source) != 0 ||
        ::fcntl(kConverterAnswer, F_GETFD) < 0) {
        std::fputs("likeness-unpickle is started by likeness and likeness-studio; `likeness models "
                   "convert` converts a file.\n",
                   stderr);
        return 2;
    }
    if (!confine(static_cast<std::uint64_t>(source.st_size))) {
        return 1;
    }
    const std::string text = run_task(std::string_view(argv[1]) == "convert", argv[2]);
    return write_all(kConverterAnswer, text) ? 0 : 1;
}
