#pragma once

#include "core/image/image.h"
#include "ui/model/picture_files.h"

#include <QImage>
#include <QObject>
#include <QString>

#include <optional>

namespace likeness {

// The difference of two pictures, computed off the window's thread; while one is on its way only
// the newest wish is kept.
class PictureDifference : public QObject {
    Q_OBJECT

public:
    enum class Kind { absolute, delta_e };

    struct Wish {
        ImagePtr a{};
        ImagePtr b{};
        Kind kind = Kind::absolute;
        double gain = 4; // Delta E: its scale ends at kDeltaEScale / gain

        bool operator==(const Wish&) const = default;
    };

    static constexpr double kDeltaEScale = 40;

    explicit PictureDifference(QObject* parent = nullptr);

    void ask(const Wish& wish); // changed() follows, unless this is what is shown already

    // What the last answered wish gave; empty where the pictures cannot be compared.
    const QImage& image() const { return image_; }

    Kind kind() const { return shown_.kind; }

    // Where the colour scale of Delta E ends.
    double scaleEnd() const { return kDeltaEScale / shown_.gain; }

    double mean() const { return mean_; } // Delta E only

    double largest() const { return largest_; }

    // Why there is no image, in one sentence.
    const QString& reason() const { return reason_; }

Q_SIGNALS:
    void changed();

private:
    void compute(const Wish& wish);

    PictureFiles files_;
    Wish shown_{};
    std::optional<Wish> next_{};
    bool busy_ = false;
    QImage image_;
    double mean_ = 0;
    double largest_ = 0;
    QString reason_;
};

} // namespace likeness
