#pragma once

#include <QObject>

class QDockWidget;
class QMainWindow;

namespace likeness {

// Where the window gets narrow, the docks left and right of the picture share the right place as
// tabs, so that the picture stays the largest thing; where it gets wide again, they go back. Acts
// only when the window crosses that width and both stand at their sides: what a hand has placed
// otherwise stays where it is.
class DockFolding : public QObject {
    Q_OBJECT

public:
    static constexpr int kNarrow = 1280; // logical pixels of the window

    DockFolding(QMainWindow& window, QDockWidget& left, QDockWidget& right);

    bool isFolded() const { return folded_; }

    void showFolded(const QDockWidget& dock); // should it stand behind the other

    void unfold(); // the docks go back to their sides, should they be folded

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fold();

    QMainWindow& window_;
    QDockWidget& left_;
    QDockWidget& right_;
    int left_width_;
    int right_width_;
    bool narrow_ = false;
    bool folded_ = false;
};

} // namespace likeness
