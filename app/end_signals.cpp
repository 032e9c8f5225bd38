#include "app/end_signals.h"

#include <QSocketNotifier>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace likeness {

namespace {

constexpr int kEndSignals[] = {SIGTERM, SIGHUP, SIGINT};

// A handler may do little more than write to a pipe, and knows nothing but what is global.
int signal_pipe[2] = {-1, -1};

void onSignal(int /*number*/) {
    const int before = errno;
    const char byte = 1;
    [[maybe_unused]] const ssize_t wrote = ::write(signal_pipe[1], &byte, 1);
    errno = before;
}

void setHandler(void (*handler)(int)) {
    struct sigaction action {};

    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    for (const int number : kEndSignals) {
        ::sigaction(number, &action, nullptr);
    }
}

} // namespace

EndSignals::EndSignals(QObject* parent) : QObject(parent) {
    if (::pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return;
    }
    auto* notifier = new QSocketNotifier(signal_pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char bytes[16];
        while (::read(signal_pipe[0], bytes, sizeof bytes) > 0) {
        }
        Q_EMIT asked();
    });
    setHandler(onSignal);
}

EndSignals::~EndSignals() {
    setHandler(SIG_DFL);
    for (int& end : signal_pipe) {
        if (end >= 0) {
            ::close(end);
            end = -1;
        }
    }
}

} // namespace likeness
