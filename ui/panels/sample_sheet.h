#pragma once

#include "ui/model/model_samples.h"

#include <QHash>
#include <QWidget>

class QGridLayout;

namespace likeness {

class PictureButton;
class ReferenceListModel;

// The sample pictures of the open model over the window, one row a subject: a press puts a picture
// into the tray or takes it out again, "All 10" makes the tray that subject's.
class SampleSheet : public QWidget {
    Q_OBJECT

public:
    SampleSheet(ModelSamples& samples, ReferenceListModel& references, QWidget* parent = nullptr);

    void popUp(const QWidget& tray); // beside it, where its cards stay in sight

Q_SIGNALS:
    void addRequested(const likeness::SamplePicture& picture);
    void removeRequested(quint64 card);
    void allRequested(const likeness::SampleSubject& subject);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void addRow(int row, const SampleSubject& subject);
    void showTray(); // which of them are in it
    void press(const SamplePicture& picture);
    quint64 cardOf(const QString& path) const; // 0: none

    ModelSamples& samples_;
    ReferenceListModel& references_;
    QWidget* rows_ = nullptr;
    QGridLayout* grid_ = nullptr;
    QHash<QString, PictureButton*> buttons_{}; // by path
};

} // namespace likeness
