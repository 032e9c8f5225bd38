#include "core/pickle/run_converter.h"

#include "core/base/wording.h"
#include "core/pickle/refusal.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = "likeness-unpickle";
constexpr int kPollMilliseconds = 100;
constexpr int kAbove = 10;    // descriptors that are handed over lie above the helper's own numbers
constexpr int kPatience = 50; // polls for a helper that has said everything and does not end

[[noreturn]] void fail_start(const Message& why) {
    throw Error(ErrorCode::internal,
                message("The converter {} could not be started: {}.\nInstall the program again.",
                        kProgram, why));
}

fs::path converter_program() {
    std::error_code ignored;
    const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / kProgram;
    for (const fs::path& path : {beside, fs::path(LIKENESS_UNPICKLE_IN_BUILD)}) {
        if (fs::is_regular_file(path, ignored)) {
            return path;
        }
    }
    fail_start(message("{} is not there", in_quotes(beside.native())));
}

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}

    ~Descriptor() { close(); }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    void close() {
        if (number_ >= 0) {
            ::close(std::exchange(number_, -1));
        }
    }

    int number() const { return number_; }

private:
    int number_;
};

int copy_above(int descriptor) {
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kAbove);
    if (copy < 0) {
        fail_start(system_words(errno));
    }
    return copy;
}

// Ended and waited for, whatever happens.
class Child {
public:
    explicit Child(pid_t process) : process_(process) {}

    ~Child() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Its status, once it has ended.
    std::optional<int> ended() {
        int status = 0;
        const pid_t found = ::waitpid(process_, &status, WNOHANG);
        if (found == 0 || (found < 0 && errno == EINTR)) {
            return std::nullopt;
        }
        process_ = -1;
        return found < 0 ? 0 : status;
    }

private:
    pid_t process_;
};

pid_t start(const ConverterJob& job, int answer) {
    const std::string program = converter_program().native();
    const Descriptor source(copy_above(job.source)), target(copy_above(job.target)),
        said(copy_above(answer));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, source.number(), kConverterSource);
    ::posix_spawn_file_actions_adddup2(&actions, target.number(), kConverterTarget);
    ::posix_spawn_file_actions_adddup2(&actions, said.number(), kConverterAnswer);
    std::string task = job.task, name = job.name, zero = kProgram;
    std::array<char*, 4> arguments{zero.data(), task.data(), name.data(), nullptr};
    pid_t process = -1;
    const int failed =
        ::posix_spawn(&process, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        fail_start(system_words(failed));
    }
    return process;
}

// Everything the helper says, until it closes its end.
std::string listen_to(int answer, const StillWanted& still_wanted) {
    std::string said;
    std::array<char, 4096> part{};
    while (true) {
        pollfd news{.fd = answer, .events = POLLIN, .revents = 0};
        const int ready = ::poll(&news, 1, kPollMilliseconds);
        if (still_wanted) {
            still_wanted();
        }
        if (ready <= 0) {
            continue;
        }
        const ssize_t got = ::read(answer, part.data(), part.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0 || said.size() > kMostAnswer) {
            return said;
        }
        said.append(part.data(), static_cast<std::size_t>(got));
    }
}

[[noreturn]] void refuse_ended(const std::string& name, int status) {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    refuse_pickle(ErrorCode::file_refused, name,
                  signal == SIGXCPU || signal == SIGKILL
                      ? message("reading it took more time or memory than any checkpoint needs")
                      : message("reading it broke the converter, which runs apart from everything "
                                "else (status {})",
                                status),
                  message("Nothing of it was run. Get the .safetensors form of the same model."));
}

} // namespace

ConverterAnswer run_converter(const ConverterJob& job, const StillWanted& still_wanted) {
    std::array<int, 2> pipe{-1, -1};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        fail_start(system_words(errno));
    }
    const Descriptor answer(pipe[0]);
    Descriptor other(pipe[1]);
    Child child(start(job, other.number()));
    other.close();
    const std::string said = listen_to(answer.number(), still_wanted);
    std::optional<int> status = child.ended();
    for (int i = 0; !status && i < kPatience; ++i) {
        ::poll(nullptr, 0, i < 10 ? 1 : kPollMilliseconds);
        status = child.ended();
    }
    if (!status || !WIFEXITED(*status) || said.empty()) {
        refuse_ended(job.name, status.value_or(0));
    }
    return answer_of(said);
}

} // namespace likeness
