// What the session does with finished pictures: those just made, those of the library, those that
// are dropped with settings inside.

#include "core/request/json.h"
#include "core/request/limits.h"
#include "ui/model/session.h"
#include "ui/model/size_presets.h"
#include "ui/model/words.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace likeness {

void Session::connectLibrary() {
    connect(&library_, &PictureLibrary::noticed, this, &Session::noticed);
    // A job leaves the queue's file when its pictures are on the disk, never before.
    const auto settle = [this] {
        if (library_.isAllKept()) {
            queue_.settle();
        }
    };
    connect(&run_, &PictureRun::ended, this, settle);
    connect(&library_, &PictureLibrary::kept, this, settle);
    connect(&library_, &PictureLibrary::kept, this,
            [this](const LibraryPicture& picture, PictureId before) {
                if (queue_.takePane(picture.result, picture.screen, picture.file)) {
                    return; // of a comparison, which shows it
                }
                if (before == 0 || before == shown_id_) {
                    showPicture(picture); // one that was tried again does not push itself forward
                }
            });
    connect(&library_, &PictureLibrary::refused, this,
            [this](const LibraryPicture& picture, const QString& reason, bool again) {
                const bool is_pane = queue_.takePane(picture.result, picture.screen, {});
                if (!again && !is_pane) {
                    showPicture(picture);
                }
                Q_EMIT noticed(
                    {.title = tr("The picture could not be kept on the disk"),
                     .reason = reason + '\n' +
                               tr("It is still here in memory. Save as (Ctrl+E) writes it to "
                                  "another place."),
                     .action = Notice::Action::keep_again});
            });
    connect(&library_, &PictureLibrary::trashedPictures, this, [this](const QList<PictureId>& ids) {
        const qsizetype count = ids.size();
        Q_EMIT noticed({.severity = Notice::Severity::note,
                        .title = count == 1 ? tr("1 picture moved to the trash")
                                            : tr("%1 pictures moved to the trash").arg(count),
                        .action = Notice::Action::restore_pictures,
                        .pictures = ids});
    });
}

void Session::keepPicture(const ResultImage& picture, const ScreenPicture& screen,
                          const StepPreviews& previews, bool is_remake) {
    if (!picture.image) {
        return;
    }
    keepSteps(picture.image, previews);
    rememberGood(picture.request);
    keeping_ = picture.request;
    wanted_id_ = 0;
    is_remake ? library_.keepPassing(picture, screen) : library_.keep(picture, screen);
}

void Session::showPicture(const LibraryPicture& picture) {
    shown_ = picture.result;
    shown_screen_ = picture.screen.image;
    shown_id_ = picture.id;
    wanted_id_ = picture.id;
    if (!library_.isKeeping()) {
        keeping_.reset();
    }
    Q_EMIT shownChanged();
}

void Session::showKept(const ResultImage& picture, const ScreenPicture& screen) {
    used_seed_ = picture.request.seed;
    showPicture({.result = picture, .screen = screen});
}

void Session::show(PictureId id) {
    wanted_id_ = id;
    library_.hold(id);
    if (id == shown_id_) {
        return;
    }
    read(id, [this](const LibraryPicture& picture) {
        if (picture.id == wanted_id_) { // the last one chosen, where several were being read
            showPicture(picture);
        }
    });
}

void Session::read(PictureId id, const std::function<void(const LibraryPicture&)>& use) {
    library_.load(id, use, [this](const Refusal& refusal) { tellRefusals({refusal}); });
}

void Session::tellSettingsAreBack(const QString& title, const QString& reason) {
    Q_EMIT noticed(
        {.severity = reason.isEmpty() ? Notice::Severity::note : Notice::Severity::warning,
         .title = title,
         .reason = reason,
         .action = Notice::Action::undo_settings});
}

void Session::useSettingsOfPicture(PictureId id) {
    wanted_id_ = id;
    library_.load(
        id,
        [this](const LibraryPicture& picture) {
            useSettings(GenerationRequest(picture.result.request));
            if (picture.id == wanted_id_ && picture.id != shown_id_) {
                showPicture(picture);
            }
            tellSettingsAreBack(
                tr("The settings of seed %1 are back").arg(request_.request().seed));
        },
        [this](const Refusal& refusal) { tellRefusals({refusal}); });
}

void Session::addAsReferences(const QList<PictureId>& ids) {
    MimePictures pictures;
    for (const PictureId id : ids) {
        library_.hold(id);
        const QString path = library_.pathOf(id);
        if (!path.isEmpty()) {
            pictures.sources.append({.name = QFileInfo(path).completeBaseName(), .path = path});
            continue;
        }
        library_.load(
            id, // only in memory: its own pixels, not the screen's
            [this](const LibraryPicture& picture) {
                addPictures({.sources = {{.name = tr("seed %1").arg(picture.result.request.seed),
                                          .pixels = picture.result.image}}});
            },
            [this](const Refusal& refusal) { tellRefusals({refusal}); });
    }
    if (!pictures.sources.isEmpty()) {
        addPictures(pictures);
    }
}

void Session::exportPictures(const QList<PictureId>& ids, const ExportOptions& options) {
    export_options_ = options;
    std::vector<PictureLibrary::Reader> readers;
    for (const PictureId id : ids) {
        readers.push_back(library_.reader(id));
    }
    Q_EMIT statusChanged(ids.size() == 1 ? tr("Exporting 1 picture")
                                         : tr("Exporting %1 pictures").arg(ids.size()));
    files_.run([this, readers, options,
                stop = stop_export_.get_token()]() -> std::function<void()> {
        return [this, options, report = likeness::exportPictures(readers, options, stop)] {
            const QString folder = QFileInfo(options.folder).fileName();
            Q_EMIT statusChanged(
                report.written == 1
                    ? tr("Exported %1 to %2").arg(report.last, folder)
                    : tr("Exported %1 pictures to %2").arg(report.written).arg(folder));
            if (report.refusals.isEmpty()) {
                return;
            }
            QStringList lines;
            for (const Refusal& refusal : report.refusals) {
                lines << tr("%1: %2").arg(refusal.name, refusal.reason);
            }
            const qsizetype count = report.refusals.size();
            Q_EMIT noticed({.title = count == 1 ? tr("A picture was not exported")
                                                : tr("%1 pictures were not exported").arg(count),
                            .reason = lines.join('\n')});
        };
    });
}

void Session::useForeignSettings(const QString& name, const ForeignSettings& settings) {
    const std::string model = request_.request().model;
    steps_before_settings_ = edits_.stack().index();
    edits_.step(tr("Use settings of %1").arg(name), [&] {
        request_.setRequest(
            with_foreign_settings(request_.request(), settings, request_.traits().family));
        request_.setSeedLocked(request_.isSeedLocked() || settings.seed.has_value());
    });
    followModel(model);
    const QString program = QString::fromStdString(settings.program);
    const QString other =
        tr("Its noise is drawn otherwise: the same seed gives another picture here.");
    tellSettingsAreBack(
        tr("The %1 settings of %2 are back").arg(program, name),
        settings.not_honoured.empty()
            ? other
            : tr("Not honoured: %1.").arg(inWords(joined(settings.not_honoured, ", "))) + '\n' +
                  other);
}

void Session::useSettingsOf(const PictureSource& source) {
    files_.load(
        source,
        [this, source](const LoadedPicture& picture) {
            GenerationRequest request;
            QString unread = picture.foreign_problem;
            if (picture.request_json) {
                unread = reasonOf([&] { request = request_from_json(*picture.request_json); });
            }
            if (!unread.isEmpty()) {
                Q_EMIT noticed({.title = tr("The settings of %1 were not read").arg(source.name),
                                .reason = unread});
            } else if (picture.request_json) {
                useSettings(request);
                showPicture({.result = {.image = picture.image, .request = request},
                             .screen = picture.screen});
                tellSettingsAreBack(tr("The settings of %1 are back").arg(source.name));
            } else if (picture.foreign) {
                useForeignSettings(source.name, *picture.foreign);
            } else {
                addPictures({.sources = {source}});
                Q_EMIT statusChanged(
                    tr("%1 carries no settings; it was added as a reference").arg(source.name));
            }
        },
        [this](const Refusal& refusal) { tellRefusals({refusal}); });
}

std::optional<GenerationRequest> Session::smaller(GenerationRequest request) const {
    const ModelTraits& traits = request_.traits();
    const std::optional<QSize> size = smallerSize({request.width.value_or(traits.default_width),
                                                   request.height.value_or(traits.default_height)},
                                                  traits);
    if (!size) {
        return std::nullopt;
    }
    request.width = size->width();
    request.height = size->height();
    request.branch = {}; // its latents have the old size
    return request;
}

void Session::makeSmaller() {
    if (!too_large_) {
        return;
    }
    const std::vector<PictureQueue::Row>& rows = queue_.rows();
    const auto row = std::ranges::find_if(rows, [&](const auto& each) {
        return each.failed && !each.isComparison() && each.request == *too_large_;
    });
    if (row != rows.end()) {
        queue_.remove(static_cast<int>(row - rows.begin()));
    }
    const GenerationRequest asked = *std::exchange(too_large_, std::nullopt);
    if (const auto request = smaller(asked)) {
        const GenerationRequest& edited = request_.request();
        if (edited.width == asked.width && edited.height == asked.height) {
            request_.edit([&](GenerationRequest& next) {
                next.width = request->width;
                next.height = request->height;
            });
        }
        enqueue(*request);
    }
}

void Session::makeJobSmaller(int row) {
    if (row < 0 || row >= queue_.rowCount()) {
        return;
    }
    const PictureQueue::Row& job = queue_.rows()[static_cast<std::size_t>(row)];
    if (job.failed && !job.isComparison()) {
        too_large_ = job.request;
        makeSmaller();
    }
}

} // namespace likeness
