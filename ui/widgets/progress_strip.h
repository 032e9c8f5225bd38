#pragma once

#include <QString>
#include <QWidget>

#include <optional>

namespace likeness {

class TextButton;

// Two lines under the picture: what is happening and how long it takes, and a bar with one segment
// a step, short ones before and after it for loading, encoding and decoding. Stop stands at the
// right, always in the same place.
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

    const QString& title() const { return title_; }

    const QString& phase() const { return phase_; }

    const Bar& bar() const { return bar_; }

    QSize sizeHint() const override;

Q_SIGNALS:
    void stopRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void paintBar(QPainter& painter, const QRect& area) const;

    QString title_;
    QString phase_;
    QString shown_;
    Bar bar_{};
    TextButton* stop_;
};

} // namespace likeness
