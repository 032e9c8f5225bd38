#include "core/base/atomic_file.h"
#include "core/base/check.h"
#include "core/base/read_file.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace likeness;
using namespace likeness::test;

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kLimit = 1'000'000;

void put(const fs::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

void age(const fs::path& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::minutes(2));
}

// Runs `action` in a child whose files may not grow past `limit` bytes: a full disk without
// privileges. Returns the child's exit status: 0 when `action` returned true.
template <typename Action>
int in_child_with_file_limit(rlim_t limit, Action&& action) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit wanted{limit, limit};
        ::setrlimit(RLIMIT_FSIZE, &wanted);
        ::_exit(action() ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

} // namespace

class TestBaseFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWholeFiles();
    void eachFailureHasItsCode();
    void aPipeDoesNotFreeze();
    void writesAndReplaces();
    void nothingIsSeenBeforeCommit();
    void keepsModeAndLinks();
    void refusesWhatIsNoFile();
    void longNames();
    void fullDiskKeepsTheOldFile();
    void killedWriterKeepsTheOldFile();
    void sweepTakesOnlyStaleParts();
};

void TestBaseFiles::readsWholeFiles() {
    const TempFolder folder;
    for (const std::size_t size : {0, 1, 4096, 100'000}) {
        const std::string text(size, 'q');
        put(folder / "a", text);
        QCOMPARE(read_text_file(folder / "a", kLimit), text);
        QCOMPARE(read_file(folder / "a", kLimit).size(), size);
    }
    QCOMPARE(read_text_file(folder / "a", 100'000).size(), std::size_t{100'000});
}

void TestBaseFiles::eachFailureHasItsCode() {
    const TempFolder folder;
    put(folder / "a", "12345");
    const auto code = [](const fs::path& path) { return code_of([&] { read_file(path, 4); }); };
    QCOMPARE(code(folder / "a"), std::string("file_too_large"));
    QCOMPARE(code(folder / "b"), std::string("file_missing"));
    QCOMPARE(code(folder / "a/b"), std::string("file_missing"));
    QCOMPARE(code(folder.path()), std::string("file_unreadable"));
    QCOMPARE(code("/dev/zero"), std::string("file_unreadable"));
    fs::create_symlink(folder / "loop", folder / "loop");
    QCOMPARE(code(folder / "loop"), std::string("file_unreadable"));

    const auto error = error_of([&] { read_file(folder.path(), 4); });
    QVERIFY(std::string(error->what()).find("is a folder") != std::string::npos);
    const auto large = error_of([&] { read_file(folder / "a", 4); });
    QVERIFY(std::string(large->what()).find("5 bytes, at most 4 bytes") != std::string::npos);
    if (::geteuid() != 0) {
        fs::permissions(folder / "a", fs::perms::none);
        QCOMPARE(code(folder / "a"), std::string("file_unreadable"));
    }
}

void TestBaseFiles::aPipeDoesNotFreeze() {
    const TempFolder folder;
    QCOMPARE(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    const auto error = error_of([&] { read_file(folder / "pipe", kLimit); });
    QVERIFY(error.has_value());
    QVERIFY(std::string(error->what()).find("is a pipe") != std::string::npos);
}

void TestBaseFiles::writesAndReplaces() {
    const TempFolder folder;
    const fs::path path = folder / "a.txt";
    write_file_atomically(path, "first");
    QCOMPARE(read_text_file(path, kLimit), std::string("first"));
    write_file_atomically(path, "the second");
    QCOMPARE(read_text_file(path, kLimit), std::string("the second"));
    write_file_atomically(path, "");
    QCOMPARE(read_text_file(path, kLimit), std::string());
    QCOMPARE(folder.count(), std::size_t{1});
}

void TestBaseFiles::nothingIsSeenBeforeCommit() {
    const TempFolder folder;
    const std::string piece(10'000, 'p');
    {
        AtomicFile abandoned(folder / "a");
        abandoned.write(bytes_of(piece));
        QVERIFY(!fs::exists(folder / "a"));
        QCOMPARE(folder.count(), std::size_t{1});
    }
    QCOMPARE(folder.count(), std::size_t{0});

    AtomicFile file(folder / "a");
    file.write(bytes_of(piece));
    file.write(bytes_of("end"));
    file.commit();
    QCOMPARE(read_text_file(folder / "a", kLimit), piece + "end");
    QCOMPARE(folder.count(), std::size_t{1});
    QVERIFY_EXCEPTION_THROWN(file.commit(), CheckFailed);
    QVERIFY_EXCEPTION_THROWN(file.write(bytes_of(piece)), CheckFailed);
}

void TestBaseFiles::keepsModeAndLinks() {
    const TempFolder folder;
    put(folder / "private", "x");
    fs::permissions(folder / "private", fs::perms::owner_read | fs::perms::owner_write);
    write_file_atomically(folder / "private", "y");
    QCOMPARE(fs::status(folder / "private").permissions(),
             fs::perms::owner_read | fs::perms::owner_write);

    fs::create_directory(folder / "elsewhere");
    put(folder / "elsewhere/target", "old");
    fs::create_symlink("elsewhere/target", folder / "link");
    write_file_atomically(folder / "link", "new");
    QVERIFY(fs::is_symlink(folder / "link"));
    QCOMPARE(read_text_file(folder / "elsewhere/target", kLimit), std::string("new"));
}

void TestBaseFiles::refusesWhatIsNoFile() {
    const TempFolder folder;
    const auto code = [](const fs::path& path) {
        return code_of([&] { write_file_atomically(path, "x"); });
    };
    QCOMPARE(code(folder.path()), std::string("write_failed"));
    QCOMPARE(code(folder.path() / ""), std::string("write_failed"));
    QCOMPARE(code(folder / ".."), std::string("write_failed"));
    QCOMPARE(code(folder / "missing/a"), std::string("write_failed"));
    QCOMPARE(code("/dev/null"), std::string("write_failed"));
    QVERIFY(fs::is_character_file("/dev/null"));
    QCOMPARE(code(""), std::string("write_failed"));
    const auto error = error_of([&] { write_file_atomically(folder / "missing/a", "x"); });
    QVERIFY(std::string(error->what()).find("there is no folder") != std::string::npos);
    QCOMPARE(folder.count(), std::size_t{0});
}

void TestBaseFiles::longNames() {
    const TempFolder folder;
    write_file_atomically(folder / std::string(255, 'n'), "x");
    QCOMPARE(folder.count(), std::size_t{1});
    QCOMPARE(code_of([&] { write_file_atomically(folder / std::string(256, 'n'), "x"); }),
             std::string("write_failed"));
    QCOMPARE(folder.count(), std::size_t{1});
}

void TestBaseFiles::fullDiskKeepsTheOldFile() {
    const TempFolder folder;
    const fs::path path = folder / "a";
    put(path, "the old content");
    for (const rlim_t limit : {0, 1, 4096, 99'999}) {
        const int status = in_child_with_file_limit(limit, [&] {
            return code_of([&] { write_file_atomically(path, std::string(100'000, 'n')); }) ==
                   "write_failed";
        });
        QCOMPARE(status, 0);
        QCOMPARE(read_text_file(path, kLimit), std::string("the old content"));
        QCOMPARE(folder.count(), std::size_t{1});
    }
    const int status = in_child_with_file_limit(100'000, [&] {
        write_file_atomically(path, std::string(100'000, 'n'));
        return true;
    });
    QCOMPARE(status, 0);
    QCOMPARE(read_text_file(path, kLimit), std::string(100'000, 'n'));
}

void TestBaseFiles::killedWriterKeepsTheOldFile() {
    const TempFolder folder;
    put(folder / "a", "old");
    const pid_t child = ::fork();
    if (child == 0) {
        AtomicFile file(folder / "a");
        file.write(bytes_of("half of the new"));
        ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(read_text_file(folder / "a", kLimit), std::string("old"));
    QCOMPARE(folder.count(), std::size_t{2});
    QCOMPARE(remove_stale_parts(folder.path()), std::size_t{0}); // too young
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        age(entry.path());
    }
    QCOMPARE(remove_stale_parts(folder.path()), std::size_t{1});
    QCOMPARE(folder.count(), std::size_t{1});
}

void TestBaseFiles::sweepTakesOnlyStaleParts() {
    const TempFolder folder;
    const std::string stale = ".a.png.lk0123456789abcdef.part";
    const std::string others[] = {
        "a.part",
        ".a.part",
        ".a.lk0123456789abcde.part",
        ".a.lk0123456789abcdeF.part",
        "a.lk0123456789abcdef.part",
        ".lk0123456789abcdef.part",
        ".a.lk0123456789abcdef.part.png",
    };
    put(folder / stale, "x");
    for (const std::string& name : others) {
        put(folder / name, "x");
    }
    fs::create_directory(folder / ".b.lk0123456789abcdef.part");
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        age(entry.path());
    }
    const int writer = ::open((folder / stale).c_str(), O_RDONLY);
    QCOMPARE(::flock(writer, LOCK_EX), 0);
    QCOMPARE(remove_stale_parts(folder.path()), std::size_t{0});
    ::close(writer);
    QCOMPARE(remove_stale_parts(folder.path()), std::size_t{1});
    QVERIFY(!fs::exists(folder / stale));
    QCOMPARE(folder.count(), std::size(others) + 1);
    QCOMPARE(remove_stale_parts(folder / "missing"), std::size_t{0});
}

QTEST_APPLESS_MAIN(TestBaseFiles)
#include "test_base_files.moc"
