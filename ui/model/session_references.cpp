#include "ui/model/kept_pictures.h"
#include "ui/model/reference_sets.h"
#include "ui/model/session.h"
#include "ui/model/words.h"

// What a sitting knows of its references beyond the list: the encoder's eye, masks that are
// painted, and sets that are kept under a name.

namespace likeness {

void Session::connectReferences() {
    const auto follow = [this] {
        // What a role's numbers are for another model is no edit of the artist's.
        edits_.unrecorded([this] { references_.setBlocks(request_.traits().attention_blocks); });
        eye_.setEncoder(request_.traits().encoder);
    };
    connect(&request_, &RequestModel::changed, this, follow);
    connect(&references_, &ReferenceListModel::looksEdited, this, [this] {
        if (shown_ || run_.isBusy()) {
            remakeSoon(0);
        } else {
            prepare();
        }
    });
    follow();
}

// A reference that came without a file: what names it leads to it tomorrow too.
void Session::keepReference(const ImagePtr& picture) {
    fileWork(tr("A pasted picture was not kept; it is lost when the window closes"),
             [picture]() -> std::function<void()> {
                 likeness::keepPicture(Kept::reference, *picture);
                 return {};
             });
}

// The card names the file at once; it is written off the window's thread.
QString Session::keepMask(const ImagePtr& mask) {
    if (!mask) {
        return {};
    }
    fileWork(tr("A mask was not kept; it is lost when the window closes"),
             [mask]() -> std::function<void()> {
                 likeness::keepPicture(Kept::mask, *mask);
                 return {};
             });
    return keptPath(Kept::mask, *mask);
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

} // namespace likeness
