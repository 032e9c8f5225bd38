#pragma once

#include <QWidget>

class QMenu;

namespace likeness {

class CaptionPanel;
class DatasetTiles;
class DropWell;
class PlainLabel;
class TrainingCheckPanel;
class TrainingModel;
class TrainingSet;

// The left dock of the Train page: the pictures, what a check says of them, and the caption of the
// one that is looked at.
class DatasetPanel : public QWidget {
    Q_OBJECT

public:
    explicit DatasetPanel(TrainingModel& training, QWidget* parent = nullptr);

    QWidget* makeHead(); // of the dock: title, count, actions

    DropWell& well() const { return *well_; }

    void showWell();

Q_SIGNALS:
    void browseRequested();
    void browseFolderRequested();
    void findRequested(); // of what is missing

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showCount();
    void look(const QList<quint64>& ids);
    void showMenu(const QPoint& at);
    QMenu* makeMenu(QWidget* parent);

    TrainingModel& training_;
    TrainingSet& set_;
    DatasetTiles* tiles_;
    DropWell* well_;
    TrainingCheckPanel* check_;
    CaptionPanel* caption_;
    PlainLabel* count_ = nullptr;
};

} // namespace likeness
