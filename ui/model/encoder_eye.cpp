#include "ui/model/encoder_eye.h"

#include "ui/model/picture_files.h"
#include "ui/model/qimage_conversion.h"

#include <new>
#include <utility>

namespace likeness {

namespace {

constexpr int kEyePictureSide = 320; // of the shorter side: the crop view on a dense screen
constexpr int kMostEyePictures = 10;

} // namespace

EncoderEye::EncoderEye(PictureFiles& files, QObject* parent) : QObject(parent), files_(files) {}

void EncoderEye::setEncoder(const ClipPreprocess& encoder) {
    if (encoder != encoder_) {
        encoder_ = encoder;
        Q_EMIT encoderChanged();
    }
}

void EncoderEye::look(quint64 card, const ImagePtr& image, const EncoderView& view) {
    if (image) {
        wishes_.insert(card, {image, view});
        next();
    }
}

void EncoderEye::next() {
    if (looking_ || wishes_.isEmpty()) {
        return;
    }
    looking_ = true;
    const quint64 card = wishes_.firstKey();
    const Wish wish = wishes_.take(card);
    const QImage kept = images_.value(card) == wish.image ? pictures_.value(card) : QImage();
    files_.run([this, card, wish, kept, encoder = encoder_]() -> std::function<void()> {
        QImage pixels, picture;
        try {
            pixels = toQImage(encoder_pixels(*wish.image, wish.view, encoder));
            picture = kept.isNull() ? toThumbnail(*wish.image, kEyePictureSide) : kept;
        } catch (const std::bad_alloc&) {
            // The card stays as it was; the run will tell that memory is short.
        }
        return [this, card, wish, pixels, picture] {
            looking_ = false;
            if (pictures_.size() >= kMostEyePictures && !pictures_.contains(card)) {
                pictures_.clear();
                images_.clear();
            }
            pictures_.insert(card, picture);
            images_.insert(card, wish.image);
            if (!wishes_.contains(card) && !pixels.isNull()) {
                Q_EMIT seen(card, pixels, picture);
            }
            next();
        };
    });
}

} // namespace likeness
