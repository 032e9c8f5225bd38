// The studio over the fake runner, without libtorch: for looking at the window and for timing it.

#include "app/application.h"
#include "app/end_signals.h"
#include "app/language.h"
#include "core/imageio/load.h"
#include "tests/ui/fake_files.h"
#include "tests/ui/fake_runner.h"

#include <QApplication>
#include <QSettings>

#include <cstdlib>

int main(int argc, char* argv[]) {
    QApplication application(argc, argv);
    QApplication::setApplicationName("likeness-studio-fake");
    QSettings store(QSettings::IniFormat, QSettings::UserScope, "likeness", "studio-fake");
    const likeness::Language language(likeness::loadSettings(store).preferences.language);
    const likeness::StudioOptions options = likeness::parseOptions(application);
    likeness::init_imageio();
    auto script = std::make_shared<likeness::FakeScript>();
    script->step_milliseconds = qEnvironmentVariableIntValue("FAKE_STEP_MS");
    likeness::SessionParts parts{
        .make_runner = [script] { return std::make_unique<likeness::FakeRunner>(script); },
        .model_traits = likeness::fakeTraits,
        .look_at_file = likeness::fakeLook,
        .sessions = qEnvironmentVariable("FAKE_SESSIONS").toStdString(),
    };
    likeness::Application studio(application, options, std::move(parts), store);
    const likeness::EndSignals end;
    QObject::connect(&end, &likeness::EndSignals::asked, &application, &QApplication::quit);
    studio.start();
    return QApplication::exec();
}
