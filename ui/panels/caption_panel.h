#pragma once

#include "ui/widgets/section.h"

class QPlainTextEdit;

namespace likeness {

class ImageTile;
class PlainLabel;
class TrainingSet;

// What is said of one picture of the dataset, to be written.
class CaptionPanel : public Section {
    Q_OBJECT

public:
    explicit CaptionPanel(TrainingSet& set, QWidget* parent = nullptr);

    void setPicture(quint64 id); // 0: none

Q_SIGNALS:
    void stepRequested(int by); // to the next picture, or the one before

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show();

    TrainingSet& set_;
    quint64 id_ = 0;
    PlainLabel* name_;
    PlainLabel* place_;
    ImageTile* tile_;
    QPlainTextEdit* text_;
};

} // namespace likeness
