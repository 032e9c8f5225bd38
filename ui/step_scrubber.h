#pragma once

#include <QObject>

namespace likeness {

class PictureView;
class ProgressStrip;
class Session;

// The steps of the picture on the canvas, looked at again: the strip is dragged, the canvas shows
// that step's preview, and the session can branch from it. Any other picture ends it.
class StepScrubber : public QObject {
    Q_OBJECT

public:
    StepScrubber(Session& session, ProgressStrip& strip, PictureView& view, QObject* parent);

    // Back to the picture. True when a step was shown.
    bool leave();

    // A run begins or ends: its own steps can be shown now, and the picture is back.
    void showRun(bool idle);

Q_SIGNALS:
    void left(); // the picture belongs on the canvas again

private:
    void show(int step);

    Session& session_;
    ProgressStrip& strip_;
    PictureView& view_;
};

} // namespace likeness
