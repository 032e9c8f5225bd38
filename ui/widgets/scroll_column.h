#pragma once

#include <QScrollArea>

class QScrollBar;

namespace likeness {

// A column that scrolls down and never sideways. Its bar lies over the column's right margin, so
// that nothing moves when there is more than fits; it is never narrower than what it holds.
class ScrollColumn : public QScrollArea {
    Q_OBJECT

public:
    explicit ScrollColumn(QWidget* content, QWidget* parent = nullptr);

    QSize minimumSizeHint() const override;

    // Scrolls until as much of it as fits is seen, once it has its place.
    void reveal(QWidget* part);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showBar();

    QScrollBar* bar_;
};

} // namespace likeness
