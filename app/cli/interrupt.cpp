#include "app/cli/interrupt.h"

#include "core/base/error.h"

#include <csignal>

namespace likeness::cli {

namespace {

constexpr int kInterrupts[] = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t asked_to_stop = 0;

void ask_to_stop(int signal) {
    asked_to_stop = 1;
    // The next one, of either kind, does what it does by itself; not so of a terminal that went
    // away, which the shell and the system tell one after the other.
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    (void)signal;
}

void mask_interrupts(int how) {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int signal : kInterrupts) {
        sigaddset(&signals, signal);
    }
    ::pthread_sigmask(how, &signals, nullptr);
}

} // namespace

void hold_interrupts() {
    mask_interrupts(SIG_BLOCK);
}

void watch_for_interrupts() {
    struct sigaction action {};

    action.sa_handler = ask_to_stop;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (const int signal : kInterrupts) {
        struct sigaction before {};

        sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) { // nohup and background jobs of a shell
            sigaction(signal, &action, nullptr);
        }
    }
    mask_interrupts(SIG_UNBLOCK);
    // A limit on file sizes is then an error of write(), which is told, and no death.
    std::signal(SIGXFSZ, SIG_IGN);
    // So is a reader of the output that went away: no partial file stays behind.
    std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() {
    return asked_to_stop != 0;
}

void check_interrupted() {
    if (interrupted()) {
        throw Cancelled{};
    }
}

} // namespace likeness::cli
