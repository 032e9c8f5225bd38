#include "app/application.h"
#include "core/imageio/load.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"

#include <QApplication>
#include <QIcon>
#include <QImageReader>
#include <QSettings>

int main(int argc, char* argv[]) {
    constexpr int kIconMegabytes = 128;
    QApplication application(argc, argv);
    QApplication::setOrganizationName("likeness");
    QApplication::setApplicationName("likeness-studio");
    QApplication::setApplicationVersion(LIKENESS_VERSION);
    QApplication::setWindowIcon(QIcon(":/icons/likeness.svg"));
    QImageReader::setAllocationLimit(kIconMegabytes);
    const likeness::StudioOptions options = likeness::parseOptions(application);
    likeness::init_imageio();
    likeness::SessionParts parts{
        .make_runner = [] { return likeness::make_torch_runner({}); },
        .model_traits =
            [](const std::string& model) {
                return likeness::read_model_folder(likeness::find_model(model)).traits;
            },
        .library_folder = likeness::defaultLibraryFolder(),
    };
    QSettings store;
    likeness::Application studio(application, options, std::move(parts), store);
    studio.start();
    return QApplication::exec();
}
