#include "ui/panels/caption_panel.h"

#include "ui/model/training_set.h"
#include "ui/theme.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace likeness {

CaptionPanel::CaptionPanel(TrainingSet& set, QWidget* parent)
    : Section(tr("Caption"), QStringLiteral("caption_panel"), parent), set_(set),
      name_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      place_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      tile_(new ImageTile(metrics::kThumbnail)), text_(new QPlainTextEdit) {
    name_->setElided();
    place_->setFont(numberFont(11));
    text_->setObjectName(QStringLiteral("caption"));
    text_->setAccessibleName(tr("Caption of the picture"));
    text_->setToolTip(tr("prompt: what this picture shows, with the thing's name in it. Ctrl+Down "
                         "goes to the next picture, Ctrl+Up to the one before"));
    text_->setFixedHeight(metrics::kThumbnail);
    text_->setTabChangesFocus(true);
    text_->setAcceptDrops(false);
    text_->installEventFilter(this);
    auto* head = new QHBoxLayout;
    head->addWidget(name_, 1);
    head->addWidget(place_);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kGap);
    row->addWidget(tile_, 0, Qt::AlignTop);
    row->addWidget(text_, 1);
    body()->addLayout(head);
    body()->addLayout(row);
    connect(text_, &QPlainTextEdit::textChanged, this,
            [this] { set_.setCaption(id_, text_->toPlainText()); });
    connect(&set_, &TrainingSet::changed, this, &CaptionPanel::show);
    connect(&set_, &TrainingSet::fixedChanged, this, &CaptionPanel::show);
    connect(&set_, &QAbstractItemModel::dataChanged, this, &CaptionPanel::show);
    show();
}

void CaptionPanel::setPicture(quint64 id) {
    id_ = id;
    show();
}

void CaptionPanel::show() {
    const DatasetPicture* picture = set_.picture(id_);
    name_->setPlainText(picture ? picture->name : tr("No picture is chosen"));
    place_->setPlainText(picture ? tr("%1 of %2").arg(set_.rowOf(id_) + 1).arg(set_.rowCount())
                                 : QString());
    tile_->setImage(set_.thumbnail(id_));
    text_->setEnabled(picture != nullptr);
    text_->setReadOnly(set_.isFixed());
    const QString own = QString::fromStdString(set_.draft().request.instance_prompt);
    text_->setPlaceholderText(own.isEmpty() ? captionTemplate(set_.draft()) : own);
    const QString caption = picture ? picture->caption : QString();
    if (text_->toPlainText() != caption) {
        const QSignalBlocker blocked(text_);
        text_->setPlainText(caption);
    }
}

bool CaptionPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == text_ && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool down = key->key() == Qt::Key_Down, up = key->key() == Qt::Key_Up;
        if ((down || up) && key->modifiers() == Qt::ControlModifier) {
            Q_EMIT stepRequested(down ? 1 : -1);
            return true;
        }
    }
    return Section::eventFilter(watched, event);
}

} // namespace likeness
