#include "ui/model/picture_difference.h"

#include "core/image/colour_difference.h"
#include "ui/model/qimage_conversion.h"

#include <new>
#include <utility>

namespace likeness {

PictureDifference::PictureDifference(QObject* parent) : QObject(parent) {}

void PictureDifference::ask(const Wish& wish) {
    if (busy_) {
        next_ = wish;
    } else if (wish != shown_) {
        compute(wish);
    }
}

void PictureDifference::compute(const Wish& wish) {
    shown_ = wish;
    image_ = {};
    mean_ = largest_ = 0;
    reason_.clear();
    if (!wish.a || !wish.b) {
        reason_ = tr("Both pictures have to be finished");
    } else if (wish.a->width != wish.b->width || wish.a->height != wish.b->height) {
        reason_ = tr("They have different sizes: %1 x %2 and %3 x %4")
                      .arg(wish.a->width)
                      .arg(wish.a->height)
                      .arg(wish.b->width)
                      .arg(wish.b->height);
    }
    if (!reason_.isEmpty()) {
        Q_EMIT changed();
        return;
    }
    busy_ = true;
    files_.run([this, wish]() -> std::function<void()> {
        DeltaE made;
        QString reason;
        try {
            if (wish.kind == Kind::absolute) {
                made.map = absolute_difference(*wish.a, *wish.b, wish.gain);
            } else {
                made = delta_e_map(*wish.a, *wish.b, kDeltaEScale / wish.gain);
            }
        } catch (const std::bad_alloc&) {
            reason = tr("Memory ran out");
        }
        return [this, image = reason.isEmpty() ? toQImage(made.map) : QImage(), mean = made.mean,
                largest = made.largest, reason] {
            busy_ = false;
            image_ = image;
            mean_ = mean;
            largest_ = largest;
            reason_ = reason;
            Q_EMIT changed();
            if (next_) {
                ask(*std::exchange(next_, std::nullopt));
            }
        };
    });
}

} // namespace likeness
