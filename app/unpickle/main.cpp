// likeness-unpickle: reads a pickled checkpoint that may be hostile and writes its tensors as
// safetensors. Started by the other programs (core/pickle/run_helper), never by a person:
//
//   likeness-unpickle list|convert NAME    reads descriptor 3, writes 4, answers on 5

#include "app/unpickle/confine.h"
#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/pickle/byte_source.h"
#include "core/pickle/helper_answer.h"
#include "core/pickle/to_safetensors.h"

#include <cerrno>
#include <cstdio>
#include <new>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace likeness;

// False where the disk or a limit does not take it all; errno tells why.
bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return true;
}

void write_target(std::span<const std::byte> bytes) {
    if (!write_all(kHelperTarget, bytes)) {
        throw Error(ErrorCode::write_failed,
                    message("The converted tensors could not be written: {}.\nNothing was changed "
                            "on the disk.",
                            system_words(errno)));
    }
}

std::string work(bool whole, const std::string& name) {
    const DescriptorBytes source(kHelperSource, name);
    std::vector<PickledTensor> tensors = read_pickle_file(source, name);
    const std::string start = safetensors_start_of(tensors);
    HelperAnswer answer{.bytes = start.size(), .tensors = tensors.size()};
    for (const PickledTensor& tensor : tensors) {
        answer.bytes += tensor.bytes();
    }
    write_target(std::as_bytes(std::span(start)));
    if (whole) {
        write_values(source, tensors, write_target);
    }
    return to_text(answer);
}

std::string answer(bool whole, const std::string& name) {
    try {
        return work(whole, name);
    } catch (const Error& error) {
        return to_text(error);
    } catch (const std::bad_alloc&) {
        return to_text(Error(ErrorCode::file_too_large,
                             message("{} could not be opened: reading it took more memory than any "
                                     "checkpoint needs.\nGet the .safetensors form of the same "
                                     "model.",
                                     name)));
    } catch (const std::exception& mistake) {
        return to_text(Error(ErrorCode::internal,
                             message("{} could not be opened: the converter made a mistake ({}).",
                                     name, mistake.what())));
    }
}

} // namespace

int main(int argc, char** argv) {
    struct stat source {};

    if (argc != 3 || ::fstat(kHelperSource, &source) != 0 || ::fcntl(kHelperAnswer, F_GETFD) < 0) {
        std::fputs("likeness-unpickle is started by likeness and likeness-studio; `likeness models "
                   "convert` converts a file.\n",
                   stderr);
        return 2;
    }
    if (!confine(static_cast<std::uint64_t>(source.st_size))) {
        return 1;
    }
    const std::string text = answer(std::string_view(argv[1]) == "convert", argv[2]);
    return write_all(kHelperAnswer, std::as_bytes(std::span(text))) ? 0 : 1;
}
