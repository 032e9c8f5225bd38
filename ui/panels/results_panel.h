#pragma once

#include <QWidget>

class QListView;

namespace likeness {

class JobHistoryModel;
class PlainLabel;

// The pictures of this sitting, newest first. One of them is on the canvas; it can give its
// settings back, become a reference, be saved.
class ResultsPanel : public QWidget {
    Q_OBJECT

public:
    explicit ResultsPanel(JobHistoryModel& history, QWidget* parent = nullptr);

    void setCurrent(int row);

Q_SIGNALS:
    void chosen(int row);
    void settingsRequested(int row);
    void referenceRequested(int row);
    void saveRequested(int row);

private:
    void showMenu(const QPoint& at);
    void showCount();
    int currentRow() const;

    JobHistoryModel& history_;
    PlainLabel* count_;
    QListView* list_;
    QList<QWidget*> actions_;
    bool showing_ = false;
};

} // namespace likeness
