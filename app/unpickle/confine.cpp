#include "app/unpickle/confine.h"

#include "core/pickle/converter_answer.h"

#include <csignal>
#include <cstddef>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace likeness {

namespace {

constexpr std::uint64_t kMemory = 256U << 20U; // address space, its own code included
constexpr std::uint64_t kSeconds = 20;         // of computing, and more for large files:
constexpr std::uint64_t kBytesPerSecond = 20U << 20U;
constexpr std::uint64_t kFreeGrowth = 256U << 20U; // of what is written over four times the file

bool limit(int resource, std::uint64_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &both) == 0;
}

#if defined(__x86_64__)
constexpr unsigned kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned kMachine = 0;
#endif

// What reading, writing and memory need. Everything else the kernel answers with "not permitted".
constexpr int kAllowed[] = {
    SYS_read,       SYS_pread64,      SYS_write,        SYS_lseek,          SYS_fstat,
    SYS_newfstatat, SYS_close,        SYS_brk,          SYS_mmap,           SYS_munmap,
    SYS_mremap,     SYS_mprotect,     SYS_madvise,      SYS_exit,           SYS_exit_group,
    SYS_futex,      SYS_rt_sigreturn, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_clock_gettime,
    SYS_getrandom,  SYS_gettid,       SYS_getpid,       SYS_tgkill};

// Best effort: where the kernel has no such filter, the other limits stand.
void filter_calls() {
    if (kMachine == 0) {
        return;
    }
    std::vector<sock_filter> rules{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    };
    for (const int call : kAllowed) {
        rules.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1));
        rules.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    constexpr unsigned kNotPermitted = 1; // EPERM
    rules.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | kNotPermitted));
    const sock_fprog program{.len = static_cast<unsigned short>(rules.size()),
                             .filter = rules.data()};
    ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

} // namespace

bool confine(std::uint64_t source_bytes) {
    ::close_range(kConverterAnswer + 1, ~0U, 0); // whatever else was left open
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGXFSZ, SIG_IGN); // too much written is an error of write()
    ::signal(SIGINT, SIG_IGN);  // the program that started us decides
    const bool narrow = limit(RLIMIT_CORE, 0) &&
                        limit(RLIMIT_CPU, kSeconds + source_bytes / kBytesPerSecond) &&
                        limit(RLIMIT_FSIZE, 4 * source_bytes + kFreeGrowth) &&
                        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return narrow; // their shadows take terabytes of addresses, and calls of their own
#else
    const bool small = limit(RLIMIT_AS, kMemory);
    filter_calls();
    return narrow && small;
#endif
}

} // namespace likeness
