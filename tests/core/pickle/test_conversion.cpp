#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/pickle/conversion.h"
#include "core/pickle/conversion_cache.h"
#include "tests/core/pickle/converted.h"
#include "tests/core/pickle/pickle_bytes.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <unistd.h>

using namespace likeness;
using namespace likeness::test;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::vector<std::string> files_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.is_regular_file()) {
            names.push_back(entry.path().filename().string());
        }
    }
    return names;
}

} // namespace

// The helper process and the cache, as the other programs use them.
class TestConversion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isTheSameAsInProcess_data();
    void isTheSameAsInProcess();
    void namesAreToldWithoutConverting();
    void aSecondOpeningFindsIt();
    void aChangedFileIsConvertedAnew();
    void attacksLeaveNoTrace_data();
    void attacksLeaveNoTrace();
    void theConverterIsConfined();
    void aStopLeavesNothing();
    void aFolderThatCannotBeWrittenIsTold();
    void answersThatMakeNoSenseAreErrors();

private:
    std::unique_ptr<TempFolder> folder_;
    fs::path cache_{};
};

void TestConversion::init() {
    folder_ = std::make_unique<TempFolder>();
    cache_ = folder_->path() / "likeness/converted";
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder_->path().string()));
}

void TestConversion::isTheSameAsInProcess_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"views.pth", "views_old.pth", "lightning.ckpt", "ip_adapter.bin"}) {
        QTest::newRow(name) << QString(name);
    }
}

void TestConversion::isTheSameAsInProcess() {
    QFETCH(const QString, name);
    const fs::path path = fixture_path(name.toStdString());
    const fs::path out = folder_->path() / "out.safetensors";
    const ConverterAnswer answer = convert_pickle(path, out);
    QVERIFY(bytes_of(out) == converted(bytes_of(path)));
    QCOMPARE(answer.bytes, fs::file_size(out));
    QCOMPARE(files_in(folder_->path()), std::vector<std::string>{"out.safetensors"});
}

void TestConversion::namesAreToldWithoutConverting() {
    const fs::path path = fixture_path("views.pth");
    const PickleStart start = pickle_start(path);
    const std::string whole = converted(bytes_of(path));
    QVERIFY(whole.starts_with(start.bytes));
    QCOMPARE(start.file_size, whole.size());
    const auto header = load_safetensors_header(path);
    QCOMPARE(header.tensors.at("transposed").shape, (std::vector<int64_t>{10, 6}));
    QVERIFY(!fs::exists(cache_));
}

void TestConversion::aSecondOpeningFindsIt() {
    const fs::path path = folder_->path() / "a.ckpt";
    fs::copy_file(fixture_path("lightning.ckpt"), path);
    QVERIFY(!found_conversion(path));
    const fs::path first = converted_pickle(path);
    QVERIFY(bytes_of(first) == converted(bytes_of(path)));
    QCOMPARE(first.parent_path(), cache_);
    const auto made = fs::last_write_time(first);
    QVERIFY(found_conversion(path) == first);
    QCOMPARE(converted_pickle(path), first);
    // The same content elsewhere is the same file.
    fs::copy_file(path, folder_->path() / "b.ckpt");
    QCOMPARE(converted_pickle(folder_->path() / "b.ckpt"), first);
    QVERIFY(fs::last_write_time(first) == made);
    QCOMPARE(files_in(cache_).size(), std::size_t{1});
    // Taken away, it is made again.
    fs::remove(first);
    QVERIFY(!found_conversion(path));
    QCOMPARE(converted_pickle(path), first);
    QVERIFY(fs::exists(first));
}

void TestConversion::aChangedFileIsConvertedAnew() {
    const fs::path path = folder_->path() / "a.ckpt";
    fs::copy_file(fixture_path("lightning.ckpt"), path);
    const fs::path first = converted_pickle(path);
    fs::remove(path);
    fs::copy_file(fixture_path("ip_adapter.bin"), path);
    QVERIFY(!found_conversion(path));
    const fs::path second = converted_pickle(path);
    QVERIFY(first != second);
    QVERIFY(bytes_of(second) == converted(bytes_of(path)));
}

void TestConversion::attacksLeaveNoTrace_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    const std::string command = tuple(text("touch canary"));
    row("os.system", torch_zip(pickle(global("os", "system") + command + "R")));
    row("os.system, older form", torch_old(pickle(global("os", "system") + command + "R")));
    row("eval", torch_zip(pickle(global("builtins", "eval") + command + "R")));
    row("cut", torch_zip(pickle("}")).substr(0, 50));
    row("objects without end", torch_zip(pickle(std::string(15'000'000, ']'))));
}

void TestConversion::attacksLeaveNoTrace() {
    QFETCH(const QByteArray, bytes);
    const fs::path path = folder_->path() / "evil.ckpt";
    write(path, bytes.toStdString());
    const auto before = fs::current_path();
    fs::current_path(folder_->path());
    const auto listed = error_of([&] { load_safetensors_header(path); });
    const auto opened = error_of([&] { converted_pickle(path); });
    const auto given = error_of([&] { convert_pickle(path, folder_->path() / "out.safetensors"); });
    fs::current_path(before);
    for (const auto& error : {listed, opened, given}) {
        QVERIFY(error.has_value());
        QCOMPARE(exit_status(error->code), 3);
        QVERIFY2(std::string(error->what()).find("evil.ckpt") != std::string::npos, error->what());
    }
    QCOMPARE(files_in(folder_->path()), std::vector<std::string>{"evil.ckpt"}); // and no canary
    QVERIFY(files_in(cache_).empty());
}

// The kernel holds the helper to its limits while it reads; memory stays small for a file that is
// larger than it may hold.
void TestConversion::theConverterIsConfined() {
    const fs::path path = folder_->path() / "large.ckpt";
    // 300 MB that are mostly not there, in another order than they are wanted in.
    const std::string object = pickle(dict(
        {{"a", tensor_of(storage(75'000'000), 0, numbers({8660, 8660}), numbers({1, 8660}))}}));
    write(path,
          torch_old(object, pickle("](" + text("0") + "e"), little<std::int64_t>(75'000'000)));
    fs::resize_file(path, fs::file_size(path) + 300'000'000);
    std::string status, limits;
    const ConverterAnswer answer = convert_pickle(path, folder_->path() / "out.safetensors", [&] {
        for (const auto& process : fs::directory_iterator("/proc")) {
            const std::string own = bytes_of(process.path() / "status");
            if (own.find("PPid:\t" + std::to_string(::getpid()) + "\n") != std::string::npos &&
                own.starts_with("Name:\tlikeness-unpick")) {
                status = own;
                limits = bytes_of(process.path() / "limits");
            }
        }
    });
    QCOMPARE(answer.bytes, fs::file_size(folder_->path() / "out.safetensors"));
    QVERIFY(answer.bytes > 299'000'000);
    QVERIFY2(status.find("NoNewPrivs:\t1") != std::string::npos, status.c_str());
#if !defined(__SANITIZE_ADDRESS__)
    QVERIFY2(status.find("Seccomp:\t2") != std::string::npos, status.c_str());
    const auto memory = limits.find("Max address space         268435456");
    QVERIFY2(memory != std::string::npos, limits.c_str());
#endif
    QVERIFY2(limits.find("Max core file size        0") != std::string::npos, limits.c_str());
    QVERIFY2(limits.find("Max cpu time              34") != std::string::npos, limits.c_str());
}

void TestConversion::aStopLeavesNothing() {
    const fs::path path = folder_->path() / "a.ckpt";
    fs::copy_file(fixture_path("lightning.ckpt"), path);
    bool stopped = false;
    try {
        converted_pickle(path, [] { throw Cancelled{}; });
    } catch (const Cancelled&) {
        stopped = true;
    }
    QVERIFY(stopped);
    QVERIFY(files_in(cache_).empty());
    QVERIFY(fs::exists(converted_pickle(path)));
}

void TestConversion::aFolderThatCannotBeWrittenIsTold() {
    write(folder_->path() / "file", "");
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((folder_->path() / "file").string()));
    const auto error = error_of([] { converted_pickle(fixture_path("views.pth")); });
    QVERIFY(error.has_value());
    QCOMPARE(std::string(to_string(error->code)), std::string("write_failed"));
    qunsetenv("XDG_CACHE_HOME");
    const QByteArray home = qgetenv("HOME");
    qunsetenv("HOME");
    QCOMPARE(code_of([] { converted_pickle(fixture_path("views.pth")); }),
             std::string("write_failed"));
    qputenv("HOME", home);
}

void TestConversion::answersThatMakeNoSenseAreErrors() {
    for (const char* text :
         {"", "{", "[]", "{}", "{\"bytes\":-1}", "{\"bytes\":\"x\",\"tensors\":1}",
          "{\"code\":\"nothing\",\"message\":\"x\"}", "{\"code\":\"file_damaged\"}",
          "{\"code\":\"file_damaged\",\"message\":{\"words\":1}}"}) {
        QCOMPARE(code_of([&] { answer_of(text); }), std::string("internal"));
    }
    const Error said(ErrorCode::file_refused, message("{} holds {}.", "a{}b", message("no {}", 7)));
    const auto heard = error_of([&] { answer_of(to_text(said)); });
    QCOMPARE(std::string(heard->what()), std::string(said.what()));
    QVERIFY(heard->code == said.code);
}

QTEST_GUILESS_MAIN(TestConversion)
#include "test_conversion.moc"
