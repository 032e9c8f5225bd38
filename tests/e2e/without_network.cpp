// Runs a program for which no network exists: the kernel ends it, with SIGSYS, where it or a child
// of its makes a socket that could reach one, or listens on any.
//
//   without-network PROGRAM ARGUMENTS...
//   without-network --open inet|inet6|packet|unix|listen      does just that, as a control

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string_view>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

#if defined(__x86_64__)
constexpr unsigned kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = AUDIT_ARCH_AARCH64;
#endif

// The windows' own sockets (AF_UNIX) and the kernel's news of devices (AF_NETLINK) are no network.
bool forbidNetwork() {
    sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_listen, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)), // little end first
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog program{.len = sizeof(rules) / sizeof(rules[0]), .filter = rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

int openOne(std::string_view kind) {
    if (kind == "listen") {
        return ::listen(::socket(AF_UNIX, SOCK_STREAM, 0), 1) == 0 ? 0 : 1;
    }
    const int family = kind == "inet"     ? AF_INET
                       : kind == "inet6"  ? AF_INET6
                       : kind == "packet" ? AF_PACKET
                                          : AF_UNIX;
    return ::socket(family, SOCK_DGRAM, 0) >= 0 ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc < 2) {
        return 2;
    }
    if (!forbidNetwork()) {
        std::fprintf(stderr, "without-network: no filter could be set: %s\n", std::strerror(errno));
        return 125;
    }
    if (std::string_view(argv[1]) == "--open" && argc == 3) {
        return openOne(argv[2]);
    }
    ::execv(argv[1], argv + 1);
    std::fprintf(stderr, "without-network: %s: %s\n", argv[1], std::strerror(errno));
    return 126;
}
