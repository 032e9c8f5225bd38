// Makes pictures over the fake runner, into the library in the folder given, until somebody kills
// it. Writes the path of each picture it showed as finished, a line each.

#include "core/imageio/load.h"
#include "tests/ui/fake_runner.h"
#include "ui/model/session.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char* argv[]) {
    const QCoreApplication application(argc, argv);
    likeness::init_imageio();
    const auto script = std::make_shared<likeness::FakeScript>();
    likeness::Session session(
        {.make_runner = [script] { return std::make_unique<likeness::FakeRunner>(script); },
         .library_folder = QString::fromLocal8Bit(argv[1])});
    session.request().edit([](likeness::GenerationRequest& request) {
        request.num_inference_steps = 1;
        request.width = request.height = 64;
        request.num_images = 3;
    });
    QObject::connect(&session, &likeness::Session::shownChanged, [&session] {
        const QString path = session.library().pathOf(session.shownId());
        std::printf("%s\n", path.toLocal8Bit().constData());
        std::fflush(stdout);
        session.library().setStars({session.shownId()}, 3);
    });
    QObject::connect(&session.run(), &likeness::PictureRun::runFinished, &session,
                     [&session] { session.generate(); });
    session.start();
    session.generate();
    return QCoreApplication::exec();
}
