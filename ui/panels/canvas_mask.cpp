#include "ui/panels/canvas_mask.h"

#include "core/request/limits.h"
#include "ui/canvas/picture_view.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/reference_list_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/mask_editor.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

constexpr Limit kBrushSize{"brush_size", 0.01, 0.5, 0.01, 0.08, 2};
constexpr Limit kBrushFeather{"feather", 0, 1, 0.05, 0.5, 2};
constexpr int kMaskBarHeight = 40;
constexpr int kWidestBar = 760;

} // namespace

CanvasMask::CanvasMask(PictureView& view, ReferenceListModel& references)
    : QWidget(&view), view_(view), references_(references),
      brush_(new MaskEditor(
          &view, [&view] { return view.pictureRect(); }, MaskEditor::Overlay::acts)),
      name_(new PlainLabel), size_(new ScaleSlider(kBrushSize)),
      feather_(new ScaleSlider(kBrushFeather)) {
    setObjectName(QStringLiteral("canvas_mask"));
    name_->setElided();
    size_->setNames(QStringLiteral("brush_size"), tr("Brush size"),
                    tr("brush size: share of the picture. [ and ] change it"));
    feather_->setNames(QStringLiteral("feather"), tr("Feather"),
                       tr("feather: share of the brush over which it fades"));
    auto* invert = new IconButton(QStringLiteral("invert"), tr("Invert the mask"));
    invert->setObjectName(QStringLiteral("invert_mask"));
    auto* clear = new IconButton(QStringLiteral("close"), tr("Remove the mask"));
    clear->setObjectName(QStringLiteral("remove_mask"));
    auto* done = new TextButton(tr("Done"), TextButton::Kind::plain);
    done->setObjectName(QStringLiteral("mask_done"));
    done->setHint(tr("Esc"));
    done->setToolTip(tr("mask: end painting; what was painted stays"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 4, 8, 4);
    row->setSpacing(metrics::kGap);
    row->addWidget(name_, 2);
    row->addWidget(new PlainLabel(tr("Size"), PlainLabel::Tone::text2));
    row->addWidget(size_, 1);
    row->addWidget(new PlainLabel(tr("Feather"), PlainLabel::Tone::text2));
    row->addWidget(feather_, 1);
    for (QWidget* button : std::initializer_list<QWidget*>{invert, clear, done}) {
        row->addWidget(button);
    }
    brush_->hide();
    hide();
    view.installEventFilter(this);
    connect(size_, &ScaleSlider::edited, brush_, &MaskEditor::setBrushShare);
    connect(feather_, &ScaleSlider::edited, brush_, &MaskEditor::setFeather);
    connect(brush_, &MaskEditor::brushChanged, this, [this] {
        size_->setValue(brush_->brushShare());
        feather_->setValue(brush_->brush().feather);
    });
    connect(invert, &IconButton::clicked, brush_, &MaskEditor::invert);
    connect(clear, &IconButton::clicked, brush_, &MaskEditor::clear);
    connect(done, &TextButton::clicked, this, &CanvasMask::end);
    connect(brush_, &MaskEditor::ended, this, &CanvasMask::end);
    connect(brush_, &MaskEditor::painted, this, [this](const ImagePtr& mask) {
        if (input_) {
            Q_EMIT inputPainted(mask);
        } else {
            Q_EMIT painted(card_, mask);
        }
    });
    connect(&references, &QAbstractItemModel::modelReset, this, &CanvasMask::follow);
    connect(&references, &QAbstractItemModel::rowsRemoved, this, &CanvasMask::follow);
    connect(&references, &QAbstractItemModel::dataChanged, this, &CanvasMask::follow);
    connect(&view, &PictureView::zoomChanged, this, [this] { brush_->update(); });
}

void CanvasMask::edit(quint64 card, QSize size) {
    const ReferenceCard* wanted = references_.card(card);
    if (!wanted) {
        return;
    }
    end();
    card_ = card;
    if (view_.image().isNull()) {
        QImage blank(1, 1, QImage::Format_RGB888); // something to paint over
        blank.fill(currentTheme().panel);
        view_.setImage(blank, size);
    }
    name_->setPlainText(tr("Where %1 acts").arg(wanted->name));
    begin(wanted->mask, size);
}

void CanvasMask::editInput(const InputImage& input) {
    if (!input.image) {
        return;
    }
    end();
    input_ = input.image;
    const QSize size(input.image->width, input.image->height);
    view_.setImage(toQImage(*input.image), size);
    name_->setPlainText(tr("What is made anew"));
    begin(input.mask, size);
}

void CanvasMask::followInput(const InputImage& input) {
    if (input_ && input_ == input.image) {
        brush_->setMask(input.mask);
    } else if (input_) {
        end();
    }
}

void CanvasMask::begin(const ImagePtr& mask, QSize size) {
    brush_->begin(mask, size);
    brush_->setGeometry(view_.rect());
    brush_->show();
    brush_->raise();
    place();
    show();
    raise();
    brush_->setFocus();
}

void CanvasMask::endInput() {
    if (input_) {
        end();
    }
}

void CanvasMask::end() {
    if (!isEditing()) {
        return;
    }
    card_ = 0;
    brush_->hide();
    hide();
    view_.setFocus();
    if (std::exchange(input_, nullptr)) {
        Q_EMIT inputEnded();
    }
}

void CanvasMask::follow() {
    if (card_ == 0) {
        return;
    }
    if (const ReferenceCard* card = references_.card(card_)) {
        brush_->setMask(card->mask);
    } else {
        end();
    }
}

void CanvasMask::place() {
    const int width = std::min(kWidestBar, view_.width() - 2 * metrics::kCanvasMargin);
    setGeometry((view_.width() - width) / 2, metrics::kGap, width, kMaskBarHeight);
}

bool CanvasMask::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &view_ && event->type() == QEvent::Resize) {
        place();
    }
    return QWidget::eventFilter(watched, event);
}

void CanvasMask::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(theme.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                            metrics::kRadius);
}

} // namespace likeness
