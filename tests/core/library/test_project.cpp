#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/library/sitting.h"

#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <fstream>

#include <sys/stat.h>
#include <utime.h>

using namespace likeness;
namespace fs = std::filesystem;

namespace {

std::vector<std::byte> bytesOf(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
    return {bytes.begin(), bytes.end()};
}

const std::vector<std::byte> kMug = bytesOf("pixels of a mug");
const std::vector<std::byte> kResult = bytesOf("pixels of a result");

Project sample() {
    Project project{
        .request = {.prompt = "a mug \"in\" snow \xc3\xa9", .seed = 18446744073709551615ULL},
        .seed_locked = true,
        .live = true};
    project.request.references.push_back(
        {.path = "/gone/mug.png", .ip_adapter_scale = 0.85, .range_start = 0.25});
    project.cards.push_back({.name = "mug & <b>",
                             .role = "product",
                             .contents = {{"picture", sha256(kMug)}},
                             .muted = true});
    project.shown = GenerationRequest{.prompt = "earlier", .seed = 7};
    project.shown_content = sha256(kResult);
    project.training_name = "harbour-mug";
    project.training = {.pictures = {{.path = "/mugs/1.jpg", .caption = "a mug, \"blue\""}},
                        .rank = 16,
                        .network_alpha = 4.5};
    return project;
}

std::vector<std::byte> contentOf(const std::string& name) {
    return name == sha256(kMug) ? kMug : kResult;
}

template <typename Action>
std::optional<ErrorCode> codeOf(Action&& action) {
    try {
        action();
        return std::nullopt;
    } catch (const Error& error) {
        return error.code;
    }
}

void setAge(const fs::path& path, std::int64_t seconds) {
    const std::time_t then = std::time(nullptr) - seconds;
    const utimbuf times{then, then};
    QCOMPARE(::utime(path.c_str(), &times), 0);
}

std::string fileBytes(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

// Project files and sittings on disk, without a window.
class TestProject : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        root_ = folder_->path().toStdString();
    }

    void aProjectComesBackFromItsText();
    void aNewerOneIsTold();
    void everyDamagedTextIsRefused();
    void aFileHoldsItsPictures();
    void everyCutAndEveryChangedByteIsRefused();
    void contentsAreKeptOnce();
    void fiveGenerationsAreKept();
    void aDamagedGenerationIsSkipped();
    void aRunningSittingIsLeftAlone();
    void cutOffEndedAndSettledAreToldApart();
    void twoSittingsDoNotMeet();
    void theSweepKeepsTwoWeeks();

private:
    std::unique_ptr<QTemporaryDir> folder_{};
    fs::path root_{};
};

void TestProject::aProjectComesBackFromItsText() {
    Project project = sample();
    project.file = "/somewhere/mugs.likeness";
    project.unsaved = true;
    const std::string text = to_json(project);
    QVERIFY(project_from_json(text, "x") == project);
    QCOMPARE(to_json(project_from_json(text, "x")), text);
    QVERIFY(project_from_json(to_json(Project{}), "x") == Project{});
}

void TestProject::aNewerOneIsTold() {
    std::string text = to_json(sample());
    text.replace(text.find("\"likeness_project\": 1"), 21, "\"likeness_project\": 2");
    try {
        project_from_json(text, "mugs.likeness");
        QFAIL("read");
    } catch (const Error& error) {
        QCOMPARE(error.code, ErrorCode::file_unsupported);
        QVERIFY(std::string(error.what()).find("newer version") != std::string::npos);
        QVERIFY(std::string(error.what()).find("mugs.likeness") != std::string::npos);
    }
}

void TestProject::everyDamagedTextIsRefused() {
    const std::string text = to_json(sample());
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        const std::size_t at = changed.find(from);
        return at == std::string::npos ? std::string() : changed.replace(at, from.size(), to);
    };
    const std::string deep =
        "{\"likeness_project\":1,\"x\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
    const std::string texts[] = {"",
                                 "[]",
                                 "{}",
                                 "{\"likeness_project\": \"1\"}",
                                 text.substr(0, text.size() / 2),
                                 with("\"seed_locked\"", "\"seed_lock\""),
                                 with("\"live\": true", "\"live\": 1"),
                                 with("\"live\": true", "\"live\": true, \"live\": true"),
                                 with("\"picture\": \"", "\"picture\": \"../../etc/"),
                                 with("\"cards\": [", "\"cards\": [{}, "),
                                 with("\"prompt\"", "\"promt\""),
                                 with("\"shown_content\"", "\"content\""),
                                 deep};
    for (const std::string& damaged : texts) {
        QVERIFY2(damaged.size() != text.size() || damaged != text, damaged.c_str());
        QCOMPARE(codeOf([&] { project_from_json(damaged, "x"); }),
                 std::optional(ErrorCode::file_damaged));
    }
}

void TestProject::aFileHoldsItsPictures() {
    const fs::path path = root_ / "mugs.likeness";
    Project project = sample();
    project.file = "/where/it/lay";
    project.unsaved = true;
    write_project_file(path, project, contentOf);
    const std::string text = fileBytes(path);
    const std::vector<std::byte> bytes = bytesOf(text);
    const ProjectFile file = parse_project_file(bytes, "mugs.likeness");
    QVERIFY(file.project == sample()); // without where it lay
    QCOMPARE(file.contents.size(), 2U);
    QVERIFY(std::ranges::equal(file.contents.at(sha256(kMug)), kMug));
    QVERIFY(std::ranges::equal(file.contents.at(sha256(kResult)), kResult));
    // The same work gives the same file.
    write_project_file(root_ / "again.likeness", sample(), contentOf);
    QCOMPARE(fileBytes(root_ / "again.likeness"), text);
    // One that cannot be written leaves the old one.
    QVERIFY(codeOf([&] {
        write_project_file(path, project, [](const std::string&) -> std::vector<std::byte> {
            throw Error(ErrorCode::file_missing, message("gone"));
        });
    }));
    QCOMPARE(fileBytes(path), text);
}

void TestProject::everyCutAndEveryChangedByteIsRefused() {
    const fs::path path = root_ / "mugs.likeness";
    write_project_file(path, sample(), contentOf);
    const std::vector<std::byte> bytes = bytesOf(fileBytes(path));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        QVERIFY2(codeOf([&] { parse_project_file(std::span(bytes).first(size), "x"); }),
                 std::to_string(size).c_str());
    }
    std::vector<std::byte> longer = bytes;
    longer.push_back(std::byte{0});
    QCOMPARE(codeOf([&] { parse_project_file(longer, "x"); }),
             std::optional(ErrorCode::file_damaged));
    // A changed byte is refused or changes only a word of the header.
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::vector<std::byte> changed = bytes;
        changed[at] ^= std::byte{0x80};
        const auto code = codeOf([&] { parse_project_file(changed, "x"); });
        refused += code ? 1 : 0;
        const bool in_contents = at >= bytes.size() - kMug.size() - kResult.size();
        QVERIFY2(code || !in_contents, std::to_string(at).c_str());
    }
    QVERIFY(refused > bytes.size() / 2);
    QCOMPARE(codeOf([] { parse_project_file(bytesOf("\x89PNG and so on, no project"), "x"); }),
             std::optional(ErrorCode::file_unsupported));
}

void TestProject::contentsAreKeptOnce() {
    const ContentStore store = content_store(root_);
    const std::string name = store.put(kMug);
    QCOMPARE(store.put(kMug), name);
    QVERIFY(store.has(name));
    QVERIFY(store.bytes(name) == kMug);
    QVERIFY(!store.has("../contents/" + name));
    QVERIFY(!store.has(sha256(kResult)));
    std::ofstream(store.path_of(name)) << "cut"; // mended when it is put again
    QCOMPARE(store.put(kMug), name);
    QVERIFY(store.bytes(name) == kMug);
}

void TestProject::fiveGenerationsAreKept() {
    Project project;
    Sitting sitting(root_);
    QVERIFY(!sitting.is_kept());
    QVERIFY(fs::is_empty(root_)); // nothing edited, nothing written
    for (int i = 1; i <= 8; ++i) {
        project.request.prompt = std::to_string(i);
        sitting.keep(project);
    }
    int files = 0;
    for (const auto& entry : fs::directory_iterator(sitting.folder())) {
        files += entry.path().extension() == ".json" ? 1 : 0;
    }
    QCOMPARE(files, Sitting::kGenerations);
    QCOMPARE(last_kept(sitting.folder())->request.prompt, std::string("8"));
}

void TestProject::aDamagedGenerationIsSkipped() {
    Project project;
    fs::path folder;
    {
        Sitting sitting(root_);
        for (int i = 1; i <= 6; ++i) {
            project.request.prompt = std::to_string(i);
            sitting.keep(project);
        }
        folder = sitting.folder();
    }
    std::ofstream(folder / "edits-6.json") << "{\"likeness_project\": 1, ";
    std::ofstream(folder / "edits-5.json");
    QCOMPARE(last_kept(folder)->request.prompt, std::string("4"));
    for (int i = 2; i <= 6; ++i) {
        std::ofstream(folder / ("edits-" + std::to_string(i) + ".json")) << "damaged";
    }
    QVERIFY(!last_kept(folder));
}

void TestProject::aRunningSittingIsLeftAlone() {
    auto running = std::make_unique<Sitting>(root_);
    running->keep(sample());
    QVERIFY(earlier_sittings(root_).empty());
    sweep_sittings(root_, std::time(nullptr) + 100 * kKeptSeconds);
    QVERIFY(last_kept(running->folder()));
    running.reset();
    QCOMPARE(earlier_sittings(root_).size(), 1U);
}

void TestProject::cutOffEndedAndSettledAreToldApart() {
    {
        Sitting cut_off(root_);
        cut_off.keep(sample());
    }
    QVERIFY(!earlier_sittings(root_).front().ended);
    {
        Sitting ended(root_);
        ended.keep(sample());
        ended.end();
        setAge(ended.folder() / "edits-1.json", -5); // the newer one
    }
    const std::vector<EarlierSitting> found = earlier_sittings(root_);
    QCOMPARE(found.size(), 2U);
    QVERIFY(found[0].ended && !found[1].ended);
    settle_sitting(found[1].folder);
    QVERIFY(earlier_sittings(root_)[1].settled);
    Sitting never_edited(root_);
    never_edited.end();
    QCOMPARE(earlier_sittings(root_).size(), 2U);
}

void TestProject::twoSittingsDoNotMeet() {
    Sitting one(root_);
    Sitting other(root_);
    Project project;
    project.request.prompt = "one";
    one.keep(project);
    project.request.prompt = "other";
    other.keep(project);
    QVERIFY(one.folder() != other.folder());
    QCOMPARE(last_kept(one.folder())->request.prompt, std::string("one"));
    QCOMPARE(last_kept(other.folder())->request.prompt, std::string("other"));
}

void TestProject::theSweepKeepsTwoWeeks() {
    const ContentStore store = content_store(root_);
    const std::string named = store.put(kMug);
    const std::string unnamed = store.put(kResult);
    Project project = sample();
    project.shown.reset();
    fs::path folder;
    {
        Sitting sitting(root_);
        sitting.keep(project);
        folder = sitting.folder();
    }
    setAge(folder / "edits-1.json", 2 * kKeptSeconds);
    const std::int64_t now = std::time(nullptr);
    sweep_sittings(root_, now);
    QVERIFY(last_kept(folder)); // cut off long ago: it is still to be asked about
    settle_sitting(folder);
    sweep_sittings(root_, now);
    QVERIFY(store.has(unnamed)); // somebody may be about to name it
    sweep_sittings(root_, now + 13 * 24 * 3600);
    QVERIFY(last_kept(folder));
    QVERIFY(store.has(named));
    QVERIFY(!store.has(unnamed));
    sweep_sittings(root_, now + 15 * 24 * 3600);
    QVERIFY(!fs::exists(folder));
    QVERIFY(!store.has(named));
    // The one to go on with stays as long as it is not followed by another.
    {
        Sitting sitting(root_);
        sitting.keep(project);
        sitting.end();
        folder = sitting.folder();
    }
    sweep_sittings(root_, now + 1000 * kKeptSeconds);
    QVERIFY(last_kept(folder));
}

QTEST_APPLESS_MAIN(TestProject)
#include "test_project.moc"
