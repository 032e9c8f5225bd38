#pragma once

#include <QElapsedTimer>
#include <QFile>

#include <algorithm>
#include <ctime>
#include <map>
#include <string>
#include <vector>

namespace likeness {

// What one action or one turn of the event loop took of the window's thread, in milliseconds.
struct TurnCost {
    double work = 0;   // processor time of the thread itself
    double waited = 0; // asleep: for a lock, a disk, another thread
    double wall = 0;   // all of it, and what other programs took of the processor
};

// Measures what keeps the window from answering and remembers the worst of each name. Processor
// time, because on a busy machine the clock says more about the neighbours.
class TurnMeter {
public:
    template <typename Act>
    void measure(const std::string& name, const Act& act) {
        const Stamp before = now();
        act();
        const Stamp after = now();
        TurnCost cost{.work = after.work - before.work, .wall = after.wall - before.wall};
        cost.waited = std::max(0.0, cost.wall - cost.work - (after.in_line - before.in_line));
        TurnCost& worst = worst_[name];
        worst.work = std::max(worst.work, cost.work);
        worst.waited = std::max(worst.waited, cost.waited);
        worst.wall = std::max(worst.wall, cost.wall);
    }

    // By that figure, the worst first.
    std::vector<std::pair<std::string, TurnCost>> worst(double TurnCost::*by) const {
        std::vector<std::pair<std::string, TurnCost>> all(worst_.begin(), worst_.end());
        std::ranges::sort(
            all, [by](const auto& a, const auto& b) { return a.second.*by > b.second.*by; });
        return all;
    }

private:
    struct Stamp {
        double work = 0;
        double in_line = 0; // ready, without a processor
        double wall = 0;
    };

    static double milliseconds(clockid_t clock) {
        timespec time{};
        clock_gettime(clock, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }

    static Stamp now() {
        // The kernel's count for this thread: on the processor, in line for it (nanoseconds).
        QFile file(QStringLiteral("/proc/thread-self/schedstat"));
        const QByteArray words =
            file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("0 0 0");
        return {.work = milliseconds(CLOCK_THREAD_CPUTIME_ID),
                .in_line = words.split(' ').value(1).toDouble() / 1e6,
                .wall = milliseconds(CLOCK_MONOTONIC)};
    }

    std::map<std::string, TurnCost> worst_{};
};

} // namespace likeness
