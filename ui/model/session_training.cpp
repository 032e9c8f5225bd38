#include "core/request/limits.h"
#include "ui/model/session.h"
#include "ui/model/session_keeper.h"

#include <QFileInfo>

#include <algorithm>
#include <map>
#include <memory>

// What a sitting does with the training: tells of it, and uses what comes out.

namespace likeness {

void Session::connectTraining() {
    connect(&training_set_, &TrainingSet::refused, this, &Session::tellRefusals);
    connect(&training_set_, &TrainingSet::noticed, this, &Session::statusChanged);
    connect(&training_set_, &TrainingSet::lost, this, &Session::tellLost);
    const auto follow = [this] { // while nothing is dropped, the open model is what is meant
        const GenerationRequest& open = request_.request();
        const TrainingRequest& meant = training_set_.draft().request;
        if (training_set_.pictures().empty() &&
            (meant.model != open.model || meant.vae != open.vae)) {
            edits_.unrecorded([this, &open] {
                training_set_.edit([&open](TrainingDraft& draft) {
                    draft.request.model = open.model;
                    draft.request.vae = open.vae;
                });
            });
        }
    };
    connect(&request_, &RequestModel::changed, this, follow);
    follow();
    connect(&training_, &TrainingModel::finished, this, [this] {
        const TrainingRun& run = training_.run();
        Q_EMIT statusChanged(tr("%1 is trained, %2 steps").arg(run.name).arg(run.step));
        models_.scan(); // it is found among the others
    });
    connect(&training_, &TrainingModel::failed, this,
            [this](const QString& title, const QString& reason, const QString& detail) {
                Notice notice{.title = title, .reason = reason, .detail = detail};
                if (training_.run().canGoOn()) {
                    notice.action = Notice::Action::resume_training;
                    notice.other_action = Notice::Action::discard_training;
                }
                Q_EMIT noticed(notice);
            });
    connect(&training_, &TrainingModel::leftOver, this, [this] {
        const TrainingRun& run = training_.run();
        Q_EMIT noticed(
            {.severity = Notice::Severity::warning,
             .title = tr("The training of %1 is not finished").arg(run.name),
             .reason = tr("It is kept at step %1 of %2.").arg(run.saved_step).arg(run.total),
             .action = Notice::Action::resume_training,
             .other_action = Notice::Action::discard_training});
    });
}

void Session::tellLost(const QStringList& missing, const QStringList& changed) {
    const auto named = [](const QStringList& names) {
        constexpr qsizetype kMostNames = 3;
        return names.size() > kMostNames
                   ? names.mid(0, kMostNames).join(QStringLiteral(", ")) + QStringLiteral(", …")
                   : names.join(QStringLiteral(", "));
    };
    const int count = training_set_.rowCount();
    const QString changes =
        changed.isEmpty()
            ? QString()
            : tr("%1 of %2 pictures of the dataset have changed").arg(changed.size()).arg(count);
    if (missing.isEmpty()) {
        Q_EMIT noticed({.severity = Notice::Severity::note,
                        .title = changes,
                        .reason = tr("They are used as they are now: %1").arg(named(changed))});
        return;
    }
    QString reason =
        tr("Not where they were: %1. Captions are kept until they are found.").arg(named(missing));
    if (!changes.isEmpty()) {
        reason += '\n' + changes + QStringLiteral(": ") + named(changed);
    }
    Q_EMIT noticed(
        {.severity = Notice::Severity::warning,
         .title = tr("%1 of %2 pictures of the dataset are missing").arg(missing.size()).arg(count),
         .reason = reason,
         .action = Notice::Action::find_dataset,
         .other_action = Notice::Action::leave_out_missing});
}

void Session::useTrained() {
    const TrainingRun& run = training_.run();
    if (!run.result) {
        return;
    }
    const QString path = QString::fromStdString(run.result->weights);
    const QString words = QString::fromStdString(run.request.instance_prompt);
    const bool is_model = QFileInfo(path).isDir();
    if (is_model) {
        openModel(path);
    } else if (run.request.method == TrainingMethod::ip_adapter) {
        setIpAdapter(path);
    } else if (request_.request().model != run.request.model) {
        openModel(QString::fromStdString(run.request.model)); // it was trained for that one
    }
    edits_.step(tr("Use %1").arg(run.name), [&] {
        request_.edit([&](GenerationRequest& request) {
            const auto used = std::ranges::find(request.loras, path.toStdString(), &Lora::path);
            if (!is_model && run.request.method != TrainingMethod::ip_adapter &&
                used == request.loras.end() &&
                request.loras.size() < static_cast<std::size_t>(kMaxLoras)) {
                request.loras.push_back({.path = path.toStdString()});
            }
            if (run.request.method != TrainingMethod::ip_adapter &&
                !QString::fromStdString(request.prompt).contains(words)) {
                request.prompt = request.prompt.empty()
                                     ? words.toStdString()
                                     : words.toStdString() + ", " + request.prompt;
            }
        });
    });
    Q_EMIT statusChanged(tr("%1 is used").arg(run.name));
}

void Session::addToDataset(const QList<PictureId>& ids) {
    struct Batch {
        qsizetype unanswered = 0;
        std::map<qsizetype, DatasetSource> sources{}; // in the order of the ids
        QList<Refusal> refusals{};
    };

    auto batch = std::make_shared<Batch>(Batch{.unanswered = ids.size()});
    const auto answered = [this, batch] {
        if (--batch->unanswered > 0) {
            return;
        }
        std::vector<DatasetSource> sources;
        for (auto& [place, source] : batch->sources) {
            sources.push_back(std::move(source));
        }
        training_set_.addPictures(sources);
        tellRefusals(batch->refusals);
    };
    for (qsizetype i = 0; i < ids.size(); ++i) {
        const QString path = library_.pathOf(ids[i]);
        library_.load(
            ids[i],
            [batch, answered, i, path](const LibraryPicture& picture) {
                const GenerationRequest& request = picture.result.request;
                batch->sources[i] = {
                    .picture = {.name = path.isEmpty() ? tr("seed %1").arg(request.seed)
                                                       : QFileInfo(path).fileName(),
                                .path = path,
                                .pixels = path.isEmpty() ? picture.result.image : ImagePtr()},
                    .caption = QString::fromStdString(request.prompt)};
                answered();
            },
            [batch, answered](const Refusal& refusal) {
                batch->refusals.append(refusal);
                answered();
            });
    }
}

void Session::useDatasetAsReferences() {
    MimePictures pictures;
    for (const DatasetPicture& picture : training_set_.pictures()) {
        if (references_.rowCount() + pictures.sources.size() < kMaxReferences) {
            pictures.sources.append({.name = picture.name, .path = picture.path});
        }
    }
    addPictures(pictures);
}

} // namespace likeness
