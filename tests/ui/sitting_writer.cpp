// A program that edits as fast as hands can and says in a log what it edited and when, to be killed
// by tests: sitting-writer SESSIONS LOG. A signal that asks it to end is an end like closing.

#include "app/end_signals.h"
#include "core/imageio/load.h"
#include "tests/ui/fake_runner.h"
#include "ui/model/session.h"

#include <QGuiApplication>
#include <QImage>
#include <QTimer>

#include <chrono>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace likeness;

namespace {

constexpr int kEditMs = 15;
constexpr int kPasteEvery = 40; // edits

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

int main(int argc, char* argv[]) {
    QGuiApplication application(argc, argv);
    if (argc != 3) {
        return 2;
    }
    init_imageio();
    const int log = ::open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0666);
    Session session(
        {.make_runner = [] { return std::make_unique<FakeRunner>(std::make_shared<FakeScript>()); },
         .sessions = argv[1]});
    session.start();
    const EndSignals end;
    QObject::connect(&end, &EndSignals::asked, &application, &QGuiApplication::quit);
    int edits = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &application, [&] {
        ++edits;
        session.request().edit([edits](GenerationRequest& request) {
            request.prompt = "edit " + std::to_string(edits);
        });
        if (edits % kPasteEvery == 0) {
            if (session.references().isFull()) {
                session.references().clear();
            }
            QImage image(300, 200, QImage::Format_RGB888);
            image.fill(QColor::fromHsv(edits % 360, 200, 200));
            session.addPictures({.sources = {{.name = "pasted", .image = image}}});
        }
        const std::string line = std::to_string(edits) + " " + std::to_string(nowMs()) + "\n";
        if (::write(log, line.data(), line.size()) < 0) {
            QGuiApplication::exit(1);
        }
    });
    timer.start(kEditMs);
    const int status = QGuiApplication::exec();
    session.shutDown();
    return status;
}
