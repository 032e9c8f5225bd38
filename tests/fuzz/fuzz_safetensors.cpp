#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"

#include <algorithm>
#include <cstdlib>

// Whatever the bytes are: an Error for the file's sake, or tensors that lie within the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const auto file = std::as_bytes(std::span(bytes, size));
    try {
        const auto start =
            safetensors_start(size, [&](std::span<std::byte> target, std::uint64_t offset) {
                std::ranges::copy(file.subspan(offset, target.size()), target.begin());
            });
        for (const auto& [name, entry] : parse_safetensors_header(start, size, "file").tensors) {
            if (entry.begin > entry.end || entry.end > size) {
                std::abort();
            }
        }
    } catch (const Error& error) {
        return exit_status(error.code) == 3 ? 0 : (std::abort(), 0);
    }
    return 0;
}
