// How fast the library is with many pictures, as JSON: taking one in, finding, reading a row, and
// making the index again from the folder.
//
//   usage: library-figures [PICTURES]    (10000; in a folder of its own under TMPDIR, removed
//   again)

#include "core/base/atomic_file.h"
#include "core/library/library.h"
#include "core/request/json.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace likeness;

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kStart = 1'790'000'000'000; // milliseconds; a day in autumn 2026
constexpr int kRepeats = 20;

double seconds(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median_seconds(const std::function<void()>& work) {
    std::vector<double> times;
    for (int i = 0; i < kRepeats; ++i) {
        times.push_back(seconds(work));
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
}

PictureRecord record(int i) {
    constexpr const char* kColours[] = {"red", "blue", "green", "yellow", "purple"};
    constexpr const char* kShapes[] = {"mug", "bottle", "duck", "teapot", "lamp", "robot", "vase"};
    PictureRecord made{.created = kStart + i * 60'000LL, .width = 512, .height = 512};
    made.stars = i % (kMostStars + 1);
    made.request.seed = static_cast<std::uint64_t>(i);
    made.request.prompt =
        fmt::format("a {} {} number {} on a wooden table in the evening light of a late summer",
                    kColours[i % std::size(kColours)], kShapes[i % std::size(kShapes)], i);
    made.request.references.push_back({.path = fmt::format("/pictures/teddy-{}.jpg", i % 100)});
    return made;
}

} // namespace

int main(int argc, char* argv[]) {
    const int count = argc > 1 ? std::max(1, std::atoi(argv[1])) : 10'000;
    const auto folder =
        fs::temp_directory_path() / fmt::format("likeness-library-figures-{}", ::getpid());
    nlohmann::json json{{"pictures", count}};
    {
        Library library(folder, {});
        const double taken = seconds([&] {
            for (int i = 0; i < count; ++i) {
                const auto made = record(i);
                const auto path = library.place(made.request, made.created);
                write_file_atomically(path, std::string_view("a picture"));
                library.add(path, made);
            }
        });
        json["take_in_one"] = taken / count;
    }
    fs::remove(folder / "index.sqlite");
    json["make_index"] = seconds([&] { const Library library(folder, {}); });
    Library library(folder, {});
    json["scan_unchanged"] = seconds([&] { library.scan(); });
    std::vector<PictureId> all;
    json["find_all"] = median_seconds([&] { all = library.find({}); });
    json["find_word"] = median_seconds([&] { library.find({.words = "duck purple"}); });
    json["find_nothing"] = median_seconds([&] { library.find({.words = "zebra"}); });
    json["find_stars"] = median_seconds([&] { library.find({.stars = kMostStars}); });
    json["read_one"] =
        median_seconds([&] {
            for (std::size_t i = 0; i < std::min<std::size_t>(100, all.size()); ++i) {
                library.record(all[i]);
            }
        }) /
        100;
    fs::remove_all(folder);
    std::printf("%s\n", json.dump(1).c_str());
    return 0;
}
