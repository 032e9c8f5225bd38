#pragma once

#include <QWidget>

namespace likeness {

class IconButton;
class PictureView;
class PlainLabel;
class TextButton;

// At the right of the tabs: how large the picture is shown.
class CanvasBar : public QWidget {
    Q_OBJECT

public:
    explicit CanvasBar(PictureView& view, QWidget* parent = nullptr);

    void addTools(QWidget* tools); // left of the zoom

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showZoom();

    PictureView& view_;
    PlainLabel* zoom_;
    IconButton* fit_;
    IconButton* sharp_;
};

} // namespace likeness
