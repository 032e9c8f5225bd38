#include "core/request/limits.h"
#include "ui/model/kept_pictures.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/reference_sets.h"
#include "ui/model/session.h"
#include "ui/model/words.h"

#include <memory>

// What a sitting knows of its references beyond the list: the encoder's eye, masks that are
// painted, and sets that are kept under a name.

namespace likeness {

void Session::connectReferences() {
    const auto offer_adapters = [this] {
        references_.setAdapters(models_.adaptersFor(
            request_.request().model, request_.traits().family, ModelLibrary::Own::included));
    };
    const auto follow_model = [this, offer_adapters] {
        const ModelTraits& traits = request_.traits();
        // What a role's numbers are for another model is no edit of the artist's.
        edits_.unrecorded([&] { references_.setBlocks(traits.attention_blocks); });
        eye_.setEncoder(traits.encoder);
        offer_adapters();
    };
    connect(&references_, &ReferenceListModel::looksEdited, this, [this] {
        if (shown_ || run_.isBusy()) {
            remakeSoon(0);
        } else {
            prepare();
        }
    });
    follow_model();
    connect(&request_, &RequestModel::traitsChanged, this, follow_model);
    connect(&models_, &ModelLibrary::changed, this, offer_adapters);
}

// What names those pixels leads to them tomorrow too: the file is named at once, and written off
// the window's thread.
void Session::keepPixels(const QString& path, const ImagePtr& pixels, const QString& failure) {
    fileWork(failure, [path, pixels]() -> std::function<void()> {
        likeness::keepPicture(path, *pixels);
        return {};
    });
}

QString Session::keepMask(const ImagePtr& mask) {
    if (!mask) {
        return {};
    }
    const QString path = keptPath(Kept::mask, *mask);
    keepPixels(path, mask, tr("A mask was not kept; it is lost when the window closes"));
    return path;
}

void Session::setLookMask(quint64 card, const ImagePtr& mask) {
    references_.setLookMask(card, mask, keepMask(mask));
}

void Session::setMask(quint64 card, const ImagePtr& mask) {
    references_.setMask(card, mask, keepMask(mask));
}

void Session::fileWork(const QString& failure, const std::function<std::function<void()>()>& work) {
    files_.run([this, failure, work]() -> std::function<void()> {
        std::function<void()> done;
        const QString reason = reasonOf([&] { done = work(); });
        if (reason.isEmpty()) {
            return done;
        }
        return [this, failure, reason] { Q_EMIT noticed({.title = failure, .reason = reason}); };
    });
}

void Session::saveReferenceSet(const QString& name) {
    ReferenceSet set{.cards = references_.cards(),
                     .master_scale = request_.request().master_scale,
                     .combine = request_.request().combine};
    std::erase_if(set.cards, [](const ReferenceCard& card) { return !card.image; });
    fileWork(tr("The set %1 was not saved").arg(name),
             [this, name, set]() -> std::function<void()> {
                 reference_sets::save(name, set);
                 return [this, name] { Q_EMIT statusChanged(tr("Saved the set %1").arg(name)); };
             });
}

void Session::loadReferenceSet(const QString& name) {
    fileWork(tr("The set %1 was not opened").arg(name), [this, name]() -> std::function<void()> {
        const ReferenceSet set = reference_sets::load(name);
        return [this, name, set] {
            edits_.step(tr("Open the set %1").arg(name), [&] {
                references_.replaceAll(set.cards);
                request_.edit([&set](GenerationRequest& request) {
                    request.master_scale = set.master_scale;
                    request.combine = set.combine;
                });
            });
            readPictures();
            Q_EMIT statusChanged(tr("Opened the set %1").arg(name));
        };
    });
}

void Session::removeReferenceSet(const QString& name) {
    fileWork(tr("The set %1 was not removed").arg(name), [this, name]() -> std::function<void()> {
        reference_sets::remove(name);
        return
            [this, name] { Q_EMIT statusChanged(tr("Moved the set %1 to the trash").arg(name)); };
    });
}

void Session::tellRefusals(const QList<Refusal>& refusals) {
    if (refusals.isEmpty()) {
        return;
    }
    QStringList lines;
    for (const Refusal& refusal : refusals) {
        lines << (refusal.reason.contains(refusal.name)
                      ? refusal.reason
                      : tr("%1: %2").arg(refusal.name, refusal.reason));
    }
    const qsizetype count = refusals.size();
    Q_EMIT noticed({.title = count == 1 ? tr("A picture was not taken")
                                        : tr("%1 pictures were not taken").arg(count),
                    .reason = lines.join('\n')});
}

void Session::tellOtherPictures(const QStringList& names) {
    if (!names.isEmpty()) {
        Q_EMIT noticed(
            {.severity = Notice::Severity::warning,
             .title = names.size() == 1
                          ? tr("%1 is another picture than it was").arg(names.front())
                          : tr("%1 references are other pictures than they were").arg(names.size()),
             .reason = tr("The settings were made with what the file held before: the "
                          "result will differ.") +
                       (names.size() == 1 ? QString() : '\n' + names.join(", "))});
    }
}

void Session::addPictures(const MimePictures& pictures) {
    QList<Refusal> refusals = pictures.refusals;
    QList<PictureSource> sources;
    QList<quint64> cards;
    QList<PictureSource> left_over;
    edits_.step({}, [&] {
        for (const PictureSource& source : pictures.sources) {
            const std::optional<quint64> card =
                references_.add({.name = source.name,
                                 .path = source.path,
                                 .ip_adapter_scale = limit("ip_adapter_scale").default_value});
            if (card) {
                sources.append(source);
                cards.append(*card);
            } else {
                left_over.append(source);
                refusals.append({source.name, tr("there are %1 references already, which is the "
                                                 "most. Remove one first.")
                                                  .arg(kMaxReferences)});
            }
        }
    });
    if (left_over.size() > 1 || pictures.sources.size() > kMaxReferences) { // a whole set
        refusals = pictures.refusals;
        offerTraining(left_over);
    }
    fillCards(cards, sources, refusals);
}

void Session::fillCards(const QList<quint64>& cards, const QList<PictureSource>& sources,
                        const QList<Refusal>& refusals) {
    // Refusals are told once, when the last file of the drop has been answered.
    struct Batch {
        qsizetype unanswered = 0;
        QList<Refusal> refusals{};
        QStringList changed{}; // names of files that are not what the settings were made with
    };

    auto batch = std::make_shared<Batch>(Batch{cards.size(), refusals});
    if (cards.isEmpty()) {
        tellRefusals(refusals);
    }
    for (qsizetype i = 0; i < cards.size(); ++i) {
        const quint64 card = cards[i];
        reading_.insert(card);
        const auto answered = [this, batch, card] {
            reading_.remove(card);
            if (--batch->unanswered == 0) {
                tellRefusals(batch->refusals);
                tellOtherPictures(batch->changed);
            }
        };
        files_.load(
            sources[i],
            [this, card, batch, answered](const LoadedPicture& picture) {
                const ReferenceCard* before = references_.card(card);
                const std::string known = before ? before->sha256 : std::string();
                // A copy that is kept of it is what it was.
                const bool is_its_file = before && before->path == picture.path;
                if (is_its_file && !known.empty() && known != picture.sha256) {
                    batch->changed << before->name;
                }
                const CardPixels pixels{.image = picture.image,
                                        .thumbnail = picture.thumbnail,
                                        .path = picture.kept_path,
                                        .sha256 = is_its_file ? picture.sha256 : known,
                                        .mask = picture.mask,
                                        .look_mask = picture.look_mask};
                edits_.fillCard(card, pixels);
                references_.setPixels(card, pixels);
                if (!picture.kept_path.isEmpty()) {
                    keepPixels(picture.kept_path, picture.image,
                               tr("A pasted picture was not kept; it is lost when the window "
                                  "closes"));
                }
                batch->refusals.append(picture.refusals);
                answered();
            },
            [this, card, batch, answered](const Refusal& refusal) {
                edits_.forgetCard(card);
                batch->refusals.append(refusal);
                answered();
            });
    }
}

void Session::loadReferences(const GenerationRequest& request) {
    std::vector<ReferenceCard> cards;
    for (const ReferenceImage& reference : request.references) {
        const QString path = QString::fromStdString(reference.path);
        const QString name = path.isEmpty() ? tr("a reference") : nameOfFile(path);
        ReferenceCard card = toCard(reference, name);
        if (card.image) {
            card.thumbnail = toThumbnail(*card.image, kThumbnailSide);
        }
        cards.push_back(card);
    }
    references_.replaceAll(std::move(cards));
    readPictures();
}

void Session::useExample(const Example& example) {
    edits_.step(tr("Example: %1").arg(example.title), [&] {
        request_.edit([&example](GenerationRequest& request) {
            const GenerationRequest& wanted = example.request;
            request.prompt = wanted.prompt;
            request.ip_adapter = wanted.ip_adapter;
            request.image_encoder = wanted.image_encoder;
            request.master_scale = wanted.master_scale;
            request.combine = wanted.combine;
            request.block_scales = wanted.block_scales;
            request.branch = {}; // it would go on from another picture
        });
        references_.replaceAll(inRoles(example.cards, references_.blocks()));
    });
    readPictures();
}

void Session::useAllSamples(const SampleSubject& subject) {
    std::vector<ReferenceCard> cards;
    for (const SamplePicture& picture : subject.pictures) {
        cards.push_back({.name = picture.name,
                         .path = picture.path,
                         .ip_adapter_scale = limit("ip_adapter_scale").default_value});
    }
    edits_.step(tr("All pictures of %1").arg(subject.name),
                [&] { references_.replaceAll(std::move(cards)); });
    readPictures();
}

void Session::readPictures() {
    QList<quint64> unread;
    QList<PictureSource> sources;
    for (const ReferenceCard& card : references_.cards()) {
        if (!card.image && !reading_.contains(card.id)) {
            unread.append(card.id);
            sources.append({.name = card.name,
                            .path = card.path,
                            .mask_path = card.mask_path,
                            .look_mask_path = card.look_mask_path});
        }
    }
    fillCards(unread, sources, {});
}

} // namespace likeness
