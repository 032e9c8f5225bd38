// Makes a ladder over the fake runner in the folder given, until it is done or somebody kills it:
// comparison-until-killed FOLDER [begin]. Writes the place and the file of each picture that it
// showed as finished, a line each.

#include "core/imageio/load.h"
#include "tests/ui/fake_runner.h"
#include "ui/model/session.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstring>

using namespace likeness;

int main(int argc, char* argv[]) {
    const QCoreApplication application(argc, argv);
    init_imageio();
    const auto script = std::make_shared<FakeScript>();
    script->step_milliseconds = 2;
    const QString folder = QString::fromLocal8Bit(argv[1]);
    Session session({.make_runner = [script] { return std::make_unique<FakeRunner>(script); },
                     .queue_file = folder + "/queue.sqlite",
                     .library_folder = folder + "/library"});
    QObject::connect(&session.queue(), &PictureQueue::paneKept, [&session](quint64 key, int pane) {
        const auto place = static_cast<std::size_t>(pane);
        std::printf("%d %s\n", pane, session.queue().comparison(key)->panes[place].file.c_str());
        std::fflush(stdout);
    });
    QObject::connect(&session.queue(), &PictureQueue::comparisonFinished, &application,
                     &QCoreApplication::quit, Qt::QueuedConnection);
    session.start();
    if (argc > 2 && std::strcmp(argv[2], "begin") == 0) {
        GenerationRequest base;
        base.num_inference_steps = 4;
        base.width = base.height = 64;
        ComparisonAxis seeds{.field = ComparisonField::seed};
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            seeds.values.emplace_back(seed);
        }
        session.compare({.base = base, .axes = {seeds}});
    }
    const int status = QCoreApplication::exec();
    session.shutDown();
    return status;
}
