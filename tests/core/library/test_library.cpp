#include "core/base/atomic_file.h"
#include "core/base/read_file.h"
#include "core/library/library.h"
#include "core/request/json.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

using namespace likeness;
using namespace likeness::test;

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kNoon = 1'795'000'000'000; // a day in November 2026
constexpr std::int64_t kSecond = 1000;

// A picture file stands for itself here: what is in it is the embedded request's text.
std::optional<std::string> request_in(const fs::path& picture) {
    const auto text = read_text_file(picture, 1U << 20U);
    return text.starts_with("{") ? std::optional(text) : std::nullopt;
}

GenerationRequest asked(const std::string& prompt, std::uint64_t seed) {
    GenerationRequest request;
    request.prompt = prompt;
    request.seed = seed;
    request.width = 128;
    request.height = 96;
    return request;
}

PictureId make(Library& library, const GenerationRequest& request, std::int64_t created) {
    const auto path = library.place(request, created);
    write_file_atomically(path, to_json(request));
    return library.add(path, {.created = created, .width = 128, .height = 96, .request = request});
}

std::vector<std::uint64_t> seeds(const Library& library, const PictureFilter& filter = {}) {
    std::vector<std::uint64_t> found;
    for (const PictureId id : library.find(filter)) {
        found.push_back(library.record(id)->request.seed);
    }
    return found;
}

using Seeds = std::vector<std::uint64_t>;

} // namespace

class TestLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void newestFirstAndFoundByWords() {
        const TempFolder folder;
        Library library(folder.path(), request_in);
        auto second = asked("A Blue BOTTLE on the Étagère", 22);
        second.references.push_back({.path = "/home/me/Pictures/Teddy.JPG"});
        make(library, asked("a red mug", 1), kNoon);
        make(library, second, kNoon + kSecond);
        make(library, asked("a red bottle", 3), kNoon + 86'400 * kSecond);
        QCOMPARE(seeds(library), (Seeds{3, 22, 1}));
        QCOMPARE(seeds(library, {.words = "red"}), (Seeds{3, 1}));
        QCOMPARE(seeds(library, {.words = "bottle  RED"}), (Seeds{3}));
        QCOMPARE(seeds(library, {.words = "étagère"}), (Seeds{22}));
        QCOMPARE(seeds(library, {.words = "teddy"}), (Seeds{22}));
        QCOMPARE(seeds(library, {.words = "22"}).front(), 22U);
        QCOMPARE(seeds(library, {.words = "100%"}), Seeds{}); // no wildcard means anything
        QCOMPARE(seeds(library, {.words = "starter"}).size(), 3U);
        QCOMPARE(seeds(library, {.from = kNoon + kSecond}), (Seeds{3, 22}));
        QCOMPARE(seeds(library, {.until = kNoon + kSecond}), (Seeds{1}));
        QCOMPARE(seeds(library, {.model = "other"}), Seeds{});
    }

    void picturesOfOneSecondHaveTheirOwnNames() {
        const TempFolder folder;
        Library library(folder.path(), request_in);
        const auto first = make(library, asked("a", 7), kNoon);
        library.trash(std::vector{first}); // its name stays taken: it may come back
        const auto second = make(library, asked("b", 7), kNoon);
        QVERIFY(*library.path_of(first) != *library.path_of(second));
        library.restore(std::vector{first});
        QCOMPARE(library.find({}).size(), 2U);
    }

    void starsAndAlbumsOutliveTheIndex() {
        const TempFolder folder;
        {
            Library library(folder.path(), request_in);
            const auto a = make(library, asked("a", 1), kNoon);
            const auto b = make(library, asked("b", 2), kNoon + kSecond);
            library.set_stars(std::vector{a}, 4);
            library.set_stars(std::vector{b}, 9); // no more than there are
            library.add_to_album(std::vector{a, b}, "mugs");
            library.add_to_album(std::vector{a}, "mugs");
            library.add_to_album(std::vector{a}, "best");
            library.remove_from_album(std::vector{b}, "mugs");
        }
        fs::remove(folder.path() / "index.sqlite");
        const Library library(folder.path(), request_in);
        QCOMPARE(seeds(library, {.stars = 5}), (Seeds{2}));
        QCOMPARE(seeds(library, {.stars = 4}), (Seeds{2, 1}));
        QCOMPARE(seeds(library, {.album = "mugs"}), (Seeds{1}));
        QCOMPARE(library.albums(), (std::map<std::string, std::int64_t>{{"best", 1}, {"mugs", 1}}));
    }

    void trashKeepsEverything() {
        const TempFolder folder;
        Library library(folder.path(), request_in);
        const auto a = make(library, asked("a", 1), kNoon);
        make(library, asked("b", 2), kNoon);
        library.set_stars(std::vector{a}, 3);
        library.add_to_album(std::vector{a}, "mugs");
        const auto before = *library.record(a);
        library.trash(std::vector{a, a});
        QCOMPARE(seeds(library), (Seeds{2}));
        QCOMPARE(seeds(library, {.trashed = true}), (Seeds{1}));
        QVERIFY(library.albums().empty());
        QVERIFY(fs::exists(*library.path_of(a)));
        library.restore(std::vector{a});
        QCOMPARE(*library.record(a), before);
        library.trash(std::vector{a});
        QCOMPARE(library.empty_trash(), 1U);
        QVERIFY(!library.record(a));
        QVERIFY(!fs::exists(folder.path() / "trash" / before.file));
        QCOMPARE(error_of([&] { library.set_stars(std::vector{a}, 1); })->code,
                 ErrorCode::file_missing);
    }

    void aMissingFileStopsNoOther() {
        const TempFolder folder;
        Library library(folder.path(), request_in);
        const auto a = make(library, asked("a", 1), kNoon);
        const auto b = make(library, asked("b", 2), kNoon);
        const auto c = make(library, asked("c", 3), kNoon);
        fs::remove(*library.path_of(a));
        const auto trashed = library.trash(std::vector{a, b, c});
        QCOMPARE(trashed.moved, (std::vector{b, c}));
        QCOMPARE(trashed.problems.size(), 1U);
        QVERIFY(!library.record(a));
        QCOMPARE(seeds(library, {.trashed = true}), (Seeds{3, 2}));
        fs::remove(*library.path_of(b));
        const auto restored = library.restore(std::vector{a, b, c});
        QCOMPARE(restored.moved, std::vector{c});
        QCOMPARE(restored.problems.size(), 2U);
        QCOMPARE(seeds(library), Seeds{3});
    }

    void whatIsRemovedIsGone() {
        const TempFolder folder;
        Library library(folder.path(), request_in);
        const auto a = make(library, asked("a", 1), kNoon);
        const auto b = make(library, asked("b", 2), kNoon);
        const auto c = make(library, asked("c", 3), kNoon);
        const auto path = *library.path_of(a);
        library.trash(std::vector{b});
        library.remove(std::vector{a, b});
        QCOMPARE(seeds(library), (Seeds{3}));
        QCOMPARE(seeds(library, {.trashed = true}), Seeds{});
        QVERIFY(!fs::exists(path) && !fs::exists(sidecar_of(path)));
        QCOMPARE(error_of([&] { library.remove(std::vector{a}); })->code, ErrorCode::file_missing);
        library.scan();
        QCOMPARE(seeds(library), (Seeds{3}));
        QVERIFY(library.record(c));
    }

    void aDamagedIndexIsMadeAnew() {
        const TempFolder folder;
        for (const std::string& bytes :
             {std::string(100'000, 'x'), std::string("SQLite format 3\0")}) {
            {
                Library library(folder.path(), request_in);
                make(library, asked("a", 1), kNoon);
            }
            std::ofstream(folder.path() / "index.sqlite", std::ios::binary) << bytes;
            fs::remove(folder.path() / "index.sqlite-wal");
            const Library library(folder.path(), request_in);
            QVERIFY(seeds(library).size() >= 1);
            QVERIFY(fs::exists(folder.path() / "index.sqlite.damaged"));
        }
        QCOMPARE(Library(folder.path(), request_in).find({}).size(), 2U);
    }

    void whatOthersDidInTheFolderIsSeen() {
        const TempFolder folder;
        Library library(folder.path(), request_in);
        const auto gone = make(library, asked("gone", 1), kNoon);
        const auto kept = make(library, asked("kept", 2), kNoon);
        fs::remove(*library.path_of(gone));
        fs::remove(sidecar_of(folder.path() / library.record(gone)->file));
        const auto sidecar = sidecar_of(*library.path_of(kept));
        auto text = read_text_file(sidecar, 1U << 20U);
        text.replace(text.find("\"stars\": 0"), 10, "\"stars\": 5");
        std::ofstream(sidecar) << text;
        fs::last_write_time(sidecar, fs::file_time_type::clock::now() + std::chrono::seconds(5));
        fs::create_directories(folder.path() / "from-the-command-line");
        write_file_atomically(folder.path() / "from-the-command-line/x.PNG",
                              to_json(asked("by hand", 3)));
        write_file_atomically(folder.path() / "photo.jpg", std::string_view("no request in it"));
        fs::create_symlink("/etc/passwd", folder.path() / "link.png");
        const auto part = folder.path() / "from-the-command-line/.x.png.lk0123456789abcdef.part";
        std::ofstream(part) << "half a picture";
        fs::last_write_time(part, fs::file_time_type::clock::now() - std::chrono::hours(1));
        const auto report = library.scan();
        QCOMPARE(report.pictures, 2U);
        QCOMPARE(report.added, 1U);
        QCOMPARE(report.removed, 1U);
        QVERIFY(!fs::exists(part));
        QVERIFY(report.problems.empty());
        auto found = seeds(library);
        std::ranges::sort(found);
        QCOMPARE(found, (Seeds{2, 3}));
        QCOMPARE(seeds(library, {.stars = 5}), (Seeds{2}));
        QCOMPARE(library.scan().added, 0U);
    }

    void aSidecarThatLiesIsToldAndKept() {
        const char* const bad[] = {
            "",
            "[]",
            "{\"likeness_sidecar\":1,\"created\":-1}",
            "{\"likeness_sidecar\":1,\"created\":1e400}",
            R"({"likeness_sidecar":1,"created":1,"width":1,"height":1,"stars":6,"albums":[],"request":{}})",
            R"({"likeness_sidecar":1,"created":1,"width":1,"height":1,"stars":0,"albums":[1],"request":{}})",
            R"({"likeness_sidecar":1,"created":1,"width":1,"height":1,"stars":0,"albums":[],"request":{"seed":-1}})",
            R"({"likeness_sidecar":1,"created":18446744073709551615,"width":1,"height":1})",
        };
        for (const char* text : bad) {
            const TempFolder folder;
            write_file_atomically(folder.path() / "a.png", to_json(asked("within", 5)));
            write_file_atomically(folder.path() / "b.png", std::string_view("carries nothing"));
            Library library(folder.path(), request_in);
            QCOMPARE(seeds(library), (Seeds{5}));
            for (const char* name : {"a.png.json", "b.png.json"}) {
                std::ofstream(folder.path() / name) << text;
                fs::last_write_time(folder.path() / name,
                                    fs::file_time_type::clock::now() + std::chrono::seconds(5));
            }
            const auto report = library.scan();
            QCOMPARE(report.problems.size(), 2U);
            QCOMPARE(seeds(library), (Seeds{5})); // out of the picture itself
            for (const char* name : {"a.png.json.damaged", "b.png.json"}) {
                QCOMPARE(read_text_file(folder.path() / name, 1000), std::string(text));
            }
        }
        const TempFolder folder;
        write_file_atomically(folder.path() / "a.png", to_json(asked("newer", 5)));
        write_file_atomically(folder.path() / "a.png.json",
                              std::string_view("{\"likeness_sidecar\":2}"));
        Library library(folder.path(), request_in);
        const auto report = library.scan();
        QCOMPARE(report.pictures, 0U);
        QCOMPARE(report.problems.size(), 1U);
        QVERIFY(report.problems[0].text().find("newer") != std::string::npos);
        QVERIFY(!fs::exists(folder.path() / "a.png.json.damaged"));
        const std::string deep = std::string(100'000, '[');
        QVERIFY(error_of([&] { record_from_json(deep, "a.png"); }));
    }

    void movesThatWereCutOffAreFinished() {
        for (const bool into_trash : {true, false}) {
            const TempFolder folder;
            std::string file;
            {
                Library library(folder.path(), request_in);
                const auto a = make(library, asked("a", 1), kNoon);
                file = library.record(a)->file;
                library.set_stars(std::vector{a}, 3);
                if (!into_trash) {
                    library.trash(std::vector{a});
                }
            }
            const auto live = folder.path() / file, trashed = folder.path() / "trash" / file;
            fs::create_directories(trashed.parent_path());
            fs::rename(into_trash ? live : trashed, into_trash ? trashed : live);
            Library library(folder.path(), request_in);
            library.scan();
            QCOMPARE(seeds(library, {.stars = 3, .trashed = into_trash}), (Seeds{1}));
            QCOMPARE(library.find({.trashed = !into_trash}).size(), 0U);
        }
    }

    void killsCostNoFinishedPicture() {
        const TempFolder folder;
        Library(folder.path(), request_in);
        Seeds finished; // told by the child after add() returned
        std::uint64_t next = 0;
        for (int milliseconds = 4; milliseconds <= 60; milliseconds += 4) {
            int told[2];
            QVERIFY(::pipe(told) == 0);
            const pid_t child = ::fork();
            if (child == 0) {
                Library library(folder.path(), request_in);
                for (std::uint64_t i = next;; ++i) {
                    const auto id = make(library, asked("a", i), kNoon);
                    [[maybe_unused]] const auto sent = ::write(told[1], &i, sizeof i);
                    library.set_stars(std::vector{id}, 1);
                    if (i % 3 == 0) {
                        library.trash(std::vector{id});
                    }
                }
            }
            ::close(told[1]);
            QTest::qSleep(milliseconds);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            ++next; // the one it was at may have come to be without being told
            for (std::uint64_t seed = 0; ::read(told[0], &seed, sizeof seed) == sizeof seed;) {
                finished.push_back(seed);
                next = seed + 2;
            }
            ::close(told[0]);
            Library library(folder.path(), request_in);
            QVERIFY(library.scan().problems.empty());
        }
        QVERIFY(!finished.empty());
        const Library library(folder.path(), request_in);
        auto all = seeds(library);
        const auto trashed = seeds(library, {.trashed = true});
        all.insert(all.end(), trashed.begin(), trashed.end());
        std::ranges::sort(all);
        QVERIFY(std::ranges::adjacent_find(all) == all.end());
        QVERIFY(std::ranges::includes(all, finished));
    }
};

QTEST_APPLESS_MAIN(TestLibrary)
#include "test_library.moc"
