#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace likeness {

// Measures the longest time the event loop went without coming round: what a person feels as the
// window not answering.
class StallWatchdog : public QObject {
    Q_OBJECT

public:
    explicit StallWatchdog(QObject* parent = nullptr);

    void start(); // and forgets what was measured

    double longestGapMs() const { return longest_; }

private:
    void beat();

    QTimer timer_;
    QElapsedTimer clock_;
    double longest_ = 0;
};

} // namespace likeness
