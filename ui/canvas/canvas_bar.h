#pragma once

#include <QWidget>

namespace likeness {

class ZoomTools;
class ZoomView;

// At the right of the tabs: how large the picture is shown.
class CanvasBar : public QWidget {
    Q_OBJECT

public:
    explicit CanvasBar(ZoomView& view, QWidget* parent = nullptr);

    void addTools(QWidget* tools); // left of the zoom

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ZoomTools* zoom_;
};

} // namespace likeness
