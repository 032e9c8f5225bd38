#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <latch>
#include <mutex>

namespace likeness::starter {

// work(i) for begin <= i < end, on as many threads as --threads says; returns when all is done and
// passes on what one of them throws. (at::parallel_for runs on one thread in programs that are not
// compiled with OpenMP.)
inline void in_parallel(std::int64_t begin, std::int64_t end,
                        const std::function<void(std::int64_t)>& work) {
    constexpr std::int64_t kPiece = 16;
    std::atomic<std::int64_t> next{begin};
    std::exception_ptr failure;
    std::mutex mutex;
    const auto run = [&] {
        try {
            for (auto from = next.fetch_add(kPiece); from < end; from = next.fetch_add(kPiece)) {
                for (auto i = from; i < std::min(from + kPiece, end); ++i) {
                    work(i);
                }
            }
        } catch (...) {
            const std::scoped_lock lock(mutex);
            failure = std::current_exception();
            next = end;
        }
    };
    const int helpers = at::get_num_threads() - 1;
    std::latch done(helpers);
    for (int i = 0; i < helpers; ++i) {
        at::launch([&] { // on libtorch's own threads
            run();
            done.count_down();
        });
    }
    run();
    done.wait();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace likeness::starter
