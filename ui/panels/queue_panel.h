#pragma once

#include "ui/widgets/section.h"

class QListView;

namespace likeness {

class IconButton;
class PictureQueue;

// The jobs that wait, in their order: drag to reorder, remove, pause; those that failed say why and
// can be tried again. Hidden while there is nothing to show.
class QueuePanel : public Section {
    Q_OBJECT

public:
    // `name` is the list's; there is a panel in each workspace.
    explicit QueuePanel(PictureQueue& queue, const QString& name = QStringLiteral("queue"),
                        QWidget* parent = nullptr);

Q_SIGNALS:
    void comparisonRequested(quint64 key); // to be looked at
    void smallerRequested(int row);        // that failed for want of memory

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showQueue();
    void activate(const QModelIndex& index);
    void moveCurrent(int by);

    PictureQueue& queue_;
    QListView* list_;
    IconButton* pause_;
};

} // namespace likeness
