// Writes what the Compare workspace looks like, over the fake runner: each way of showing in both
// themes.
//
//   usage: likeness-compare-screenshots FOLDER

#include "app/application.h"
#include "core/imageio/load.h"
#include "core/request/model_folder.h"
#include "tests/ui/fake_runner.h"
#include "ui/canvas/compare_view.h"
#include "ui/compare_workspace.h"
#include "ui/main_window.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>

#include <cstdio>
#include <functional>

using namespace likeness;

namespace {

bool waitFor(const std::function<bool()>& wanted) {
    QElapsedTimer clock;
    clock.start();
    while (!wanted() && clock.elapsed() < 20000) {
        QApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    return wanted();
}

void press(MainWindow& window, const char* name) {
    window.findChild<QAbstractButton*>(QLatin1String(name))->click();
}

bool shoot(MainWindow& window, const QString& folder, const QString& name, const QString& theme) {
    return window.grab().save(QDir(folder).filePath(QString("compare-%1-%2.png").arg(name, theme)));
}

} // namespace

int main(int argc, char* argv[]) {
    QApplication application(argc, argv);
    if (argc != 2 || !QDir().mkpath(argv[1])) {
        std::fprintf(stderr, "usage: likeness-compare-screenshots FOLDER\n");
        return 2;
    }
    init_imageio();
    bool good = true;
    for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light}) {
        const QString theme = kind == ThemeKind::dark ? "dark" : "light";
        applyTheme(application, kind);
        auto script = std::make_shared<FakeScript>();
        Session session({.make_runner = [script] { return std::make_unique<FakeRunner>(script); },
                         .model_traits = fakeTraits});
        MainWindow window(session);
        window.show();
        window.resize(1600, 1000);
        GenerationRequest request = firstStartRequest(resource_folder());
        session.begin(request);
        session.start();
        ComparisonModel& model = session.comparison();
        good = waitFor([&] { return !session.references().isReading(); }) && good;
        script->step_milliseconds = 20;
        window.findChild<CompareWorkspace*>()->makeLadder();
        good = waitFor([&] { return model.doneCount() == 3 && !model.cell(3)->image.isNull(); }) &&
               shoot(window, argv[1], "running", theme) && good;
        script->step_milliseconds = 0;
        good = waitFor([&] { return model.isComplete(); }) && good;
        model.measure();
        good = waitFor([&] { return !model.isMeasuring(); }) && good;
        good = shoot(window, argv[1], "side-by-side", theme) && good;
        press(window, "compare_mode_1");
        window.findChild<CompareView*>()->setWipe(0.56);
        good = shoot(window, argv[1], "wipe", theme) && good;
        press(window, "compare_mode_3");
        press(window, "difference_kind_1");
        QElapsedTimer settle;
        settle.start();
        waitFor([&] { return settle.elapsed() > 500; });
        good = shoot(window, argv[1], "difference", theme) && good;
        session.shutDown();
    }
    return good ? 0 : 1;
}
