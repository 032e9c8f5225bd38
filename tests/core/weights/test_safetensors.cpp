#include "core/base/error.h"
#include "core/weights/placed_source.h"
#include "core/weights/safetensors.h"
#include "tests/core/weights/file_bytes.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <QTest>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace likeness;
using namespace likeness::test;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Tensor counted(std::vector<int64_t> shape, at::ScalarType type) {
    int64_t count = 1;
    for (const int64_t size : shape) {
        count *= size;
    }
    return at::arange(count, at::kLong).to(type).reshape(shape);
}

// What make_safetensors_fixture.py gives the reference writer.
TensorMap reference_tensors() {
    return {{"z.half", counted({2, 3}, at::kHalf)},
            {"a.half", counted({3}, at::kHalf)},
            {"bf16", counted({2, 2}, at::kBFloat16)},
            {"float", counted({5}, at::kFloat)},
            {"double", counted({1}, at::kDouble)},
            {"long", counted({2}, at::kLong)},
            {"int", counted({3}, at::kInt)},
            {"short", counted({1}, at::kShort)},
            {"byte", counted({7}, at::kByte)},
            {"char", counted({2}, at::kChar)},
            {"bool", counted({2}, at::kBool)},
            {"f8 e4m3", counted({3}, at::kFloat8_e4m3fn)},
            {"f8 e5m2", counted({2}, at::kFloat8_e5m2)},
            {"scalar", at::full({}, 2.5, at::kFloat)},
            {"empty", at::empty({0, 4}, at::kFloat)},
            {"naïve \"名\"\\", counted({1}, at::kFloat)}};
}

const std::string kTwoFloats = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

// Two shards and their index, in that folder.
void write_shards(const TempFolder& folder, const std::string& weight_map) {
    write_bytes(folder / "m-1.safetensors",
                file_bytes("{\"a\":" + kTwoFloats + "}", std::string(8, '\0')));
    write_bytes(folder / "m-2.safetensors",
                file_bytes("{\"b\":" + kTwoFloats + "}", std::string(8, '\0')));
    write_bytes(folder / "m.safetensors.index.json",
                R"({"metadata":{"total_size":16.0,"more":{"x":[1,null]}},"weight_map":)" +
                    weight_map + "}");
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesTheReferencesBytes();
    void readsWhatTheReferenceWrote();
    void viewsAreWrittenAsTheyLook();
    void metadataIsKept();
    void shardsAreOneFile();
    void badIndexIsRefused_data();
    void badIndexIsRefused();
    void whatIsNoFileIsTold();
    void changesWhileOpenAreNoticed_data();
    void changesWhileOpenAreNoticed();
    void largeTensorsAreReadInPieces();
    void failedWriteKeepsTheOldFile();
};

void TestSafetensors::writesTheReferencesBytes() {
    const TempFolder folder;
    save_safetensors(folder / "ours.safetensors", reference_tensors(), {{"format", "pt"}});
    const std::string expected = bytes_of(std::filesystem::path(LIKENESS_SOURCE_DIR) /
                                          "tests/golden/safetensors_reference.safetensors");
    QVERIFY(!expected.empty());
    QCOMPARE(QByteArray::fromStdString(bytes_of(folder / "ours.safetensors")),
             QByteArray::fromStdString(expected));
    QCOMPARE(folder.count(), std::size_t{1});
}

void TestSafetensors::readsWhatTheReferenceWrote() {
    const auto tensors = load_safetensors(std::filesystem::path(LIKENESS_SOURCE_DIR) /
                                          "tests/golden/safetensors_reference.safetensors");
    const auto expected = reference_tensors();
    QCOMPARE(tensors.size(), expected.size());
    for (const auto& [name, tensor] : expected) {
        QVERIFY(tensors.contains(name));
        QCOMPARE(tensors.at(name).scalar_type(), tensor.scalar_type());
        COMPARE_TENSORS(tensors.at(name).to(at::kFloat), tensor.to(at::kFloat), kExact);
    }
}

void TestSafetensors::viewsAreWrittenAsTheyLook() {
    const TempFolder folder;
    const Tensor whole = counted({4, 6}, at::kFloat).set_requires_grad(true);
    save_safetensors(folder / "v.safetensors", {{"turned", whole.t()},
                                                {"part", whole.slice(1, 2, 5)},
                                                {"wide", at::ones({1}).expand({3, 2})}});
    const auto read = load_safetensors(folder / "v.safetensors");
    COMPARE_TENSORS(read.at("turned"), whole.t(), kExact);
    COMPARE_TENSORS(read.at("part"), whole.slice(1, 2, 5), kExact);
    COMPARE_TENSORS(read.at("wide"), at::ones({3, 2}), kExact);
}

void TestSafetensors::metadataIsKept() {
    const TempFolder folder;
    const std::map<std::string, std::string> metadata = {{"config", "{\"a\": [1, 2]}"},
                                                         {"é", "\n\t\"\\"}};
    save_safetensors(folder / "m.safetensors", {}, metadata);
    QVERIFY(SafetensorsFile::open(folder / "m.safetensors")->metadata() == metadata);
    QCOMPARE(bytes_of(folder / "m.safetensors").size() % 8, std::size_t{0});
}

void TestSafetensors::shardsAreOneFile() {
    const TempFolder folder;
    write_shards(folder, R"({"a":"m-1.safetensors","b":"m-2.safetensors"})");
    const auto file = SafetensorsFile::open(folder / "m.safetensors.index.json");
    QCOMPARE(file->names(), (std::vector<std::string>{"a", "b"}));
    COMPARE_TENSORS(file->take("b"), at::zeros({2}), kExact);
    QVERIFY(!file->shape("c").has_value());
    QCOMPARE(*file->shape("a"), std::vector<int64_t>{2});
}

void TestSafetensors::badIndexIsRefused_data() {
    QTest::addColumn<QString>("map");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const char* map, const char* words,
                        const char* code = "file_damaged") {
        QTest::newRow(name) << QString(map) << QString(code) << QString(words);
    };
    row("folder above", R"({"a":"../m-1.safetensors"})", "not a plain name of a .safetensors");
    row("absolute", R"({"a":"/etc/m-1.safetensors"})", "not a plain name of a .safetensors");
    row("back slash", R"({"a":"x\\m-1.safetensors"})", "not a plain name of a .safetensors");
    row("drive", R"({"a":"C:m-1.safetensors"})", "not a plain name of a .safetensors");
    row("hidden", R"({"a":".m-1.safetensors"})", "not a plain name of a .safetensors");
    row("zero byte", R"({"a":"m-1\u0000.safetensors"})", "not a plain name of a .safetensors");
    row("pickle away", R"({"a":"m-1.bin"})", "no such file", "file_missing");
    row("library", R"({"a":"m-1.so"})", "not a plain name of a .safetensors");
    row("empty name", R"({"a":""})", "not a plain name of a .safetensors");
    row("shard away", R"({"a":"m-1.safetensors","b":"m-3.safetensors"})", "no such file",
        "file_missing");
    row("wrong shard", R"({"a":"m-2.safetensors","b":"m-1.safetensors"})", "which is not so");
    row("tensor nowhere", R"({"a":"m-1.safetensors","c":"m-1.safetensors"})", "which is not so");
    row("tensor not named", R"({"b":"m-2.safetensors","a2":"m-1.safetensors"})", "which is not so");
    row("tensor twice", R"({"a":"m-1.safetensors","a":"m-1.safetensors"})", "twice");
    row("number", R"({"a":1})", "not a plain list of names");
    row("nested", R"({"a":{}})", "not a plain list of names");
    row("list", R"(["a"])", "no weight_map");
    row("empty", R"({})", "no weight_map");
    row("not JSON", R"({"a")", "not valid JSON");
}

void TestSafetensors::badIndexIsRefused() {
    QFETCH(QString, map);
    QFETCH(QString, code);
    QFETCH(QString, words);
    const TempFolder folder;
    write_shards(folder, map.toStdString());
    const auto error =
        error_of([&] { (void)SafetensorsFile::open(folder / "m.safetensors.index.json"); });
    QVERIFY(error.has_value());
    QVERIFY2(QString(error->what()).contains(words), error->what());
    QCOMPARE(QString(to_string(error->code)), code);
}

void TestSafetensors::whatIsNoFileIsTold() {
    const TempFolder folder;
    const auto open = [](const std::filesystem::path& path) {
        return code_of([&] { (void)SafetensorsFile::open(path); });
    };
    QCOMPARE(open(folder / "nothing.safetensors"), std::string("file_missing"));
    QCOMPARE(open(folder.path()), std::string("file_unreadable"));
    QCOMPARE(::mkfifo((folder / "pipe.safetensors").c_str(), 0600), 0);
    QCOMPARE(open(folder / "pipe.safetensors"),
             std::string("file_unreadable")); // and does not wait for a writer
}

void TestSafetensors::changesWhileOpenAreNoticed_data() {
    QTest::addColumn<QString>("change");
    for (const char* change : {"cut", "longer", "written again", "another in its place", "gone"}) {
        QTest::newRow(change) << QString(change);
    }
}

void TestSafetensors::changesWhileOpenAreNoticed() {
    QFETCH(QString, change);
    const TempFolder folder;
    const auto path = folder / "m.safetensors";
    const std::string bytes = file_bytes("{\"a\":" + kTwoFloats + "}", std::string(8, '\0'));
    write_bytes(path, bytes);
    const auto file = SafetensorsFile::open(path);
    QCOMPARE(code_of([&] { (void)file->take("a"); }), std::string("none"));
    if (change == "cut") {
        std::filesystem::resize_file(path, bytes.size() - 4);
    } else if (change == "longer") {
        std::filesystem::resize_file(path, bytes.size() + 4);
    } else if (change == "written again") {
        const auto before = std::filesystem::last_write_time(path);
        write_bytes(path, bytes);
        std::filesystem::last_write_time(path, before + std::chrono::milliseconds(3));
    } else if (change == "another in its place") {
        write_bytes(folder / "other", bytes);
        std::filesystem::rename(folder / "other", path);
    } else {
        std::filesystem::remove(path);
    }
    QCOMPARE(code_of([&] { (void)file->take("a"); }), std::string("file_changed"));
}

// A write that cannot be finished (no room: a limit on file sizes) leaves what was there.
void TestSafetensors::largeTensorsAreReadInPieces() {
    const TempFolder folder;
    constexpr int64_t kValues = 3 << 20; // 12 MB
    const Tensor large = at::arange(kValues, at::TensorOptions().dtype(at::kFloat));
    save_safetensors(folder / "a.safetensors", {{"large", large}, {"small", large.slice(0, 0, 9)}});
    const auto file = SafetensorsFile::open(folder / "a.safetensors");
    int looks = 0;
    const auto count = [&looks] { ++looks; };
    QVERIFY(at::equal(file->take_in_pieces("large", count), large));
    QVERIFY(looks >= 2);
    looks = 0;
    QVERIFY(at::equal(file->take_in_pieces("small", count), large.slice(0, 0, 9)));
    QCOMPARE(looks, 0);
    PlacedSource placed(file, {{"there", {.name = "large", .shape = {3, 1 << 20}}}});
    QVERIFY(at::equal(placed.take_in_pieces("there", count), large.view({3, -1})));
    QVERIFY(looks >= 2);
    const auto stop = [] { throw Cancelled{}; };
    QVERIFY_EXCEPTION_THROWN((void)file->take_in_pieces("large", stop), Cancelled);
    QVERIFY(at::equal(file->take("large"), large));
}

void TestSafetensors::failedWriteKeepsTheOldFile() {
    const TempFolder folder;
    const auto path = folder / "m.safetensors";
    save_safetensors(path, {{"a", at::ones({4})}});
    const std::string before = bytes_of(path);
    rlimit old{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit small{.rlim_cur = 4'096, .rlim_max = old.rlim_max};
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto code = code_of([&] { save_safetensors(path, {{"a", at::ones({10'000})}}); });
    ::setrlimit(RLIMIT_FSIZE, &old);
    ::signal(SIGXFSZ, handler);
    QCOMPARE(code, std::string("write_failed"));
    QCOMPARE(bytes_of(path), before);
    QCOMPARE(folder.count(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestSafetensors)
#include "test_safetensors.moc"
