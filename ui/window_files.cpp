#include "ui/main_window.h"
#include "ui/model/paths.h"
#include "ui/model/session.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/styles_panel.h"
#include "ui/widgets/file_dialog.h"

#include <QFileDialog>

// The window's side of files of weights: models, VAEs, adapters, LoRAs and learned words.

namespace likeness {

namespace {

constexpr const char* kModelFilter = "(*.safetensors *.ckpt model_index.json)";
constexpr const char* kWeightsFilter = "(*.safetensors *.ckpt *.pt *.pth *.bin)";

} // namespace

void MainWindow::connectFiles() {
    RequestModel& request = session_.request();
    connect(model_, &ModelPanel::modelChosen, &session_, &Session::openModel);
    connect(model_, &ModelPanel::fileRequested, this, &MainWindow::browseModel);
    connect(model_, &ModelPanel::folderRequested, this, &MainWindow::browseModelFolder);
    connect(model_, &ModelPanel::vaeChosen, &session_, &Session::setVae);
    connect(model_, &ModelPanel::adapterChosen, &session_, &Session::setIpAdapter);
    const auto weights = [] { return tr("Weights %1").arg(QLatin1String(kWeightsFilter)); };
    connect(model_, &ModelPanel::vaeRequested, this, [this, weights] {
        const QFileDialog* dialog =
            openFileDialog(this, tr("Choose a VAE"), QFileDialog::ExistingFile, weights());
        connect(dialog, &QFileDialog::fileSelected, &session_, &Session::setVae);
    });
    connect(model_, &ModelPanel::adapterRequested, this, [this] {
        browseAdapter([this](const QString& path) { session_.setIpAdapter(path); });
    });
    connectRefiner();
    connect(styles_, &StylesPanel::edited, &request, &RequestModel::edit);
    connect(styles_, &StylesPanel::addRequested, this, &MainWindow::browseStyles);
    connect(styles_, &StylesPanel::wordChosen, &session_, &Session::addToPrompt);
    connect(&session_.knownFiles(), &KnownFiles::changed, this, &MainWindow::showFiles);
}

void MainWindow::browseAdapter(const std::function<void(const QString&)>& use) {
    const QFileDialog* dialog =
        openFileDialog(this, tr("Choose an IP-Adapter"), QFileDialog::ExistingFile,
                       tr("Weights %1").arg(QLatin1String(kWeightsFilter)));
    connect(dialog, &QFileDialog::fileSelected, &session_, use);
}

void MainWindow::connectRefiner() {
    ModelLibrary& models = session_.models();
    connect(model_, &ModelPanel::refinerChosen, &session_, &Session::setRefiner);
    connect(model_, &ModelPanel::edited, &session_.request(), &RequestModel::edit);
    connect(model_, &ModelPanel::refinerFileRequested, this, [this] {
        const QFileDialog* dialog =
            openFileDialog(this, tr("Choose an SDXL refiner"), QFileDialog::ExistingFile,
                           tr("Models %1").arg(QLatin1String(kModelFilter)));
        connect(dialog, &QFileDialog::fileSelected, &session_, &Session::setRefiner);
    });
    connect(model_, &ModelPanel::refinerFolderRequested, this, [this] {
        const QFileDialog* dialog =
            openFileDialog(this, tr("Choose an SDXL refiner's folder"), QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, &session_, &Session::setRefiner);
    });
    connect(&models, &ModelLibrary::changed, this, [this, &models] {
        QStringList refiners;
        for (const LibraryEntry& entry : models.entries()) {
            if (entry.kind == ModelKind::model && entry.family == "sdxl_refiner" &&
                entry.problem == Message{}) {
                refiners << fromPath(entry.path);
            }
        }
        model_->setRefiners(refiners);
    });
    // Looked for when they can be used.
    connect(&session_.request(), &RequestModel::traitsChanged, this, [this, &models] {
        if (session_.request().traits().family == "sdxl") {
            models.scanOnce();
        }
    });
}

void MainWindow::showFiles() {
    styles_->setRequest(session_.request(), session_.knownFiles());
}

void MainWindow::browseModel() {
    const QFileDialog* dialog = openFileDialog(this, tr("Open a model"), QFileDialog::ExistingFile,
                                               tr("Models %1").arg(QLatin1String(kModelFilter)));
    connect(dialog, &QFileDialog::fileSelected, &session_, &Session::openModel);
}

void MainWindow::browseModelFolder() {
    const QFileDialog* dialog =
        openFileDialog(this, tr("Open a model folder (diffusers layout)"), QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, &session_, &Session::openModel);
}

void MainWindow::browseStyles() {
    const QFileDialog* dialog =
        openFileDialog(this, tr("Add LoRAs and learned words"), QFileDialog::ExistingFiles,
                       tr("Weights %1").arg(QLatin1String(kWeightsFilter)));
    connect(dialog, &QFileDialog::filesSelected, &session_, &Session::addStyles);
}

} // namespace likeness
