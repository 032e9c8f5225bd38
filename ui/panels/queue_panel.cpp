#include "ui/panels/queue_panel.h"

#include "ui/icons.h"
#include "ui/model/picture_queue.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractItemDelegate>
#include <QKeyEvent>
#include <QListView>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace likeness {

namespace {

constexpr int kQueueRow = 32;
constexpr int kFailedHeight = 48;
constexpr int kFailedTop = 2; // of its first line
constexpr int kButton = 24;
constexpr int kTile = 20;

QRect removeRect(const QRect& row) {
    return {row.right() + 1 - kButton, row.y() + (row.height() > kQueueRow ? kFailedTop : 4),
            kButton, kButton};
}

constexpr int kSecondLine = kFailedTop + kButton; // where a failed row says why

// What can be done about a failed job: one thing at the end of each line.
QRect linkRect(const QRect& row, const QString& text, bool second_line) {
    const int width = QFontMetrics(textFont(12)).horizontalAdvance(text);
    return second_line
               ? QRect(row.right() + 1 - width - 4, row.y() + kSecondLine, width, 20)
               : QRect(removeRect(row).x() - width - 8, row.y() + kFailedTop, width, kButton);
}

bool isTooLarge(const QModelIndex& index) {
    return index.data(PictureQueue::TooLargeRole).toBool();
}

// What makes a row go on that does not by itself; empty: nothing.
QString actOf(const QModelIndex& index) {
    return index.data(PictureQueue::FailedRole).toBool()    ? QueuePanel::tr("Retry")
           : index.data(PictureQueue::StoppedRole).toBool() ? QueuePanel::tr("Go on")
                                                            : QString();
}

QRect actRect(const QRect& row, const QModelIndex& index) {
    const bool failed = index.data(PictureQueue::FailedRole).toBool();
    return linkRect(row, actOf(index), isTooLarge(index)).translated(0, failed ? 0 : kFailedTop);
}

QRect smallerRect(const QRect& row, const QModelIndex& index) {
    return isTooLarge(index) ? linkRect(row, QueuePanel::tr("Make it smaller"), false) : QRect();
}

class JobDelegate : public QAbstractItemDelegate {
public:
    using QAbstractItemDelegate::QAbstractItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const bool failed = index.data(PictureQueue::FailedRole).toBool();
        return {option.rect.width(), failed ? kFailedHeight : kQueueRow};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme theme = currentTheme();
        const QRect row = option.rect;
        const bool failed = index.data(PictureQueue::FailedRole).toBool();
        const bool hovered = option.state & QStyle::State_MouseOver;
        if (hovered || (option.state & QStyle::State_HasFocus)) {
            painter->fillRect(row, hovered ? theme.hover : theme.soft);
        }
        const QRect line = failed ? QRect(row.x(), row.y() + kFailedTop, row.width(), kButton)
                                  : QRect(row.x(), row.y(), row.width(), kQueueRow);
        int x = row.x();
        if (failed) {
            paintIcon(*painter, QStringLiteral("warning"), QRect(x, line.y(), 20, line.height()),
                      theme.error);
            x += 28;
        } else {
            paintIcon(*painter, QStringLiteral("grip"), QRect(x, row.y(), 12, kQueueRow),
                      theme.text2);
            x += 16;
            const auto image = qvariant_cast<QImage>(index.data(Qt::DecorationRole));
            if (!image.isNull()) {
                paintFilling(*painter, QRect(x, row.y() + (kQueueRow - kTile) / 2, kTile, kTile),
                             image);
                x += kTile + 8;
            }
        }
        paintIcon(*painter, QStringLiteral("close"), removeRect(row), theme.text2);
        QString title = cleaned(index.data(Qt::DisplayRole).toString());
        int end = removeRect(row).x() - 8;
        painter->setFont(textFont(12));
        const QString caption = index.data(PictureQueue::CaptionRole).toString();
        if (const QString act = actOf(index); !act.isEmpty()) {
            painter->setPen(theme.accent);
            painter->drawText(actRect(row, index), Qt::AlignVCenter, act);
            painter->drawText(smallerRect(row, index), Qt::AlignVCenter,
                              QueuePanel::tr("Make it smaller"));
            end = (isTooLarge(index) ? smallerRect(row, index) : actRect(row, index)).x() - 8;
        }
        if (!failed) {
            painter->setFont(numberFont(11));
            painter->setPen(theme.text2);
            const int width = QFontMetrics(painter->font()).horizontalAdvance(caption);
            painter->drawText(QRect(end - width, row.y(), width, kQueueRow), Qt::AlignVCenter,
                              caption);
            end -= width + 8;
        }
        painter->setFont(textFont(12));
        painter->setPen(theme.text);
        // The name gives way, never what became of it.
        const QString fate = failed ? QStringLiteral(": ") + caption : QString();
        const QFontMetrics font(painter->font());
        title = font.elidedText(title, Qt::ElideRight, end - x - font.horizontalAdvance(fate));
        painter->drawText(line.adjusted(x - line.x(), 0, 0, 0), Qt::AlignVCenter, title + fate);
        if (failed) {
            // The first line says what was not made, which the row itself does.
            const QString failure = cleaned(index.data(PictureQueue::FailureRole).toString());
            const QString why =
                (failure.contains('\n') ? failure.section('\n', 1) : failure).simplified();
            painter->setFont(textFont(11));
            painter->setPen(theme.text2);
            const int until = isTooLarge(index) ? actRect(row, index).x() - 8 : row.right();
            const QRect second(x, row.y() + kSecondLine, until - x, 20);
            painter->drawText(
                second, Qt::AlignVCenter,
                QFontMetrics(painter->font()).elidedText(why, Qt::ElideRight, second.width()));
        }
    }
};

} // namespace

QueuePanel::QueuePanel(PictureQueue& queue, const QString& name, QWidget* parent)
    : Section(tr("Queue"), name + QStringLiteral("_panel"), parent), queue_(queue),
      list_(new QListView), pause_(new IconButton("pause", tr("Pause the queue: what runs is made "
                                                              "to its end, nothing new begins"))) {
    pause_->setObjectName(QStringLiteral("pause_") + name);
    pause_->setAccessibleName(tr("Pause the queue"));
    pause_->setCheckable(true);
    addHeadWidget(pause_);
    list_->setObjectName(name);
    list_->setAccessibleName(tr("Queue"));
    list_->setToolTip(tr("Drag to reorder (Alt+Up, Alt+Down), Delete removes, Enter makes what is "
                         "missing, Shift+Enter makes it smaller, a double click shows a "
                         "comparison"));
    list_->setModel(&queue_);
    list_->setItemDelegate(new JobDelegate(list_));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setMouseTracking(true);
    list_->setDragDropMode(QAbstractItemView::InternalMove);
    list_->setDefaultDropAction(Qt::MoveAction);
    list_->setDragDropOverwriteMode(false);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->viewport()->setAutoFillBackground(false);
    list_->viewport()->installEventFilter(this);
    list_->installEventFilter(this);
    body()->addWidget(list_);
    connect(pause_, &IconButton::clicked, &queue_, &PictureQueue::setPaused);
    connect(list_, &QAbstractItemView::doubleClicked, this, &QueuePanel::activate);
    connect(&queue_, &PictureQueue::changed, this, &QueuePanel::showQueue);
    showQueue();
}

void QueuePanel::showQueue() {
    constexpr int kMostShown = 6; // rows before the list scrolls in itself
    const int rows = queue_.rowCount();
    int height = 0;
    for (int row = 0; row < std::min(rows, kMostShown); ++row) {
        height += queue_.rows()[static_cast<std::size_t>(row)].failed ? kFailedHeight : kQueueRow;
    }
    list_->setFixedHeight(height);
    const auto seconds = queue_.estimateAll();
    setNote(rows == 0 ? QString()
            : seconds && *seconds > 0
                ? tr("%1, %2 s").arg(rows).arg(*seconds, 0, 'f', *seconds < 10 ? 1 : 0)
                : QString::number(rows));
    pause_->setChecked(queue_.isPaused());
    pause_->setIconName(queue_.isPaused() ? QStringLiteral("play") : QStringLiteral("pause"));
    setVisible(rows > 0 || queue_.isPaused());
}

void QueuePanel::moveCurrent(int by) {
    const int row = list_->currentIndex().row();
    const int to = row + by;
    if (row >= 0 && to >= 0 && to < queue_.rowCount()) {
        queue_.moveRow({}, row, {}, by > 0 ? to + 1 : to);
        list_->setCurrentIndex(queue_.index(to));
    }
}

void QueuePanel::activate(const QModelIndex& index) {
    const PictureQueue::Row& row = queue_.rows()[static_cast<std::size_t>(index.row())];
    if (row.isComparison()) {
        Q_EMIT comparisonRequested(row.key);
    }
}

bool QueuePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && watched == list_) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int row = list_->currentIndex().row();
        if (key->modifiers() == Qt::AltModifier &&
            (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
            moveCurrent(key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Delete) {
            queue_.remove(row);
            return true;
        }
        if (key->key() == Qt::Key_Return) {
            if (key->modifiers() == Qt::ShiftModifier) {
                Q_EMIT smallerRequested(row);
            } else if (list_->currentIndex().isValid() && actOf(list_->currentIndex()).isEmpty()) {
                activate(list_->currentIndex());
            } else {
                queue_.retry(row);
            }
            return true;
        }
    }
    if (event->type() == QEvent::MouseButtonRelease && watched == list_->viewport()) {
        const QPoint at = static_cast<QMouseEvent*>(event)->pos();
        const QModelIndex index = list_->indexAt(at);
        if (index.isValid() && removeRect(list_->visualRect(index)).contains(at)) {
            queue_.remove(index.row());
            return true;
        }
        if (index.isValid() && !actOf(index).isEmpty() &&
            actRect(list_->visualRect(index), index).contains(at)) {
            queue_.retry(index.row());
            return true;
        }
        if (index.isValid() && smallerRect(list_->visualRect(index), index).contains(at)) {
            Q_EMIT smallerRequested(index.row());
            return true;
        }
    }
    return Section::eventFilter(watched, event);
}

} // namespace likeness
