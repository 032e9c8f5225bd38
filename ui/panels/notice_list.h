#pragma once

#include "ui/model/notice.h"

#include <QWidget>

class QVBoxLayout;

namespace likeness {

// What went wrong, newest first: what, which, why, and the button that does something about it.
// Rows stay until they are closed or their action is taken; of more than three, plain notes go
// first and what waits for an answer last.
class NoticeList : public QWidget {
    Q_OBJECT

public:
    explicit NoticeList(QWidget* parent = nullptr);

    void add(const Notice& notice);
    void clearNotes(); // what is no longer worth a row once something new was made
    QList<Notice> notices() const;

Q_SIGNALS:
    void actionRequested(likeness::Notice::Action action, const QList<std::int64_t>& pictures);

private:
    class Row;

    void remove(Row* row);
    Row* leastNeeded() const;

    QVBoxLayout* column_;
    QList<Row*> rows_;
};

} // namespace likeness
