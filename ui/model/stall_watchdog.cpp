#include "ui/model/stall_watchdog.h"

#include <algorithm>

namespace likeness {

namespace {

constexpr int kBeatMs = 2;

} // namespace

StallWatchdog::StallWatchdog(QObject* parent) : QObject(parent) {
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(kBeatMs);
    connect(&timer_, &QTimer::timeout, this, &StallWatchdog::beat);
}

void StallWatchdog::start() {
    longest_ = 0;
    clock_.start();
    timer_.start();
}

void StallWatchdog::beat() {
    const double since = static_cast<double>(clock_.nsecsElapsed()) / 1e6;
    longest_ = std::max(longest_, since - kBeatMs);
    clock_.start();
}

} // namespace likeness
