#pragma once

#include "core/image/encoder_view.h"

#include <QImage>
#include <QMap>
#include <QObject>

#include <optional>

namespace likeness {

class PictureFiles;

// What the image encoder gets of a card: its exact pixels, made off the window's thread by the
// function the networks use. One look at a time; of several wishes for a card the newest counts.
class EncoderEye : public QObject {
    Q_OBJECT

public:
    explicit EncoderEye(PictureFiles& files, QObject* parent = nullptr);

    const ClipPreprocess& encoder() const { return encoder_; }

    // The encoder of the model in use; encoderChanged() when it is another.
    void setEncoder(const ClipPreprocess& encoder);

    // Answered by seen(), unless a newer wish for the card comes before.
    void look(quint64 card, const ImagePtr& image, const EncoderView& view);

Q_SIGNALS:
    // S x S pixels, and the whole picture small enough to be drawn at once.
    void seen(quint64 card, const QImage& pixels, const QImage& picture);
    void encoderChanged();

private:
    struct Wish {
        ImagePtr image{};
        EncoderView view{};
    };

    void next();

    PictureFiles& files_;
    ClipPreprocess encoder_{};
    QMap<quint64, Wish> wishes_{};
    QMap<quint64, QImage> pictures_{}; // by card, of the image below
    QMap<quint64, ImagePtr> images_{};
    bool looking_ = false;
};

} // namespace likeness
