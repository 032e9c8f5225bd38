#include "core/tensor/kept_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
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
    // Free memory; neighbours are joined.
    struct Range {
        std::size_t bytes;
        std::uint64_t freed; // when last something of it was; counts up
    };

    using Ranges = std::map<std::byte*, Range>;

    static void free_large(void* at) { instance().give(at); }

    static void free_any(void* at) {
        if (!instance().give(at)) {
            c10::free_cpu(at);
        }
    }

    // The front of the smallest range that holds it.
    void* take(std::size_t wanted) {
        const std::size_t bytes = (wanted + kPage - 1) / kPage * kPage;
        const std::scoped_lock lock(mutex_);
        auto best = kept_.end();
        for (auto range = kept_.begin(); range != kept_.end(); ++range) {
            if (range->second.bytes >= bytes &&
                (best == kept_.end() || range->second.bytes < best->second.bytes)) {
                best = range;
            }
        }
        if (best != kept_.end()) {
            const auto [at, range] = *best;
            const std::size_t rest = range.bytes - bytes;
            const std::size_t taken = rest < kLarge ? range.bytes : bytes;
            kept_.erase(best);
            kept_bytes_ -= taken;
            used_bytes_ += taken;
            sizes_.emplace(at, taken);
            if (taken < range.bytes) {
                kept_.emplace(at + taken, Range{rest, range.freed});
            }
            return at;
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
        keep(static_cast<std::byte*>(at), found->second);
        used_bytes_ -= found->second;
        sizes_.erase(found);
        shrink_to(limit_);
        return true;
    }

    void keep(std::byte* at, std::size_t bytes) {
        kept_bytes_ += bytes;
        auto next = kept_.lower_bound(at);
        if (next != kept_.end() && at + bytes == next->first) {
            bytes += next->second.bytes;
            next = kept_.erase(next);
        }
        if (next != kept_.begin()) {
            const auto before = std::prev(next);
            if (before->first + before->second.bytes == at) {
                at = before->first;
                bytes += before->second.bytes;
                kept_.erase(before);
            }
        }
        kept_.emplace(at, Range{bytes, ++frees_});
    }

    // The longest unused go first, and no more than must.
    void shrink_to(std::uint64_t bytes) {
        while (kept_bytes_ > bytes) {
            const auto oldest = std::ranges::min_element(
                kept_, {}, [](const Ranges::value_type& each) { return each.second.freed; });
            auto& [at, range] = *oldest;
            const std::size_t over = (kept_bytes_ - bytes + kPage - 1) / kPage * kPage;
            const std::size_t gone = std::min<std::size_t>(range.bytes, over);
            range.bytes -= gone;
            ::munmap(at + range.bytes, gone);
            kept_bytes_ -= gone;
            if (range.bytes == 0) {
                kept_.erase(oldest);
            }
        }
    }

    std::mutex mutex_;
    std::map<void*, std::size_t> sizes_; // of what is in use
    Ranges kept_;
    std::uint64_t kept_bytes_ = 0, used_bytes_ = 0, frees_ = 0;
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
