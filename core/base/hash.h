#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace likeness {

// SHA-256 of content that comes piece by piece.
class Sha256 {
public:
    void add(std::span<const std::byte> bytes);
    std::string hex() const; // lower case

private:
    static constexpr std::size_t kBlock = 64; // bytes

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, kBlock> rest_{}; // what makes no whole block yet
    std::uint64_t size_ = 0;
};

// SHA-256 in lower-case hex: the content hash of references and files.
std::string sha256(std::span<const std::byte> bytes);

} // namespace likeness
