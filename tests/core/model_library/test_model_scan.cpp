#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/model_library/scan.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensor_file.h"

#include <QTest>

#include <algorithm>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(LIKENESS_SOURCE_DIR) / "tests/golden";

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

void copy_golden(const fs::path& from, const fs::path& to) {
    fs::create_directories(to.parent_path());
    fs::copy(kGolden / from, to, fs::copy_options::recursive);
}

Scan scan(const fs::path& folder, const ScanWatch& watch = {}) {
    EntryCache cache;
    return scan_models(std::vector{folder}, cache, watch);
}

const LibraryEntry* find(const Scan& scan, const std::string& name) {
    const auto found = std::ranges::find(scan.entries, name, &LibraryEntry::name);
    return found == scan.entries.end() ? nullptr : &*found;
}

std::string kind_of(const Scan& scan, const std::string& name) {
    const LibraryEntry* entry = find(scan, name);
    return entry == nullptr ? "not found" : to_string(entry->kind);
}

} // namespace

// Looking through folders: what is found, and what disturbs nothing.
class TestModelScan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindIsTold();
    void refinersNeedTheSecondEncoderAlone();
    void shardsAreOneFile();
    void licencesAreRead();
    void hubCachesHaveTheModelsName();
    void oneWrongFileAmongFiveHundred();
    void linksAreFollowedOnce();
    void whatIsNoFileIsPassedOver();
    void filesThatGoMeanwhile();
    void foldersThatCannotBeRead();
    void aStopIsHeard();
    void hashesAreKept();
    void filesThatChangeAreLookedAtAgain();
    void aDamagedCacheIsThrownAway();
};

void TestModelScan::everyKindIsTold() {
    const TempFolder folder;
    copy_golden("tiny_sd", folder / "sd");
    copy_golden("tiny_sd/image_encoder", folder / "encoders/image_encoder");
    copy_golden("tiny_sd/vae", folder / "vaes/soft");
    write_tensor_file(folder / "loras/pixel.safetensors", lora_shapes(768));
    write_tensor_file(folder / "loras/large.safetensors", lora_shapes(2048));
    write_tensor_file(folder / "ip/adapter.safetensors", adapter_shapes());
    write_tensor_file(folder / "ip/strange.fp16.safetensors", {{"what", {3}}, {"else", {3}}});
    copy_golden("loras/word_sdxl.safetensors", folder / "word.safetensors");
    write(folder / "old.ckpt", std::string("\x80\x02}q\0.", 6));
    write(folder / "damaged.safetensors", "not at all");
    write(folder / "notes.txt", "words");

    const Scan found = scan(folder.path());
    QCOMPARE(found.entries.size(), 10U);
    QVERIFY(found.problems.empty());
    QCOMPARE(kind_of(found, "sd"), std::string("model"));
    const LibraryEntry& model = *find(found, "sd");
    QCOMPARE(model.family, std::string("sd15"));
    QCOMPARE(model.variant, std::string("fp16"));
    QCOMPARE(model.ip_adapters, std::vector<std::string>{"ip-adapter-plain"});
    QVERIFY(model.bytes > 1000);
    QCOMPARE(kind_of(found, "encoders/image_encoder"), std::string("image_encoder"));
    QCOMPARE(find(found, "encoders/image_encoder")->path, folder / "encoders/image_encoder");
    QCOMPARE(kind_of(found, "soft"), std::string("vae"));
    QCOMPARE(kind_of(found, "pixel"), std::string("lora"));
    QCOMPARE(find(found, "pixel")->family, std::string("sd15"));
    QCOMPARE(find(found, "large")->family, std::string("sdxl"));
    QCOMPARE(kind_of(found, "adapter"), std::string("ip_adapter"));
    QCOMPARE(find(found, "adapter")->encoder, std::string("ViT-H/14"));
    QCOMPARE(kind_of(found, "word"), std::string("textual_inversion"));
    QCOMPARE(find(found, "word")->triggers, std::vector<std::string>{"word"});
    QCOMPARE(kind_of(found, "old"), std::string("pickle"));
    QCOMPARE(kind_of(found, "damaged"), std::string("other"));
    QVERIFY(!find(found, "damaged")->problem.empty());
    QVERIFY(find(found, "pixel")->problem.empty());
    QCOMPARE(kind_of(found, "strange.fp16"), std::string("other"));
}

void TestModelScan::refinersNeedTheSecondEncoderAlone() {
    const TempFolder folder;
    copy_golden("tiny_sdxl_refiner", folder / "refiner");
    for (const char* part : {"vae", "text_encoder_2", "tokenizer_2", "scheduler"}) {
        copy_golden(fs::path("tiny_sdxl") / part, folder / "refiner" / part);
    }
    const Scan found = scan(folder.path());
    QCOMPARE(kind_of(found, "refiner"), std::string("model"));
    QCOMPARE(find(found, "refiner")->family, std::string("sdxl_refiner"));
    QCOMPARE(find(found, "refiner")->problem.text(), std::string());
    fs::remove_all(folder / "refiner/text_encoder_2");
    QVERIFY(!find(scan(folder.path()), "refiner")->problem.empty());
}

void TestModelScan::shardsAreOneFile() {
    const TempFolder folder;
    TensorShapes halves[2];
    nlohmann::json map;
    for (const auto& [name, shape] : adapter_shapes()) {
        const std::size_t half = name.starts_with("image_proj") ? 0 : 1;
        halves[half][name] = shape;
        map[name] = half == 0 ? "a-00001-of-00002.safetensors" : "a-00002-of-00002.safetensors";
    }
    write_tensor_file(folder / "a-00001-of-00002.safetensors", halves[0]);
    write_tensor_file(folder / "a-00002-of-00002.safetensors", halves[1]);
    write(folder / "a.safetensors.index.json", nlohmann::json{{"weight_map", map}}.dump());
    Scan found = scan(folder.path());
    QCOMPARE(found.entries.size(), 1U);
    QCOMPARE(found.entries.front().kind, ModelKind::ip_adapter);
    QVERIFY(found.entries.front().problem.empty());
    QVERIFY(found.entries.front().bytes >
            fs::file_size(folder / "a-00001-of-00002.safetensors") +
                fs::file_size(folder / "a-00002-of-00002.safetensors"));
    map.erase("image_proj.proj.bias");
    write(folder / "a.safetensors.index.json", nlohmann::json{{"weight_map", map}}.dump());
    found = scan(folder.path());
    QVERIFY(found.entries.front().problem.text().find("image_proj.proj.bias") != std::string::npos);
}

void TestModelScan::licencesAreRead() {
    const TempFolder folder;
    write_tensor_file(folder / "a/own.safetensors", lora_shapes(768),
                      {{"modelspec.license", "CreativeML Open RAIL-M"}});
    write(folder / "b/README.md", "---\ntags:\n- lora\nlicense: openrail\n---\n# A card\n");
    write_tensor_file(folder / "b/below/card.safetensors", lora_shapes(768));
    write(folder / "c/README.md", "---\nlicense: other\nlicense_name: sdxl-licence\n---\n");
    write_tensor_file(folder / "c/named.safetensors", lora_shapes(768));
    write(folder / "d/README.md", "license: not in the head of a card\n");
    write_tensor_file(folder / "d/none.safetensors", lora_shapes(768));
    write(folder / "e/README.md", "---\nlicense: \x1b[31mred\n" + std::string(100'000, 'x'));
    write_tensor_file(folder / "e/control.safetensors", lora_shapes(768));
    const Scan found = scan(folder.path());
    QCOMPARE(find(found, "own")->licence, std::string("CreativeML Open RAIL-M"));
    QCOMPARE(find(found, "card")->licence, std::string("openrail"));
    QCOMPARE(find(found, "named")->licence, std::string("sdxl-licence"));
    QCOMPARE(find(found, "none")->licence, std::string());
    QCOMPARE(find(found, "control")->licence, std::string());
}

void TestModelScan::hubCachesHaveTheModelsName() {
    const TempFolder folder;
    const fs::path snapshot = folder / "models--someone--tiny-sd/snapshots/0123abcd";
    copy_golden("tiny_sd", snapshot);
    QCOMPARE(kind_of(scan(folder.path()), "someone/tiny-sd"), std::string("model"));
}

void TestModelScan::oneWrongFileAmongFiveHundred() {
    const TempFolder folder;
    for (int i = 0; i < 500; ++i) {
        write_tensor_file(folder / (std::to_string(1000 + i) + ".safetensors"), lora_shapes(768));
    }
    write(folder / "1250.safetensors", std::string(8, '\xff') + "{");
    const Scan found = scan(folder.path());
    QCOMPARE(found.entries.size(), 500U);
    QCOMPARE(std::ranges::count(found.entries, ModelKind::lora, &LibraryEntry::kind), 499);
    QVERIFY(!find(found, "1250")->problem.empty());
}

void TestModelScan::linksAreFollowedOnce() {
    const TempFolder folder;
    write_tensor_file(folder / "a/one.safetensors", lora_shapes(768));
    fs::create_directory_symlink(folder.path(), folder / "a/up");
    fs::create_directory_symlink(folder / "a", folder / "again");
    fs::create_symlink(folder / "a/one.safetensors", folder / "a/two.safetensors");
    fs::create_symlink(folder / "gone", folder / "a/broken.safetensors");
    fs::create_symlink("self.safetensors", folder / "self.safetensors");
    const Scan found = scan(folder.path());
    QCOMPARE(found.entries.size(), 2U); // "one", and the link of another name
    QVERIFY(found.problems.empty());
}

void TestModelScan::whatIsNoFileIsPassedOver() {
    const TempFolder folder;
    QCOMPARE(::mkfifo((folder / "pipe.safetensors").c_str(), 0600), 0);
    fs::create_directory(folder / "folder.safetensors");
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string name = (folder / "s.ckpt").string();
    QVERIFY(name.size() < sizeof address.sun_path);
    std::ranges::copy(name, address.sun_path);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QCOMPARE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    fs::create_symlink("/dev/zero", folder / "zero.safetensors");
    fs::create_symlink("/dev/zero", folder / "README.md");
    write_tensor_file(folder / "lora.safetensors", lora_shapes(768));
    write(folder / ".hidden/lora.safetensors", "x");
    const Scan found = scan(folder.path());
    ::close(socket);
    QCOMPARE(found.entries.size(), 1U);
    QVERIFY(found.problems.empty());
}

void TestModelScan::filesThatGoMeanwhile() {
    const TempFolder folder;
    for (const char* name : {"a", "b", "c/d", "e"}) {
        write_tensor_file(folder / (std::string(name) + ".safetensors"), lora_shapes(768));
    }
    const Scan found = scan(folder.path(), {.on_entry = [&](const LibraryEntry&) {
                                fs::remove(folder / "b.safetensors");
                                fs::remove_all(folder / "c");
                            }});
    QCOMPARE(found.entries.size(), 2U);
    QCOMPARE(kind_of(found, "e"), std::string("lora"));
}

void TestModelScan::foldersThatCannotBeRead() {
    const TempFolder folder;
    write_tensor_file(folder / "good.safetensors", lora_shapes(768));
    write_tensor_file(folder / "closed/lora.safetensors", lora_shapes(768));
    write_tensor_file(folder / "shut.safetensors", lora_shapes(768));
    fs::permissions(folder / "closed", fs::perms::none);
    fs::permissions(folder / "shut.safetensors", fs::perms::none);
    EntryCache cache;
    const Scan found = scan_models(std::vector{folder / "missing", folder.path()}, cache);
    fs::permissions(folder / "closed", fs::perms::owner_all);
    QVERIFY(found.problems.front().text().find("missing") != std::string::npos);
    if (::geteuid() == 0) {
        QCOMPARE(found.entries.size(), 3U); // nothing is closed to root
        return;
    }
    QCOMPARE(found.problems.size(), 2U);
    QCOMPARE(found.entries.size(), 2U);
    QVERIFY(!find(found, "shut")->problem.empty());
}

void TestModelScan::aStopIsHeard() {
    const TempFolder folder;
    for (int i = 0; i < 20; ++i) {
        write_tensor_file(folder / (std::to_string(i) + ".safetensors"), lora_shapes(768));
    }
    std::size_t entries = 0, asked = 0;
    EntryCache cache;
    const auto run = [&](const std::function<void()>& check) {
        scan_models(std::vector{folder.path()}, cache,
                    {.check = check, .on_entry = [&](const LibraryEntry&) { ++entries; }});
    };
    QVERIFY_THROWS_EXCEPTION(Cancelled, run([&] {
                                 ++asked;
                                 if (entries == 3) {
                                     throw Cancelled{};
                                 }
                             }));
    QCOMPARE(entries, 3U);
    QVERIFY(asked > 20); // for every name in the folder too
    LibraryEntry large{.content = folder / "large.safetensors"};
    write_tensor_file(large.content, {{"values", {64, 1 << 20}}});
    asked = 0;
    QVERIFY_THROWS_EXCEPTION(Cancelled, content_hash(large, cache, [&] {
                                 if (++asked == 2) {
                                     throw Cancelled{};
                                 }
                             }));
}

void TestModelScan::hashesAreKept() {
    const TempFolder folder;
    const fs::path file = write_tensor_file(folder / "m/a.safetensors", lora_shapes(768));
    const std::string hash = sha256(read_file(file, 1U << 20U));
    const fs::path kept = folder / "cache/library.json";
    {
        EntryCache cache(kept);
        const Scan found = scan_models(std::vector{folder / "m"}, cache);
        QCOMPARE(found.entries.front().sha256, std::string());
        QCOMPARE(content_hash(found.entries.front(), cache), hash);
        cache.save();
    }
    EntryCache cache(kept);
    const Scan found = scan_models(std::vector{folder / "m"}, cache);
    QCOMPARE(found.entries.front().sha256, hash);
    QCOMPARE(found.entries.front().family, std::string("sd15"));
    int read = 0;
    QCOMPARE(content_hash(found.entries.front(), cache, [&] { ++read; }), hash);
    QCOMPARE(read, 0); // not read again
}

void TestModelScan::filesThatChangeAreLookedAtAgain() {
    const TempFolder folder;
    const fs::path file = write_tensor_file(folder / "m/a.safetensors", lora_shapes(768));
    EntryCache cache(folder / "library.json");
    Scan found = scan_models(std::vector{folder / "m"}, cache);
    QVERIFY(!content_hash(found.entries.front(), cache).empty());
    const auto time = fs::last_write_time(file);
    write_tensor_file(file, lora_shapes(2048));
    fs::last_write_time(file, time); // the size alone tells it
    found = scan_models(std::vector{folder / "m"}, cache);
    QCOMPARE(found.entries.front().family, std::string("sdxl"));
    QCOMPARE(found.entries.front().sha256, std::string());
    const std::string before = content_hash(found.entries.front(), cache);
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(-1, std::ios::end)
        << 'x'; // the time alone tells this
    fs::last_write_time(file, time + std::chrono::seconds(2));
    found = scan_models(std::vector{folder / "m"}, cache);
    QVERIFY(content_hash(found.entries.front(), cache) != before);
}

void TestModelScan::aDamagedCacheIsThrownAway() {
    const TempFolder folder;
    write_tensor_file(folder / "m/a.safetensors", lora_shapes(768));
    for (
        const char* text :
        {"", "{", "[]", R"({"version": 99, "files": {}})", R"({"version": 1, "files": 5})",
         R"({"version": 1, "files": {"/a": {"bytes": "x", "modified": 1}}})",
         R"({"version": 1, "files": {"/a": {"bytes": 1, "modified": 1, "entry": {"kind": 4}}}})"}) {
        write(folder / "library.json", text);
        EntryCache cache(folder / "library.json");
        QCOMPARE(scan_models(std::vector{folder / "m"}, cache).entries.size(), 1U);
        EntryCache again(folder / "library.json");
        QVERIFY(again.entry(folder / "m/a.safetensors", *mark_of(folder / "m/a.safetensors")));
    }
}

QTEST_APPLESS_MAIN(TestModelScan)
#include "test_model_scan.moc"
