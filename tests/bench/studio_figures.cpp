// How fast the studio feels, as JSON: from the program's start to a window, to a model, to a first
// picture; from a moved strength to the first preview and to the picture; from Stop to its being
// shown and to its being done; from the drop of a photograph of 24 megapixels to its thumbnail; and
// how long the window was blocked at most meanwhile. The real window, the real runner, the starter
// model.
//
//   usage: studio-figures [REPEATS]    (QT_QPA_PLATFORM=offscreen where there is no display)

#include "app/application.h"
#include "core/imageio/load.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"
#include "ui/main_window.h"
#include "ui/model/stall_watchdog.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QThread>
#include <QWindow>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>

#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace likeness;

namespace {

constexpr unsigned long kLook = 500; // microseconds
constexpr qint64 kLongest = 120'000; // milliseconds; a figure that takes longer is none

// Seconds since the kernel started this program: libraries are loaded before main().
double seconds_since_start() {
    QFile stat(QStringLiteral("/proc/self/stat")), uptime(QStringLiteral("/proc/uptime"));
    if (!stat.open(QIODevice::ReadOnly) || !uptime.open(QIODevice::ReadOnly)) {
        return 0;
    }
    constexpr int kStartTime = 19; // fields after the program's name
    const QByteArray fields = stat.readAll();
    const auto rest = fields.mid(fields.lastIndexOf(')') + 2).split(' ');
    const double now = uptime.readAll().split(' ')[0].toDouble();
    const double ticks = rest[kStartTime].toDouble();
    return now - ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// Seconds until `done` holds, with the window alive meanwhile.
double wait_for(const std::function<bool()>& done) {
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        QCoreApplication::processEvents();
        QThread::usleep(kLook); // a busy wait would take a core from the runner
        if (clock.elapsed() > kLongest) {
            std::fprintf(stderr, "studio-figures: nothing came within %lld s\n", kLongest / 1000);
            std::exit(1);
        }
    }
    return static_cast<double>(clock.nsecsElapsed()) / 1e9;
}

nlohmann::json summary(std::vector<double> seconds) {
    std::ranges::sort(seconds);
    return {
        {"median", seconds[seconds.size() / 2]}, {"min", seconds.front()}, {"max", seconds.back()}};
}

// A photograph of 24 megapixels: a gradient under noise, so that it takes as long to decode.
QString photograph_in(const QTemporaryDir& folder) {
    QImage image(6000, 4000, QImage::Format_RGB888);
    std::minstd_rand noise(1);
    for (int y = 0; y < image.height(); ++y) {
        uchar* row = image.scanLine(y);
        for (int x = 0; x < 3 * image.width(); ++x) {
            row[x] = static_cast<uchar>((x / 100 + y / 40 + noise() % 24) & 0xFF);
        }
    }
    const QString path = folder.filePath(QStringLiteral("photograph.jpg"));
    if (!image.save(path, "JPEG", 90)) {
        std::fprintf(stderr, "studio-figures: no JPEG could be written\n");
        std::exit(1);
    }
    return path;
}

} // namespace

int main(int argc, char* argv[]) {
    const int repeats = argc > 1 ? std::max(1, std::atoi(argv[1])) : 10;
    QApplication application(argc, argv);
    init_imageio();
    const QTemporaryDir kept;
    QSettings store(kept.filePath("settings.ini"), QSettings::IniFormat);
    SessionParts parts{
        .make_runner = [] { return make_torch_runner({}); },
        .model_traits =
            [](const std::string& model) { return read_model_folder(find_model(model)).traits; }};
    Application studio(application, {.size = QSize(1600, 1000)}, std::move(parts), store);
    bool prepared = false;
    int previews = 0, pictures = 0;
    QObject::connect(&studio.session().run(), &PictureRun::prepared, [&] { prepared = true; });
    QObject::connect(&studio.session().run(), &PictureRun::previewed, [&] { ++previews; });
    QObject::connect(&studio.window(), &MainWindow::pictureShown, [&] { ++pictures; });
    nlohmann::json json;
    studio.start();
    wait_for([&] { return studio.window().windowHandle()->isExposed(); });
    json["start_to_window"] = seconds_since_start();
    wait_for([&] { return prepared; });
    json["start_to_model_ready"] = seconds_since_start();
    studio.window().generate();
    json["first_picture"] = wait_for([&] { return pictures > 0; });
    const QString photograph = photograph_in(kept);
    StallWatchdog watchdog;
    watchdog.start();

    studio.session().setLive(true);
    auto& references = studio.session().references();
    std::vector<double> first_previews, whole_pictures;
    for (int i = 0; i < repeats; ++i) {
        previews = pictures = 0;
        const auto card = references.cards().front().id;
        QElapsedTimer clock;
        clock.start();
        references.setScale(card, references.cards().front().ip_adapter_scale < 0.7 ? 0.9 : 0.4);
        wait_for([&] { return previews > 0; });
        first_previews.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
        wait_for([&] { return pictures > 0 && !studio.session().run().isBusy(); });
        whole_pictures.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
    }
    json["strength_to_first_preview"] = summary(first_previews);
    json["strength_to_picture"] = summary(whole_pictures);

    std::vector<double> stops_shown, stops_done;
    for (int i = 0; i < repeats; ++i) {
        previews = 0;
        studio.window().generate();
        wait_for([&] { return previews > 2; });
        const auto& progress = studio.session().run().progress();
        QElapsedTimer clock;
        clock.start();
        studio.session().stop();
        wait_for([&] { return progress.phase != RunProgress::Phase::running; });
        QCoreApplication::processEvents(); // it is painted
        stops_shown.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
        wait_for([&] { return progress.phase != RunProgress::Phase::stopping; });
        stops_done.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
    }
    json["stop_to_shown"] = summary(stops_shown);
    json["stop_to_done"] = summary(stops_done);

    std::vector<double> thumbnails;
    for (int i = 0; i < repeats; ++i) {
        references.clear();
        QElapsedTimer clock;
        clock.start();
        studio.session().addPictures({.sources = {{.name = "photograph", .path = photograph}}});
        wait_for([&] { return !references.cards().front().thumbnail.isNull(); });
        thumbnails.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e9);
        wait_for([&] { return !studio.session().run().isBusy(); });
    }
    json["photograph_to_thumbnail"] = summary(thumbnails);
    json["window_blocked_at_most"] = watchdog.longestGapMs() / 1e3;
    std::printf("%s\n", json.dump(1).c_str());
    return 0;
}
