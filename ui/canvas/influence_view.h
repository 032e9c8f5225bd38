#pragma once

#include <QImage>
#include <QWidget>

#include <vector>

namespace likeness {

// A heat map over a picture in grey, and its scale: purple is nothing, yellow the strongest.
class InfluenceView : public QWidget {
    Q_OBJECT

public:
    explicit InfluenceView(QWidget* parent = nullptr);

    // `values` [height * width], drawn as their share of `strongest`; none: the picture alone.
    void setPicture(const QImage& picture);
    void setMap(const std::vector<float>& values, QSize size, double strongest);

    const QImage& map() const { return map_; }

    QSize sizeHint() const override;

    bool hasHeightForWidth() const override { return true; }

    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QImage picture_; // small and grey
    QImage map_;
    double strongest_ = 0;
};

} // namespace likeness
