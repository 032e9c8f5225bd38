#pragma once

#include <QWidget>

class QCheckBox;

namespace likeness {

class TextButton;

// The one primary button, and whether changes remake the picture by themselves.
class GenerateBar : public QWidget {
    Q_OBJECT

public:
    explicit GenerateBar(QWidget* parent = nullptr);

    void setRunning(bool running);
    void setLive(bool live);

Q_SIGNALS:
    void generateRequested();
    void liveEdited(bool live);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QCheckBox* live_;
    TextButton* generate_;
};

} // namespace likeness
