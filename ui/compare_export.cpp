#include "core/imageio/save.h"
#include "core/imageio/sheet.h"
#include "core/request/json.h"
#include "ui/compare_workspace.h"
#include "ui/model/paths.h"
#include "ui/model/session.h"
#include "ui/model/words.h"
#include "ui/widgets/file_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>

#include <fmt/format.h>

// A comparison as files.

namespace likeness {

namespace {

constexpr std::size_t kSheetColumns = 8; // of a ladder; a sheet keeps its own
constexpr int kSheetSide = 1024;         // larger pictures are made smaller on the sheet

std::vector<std::vector<SheetCell>> sheetRows(const ComparisonModel& model) {
    std::vector<std::vector<SheetCell>> rows;
    const std::size_t columns =
        model.isLadder() ? kSheetColumns : static_cast<std::size_t>(model.columns());
    std::size_t place = 0;
    for (const ComparisonCell& cell : model.cells()) {
        if (place++ % columns == 0) {
            rows.emplace_back();
        }
        // A picture that is missing leaves its place free.
        const ImagePtr image = cell.state == ComparisonCell::State::done
                                   ? cell.result.image
                                   : std::make_shared<const Image>(make_image(1, 1));
        rows.back().push_back({.image = image, .caption = cell.caption.toStdString()});
    }
    return rows;
}

std::string sheetTitle(const ComparisonModel& model) {
    const auto done =
        std::ranges::find(model.cells(), ComparisonCell::State::done, &ComparisonCell::state);
    const GenerationRequest& request =
        done == model.cells().end() ? model.spec().base : done->result.request;
    return fmt::format("{}  seed {}, {} steps, guidance {:.3g}, {}", request.prompt, request.seed,
                       request.num_inference_steps.value_or(0), request.guidance_scale.value_or(0),
                       request.model);
}

// A caption as part of a file name.
QString fileWord(const QString& caption) {
    QString word;
    for (const QChar letter : caption) {
        const bool plain = letter.isLetterOrNumber() || letter == '.' || letter == '-';
        word += plain ? letter : QChar('-');
    }
    return word.left(80);
}

} // namespace

void CompareWorkspace::exportSheet(const QString& path) {
    files_.run([this, path, rows = sheetRows(model_),
                title = sheetTitle(model_)]() -> std::function<void()> {
        const QString reason =
            reasonOf([&] { save_image(toPath(path), make_sheet(rows, title, kSheetSide)); });
        return [this, path, reason] {
            const QString name = QFileInfo(path).fileName();
            if (reason.isEmpty()) {
                Q_EMIT session_.statusChanged(tr("Saved %1").arg(name));
            } else {
                Q_EMIT session_.noticed(
                    {.title = tr("The sheet could not be saved as %1").arg(name),
                     .reason = reason + '\n' + tr("The pictures are still here.")});
            }
        };
    });
}

void CompareWorkspace::exportFiles(const QString& folder) {
    for (const ComparisonCell& cell : model_.cells()) {
        if (cell.state != ComparisonCell::State::done) {
            continue;
        }
        const QString stem = QStringLiteral("compare-%1-%2")
                                 .arg(cell.result.request.seed)
                                 .arg(fileWord(cell.caption));
        QString path = QDir(folder).filePath(stem + QStringLiteral(".png"));
        for (int i = 2; QFileInfo::exists(path); ++i) {
            path = QDir(folder).filePath(QStringLiteral("%1-%2.png").arg(stem).arg(i));
        }
        files_.save(
            path, cell.result,
            [this](const QString& saved) {
                Q_EMIT session_.statusChanged(tr("Saved %1").arg(QFileInfo(saved).fileName()));
            },
            [this](const Refusal& refusal) {
                Q_EMIT session_.noticed(
                    {.title = tr("The picture could not be saved as %1").arg(refusal.name),
                     .reason = refusal.reason});
            });
    }
}

void CompareWorkspace::browseSheet() {
    if (model_.doneCount() == 0) {
        Q_EMIT session_.statusChanged(tr("There is no picture to export yet"));
        return;
    }
    auto* dialog =
        openSaveDialog(this, tr("Export as one sheet"), tr("Pictures (*.png *.jpg *.tif *.webp)"),
                       QStringLiteral("png"),
                       QStringLiteral("likeness-%1-sheet.png").arg(model_.spec().base.seed));
    connect(dialog, &QFileDialog::fileSelected, this, &CompareWorkspace::exportSheet);
}

void CompareWorkspace::browseFolder() {
    if (model_.doneCount() == 0) {
        Q_EMIT session_.statusChanged(tr("There is no picture to export yet"));
        return;
    }
    auto* dialog =
        openFileDialog(this, tr("Export as files into a folder"), QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, &CompareWorkspace::exportFiles);
}

} // namespace likeness
