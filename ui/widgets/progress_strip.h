#pragma once

#include <QString>
#include <QWidget>

#include <optional>

namespace likeness {

class TextButton;

// Two lines under the picture: what is happening and how long it takes, and a bar with one segment
// a step, short ones before and after it for loading, encoding and decoding. Stop stands at the
// right, always in the same place. When a picture is done its steps can be looked at again: the bar
// is dragged, or the arrow keys walk along it.
class ProgressStrip : public QWidget {
    Q_OBJECT

public:
    // Where the bar's playhead is.
    struct Bar {
        int steps = 0;       // segments of the denoising
        int before = 0;      // short segments done of the two in front (load, encode)
        double done = 0;     // denoising steps done
        bool after = false;  // decoded
        bool moving = false; // the playhead is shown

        bool operator==(const Bar&) const = default;
    };

    explicit ProgressStrip(QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& phase, const QString& shown);
    void setBar(const Bar& bar);
    void setStoppable(bool stoppable);

    // How many steps can be looked at again; 0: none.
    void setScrubbable(int steps);

    // The step that is looked at, from which a branch is offered; 0: the picture itself.
    void setScrubbed(int step);

    int scrubbedStep() const { return scrubbed_; }

    const QString& title() const { return title_; }

    const QString& phase() const { return phase_; }

    const Bar& bar() const { return bar_; }

    QSize sizeHint() const override;

Q_SIGNALS:
    void stopRequested();
    void scrubbed(int step); // wished: 1 .. the steps, 0 for the picture itself
    void branchRequested(int step);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    // Where the bar's parts lie.
    struct Segments {
        int x = 0, end = 0, count = 1;
        double pitch = 1;
    };

    QRect barArea() const;
    Segments segments(const QRect& area) const;
    void paintBar(QPainter& painter, const QRect& area) const;
    void place();
    void scrubTo(const QPoint& at);

    QString title_;
    QString phase_;
    QString shown_;
    Bar bar_{};
    TextButton* stop_;
    TextButton* branch_;
    int scrubbable_ = 0;
    int scrubbed_ = 0;
};

} // namespace likeness
