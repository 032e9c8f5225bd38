#include "ui/panels/reference_card_view.h"

#include "core/request/limits.h"
#include "ui/panels/reference_details.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/menu_button.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/range_slider.h"
#include "ui/widgets/scale_slider.h"

#include <QActionGroup>
#include <QApplication>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

ReferenceCardView::ReferenceCardView(const ReferenceCard& card, ReferenceListModel& references,
                                     EncoderEye& eye, QWidget* parent)
    : QWidget(parent), id_(card.id), references_(references), eye_(eye),
      thumbnail_(new ImageTile(metrics::kThumbnail)), role_(new MenuButton),
      range_words_(new PlainLabel({}, PlainLabel::Tone::text2, 11)), range_(new RangeSlider),
      solo_(new IconButton("S", tr("Solo: only this reference acts"))),
      mute_(new IconButton("eye", tr("Mute: the picture is made without this reference"))),
      open_(new IconButton("chevron_down", tr("Open: what the encoder sees, blocks, masks"))),
      scale_(new ScaleSlider(limit("ip_adapter_scale"))) {
    setObjectName(QStringLiteral("reference_card"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    column_ = new QVBoxLayout(this);
    column_->setContentsMargins(metrics::kGap, metrics::kGap, metrics::kGap, metrics::kGap);
    column_->setSpacing(metrics::kGap);
    column_->addWidget(makeTop());
    makeRoles();
    connectEdits();
    setCard(card);
}

QWidget* ReferenceCardView::makeTop() {
    auto* top = new QWidget;
    top->setFixedHeight(metrics::kThumbnail);
    role_->setObjectName(QStringLiteral("role"));
    solo_->setObjectName(QStringLiteral("solo"));
    mute_->setObjectName(QStringLiteral("mute"));
    open_->setObjectName(QStringLiteral("open"));
    range_->setObjectName(QStringLiteral("range"));
    range_words_->setObjectName(QStringLiteral("range_words"));
    for (IconButton* button : {solo_, mute_, open_}) {
        button->setCheckable(true);
    }
    auto* remove = new IconButton("close", tr("Remove this reference"));
    remove->setObjectName(QStringLiteral("remove"));
    connect(remove, &IconButton::clicked, this, [this] { Q_EMIT removeRequested(id_); });
    scale_->setNumberWidth(metrics::kCardNumber);
    range_words_->setFont(numberFont(11));
    const int widest =
        QFontMetrics(numberFont(11)).horizontalAdvance(tr("%1–%2 %").arg(88).arg(100));
    range_words_->setFixedWidth(std::max(metrics::kCardNumber, widest));
    range_words_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    thumbnail_->setObjectName(QStringLiteral("handle"));
    thumbnail_->setCursor(Qt::OpenHandCursor);
    thumbnail_->setFocusPolicy(Qt::TabFocus);
    thumbnail_->installEventFilter(this);

    auto* head = new QHBoxLayout;
    head->setSpacing(0);
    head->addWidget(role_);
    head->addStretch(1);
    constexpr int kNarrow = 23; // the longest role beside a scroll bar needs what is saved
    for (QWidget* button : {solo_, mute_, open_, remove}) {
        button->setFixedWidth(kNarrow);
        head->addWidget(button);
    }
    auto* steps = new QHBoxLayout;
    steps->setSpacing(metrics::kGap);
    steps->addWidget(range_, 1);
    steps->addWidget(range_words_);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(0);
    lines->addLayout(head);
    lines->addWidget(scale_);
    lines->addLayout(steps);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    row->addWidget(thumbnail_, 0, Qt::AlignTop);
    row->addLayout(lines, 1);
    return top;
}

void ReferenceCardView::makeRoles() {
    auto* menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    for (const ReferenceRole role : kReferenceRoles) {
        QAction* action = menu->addAction(roleName(role));
        action->setObjectName(QStringLiteral("role_") + roleKey(role));
        action->setToolTip(roleExplained(role));
        connect(action, &QAction::triggered, this,
                [this, role] { references_.setRole(id_, role); });
    }
    connect(role_, &MenuButton::clicked, this,
            [this, menu] { menu->popup(role_->mapToGlobal(QPoint(0, role_->height()))); });
}

void ReferenceCardView::connectEdits() {
    connect(scale_, &ScaleSlider::edited, this,
            [this](double scale) { references_.setScale(id_, scale); });
    connect(range_, &RangeSlider::edited, this,
            [this](double start, double end) { references_.setRange(id_, start, end); });
    connect(mute_, &IconButton::clicked, this,
            [this](bool muted) { references_.setMuted(id_, muted); });
    connect(solo_, &IconButton::clicked, this,
            [this](bool solo) { references_.setSolo(id_, solo); });
    connect(open_, &IconButton::clicked, this, [this](bool open) {
        setOpen(open);
        Q_EMIT openChanged(id_, open);
    });
    const auto key = [this](const QKeySequence& keys, const std::function<void()>& act) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    key(QKeySequence("Alt+Up"), [this] { Q_EMIT moveRequested(id_, -1); });
    key(QKeySequence("Alt+Down"), [this] { Q_EMIT moveRequested(id_, 1); });
}

void ReferenceCardView::setOpen(bool open) {
    open_->setChecked(open);
    open_->setIconName(open ? QStringLiteral("chevron_up") : QStringLiteral("chevron_down"));
    if (open == isOpen()) {
        return;
    }
    if (!open) {
        column_->removeWidget(details_);
        details_->hide();
        details_->deleteLater();
        details_ = nullptr;
        return;
    }
    details_ = new ReferenceDetails(references_, eye_, id_);
    column_->addWidget(details_);
    connect(details_, &ReferenceDetails::lookMaskPainted, this,
            &ReferenceCardView::lookMaskPainted);
    connect(details_, &ReferenceDetails::maskRequested, this, &ReferenceCardView::maskRequested);
    connect(details_, &ReferenceDetails::maskRemoved, this, &ReferenceCardView::maskRemoved);
    connect(details_, &ReferenceDetails::adapterChosen, this, &ReferenceCardView::adapterChosen);
    connect(details_, &ReferenceDetails::adapterRequested, this,
            &ReferenceCardView::adapterRequested);
    if (const ReferenceCard* card = references_.card(id_)) {
        details_->setCard(*card);
    }
}

// What its strength means less by, told also while the card is closed.
QString ReferenceCardView::partsOf(const ReferenceCard& card) {
    QString parts;
    if (card.mask) {
        parts += '\n' + tr("Acts only in a part of the picture");
    }
    if (card.view.look_mask) {
        parts += '\n' + tr("Only a part of it is looked at");
    }
    return parts;
}

void ReferenceCardView::setCard(const ReferenceCard& card) {
    const bool counts = references_.counts(card);
    const QString role = roleName(references_.role(card));
    const bool changed = references_.isChanged(card);
    thumbnail_->setImage(card.thumbnail);
    thumbnail_->setDimmed(!counts && card.image);
    const QString size =
        card.image ? tr("%1 × %2").arg(card.image->width).arg(card.image->height) : tr("Reading");
    const QString parts = partsOf(card);
    thumbnail_->setMark(parts.isEmpty() ? QString() : QStringLiteral("brush"));
    thumbnail_->setToolTip(tr("%1, %2.\nDrag, or Alt+Up and Alt+Down, to move the card")
                               .arg(cleaned(card.name).toHtmlEscaped(), size) +
                           parts);
    thumbnail_->setAccessibleDescription(parts.trimmed());
    thumbnail_->setAccessibleName(tr("Move %1").arg(card.name));
    role_->setText(changed ? tr("Custom") : role);
    role_->setToolTip(changed ? tr("role: custom (was %1)").arg(role)
                              : tr("role: %1").arg(roleExplained(references_.role(card))));
    role_->setAccessibleName(tr("Role of %1").arg(card.name));
    range_->setRange(card.range_start, card.range_end);
    range_->setNames(tr("Steps in which %1 acts").arg(card.name),
                     tr("range: share of the steps in which this reference acts. Double click: all "
                        "of them"));
    range_words_->setPlainText(
        tr("%1–%2 %").arg(qRound(100 * card.range_start)).arg(qRound(100 * card.range_end)));
    solo_->setChecked(card.solo);
    mute_->setChecked(card.muted);
    mute_->setIconName(card.muted ? QStringLiteral("eye_off") : QStringLiteral("eye"));
    scale_->setValue(card.ip_adapter_scale);
    scale_->setEnabled(counts || !card.image);
    range_->setEnabled(counts || !card.image);
    scale_->setNames(QStringLiteral("ip_adapter_scale"), tr("Strength of %1").arg(card.name),
                     tr("ip_adapter_scale: how strongly this reference acts.\n0 the words alone, "
                        "1 as trained. Double click: %1")
                         .arg(limit("ip_adapter_scale").default_value, 0, 'f', 2));
    setAccessibleName(tr("Reference %1").arg(card.name));
    if (details_) {
        details_->setCard(card);
    }
}

// The thumbnail is dragged up and down to move the card.
bool ReferenceCardView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != thumbnail_) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* mouse = static_cast<QMouseEvent*>(event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        pressed_ = mouse->button() == Qt::LeftButton;
        pressed_at_ = mouse->globalPosition().toPoint();
        return pressed_;
    case QEvent::MouseMove: {
        const QPoint at = mouse->globalPosition().toPoint();
        const int away = (at - pressed_at_).manhattanLength();
        if (pressed_ && (dragging_ || away >= QApplication::startDragDistance())) {
            dragging_ = true;
            thumbnail_->setCursor(Qt::ClosedHandCursor);
            Q_EMIT dragged(id_, mapFromGlobal(at));
        }
        return pressed_;
    }
    case QEvent::MouseButtonRelease:
        thumbnail_->setCursor(Qt::OpenHandCursor);
        if (std::exchange(dragging_, false)) {
            Q_EMIT dropped(id_);
        }
        return std::exchange(pressed_, false);
    default:
        return false;
    }
}

void ReferenceCardView::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(dragging_ ? theme.accent : theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                            metrics::kRadius);
    if (details_) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.fillRect(QRect(metrics::kGap, metrics::kThumbnail + 2 * metrics::kGap,
                               width() - 2 * metrics::kGap, 1),
                         theme.line);
    }
}

void ReferenceCardView::contextMenuEvent(QContextMenuEvent* event) {
    Q_EMIT menuRequested(id_, event->globalPos());
}

} // namespace likeness
