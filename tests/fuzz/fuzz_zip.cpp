#include "core/pickle/zip_directory.h"
#include "tests/fuzz/fuzz.h"

// Members lie within the archive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const MemoryBytes source(std::as_bytes(std::span(bytes, size)));
    fuzz::values_or_refusal([&] {
        for (const auto& [name, member] : read_zip_directory(source, "model.pt")) {
            fuzz::expect(member.begin <= size && member.size <= size - member.begin);
        }
    });
    return 0;
}
