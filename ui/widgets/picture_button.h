#pragma once

#include <QAbstractButton>
#include <QImage>

namespace likeness {

// A picture that is pressed to be taken, and pressed again to be put back: marked while it is
// taken.
class PictureButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit PictureButton(int side, QWidget* parent = nullptr);

    void setImage(const QImage& image);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QImage image_;
};

} // namespace likeness
