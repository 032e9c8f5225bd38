#pragma once

#include <QString>
#include <QWidget>

#include <cstdint>

namespace likeness {

class TextButton;

// Under the Train page: which step, how long it takes still, what is saved; pause, stop and keep,
// and apart from them discard. Ten segments, with the playhead where it is.
class TrainingStrip : public QWidget {
    Q_OBJECT

public:
    // What the buttons do, and whether.
    struct Buttons {
        bool can_keep = false;
        bool can_pause = false;
        bool goes_on = false; // the pause button says "Go on"
        bool can_stop = false;
        bool can_discard = false; // else there is no such button

        bool operator==(const Buttons&) const = default;
    };

    explicit TrainingStrip(QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& phase, const QString& saved);
    void setBar(std::int64_t step, std::int64_t total, bool moving);
    void setButtons(const Buttons& buttons);

    const QString& title() const { return title_; }

    const QString& phase() const { return phase_; }

    const QString& saved() const { return saved_; }

    QSize sizeHint() const override;

Q_SIGNALS:
    void keepRequested();
    void pauseRequested();
    void goOnRequested();
    void stopRequested();
    void discardRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void place();

    QString title_;
    QString phase_;
    QString saved_;
    std::int64_t step_ = 0;
    std::int64_t total_ = 0;
    bool moving_ = false;
    Buttons buttons_{};
    TextButton* discard_;
    TextButton* keep_;
    TextButton* pause_;
    TextButton* stop_;
};

} // namespace likeness
