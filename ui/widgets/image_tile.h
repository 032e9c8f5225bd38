#pragma once

#include <QImage>
#include <QWidget>

namespace likeness {

// A picture in a square: cropped to fill it, dimmed when it does not count, with a ring when
// chosen and a sign where there is more to know of it.
class ImageTile : public QWidget {
    Q_OBJECT

public:
    explicit ImageTile(int side, QWidget* parent = nullptr);

    void setImage(const QImage& image);
    void setDimmed(bool dimmed);

    // A small sign in its lower corner; empty: none.
    void setMark(const QString& icon);

    QString mark() const { return mark_; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage image_;
    QString mark_;
    bool dimmed_ = false;
};

// Draws `image` cropped to fill `area`, with corners of 2 px.
void paintFilling(QPainter& painter, const QRect& area, const QImage& image, qreal opacity = 1);

} // namespace likeness
