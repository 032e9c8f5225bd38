#include "core/checkpoint/shard_index.h"
#include "tests/fuzz/fuzz.h"

// An index of shards: no name in it leaves the folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    fuzz::values_or_refusal([&] {
        for (const auto& [tensor, file] :
             parse_shard_index(fuzz::text_of(bytes, size), "model.safetensors.index.json")) {
            fuzz::expect(!file.starts_with('.') && file.find('/') == std::string::npos &&
                         std::filesystem::path(file).filename() == file);
        }
    });
    return 0;
}
