#include "core/request/limits.h"
#include "ui/model/session.h"

#include <QFileInfo>

#include <memory>

// What a sitting knows of pictures that become a training set: those of the tray, those of the
// library, and those that were too many for the tray.

namespace likeness {

void Session::connectPromotion() {
    connect(this, &Session::promoted, this, [this](const QList<PromotedPicture>& pictures) {
        if (training_set_.isFixed()) {
            Q_EMIT noticed({.severity = Notice::Severity::warning,
                            .title = tr("The pictures were not added to the dataset"),
                            .reason = tr("It is fixed while a training runs or is paused.")});
            return;
        }
        std::vector<DatasetSource> sources;
        for (const PromotedPicture& each : pictures) {
            sources.push_back({.picture = each.picture, .caption = each.caption});
        }
        training_set_.addPictures(sources);
    });
    connect(this, &Session::wayTaken, this, [this](const MethodAdvice& advice) {
        training_set_.edit([&advice](TrainingDraft& draft) {
            draft.request = with_advice(draft.request, advice);
        });
    });
    connect(&training_, &TrainingModel::checkChanged, this, [this] {
        const std::optional<TrainingCheck>& check = training_.checked();
        if (check && check->estimate && !training_.isCheckOld()) {
            question_.learn(training_.checkedRequest(), *check->estimate);
        }
    });
}

void Session::promoteReferences() {
    if (references_.rowCount() == 0) {
        Q_EMIT statusChanged(tr("There are no references to train on yet"));
    }
    promote(cardSources());
}

void Session::promoteReference(quint64 card) {
    if (const ReferenceCard* found = references_.card(card)) {
        promote({sourceOf(*found)});
    }
}

void Session::promotePictures(const QList<PictureId>& ids) {
    QList<PictureSource> sources;
    for (const PictureId id : ids) {
        library_.hold(id);
        const QString path = library_.pathOf(id);
        if (!path.isEmpty()) {
            sources.append({.name = QFileInfo(path).fileName(), .path = path});
            continue;
        }
        library_.load( // only in memory: what it was asked for is there too
            id,
            [this](const LibraryPicture& picture) {
                const GenerationRequest& request = picture.result.request;
                Q_EMIT promoted({{.picture = {.name = tr("seed %1").arg(request.seed),
                                              .pixels = picture.result.image},
                                  .caption = QString::fromStdString(request.prompt)}});
            },
            [this](const Refusal& refusal) { tellRefusals({refusal}); });
    }
    promote(sources);
}

void Session::promote(const QList<PictureSource>& sources) {
    if (sources.isEmpty()) {
        return;
    }
    files_.run([this, sources]() -> std::function<void()> {
        QList<PromotedPicture> pictures;
        for (const PictureSource& source : sources) {
            pictures.append({.picture = source, .caption = proposedCaption(source.path)});
        }
        return [this, pictures] { Q_EMIT promoted(pictures); };
    });
}

PictureSource Session::sourceOf(const ReferenceCard& card) {
    PictureSource source{.name = card.name, .path = card.path};
    if (card.path.isEmpty()) {
        source.pixels = card.image;
    }
    return source;
}

QList<PictureSource> Session::cardSources() const {
    QList<PictureSource> sources;
    for (const ReferenceCard& card : references_.cards()) {
        if (!card.path.isEmpty() || card.image) {
            sources.append(sourceOf(card));
        }
    }
    return sources;
}

// Which way to take is asked about the tray's pictures together with those it had no room for.
void Session::offerTraining(const QList<PictureSource>& left_over) {
    constexpr qsizetype kNamed = 3;
    question_.setPictures(cardSources() + left_over);
    const auto count = question_.pictures().size();
    QStringList names;
    for (const PictureSource& source : left_over.mid(0, kNamed)) {
        names << source.name;
    }
    const auto more = left_over.size() - names.size();
    const QString list = more > 0 ? tr("%1 and %2 more").arg(names.join(", ")).arg(more)
                                  : names.join(QStringLiteral(", "));
    Q_EMIT noticed({.severity = Notice::Severity::warning,
                    .title = tr("%1 pictures are too many for references").arg(count),
                    .reason = tr("%1 references are the most; not taken: %2.\nA LoRA learns from "
                                 "all of them.")
                                  .arg(kMaxReferences)
                                  .arg(list),
                    .action = Notice::Action::train_on_pictures,
                    .action_text = tr("Train a LoRA of these %1").arg(count)});
}

void Session::takeWay(const MethodAdvice& advice) {
    const QList<PictureSource> pictures = question_.pictures();
    question_.setPictures({}); // answered
    if (advice.method != AdvisedMethod::image_prompt) {
        Q_EMIT wayTaken(advice);
        promote(pictures);
    } else if (references_.rowCount() == 0) {
        addPictures({.sources = pictures});
    }
}

void Session::askWhichWay() {
    if (references_.rowCount() == 0) {
        Q_EMIT statusChanged(tr("There are no references to ask about yet"));
    }
    question_.setPictures(cardSources());
}

} // namespace likeness
