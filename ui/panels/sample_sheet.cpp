#include "ui/panels/sample_sheet.h"

#include "core/request/limits.h"
#include "ui/model/reference_list_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/picture_button.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scroll_column.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kSampleTile = 54;
constexpr int kSheetMargin = 12;

} // namespace

SampleSheet::SampleSheet(ModelSamples& samples, ReferenceListModel& references, QWidget* parent)
    : QWidget(parent, Qt::Popup), samples_(samples), references_(references) {
    setObjectName(QStringLiteral("sample_sheet"));
    setAccessibleName(tr("Sample pictures"));
    auto* hint = new PlainLabel(tr("A press adds a picture to the references, another removes it."),
                                PlainLabel::Tone::text2, 11);
    auto* scroll = new ScrollColumn(rows_ = new QWidget);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSheetMargin, kSheetMargin, 1, kSheetMargin);
    column->setSpacing(metrics::kGap);
    column->addWidget(
        new PlainLabel(tr("Sample pictures"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    column->addWidget(hint);
    column->addWidget(scroll, 1);
    grid_ = new QGridLayout(rows_);
    connect(&samples, &ModelSamples::changed, this, &SampleSheet::fill);
    connect(&samples, &ModelSamples::tileRead, this, [this](const QString& path) {
        if (PictureButton* button = buttons_.value(path)) {
            button->setImage(samples_.tile(path));
        }
    });
    for (const auto signal :
         {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved}) {
        connect(&references, signal, this, &SampleSheet::showTray);
    }
    connect(&references, &QAbstractItemModel::modelReset, this, &SampleSheet::showTray);
    fill();
}

void SampleSheet::fill() {
    buttons_.clear();
    delete grid_;
    qDeleteAll(rows_->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    grid_ = new QGridLayout(rows_);
    grid_->setContentsMargins(0, 0, kSheetMargin - 1, 0);
    grid_->setSpacing(0);
    int row = 0;
    for (const SampleSubject& subject : samples_.subjects()) {
        addRow(row++, subject);
    }
    grid_->setRowStretch(row, 1);
    showTray();
}

void SampleSheet::addRow(int row, const SampleSubject& subject) {
    const QString name = cleaned(subject.name);
    auto* title = new PlainLabel(name, PlainLabel::Tone::text2);
    title->setMinimumWidth(metrics::kLabelLeft + metrics::kGap);
    grid_->addWidget(title, row, 0);
    SampleSubject shown = subject;
    shown.pictures = shown.pictures.mid(0, kMaxReferences);
    int place = 1;
    for (const SamplePicture& picture : shown.pictures) {
        auto* button = new PictureButton(kSampleTile);
        button->setObjectName(QStringLiteral("sample"));
        button->setImage(samples_.tile(picture.path));
        button->installEventFilter(this);
        connect(button, &PictureButton::clicked, this, [this, picture] { press(picture); });
        buttons_.insert(picture.path, button);
        grid_->addWidget(button, row, place++);
    }
    const auto count = shown.pictures.size();
    auto* all = new TextButton(tr("All %1").arg(count), TextButton::Kind::link);
    all->setObjectName(QStringLiteral("all_samples"));
    all->setToolTip(
        tr("These %1 in place of the references there are; Ctrl+Z brings those back").arg(count));
    all->setAccessibleName(tr("All %1 of %2").arg(count).arg(name));
    connect(all, &TextButton::clicked, this, [this, shown] { Q_EMIT allRequested(shown); });
    grid_->setColumnMinimumWidth(kMaxReferences + 1, metrics::kGap);
    grid_->addWidget(all, row, kMaxReferences + 2, Qt::AlignRight | Qt::AlignVCenter);
}

quint64 SampleSheet::cardOf(const QString& path) const {
    const auto found = std::ranges::find(references_.cards(), path, &ReferenceCard::path);
    return found == references_.cards().end() ? 0 : found->id;
}

void SampleSheet::showTray() {
    for (const SampleSubject& subject : samples_.subjects()) {
        for (const SamplePicture& picture : subject.pictures) {
            PictureButton* button = buttons_.value(picture.path);
            if (!button) {
                continue;
            }
            const QString name = cleaned(picture.name);
            const bool taken = cardOf(picture.path) != 0;
            const bool refused = !taken && references_.isFull();
            button->setChecked(taken);
            button->setEnabled(!refused);
            button->setAccessibleName(taken ? tr("Remove %1").arg(name) : tr("Add %1").arg(name));
            button->setToolTip(refused ? tr("%1 references, which is the most").arg(kMaxReferences)
                                       : button->accessibleName().toHtmlEscaped());
        }
    }
}

void SampleSheet::press(const SamplePicture& picture) {
    if (const quint64 card = cardOf(picture.path)) {
        Q_EMIT removeRequested(card);
    } else {
        Q_EMIT addRequested(picture);
    }
    showTray();
}

void SampleSheet::popUp(const QWidget& tray) {
    for (const auto& [path, button] : buttons_.asKeyValueRange()) {
        samples_.askTile(path);
    }
    const QWidget& window = *parentWidget()->window();
    const QRect room(window.mapToGlobal(QPoint(metrics::kGap, metrics::kGap)),
                     window.size() - 2 * QSize(metrics::kGap, metrics::kGap));
    layout()->activate();
    const int others =
        layout()->minimumSize().height() - findChild<ScrollColumn*>()->minimumSizeHint().height();
    const QSize wanted(layout()->minimumSize().width(), rows_->sizeHint().height() + others);
    resize(wanted.boundedTo(room.size()));
    const QRect beside(tray.mapToGlobal(QPoint()), tray.size());
    const bool fits_right = beside.right() + width() <= room.right();
    move(fits_right ? beside.right() + 1 : std::max(room.left(), beside.left() - width()),
         std::clamp(beside.top(), room.top(), std::max(room.top(), room.bottom() - height())));
    show();
    if (auto* first = findChild<PictureButton*>(); first && parentWidget()->hasFocus()) {
        first->setFocus(Qt::PopupFocusReason); // it was opened by the keyboard
    }
}

// The arrows go from picture to picture: a button alone would take them for Tab.
bool SampleSheet::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const std::pair<int, QPoint> steps[] = {{Qt::Key_Left, {-1, 0}},
                                            {Qt::Key_Right, {1, 0}},
                                            {Qt::Key_Up, {0, -1}},
                                            {Qt::Key_Down, {0, 1}}};
    const int pressed = static_cast<QKeyEvent*>(event)->key();
    for (const auto& [key, step] : steps) {
        if (pressed == key) {
            int row = 0, place = 0, tall = 0, wide = 0;
            const int at = grid_->indexOf(static_cast<QWidget*>(watched));
            grid_->getItemPosition(at, &row, &place, &tall, &wide);
            const QLayoutItem* next = grid_->itemAtPosition(row + step.y(), place + step.x());
            if (next && buttons_.values().contains(next->widget())) {
                next->widget()->setFocus(Qt::TabFocusReason);
            }
            return true;
        }
    }
    return false;
}

void SampleSheet::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.border);
    painter.fillRect(rect().adjusted(1, 1, -1, -1), theme.panel);
}

} // namespace likeness
