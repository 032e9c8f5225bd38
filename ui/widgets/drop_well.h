#pragma once

#include <QAbstractButton>

namespace likeness {

// Where pictures go: dashes at rest, outlined while something is dragged over the window, filled
// when it would be taken here, in the error's colour with the reason when it would not. A press
// opens the file dialog.
class DropWell : public QAbstractButton {
    Q_OBJECT

public:
    enum class State { resting, armed, over, refused };

    explicit DropWell(QWidget* parent = nullptr);

    State state() const { return state_; }

    // `words` say what a release does or why it does nothing.
    void setState(State state, const QString& words);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    State state_ = State::resting;
};

} // namespace likeness
