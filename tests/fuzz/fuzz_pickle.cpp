#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/pickle/byte_source.h"
#include "core/pickle/to_safetensors.h"

#include <cstdlib>

// Whatever the bytes are: an Error for the file's sake, or a sound safetensors file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const MemoryBytes source(std::as_bytes(std::span(bytes, size)));
    std::string out;
    try {
        auto tensors = read_pickle_file(source, "model.ckpt");
        out = safetensors_start_of(tensors);
        write_values(source, tensors, [&](std::span<const std::byte> piece) {
            out.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        });
    } catch (const Error& error) {
        return exit_status(error.code) == 3 ? 0 : (std::abort(), 0);
    }
    parse_safetensors_header(std::as_bytes(std::span(out)), out.size(), "out");
    return 0;
}
