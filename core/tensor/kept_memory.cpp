#include "core/tensor/kept_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <new>

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <sys/mman.h>

namespace likeness {

namespace {

constexpr std::size_t kLarge = std::size_t{1} << 20; // smaller ones are malloc's business
constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePages = std::size_t{4} << 20; // blocks of this size ask for them

class KeptMemory final : public c10::Allocator {
public:
    // Never destroyed: tensors of static life may be freed after everything else.
    static KeptMemory& instance() {
        static auto* const memory = new KeptMemory;
        return *memory;
    }

    c10::DataPtr allocate(std::size_t bytes) override {
        if (bytes < kLarge) {
            void* const small = c10::alloc_cpu(bytes);
            return {small, small, &c10::free_cpu, c10::Device(c10::DeviceType::CPU)};
        }
        void* const large = take(bytes);
        return {large, large, &free_large, c10::Device(c10::DeviceType::CPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &free_any; }

    void copy_data(void* to, const void* from, std::size_t bytes) const override {
        default_copy_data(to, from, bytes);
    }

    void set_limit(std::uint64_t most_bytes) {
        const std::scoped_lock lock(mutex_);
        limit_ = most_bytes;
        shrink_to(limit_);
        ceiling_ = used_bytes_ + limit_;
    }

    void release() {
        const std::scoped_lock lock(mutex_);
        shrink_to(0);
        ceiling_ = used_bytes_ + limit_;
    }

    std::uint64_t kept_bytes() {
        const std::scoped_lock lock(mutex_);
        return kept_bytes_;
    }

private:
    struct Block {
        void* at;
        std::size_t bytes;
    };

    static void free_large(void* at) { instance().give(at); }

    static void free_any(void* at) {
        if (!instance().give(at)) {
            c10::free_cpu(at);
        }
    }

    void* take(std::size_t wanted) {
        const std::size_t bytes = (wanted + kPage - 1) / kPage * kPage;
        const std::scoped_lock lock(mutex_);
        auto best = kept_.end();
        for (auto block = kept_.begin(); block != kept_.end(); ++block) {
            const bool fits = block->bytes >= bytes && block->bytes <= bytes + bytes / 4;
            if (fits && (best == kept_.end() || block->bytes < best->bytes)) {
                best = block;
            }
        }
        if (best != kept_.end()) {
            const Block block = *best;
            kept_.erase(best);
            kept_bytes_ -= block.bytes;
            used_bytes_ += block.bytes;
            sizes_.emplace(block.at, block.bytes);
            return block.at;
        }
        // What is kept makes room for what is used before the two together reach a new height.
        const std::uint64_t used = used_bytes_ + bytes;
        shrink_to(ceiling_ > used ? ceiling_ - used : 0);
        void* at = map(bytes);
        if (at == MAP_FAILED) {
            shrink_to(0);
            at = map(bytes);
        }
        TORCH_CHECK_WITH(OutOfMemoryError, at != MAP_FAILED,
                         "can't allocate memory: you tried to allocate ", bytes, " bytes");
        sizes_.emplace(at, bytes);
        used_bytes_ += bytes;
        return at;
    }

    static void* map(std::size_t bytes) {
        void* const at =
            ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at != MAP_FAILED && bytes >= kHugePages) {
            ::madvise(at, bytes, MADV_HUGEPAGE); // a wish; without them it works as well
        }
        return at;
    }

    // False where it is none of ours.
    bool give(void* at) {
        const std::scoped_lock lock(mutex_);
        const auto found = sizes_.find(at);
        if (found == sizes_.end()) {
            return false;
        }
        kept_.push_back({at, found->second});
        kept_bytes_ += found->second;
        used_bytes_ -= found->second;
        sizes_.erase(found);
        shrink_to(limit_);
        return true;
    }

    // The longest unused go first.
    void shrink_to(std::uint64_t bytes) {
        while (kept_bytes_ > bytes) {
            const Block block = kept_.front();
            kept_.pop_front();
            kept_bytes_ -= block.bytes;
            ::munmap(block.at, block.bytes);
        }
    }

    std::mutex mutex_;
    std::map<void*, std::size_t> sizes_; // of the blocks in use
    std::deque<Block> kept_;
    std::uint64_t kept_bytes_ = 0, used_bytes_ = 0;
    std::uint64_t limit_ = 0;
    std::uint64_t ceiling_ = 0; // used and kept together stay below it where they can
};

} // namespace

void keep_freed_memory(std::uint64_t most_bytes) {
    KeptMemory::instance().set_limit(most_bytes);
#if !defined(__SANITIZE_ADDRESS__)
    // Over libtorch's own; whoever sets one of a higher rank is heard.
    static const bool installed = [] {
        constexpr std::uint8_t kRank = 1;
        c10::SetCPUAllocator(&KeptMemory::instance(), kRank);
        return true;
    }();
    (void)installed;
#endif
}

void release_kept_memory() {
    KeptMemory::instance().release();
#if defined(__GLIBC__)
    ::malloc_trim(0); // the small blocks, too
#endif
}

namespace {

constexpr std::size_t kHeldBack = std::size_t{64} << 20;

std::atomic<void*>& held_back() {
    static std::atomic<void*> at = nullptr;
    return at;
}

void give_held_back() {
    if (void* const at = held_back().exchange(nullptr)) {
        ::munmap(at, kHeldBack);
    } else {
        std::set_new_handler(nullptr); // nothing is left: whoever asks is told
    }
}

} // namespace

void hold_memory_back() {
    if (held_back() != nullptr) {
        return;
    }
    void* const at =
        ::mmap(nullptr, kHeldBack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED) {
        held_back() = at;
        std::set_new_handler(&give_held_back);
    }
}

std::uint64_t kept_memory_bytes() {
    return KeptMemory::instance().kept_bytes();
}

} // namespace likeness
