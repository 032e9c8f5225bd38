#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace likeness {

// Bytes that can be read in any order: an open file, or memory in tests.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual std::uint64_t size() const = 0;

    // Fills `target` from `offset` on; the caller has checked both against size(). Throws
    // Error{file_changed} where the bytes are no longer there.
    virtual void read(std::span<std::byte> target, std::uint64_t offset) const = 0;
};

class MemoryBytes : public ByteSource {
public:
    explicit MemoryBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::uint64_t size() const override { return bytes_.size(); }

    void read(std::span<std::byte> target, std::uint64_t offset) const override;

private:
    std::span<const std::byte> bytes_;
};

// A regular file that somebody else opened and will close.
class DescriptorBytes : public ByteSource {
public:
    // `name` is for messages. Throws Error{file_unreadable} for what is no regular file.
    DescriptorBytes(int descriptor, std::string name);

    std::uint64_t size() const override { return size_; }

    void read(std::span<std::byte> target, std::uint64_t offset) const override;

private:
    int descriptor_;
    std::string name_;
    std::uint64_t size_ = 0;
};

// The bytes [begin, begin + size) of another source, read ahead in blocks as they are asked for in
// rising order.
class ReadAhead {
public:
    explicit ReadAhead(const ByteSource& source, std::size_t block = 64U << 10U)
        : source_(source), block_(block) {}

    void read(std::span<std::byte> target, std::uint64_t offset);

private:
    const ByteSource& source_;
    std::size_t block_;
    std::string held_{};
    std::uint64_t begin_ = 0;
};

} // namespace likeness
