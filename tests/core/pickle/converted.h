#pragma once

#include "core/pickle/byte_source.h"
#include "core/pickle/to_safetensors.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace likeness::test {

// The whole safetensors file that stands for a pickle's bytes.
inline std::string converted(const std::string& bytes) {
    const MemoryBytes source(std::as_bytes(std::span(bytes)));
    auto tensors = read_pickle_file(source, "model.ckpt");
    std::string out = safetensors_start_of(tensors);
    write_values(source, tensors, [&](std::span<const std::byte> piece) {
        out.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    return out;
}

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// One of the files that tests/golden/make_pickle_fixtures.py wrote.
inline std::filesystem::path fixture_path(const std::string& name) {
    return std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests/golden/pickles" / name;
}

} // namespace likeness::test
