#include "core/request/limits.h"
#include "ui/main_window.h"
#include "ui/model/paths.h"
#include "ui/model/session.h"
#include "ui/panels/models_sheet.h"

#include <algorithm>

// The window's side of the library of models: what is chosen there is used.

namespace likeness {

namespace {

template <typename Items>
bool holds(const Items& items, const std::string& path) {
    return std::ranges::any_of(items, [&](const auto& item) { return item.path == path; });
}

// Changes the request so that it uses that file. False: it does already, or has no room for it.
bool take(GenerationRequest& request, const LibraryEntry& entry,
          const std::filesystem::path& encoder) {
    const std::string path = entry.path.string();
    switch (entry.kind) {
    case ModelKind::lora:
        if (holds(request.loras, path) || request.loras.size() >= kMaxLoras) {
            return false;
        }
        request.loras.push_back({.path = path});
        return true;
    case ModelKind::textual_inversion:
        if (holds(request.textual_inversions, path) ||
            request.textual_inversions.size() >= kMaxTextualInversions) {
            return false;
        }
        request.textual_inversions.push_back({.path = path});
        return true;
    case ModelKind::vae:
        request.vae = path;
        return true;
    case ModelKind::ip_adapter:
        request.ip_adapter = path;
        request.image_encoder = encoder.string();
        return true;
    default:
        return false;
    }
}

} // namespace

void MainWindow::showModels() {
    if (models_sheet_ == nullptr) {
        models_sheet_ = new ModelsSheet(session_.models(), this);
        connect(models_sheet_, &ModelsSheet::useRequested, this, &MainWindow::useFile);
    }
    models_sheet_->open();
}

void MainWindow::useFile(const LibraryEntry& entry, const std::filesystem::path& encoder) {
    const QString name = QString::fromStdString(entry.name);
    const std::string& open = session_.request().traits().family;
    if (entry.family == "sdxl_refiner" && open == "sdxl") {
        session_.setRefiner(fromPath(entry.path));
        return;
    }
    if (entry.kind == ModelKind::model || entry.kind == ModelKind::pickle) { // a .ckpt
        session_.openModel(fromPath(entry.path));
        return;
    }
    bool taken = false;
    session_.edits().step(tr("Use %1").arg(name), [&] {
        session_.request().edit(
            [&](GenerationRequest& request) { taken = take(request, entry, encoder); });
    });
    Q_EMIT session_.statusChanged(taken ? tr("%1 is used").arg(name)
                                        : tr("%1 is used already, or there is no room").arg(name));
}

} // namespace likeness
