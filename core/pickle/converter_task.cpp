#include "core/pickle/converter_task.h"

#include "core/base/wording.h"
#include "core/pickle/byte_source.h"
#include "core/pickle/converter_answer.h"
#include "core/pickle/refusal.h"
#include "core/pickle/to_safetensors.h"

#include <cerrno>
#include <exception>
#include <new>

#include <unistd.h>

namespace likeness {

namespace {

bool write_bytes(int descriptor, std::span<const std::byte> bytes) {
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
    if (!write_bytes(kConverterTarget, bytes)) {
        throw Error(ErrorCode::write_failed,
                    message("The converted tensors could not be written: {}.\nNothing was changed "
                            "on the disk.",
                            system_words(errno)));
    }
}

std::string work(bool whole, const std::string& name) {
    const DescriptorBytes source(kConverterSource, name);
    std::vector<PickledTensor> tensors = read_pickle_file(source, name);
    const std::string start = safetensors_start_of(tensors);
    ConverterAnswer answer{.bytes = start.size(), .tensors = tensors.size()};
    for (const PickledTensor& tensor : tensors) {
        answer.bytes += tensor.bytes();
    }
    write_target(std::as_bytes(std::span(start)));
    if (whole) {
        write_values(source, tensors, write_target);
    }
    return to_text(answer);
}

} // namespace

std::string run_task(bool whole, const std::string& name) {
    try {
        try {
            return work(whole, name);
        } catch (const std::bad_alloc&) {
            too_large_pickle(name,
                             message("reading it took more memory than any checkpoint needs"));
        }
    } catch (const Error& error) {
        return to_text(error);
    } catch (const std::exception& mistake) {
        return to_text(Error(ErrorCode::internal,
                             message("{} could not be opened: the converter made a mistake ({}).",
                                     name, mistake.what())));
    }
}

bool write_all(int descriptor, const std::string& text) {
    return write_bytes(descriptor, std::as_bytes(std::span(text)));
}

} // namespace likeness
