#include "core/model_library/find_named.h"
#include "core/model_library/model_folders.h"
#include "core/model_library/pairing.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensor_file.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

LibraryEntry encoder(const fs::path& path, const std::string& kind) {
    return {.path = path, .kind = ModelKind::image_encoder, .encoder = kind};
}

LibraryEntry adapter(const fs::path& path, const std::string& reads) {
    return {.path = path, .kind = ModelKind::ip_adapter, .family = "sd15", .encoder = reads};
}

} // namespace

// What goes with what, the person's folders, and names in place of paths.
class TestModelLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void adaptersNameTheirEncoder();
    void othersNameTheirFamily();
    void theSameContentIsSeen();
    void wordsFind();
    void entriesAreWrittenAndRead();
    void foldersAreKept();
    void foldersComeFromEverywhereOnce();
    void namesFindFiles();
    void aNameOfTwoFilesIsRefused();

private:
    TempFolder home_;
};

void TestModelLibrary::initTestCase() {
    qputenv("XDG_CONFIG_HOME", (home_ / "config").c_str());
    qputenv("XDG_CACHE_HOME", (home_ / "cache").c_str());
    qputenv("XDG_DATA_HOME", (home_ / "data").c_str());
    qputenv("LIKENESS_RESOURCES", (home_ / "resources").c_str());
    qunsetenv("LIKENESS_MODEL_PATHS");
}

void TestModelLibrary::adaptersNameTheirEncoder() {
    const std::vector<LibraryEntry> all{encoder("/m/far/image_encoder", "ViT-H/14"),
                                        encoder("/m/ip/sdxl/image_encoder", "ViT-bigG/14"),
                                        encoder("/m/ip/sd/image_encoder", "ViT-H/14")};
    const Pairing pairing = pairing_of(adapter("/m/ip/sd/plus.safetensors", "ViT-H/14"), all);
    QCOMPARE(pairing.encoder, fs::path("/m/ip/sd/image_encoder"));
    QCOMPARE(pairing.words.text(),
             std::string("for SD 1.5; needs ViT-H/14: found at \"/m/ip/sd/image_encoder\""));
    const Pairing missing = pairing_of(adapter("/m/a.safetensors", "ViT-L/14"), all);
    QVERIFY(missing.encoder.empty());
    QCOMPARE(missing.words.text(), std::string("for SD 1.5; needs ViT-L/14, which was not found"));
    std::vector<LibraryEntry> with_model = all;
    with_model.push_back({.path = "/m/model", .kind = ModelKind::model, .encoder = "ViT-L/14"});
    QCOMPARE(pairing_of(adapter("/m/a.safetensors", "ViT-L/14"), with_model).words.text(),
             std::string("for SD 1.5; needs ViT-L/14, which a model here brings"));
    std::vector<LibraryEntry> damaged{encoder("/m/image_encoder", "ViT-H/14")};
    damaged.front().problem = message("it is cut off");
    QVERIFY(pairing_of(adapter("/m/a.safetensors", "ViT-H/14"), damaged).encoder.empty());
}

void TestModelLibrary::othersNameTheirFamily() {
    const auto words = [](const LibraryEntry& entry) { return pairing_of(entry, {}).words.text(); };
    QCOMPARE(words({.kind = ModelKind::lora, .family = "sdxl"}), std::string("for SDXL"));
    QCOMPARE(words({.kind = ModelKind::lora}), std::string());
    QCOMPARE(words({.kind = ModelKind::vae, .family = "sd15"}), std::string("for SD 1.5 and SD 2"));
    QCOMPARE(words({.kind = ModelKind::taesd, .family = "sdxl"}), std::string("for SDXL"));
    QCOMPARE(words({.kind = ModelKind::image_encoder, .encoder = "ViT-H/14"}),
             std::string("for adapters that read ViT-H/14"));
    QCOMPARE(words({.kind = ModelKind::model, .family = "sd15"}), std::string());
}

void TestModelLibrary::theSameContentIsSeen() {
    const std::vector<LibraryEntry> all{{.path = "/a", .sha256 = "1"},
                                        {.path = "/b", .sha256 = "1"},
                                        {.path = "/c"},
                                        {.path = "/d"}};
    QCOMPARE(same_content(all[0], all).size(), 1U);
    QCOMPARE(same_content(all[0], all).front()->path, fs::path("/b"));
    QVERIFY(same_content(all[2], all).empty()); // not hashed yet
}

void TestModelLibrary::wordsFind() {
    const LibraryEntry entry{.path = "/m/Pixel_Art_v2.safetensors",
                             .name = "Pixel_Art_v2",
                             .kind = ModelKind::lora,
                             .family = "sdxl",
                             .triggers = {"pxl style"}};
    QVERIFY(matches(entry, ""));
    QVERIFY(matches(entry, "pixel SDXL"));
    QVERIFY(matches(entry, "lora pxl"));
    QVERIFY(!matches(entry, "pixel sd15"));
}

void TestModelLibrary::entriesAreWrittenAndRead() {
    const LibraryEntry entry{.path = "/m/a",
                             .content = "/m/a/model.safetensors",
                             .name = "a",
                             .kind = ModelKind::model,
                             .family = "sd15",
                             .layout = "diffusers",
                             .variant = "fp16",
                             .words = "a model",
                             .bytes = 12,
                             .encoder = "ViT-H/14",
                             .ip_adapters = {"plus"},
                             .default_ip_adapter = "plus",
                             .triggers = {"sks"},
                             .licence = "mit",
                             .sha256 = "00",
                             .problem = verbatim("it is cut off")};
    QCOMPARE(library_entry_from_json(to_json(entry)), entry);
    for (const char* kind : {"model", "ip_adapter", "image_encoder", "vae", "taesd", "lora",
                             "textual_inversion", "pickle", "other"}) {
        QCOMPARE(std::string(to_string(*model_kind_from_string(kind))), std::string(kind));
    }
    QVERIFY(!model_kind_from_string("checkpoint"));
}

void TestModelLibrary::foldersAreKept() {
    const fs::path file = home_ / "own/folders.json";
    QVERIFY(load_model_folders(file).empty());
    save_model_folders(file, std::vector<fs::path>{"/a", "/b \"c\""});
    QCOMPARE(load_model_folders(file), (std::vector<fs::path>{"/a", "/b \"c\""}));
    for (const char* text : {"", "{", "[]", "{\"folders\": 4}", "{\"folders\": [1, {}]}"}) {
        std::ofstream(file, std::ios::trunc) << text;
        QVERIFY(load_model_folders(file).empty());
    }
}

void TestModelLibrary::foldersComeFromEverywhereOnce() {
    fs::create_directories(home_ / "data/likeness/models");
    save_model_folders(model_folders_file(), std::vector<fs::path>{"/listed", "/both"});
    qputenv("LIKENESS_MODEL_PATHS", "/both::/environment");
    QCOMPARE(all_model_folders(std::vector<fs::path>{"/more", "/listed"}),
             (std::vector<fs::path>{home_ / "data/likeness/models", "/listed", "/both",
                                    "/environment", "/more"}));
    qunsetenv("LIKENESS_MODEL_PATHS");
    fs::remove(model_folders_file());
}

void TestModelLibrary::namesFindFiles() {
    const TempFolder folder;
    write_tensor_file(folder / "loras/pixel.safetensors", lora_shapes(768));
    write_tensor_file(folder / "ip/pixel.safetensors", adapter_shapes());
    write_tensor_file(folder / "loras/v1.5.safetensors", lora_shapes(768));
    const std::vector folders{folder.path()};
    const auto find = [&](const std::string& name, ModelKind kind) {
        return find_named(name, kind, folders);
    };
    QCOMPARE(find("pixel", ModelKind::lora), folder / "loras/pixel.safetensors");
    QCOMPARE(find("pixel.safetensors", ModelKind::ip_adapter), folder / "ip/pixel.safetensors");
    QCOMPARE(find("loras/pixel", ModelKind::lora), folder / "loras/pixel.safetensors");
    QCOMPARE(find("v1.5", ModelKind::lora), folder / "loras/v1.5.safetensors");
    for (const char* name : {"ip/pixel", "pix", "v1", "", "..", "/pixel", "loras/../loras/pixel"}) {
        QVERIFY2(!find(name, ModelKind::lora), name);
    }
    std::ofstream(folder / "old.pt", std::ios::binary).write("\x80\x02}q\0.", 6);
    QCOMPARE(find("old", ModelKind::vae), folder / "old.pt"); // what it is, using it tells
}

void TestModelLibrary::aNameOfTwoFilesIsRefused() {
    const TempFolder folder;
    write_tensor_file(folder / "a/pixel.safetensors", lora_shapes(768));
    write_tensor_file(folder / "b/pixel.safetensors", lora_shapes(2048));
    const std::vector folders{folder.path()};
    const auto error = error_of([&] { find_named("pixel", ModelKind::lora, folders); });
    QVERIFY(error);
    QCOMPARE(error->code, ErrorCode::bad_request);
    for (const char* part : {"2 files", "a/pixel.safetensors", "b/pixel.safetensors"}) {
        QVERIFY2(std::string(error->what()).find(part) != std::string::npos, error->what());
    }
    QCOMPARE(find_named("b/pixel", ModelKind::lora, folders), folder / "b/pixel.safetensors");
}

QTEST_APPLESS_MAIN(TestModelLibrary)
#include "test_model_library.moc"
