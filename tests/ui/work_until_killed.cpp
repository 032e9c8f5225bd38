// Edits, asks for pictures and makes them, all at once and over the fake runner, until somebody
// kills it; says in a log what a person at the window would have seen, and when:
//
//   work-until-killed DATA LOG
//
//   edit PROMPT|MS       the prompt was edited
//   asked PROMPT|MS      a picture of it was asked for and stands in the queue
//   shown FILE|MS        a picture was shown as finished

#include "core/imageio/load.h"
#include "tests/ui/fake_runner.h"
#include "ui/model/session.h"
#include "ui/model/session_keeper.h"

#include <QGuiApplication>
#include <QImage>
#include <QTimer>

#include <chrono>

#include <fcntl.h>
#include <unistd.h>

using namespace likeness;

namespace {

constexpr int kEditMs = 15;
constexpr int kPasteEvery = 40; // edits
constexpr int kAskEvery = 20;

void tell(int log, const QString& line) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    const std::string text = (line + "|" + QString::number(now) + "\n").toStdString();
    if (::write(log, text.data(), text.size()) < 0) {
        QGuiApplication::exit(1);
    }
}

} // namespace

int main(int argc, char* argv[]) {
    const QGuiApplication application(argc, argv);
    if (argc != 3) {
        return 2;
    }
    init_imageio();
    const QString data = QString::fromLocal8Bit(argv[1]);
    const int log = ::open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0666);
    const auto script = std::make_shared<FakeScript>();
    script->step_milliseconds = 30;
    Session session({.make_runner = [script] { return std::make_unique<FakeRunner>(script); },
                     .model_traits = fakeTraits,
                     .queue_file = data + "/queue.sqlite",
                     .sessions = (data + "/sessions").toStdString(),
                     .library_folder = data + "/library"});
    session.keeper()->goOn();
    QObject::connect(&session, &Session::shownChanged, &session, [&] {
        if (const QString path = session.library().pathOf(session.shownId()); !path.isEmpty()) {
            tell(log, "shown " + path);
        }
    });
    session.start();
    int edits = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &session, [&] {
        const QString prompt =
            QString("edit %1 %2").arg(QCoreApplication::applicationPid()).arg(++edits);
        session.request().edit([&prompt](GenerationRequest& request) {
            request.prompt = prompt.toStdString();
            request.width = request.height = 64;
            request.num_inference_steps = 4;
        });
        tell(log, "edit " + prompt);
        if (edits % kPasteEvery == 1) {
            if (session.references().rowCount() == 3) {
                session.references().clear();
            }
            QImage image(300, 200, QImage::Format_RGB888);
            image.fill(QColor::fromHsv(edits % 360, 200, 200));
            session.addPictures({.sources = {{.name = "pasted", .image = image}}});
        }
        if (edits % kAskEvery < 2 && !session.references().isReading()) {
            session.generate();
            tell(log, "asked " + prompt);
        }
    });
    timer.start(kEditMs);
    return QGuiApplication::exec();
}
