#include "core/pickle/byte_source.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/wording.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace likeness {

void MemoryBytes::read(std::span<std::byte> target, std::uint64_t offset) const {
    LIKENESS_CHECK(offset <= bytes_.size() && target.size() <= bytes_.size() - offset,
                   "read past the end");
    std::ranges::copy(bytes_.subspan(offset, target.size()), target.begin());
}

DescriptorBytes::DescriptorBytes(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {
    struct stat found {};

    if (::fstat(descriptor, &found) != 0 || !S_ISREG(found.st_mode)) {
        throw Error(ErrorCode::file_unreadable,
                    message("{} could not be opened: it is not a regular file.", name_));
    }
    size_ = static_cast<std::uint64_t>(found.st_size);
}

void DescriptorBytes::read(std::span<std::byte> target, std::uint64_t offset) const {
    LIKENESS_CHECK(offset <= size_ && target.size() <= size_ - offset, "read past the end");
    while (!target.empty()) {
        const ssize_t got =
            ::pread(descriptor_, target.data(), target.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            throw Error(ErrorCode::file_unreadable,
                        message("{} could not be read: {}.", name_, system_words(errno)));
        }
        if (got == 0) {
            throw Error(ErrorCode::file_changed,
                        message("{} was changed while it was read.\nWait until it is written, then "
                                "open it again.",
                                name_));
        }
        target = target.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
}

void ReadAhead::read(std::span<std::byte> target, std::uint64_t offset) {
    if (target.size() > block_ / 2) {
        source_.read(target, offset);
        return;
    }
    const bool there = offset >= begin_ && offset - begin_ <= held_.size() &&
                       target.size() <= held_.size() - static_cast<std::size_t>(offset - begin_);
    if (!there) {
        held_.resize(std::min<std::uint64_t>(block_, source_.size() - offset));
        source_.read(std::as_writable_bytes(std::span(held_)), offset);
        begin_ = offset;
    }
    std::memcpy(target.data(), held_.data() + (offset - begin_), target.size());
}

} // namespace likeness
