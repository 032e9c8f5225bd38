#include "app/application.h"
#include "app/end_signals.h"
#include "app/file_look.h"
#include "app/language.h"
#include "app/log.h"
#include "app/machine_look.h"
#include "app/token_counter.h"
#include "core/imageio/load.h"
#include "core/model_library/model_folders.h"
#include "core/request/model_folder.h"
#include "core/runner/machine.h"
#include "core/runner/torch_runner.h"
#include "ui/model/paths.h"

#include <QApplication>
#include <QIcon>
#include <QImageReader>
#include <QSettings>

int main(int argc, char* argv[]) {
    constexpr int kIconMegabytes = 128;
    constexpr std::uint64_t kKeptLatents = std::uint64_t{256} << 20; // for branches
    QApplication application(argc, argv);
    QApplication::setOrganizationName("likeness");
    QApplication::setApplicationName("likeness-studio");
    QApplication::setApplicationVersion(LIKENESS_VERSION);
    QApplication::setWindowIcon(QIcon(":/icons/likeness.svg"));
    QImageReader::setAllocationLimit(kIconMegabytes);
    QSettings store;
    const likeness::Language language(likeness::loadSettings(store).preferences.language);
    likeness::StudioOptions options = likeness::parseOptions(application);
    const QString own = likeness::dataFolder();
    options.log_folder = own + QStringLiteral("/logs");
    likeness::openLog(options.log_folder.toStdU16String());
    likeness::logLine("likeness-studio " LIKENESS_VERSION ", libtorch " +
                      likeness::torch_version() + ", CUDA: " + likeness::cuda_words());
    likeness::init_imageio();
    likeness::SessionParts parts{
        .make_runner =
            [] { return likeness::make_torch_runner({.kept_latents_bytes = kKeptLatents}); },
        .model_traits =
            [](const std::string& model) {
                return likeness::read_model_folder(likeness::find_model(model)).traits;
            },
        .count_tokens = likeness::TokenCounter(),
        .look_at_file = likeness::lookAtFile,
        .machine_state = likeness::lookAtMachine,
        .queue_file = own + QStringLiteral("/queue.sqlite"),
        .sessions = (own + QStringLiteral("/sessions")).toStdU16String(),
        .library_folder = likeness::defaultLibraryFolder(),
        .model_places = {.folders_file = likeness::model_folders_file(),
                         .cache_file = likeness::EntryCache::default_file(),
                         .own = {likeness::resource_folder(), likeness::user_model_folder()}},
        .trained_folder = likeness::user_model_folder(),
    };
    parts.devices.clear();
    for (const std::string& device : likeness::device_names()) {
        parts.devices.append(QString::fromStdString(device));
    }
    likeness::Application studio(application, options, std::move(parts), store);
    const likeness::EndSignals end;
    QObject::connect(&end, &likeness::EndSignals::asked, &application, &QApplication::quit);
    studio.start();
    return QApplication::exec();
}
