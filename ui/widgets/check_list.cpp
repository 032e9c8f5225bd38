#include "ui/widgets/check_list.h"

#include "ui/theme.h"
#include "ui/widgets/plain_label.h"

#include <QMouseEvent>
#include <QSignalBlocker>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kMostShown = 6; // more are scrolled

} // namespace

CheckList::CheckList(QWidget* parent) : QListWidget(parent) {
    setSelectionMode(QAbstractItemView::NoSelection);
    setUniformItemSizes(true);
    setTextElideMode(Qt::ElideMiddle);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAcceptDrops(false);
    connect(this, &QListWidget::itemChanged, this, [this] { Q_EMIT edited(picked()); });
}

void CheckList::setItems(const QList<Item>& items, const QStringList& picked) {
    const QSignalBlocker quiet(this);
    if (items != items_) {
        items_ = items;
        clear();
        for (const Item& item : items) {
            auto* row = new QListWidgetItem(cleaned(item.text), this);
            row->setData(Qt::UserRole, item.value);
            row->setToolTip(cleaned(item.tool_tip).toHtmlEscaped());
            row->setSizeHint(QSize(0, metrics::kControl));
        }
        updateGeometry();
    }
    for (int i = 0; i < count(); ++i) {
        item(i)->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable);
        item(i)->setCheckState(picked.contains(items[i].value) ? Qt::Checked : Qt::Unchecked);
    }
    if (!currentItem() && count() > 0) {
        setCurrentRow(0);
    }
    viewport()->update();
}

QStringList CheckList::picked() const {
    QStringList values;
    for (int i = 0; i < count(); ++i) {
        if (item(i)->checkState() == Qt::Checked) {
            values << item(i)->data(Qt::UserRole).toString();
        }
    }
    return values;
}

QSize CheckList::sizeHint() const {
    return {160, std::clamp(count(), 1, kMostShown) * metrics::kControl + 2 * frameWidth()};
}

QSize CheckList::minimumSizeHint() const {
    return {80, sizeHint().height()};
}

void CheckList::mousePressEvent(QMouseEvent* event) {
    setCurrentItem(itemAt(event->position().toPoint()));
    event->accept();
}

void CheckList::mouseDoubleClickEvent(QMouseEvent* event) {
    event->accept(); // two quick clicks are two: each release changes the row
}

void CheckList::mouseReleaseEvent(QMouseEvent* event) {
    QListWidgetItem* row = itemAt(event->position().toPoint());
    if (row && row == currentItem() && event->button() == Qt::LeftButton) {
        row->setCheckState(row->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
    }
}

} // namespace likeness
