// How the library's dock behaves with many pictures, as JSON: until the window has its list, a
// search from the letter typed to the list shown, and frames of a scroll through all of them, as
// strip and as grid, the thumbnails made meanwhile.
//
//   usage: library-window-figures [PICTURES]   (10000; in a folder of its own under TMPDIR, removed
//   again; QT_QPA_PLATFORM=offscreen where there is no display)

#include "core/base/atomic_file.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/request/json.h"
#include "ui/panels/library_panel.h"
#include "ui/panels/picture_tiles.h"
#include "ui/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

constexpr std::int64_t kStart = 1'790'000'000'000; // milliseconds; a day in autumn 2026
constexpr qint64 kLongest = 120'000; // milliseconds; a figure that takes longer is none
constexpr int kFrames = 400;

double wait_for(const std::function<bool()>& done) {
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        QCoreApplication::processEvents();
        QThread::usleep(500);
        if (clock.elapsed() > kLongest) {
            std::fprintf(stderr, "library-window-figures: nothing came within %lld s\n",
                         kLongest / 1000);
            std::exit(1);
        }
    }
    return static_cast<double>(clock.nsecsElapsed()) / 1e9;
}

nlohmann::json summary(std::vector<double> seconds) {
    std::ranges::sort(seconds);
    return {{"median", seconds[seconds.size() / 2]},
            {"p99", seconds[seconds.size() * 99 / 100]},
            {"max", seconds.back()}};
}

void fill(const QString& folder, int count) {
    constexpr const char* kColours[] = {"red", "blue", "green", "yellow", "purple"};
    constexpr const char* kShapes[] = {"mug", "bottle", "duck", "teapot", "lamp", "robot", "vase"};
    std::vector<std::vector<std::byte>> files;
    for (int i = 0; i < 40; ++i) {
        Image image = make_image(128, 128);
        for (std::size_t k = 0; k < image.bytes.size(); ++k) {
            image.u8()[k] = static_cast<std::uint8_t>(k / 5 + static_cast<std::size_t>(i) * 6);
        }
        files.push_back(encode_image(image, ImageFormat::png));
    }
    Library library(folder.toStdString(), {});
    for (int i = 0; i < count; ++i) {
        PictureRecord made{.created = kStart + i * 60'000LL, .width = 128, .height = 128};
        made.stars = i % (kMostStars + 1);
        made.request.seed = static_cast<std::uint64_t>(i);
        made.request.prompt =
            fmt::format("a {} {} number {} on a wooden table in the evening light of a late summer",
                        kColours[i % std::size(kColours)], kShapes[i % std::size(kShapes)], i);
        const auto path = library.place(made.request, made.created);
        write_file_atomically(path, files[static_cast<std::size_t>(i) % files.size()]);
        library.add(path, made);
    }
}

// Each frame: the bar moves, the view is drawn, what is due happens.
nlohmann::json scroll(PictureTiles& tiles, QScrollBar& bar) {
    std::vector<double> frames;
    for (int i = 0; i < kFrames; ++i) {
        QElapsedTimer clock;
        clock.start();
        bar.setValue(static_cast<int>(static_cast<qint64>(bar.maximum()) * i / kFrames));
        tiles.viewport()->repaint();
        QCoreApplication::processEvents();
        frames.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
        QThread::msleep(4); // the rest of a frame's time, in which thumbnails are made
    }
    return summary(frames);
}

} // namespace

int main(int argc, char* argv[]) {
    const int count = argc > 1 ? std::max(1, std::atoi(argv[1])) : 10'000;
    QApplication application(argc, argv);
    init_imageio();
    applyTheme(application, ThemeKind::dark);
    const QTemporaryDir folder;
    fill(folder.path(), count);
    nlohmann::json json{{"pictures", count}};

    QElapsedTimer clock;
    clock.start();
    PictureLibrary library(folder.path());
    LibraryPanel panel(library);
    panel.resize(1600, 900);
    panel.show();
    json["open_blocks_window"] = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    json["open_to_list"] = wait_for([&] { return library.rowCount() == count; });

    auto* search = panel.findChild<QLineEdit*>("search");
    std::vector<double> searches, blocked;
    for (const char* words :
         {"d", "du", "duck", "duck purple", "zebra", "", "seed 777", "", "mug"}) {
        bool shown = false;
        const auto answered =
            QObject::connect(&library, &PictureLibrary::changed, [&] { shown = true; });
        QElapsedTimer typed;
        typed.start();
        search->setText(words);
        blocked.push_back(static_cast<double>(typed.nsecsElapsed()) / 1e9);
        wait_for([&] { return shown && !library.isSearching(); });
        searches.push_back(static_cast<double>(typed.nsecsElapsed()) / 1e9);
        QObject::disconnect(answered);
    }
    json["search"] = summary(searches);
    json["search_blocks_window"] = summary(blocked);
    search->clear();
    wait_for([&] { return library.rowCount() == count; });

    auto* tiles = panel.findChild<PictureTiles*>("pictures");
    panel.setGrid(true);
    panel.resize(1600, 900);
    QCoreApplication::processEvents();
    json["grid_frame_thumbnails_new"] = scroll(*tiles, *tiles->verticalScrollBar());
    json["grid_frame_thumbnails_there"] = scroll(*tiles, *tiles->verticalScrollBar());
    panel.setGrid(false);
    QCoreApplication::processEvents();
    json["strip_frame"] = scroll(*tiles, *tiles->horizontalScrollBar());
    std::printf("%s\n", json.dump(1).c_str());
    return 0;
}
