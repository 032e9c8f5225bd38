#include "ui/panels/reference_details.h"

#include "core/request/limits.h"
#include "ui/model/encoder_eye.h"
#include "ui/model/known_files.h"
#include "ui/theme.h"
#include "ui/widgets/block_weights.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/crop_view.h"
#include "ui/widgets/mask_editor.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/segmented_control.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kBeside = 112; // an encoder of at most that many pixels stands beside the picture

PlainLabel* quietLabel(const QString& text = {}) {
    return new PlainLabel(text, PlainLabel::Tone::text2, 11);
}

QHBoxLayout* rowWith(std::initializer_list<QWidget*> widgets) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    for (QWidget* widget : widgets) {
        row->addWidget(widget);
    }
    return row;
}

QHBoxLayout* heading(const QString& title, PlainLabel* right) {
    right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    right->setElided();
    auto* row =
        rowWith({new PlainLabel(title, PlainLabel::Tone::text, 11, QFont::DemiBold), right});
    row->setStretch(1, 1);
    return row;
}

QColor meanColour(const ClipPreprocess& encoder) {
    const auto byte = [](double mean) { return std::clamp(qRound(mean * 255), 0, 255); };
    return {byte(encoder.image_mean[0]), byte(encoder.image_mean[1]), byte(encoder.image_mean[2])};
}

} // namespace

// The encoder's pixels at their own size, none blended with another.
class ReferenceDetails::Eye : public QWidget {
public:
    Eye() { setObjectName(QStringLiteral("encoder_eye")); }

    void setPixels(const QImage& pixels) {
        pixels_ = pixels;
        setFixedSize(pixels.size());
        update();
    }

    const QImage& pixels() const { return pixels_; }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        painter.drawImage(rect(), pixels_);
    }

private:
    QImage pixels_;
};

ReferenceDetails::ReferenceDetails(ReferenceListModel& references, EncoderEye& eye, quint64 card,
                                   QWidget* parent)
    : QWidget(parent), references_(references), encoder_eye_(eye), card_(card), crop_(new CropView),
      eye_(new Eye),
      brush_(new MaskEditor(
          crop_, [this] { return crop_->pictureRect(); }, MaskEditor::Overlay::covers)),
      file_(quietLabel()), size_(quietLabel()),
      fit_(new SegmentedControl(
          {{tr("Crop"), tr("fit: crop. The part in the frame, a square")},
           {tr("Squash"), tr("fit: squash. The whole part, distorted to a square")},
           {tr("Pad"),
            tr("fit: pad. The whole part, with borders in the encoder's mean colour")}})),
      mask_(new TextButton(tr("Mask"), TextButton::Kind::plain)), weights_(new BlockWeights),
      preset_(quietLabel()), block_(quietLabel()),
      block_scale_(new NumberField(limit("block_scale"))),
      start_(new NumberField(limit("range_start"))), end_(new NumberField(limit("range_end"))),
      where_(quietLabel()), adapter_(new ChoiceBox) {
    setObjectName(QStringLiteral("reference_details"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, metrics::kGap, 0, 0); // under the card's line
    column->setSpacing(metrics::kGap);
    for (QWidget* part :
         {makeEye(), makeFit(), makeMaskTools(), makeBlocks(), makeWhere(), makeAdapter()}) {
        column->addWidget(part);
    }
    setPainting(false);
    connect(&eye, &EncoderEye::seen, this, &ReferenceDetails::showSeen);
    connect(&references, &ReferenceListModel::adaptersChanged, this, [this] {
        if (const ReferenceCard* own = references_.card(card_)) {
            showAdapter(*own);
        }
    });
    connect(&eye, &EncoderEye::encoderChanged, this, [this] {
        if (const ReferenceCard* changed = references_.card(card_)) {
            shown_image_ = nullptr;
            setCard(*changed);
        }
    });
}

QWidget* ReferenceDetails::makeEye() {
    auto* box = new QWidget;
    crop_->setObjectName(QStringLiteral("crop"));
    crop_->setAccessibleName(tr("What the encoder looks at"));
    crop_->setToolTip(tr("crop: the part the image encoder looks at. Drag it, its corners, or turn "
                         "the wheel; double click: all of it"));
    eye_->setToolTip(tr("pixel_values: exactly what the image encoder gets, before normalisation"));
    eye_->setAccessibleName(tr("What the encoder gets"));
    auto* pixels = new QVBoxLayout;
    pixels->setSpacing(4);
    pixels->addWidget(eye_, 0, Qt::AlignTop);
    pixels->addWidget(size_);
    pixels->addStretch(1);
    eyes_ = new QBoxLayout(QBoxLayout::LeftToRight);
    eyes_->setContentsMargins(0, 0, 0, 0);
    eyes_->setSpacing(metrics::kGap);
    eyes_->addWidget(crop_, 1);
    eyes_->addLayout(pixels);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(heading(tr("Encoder's eye"), file_));
    column->addLayout(eyes_);
    connect(crop_, &CropView::moving, this, [this](const PictureShare& part) {
        EncoderView wanted = view();
        wanted.crop = part;
        look(wanted);
    });
    connect(crop_, &CropView::edited, this,
            [this](const PictureShare& part) { references_.setCrop(card_, part); });
    return box;
}

QWidget* ReferenceDetails::makeFit() {
    auto* box = new QWidget;
    fit_->setNames(QStringLiteral("fit"), tr("How the picture fits"));
    mask_->setObjectName(QStringLiteral("look_mask"));
    mask_->setIconName(QStringLiteral("brush"));
    mask_->setCheckable(true);
    mask_->setFixedHeight(metrics::kControl);
    mask_->setToolTip(tr("look_mask: paint what is looked at; the rest becomes the encoder's mean "
                         "colour. Alt or the right button erases, [ and ] change the brush"));
    mask_->setAccessibleName(tr("Paint what is looked at"));
    auto* row = rowWith({fit_, mask_});
    row->setStretch(0, 1);
    box->setLayout(row);
    connect(fit_, &SegmentedControl::edited, this, [this](int index) {
        constexpr EncoderFit kFits[] = {EncoderFit::crop, EncoderFit::squash, EncoderFit::pad};
        references_.setFit(card_, kFits[index]);
    });
    connect(mask_, &TextButton::toggled, this, &ReferenceDetails::setPainting);
    return box;
}

QWidget* ReferenceDetails::makeMaskTools() {
    mask_tools_ = new QWidget;
    auto* words = quietLabel(tr("Paint what counts. Alt erases, [ ] size"));
    words->setElided();
    auto* invert = new IconButton(QStringLiteral("invert"), tr("Invert the mask"));
    invert->setObjectName(QStringLiteral("invert_look_mask"));
    auto* clear = new IconButton(QStringLiteral("close"), tr("Remove the mask"));
    clear->setObjectName(QStringLiteral("clear_look_mask"));
    auto* row = rowWith({words, invert, clear});
    row->setStretch(0, 1);
    row->setSpacing(0);
    mask_tools_->setLayout(row);
    connect(invert, &IconButton::clicked, brush_, &MaskEditor::invert);
    connect(clear, &IconButton::clicked, brush_, &MaskEditor::clear);
    connect(brush_, &MaskEditor::painted, this,
            [this](const ImagePtr& mask) { Q_EMIT lookMaskPainted(card_, mask); });
    connect(brush_, &MaskEditor::overlayChanged, this,
            [this] { crop_->setVeil(brush_->isEmpty() ? QImage() : brush_->overlay()); });
    connect(brush_, &MaskEditor::ended, this, [this] { mask_->setChecked(false); });
    return mask_tools_;
}

QWidget* ReferenceDetails::makeBlocks() {
    auto* box = new QWidget;
    weights_->setObjectName(QStringLiteral("block_scales"));
    weights_->setAccessibleName(tr("Block weights"));
    block_->setElided();
    block_scale_->setObjectName(QStringLiteral("block_scale_number"));
    block_scale_->setAccessibleName(tr("Weight of the chosen block"));
    block_scale_->setToolTip(tr("block_scale: factor of the chosen block, 0 to 2"));
    block_scale_->setFixedWidth(metrics::kCardNumber);
    auto* row = rowWith({block_, block_scale_});
    row->setStretch(0, 1);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(heading(tr("Blocks"), preset_));
    column->addWidget(weights_);
    column->addLayout(row);
    connect(weights_, &BlockWeights::currentChanged, this, &ReferenceDetails::showBlock);
    connect(weights_, &BlockWeights::edited, this, [this](const std::string& block, double scale) {
        references_.setBlockScale(card_, block, scale);
    });
    connect(block_scale_, &NumberField::edited, this, [this](double scale) {
        const int index = weights_->current();
        if (index >= 0) {
            const auto at = static_cast<std::size_t>(index);
            references_.setBlockScale(card_, weights_->columns()[at].block, scale);
        }
    });
    return box;
}

QWidget* ReferenceDetails::makeWhere() {
    auto* box = new QWidget;
    const auto name = [](NumberField* field, const char* object, const QString& words,
                         const QString& tip) {
        field->setObjectName(QLatin1String(object));
        field->setAccessibleName(words);
        field->setToolTip(tip);
        field->setFixedWidth(metrics::kCardNumber);
    };
    name(start_, "range_start_number", tr("Acts from"),
         tr("range_start: share of the steps after which it begins to act"));
    name(end_, "range_end_number", tr("Acts until"),
         tr("range_end: share of the steps after which it acts no more"));
    auto* steps = rowWith({new PlainLabel(tr("Steps"), PlainLabel::Tone::text2), start_,
                           new PlainLabel(tr("to"), PlainLabel::Tone::text2), end_});
    steps->insertStretch(1, 1);
    auto* paint = new TextButton(tr("Paint"), TextButton::Kind::plain);
    paint->setObjectName(QStringLiteral("paint_mask"));
    paint->setIconName(QStringLiteral("brush"));
    paint->setFixedHeight(metrics::kControl);
    paint->setAccessibleName(tr("Paint where it acts"));
    paint->setToolTip(tr("mask: paint over the picture where this reference acts"));
    everywhere_ = new IconButton(QStringLiteral("close"), tr("Let it act everywhere"));
    everywhere_->setObjectName(QStringLiteral("clear_mask"));
    auto* place =
        rowWith({new PlainLabel(tr("Where"), PlainLabel::Tone::text2), where_, everywhere_, paint});
    place->setStretch(1, 1);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(steps);
    column->addLayout(place);
    connect(paint, &TextButton::clicked, this, [this] { Q_EMIT maskRequested(card_); });
    connect(everywhere_, &IconButton::clicked, this, [this] { Q_EMIT maskRemoved(card_); });
    const auto set = [this] { references_.setRange(card_, start_->value(), end_->value()); };
    connect(start_, &NumberField::edited, this, set);
    connect(end_, &NumberField::edited, this, set);
    return box;
}

QWidget* ReferenceDetails::makeAdapter() {
    auto* box = new QWidget;
    adapter_->addItem(tr("As under Model"), QString());
    adapter_->setObjectName(QStringLiteral("card_adapter"));
    adapter_->setAccessibleName(tr("Adapter of this reference"));
    adapter_->setToolTip(
        tr("ip_adapter: what lets this reference act, for a style from one adapter "
           "and a subject from another"));
    adapter_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* open = new IconButton(QStringLiteral("folder"),
                                tr("Choose a file: %1").arg(tr("Adapter of this reference")));
    open->setObjectName(QStringLiteral("open_card_adapter"));
    auto* row = rowWith({new PlainLabel(tr("Adapter"), PlainLabel::Tone::text2), adapter_, open});
    row->setStretch(1, 1);
    box->setLayout(row);
    connect(adapter_, &QComboBox::activated, this, [this](int index) {
        Q_EMIT adapterChosen(card_, adapter_->itemData(index).toString());
    });
    connect(open, &IconButton::clicked, this, [this] { Q_EMIT adapterRequested(card_); });
    return box;
}

void ReferenceDetails::showAdapter(const ReferenceCard& card) {
    adapter_->setFiles(references_.adapters(), card.ip_adapter);
}

EncoderView ReferenceDetails::view() const {
    const ReferenceCard* card = references_.card(card_);
    return card ? card->view : EncoderView{};
}

QImage ReferenceDetails::eyePixels() const {
    return eye_->pixels();
}

// Beside the picture where there is room for both, under it where there is not.
void ReferenceDetails::arrange(int side) {
    const bool beside = side <= kBeside;
    eye_->setFixedSize(side, side); // nothing moves when the pixels come
    eyes_->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    crop_->setFixedHeight(beside ? std::max(126, side + 20) : 160);
}

void ReferenceDetails::setPainting(bool painting) {
    mask_tools_->setVisible(painting);
    brush_->setVisible(painting);
    if (painting) {
        brush_->setFocus();
    }
}

void ReferenceDetails::look(const EncoderView& view) {
    shown_view_ = view;
    encoder_eye_.look(card_, shown_image_, view);
}

void ReferenceDetails::showSeen(quint64 card, const QImage& pixels, const QImage& picture) {
    if (card != card_ || !shown_image_) {
        return;
    }
    eye_->setPixels(pixels);
    size_->setPlainText(tr("%1 × %1 px").arg(pixels.width()));
    if (!has_picture_) {
        has_picture_ = true;
        crop_->setPicture(picture, QSize(shown_image_->width, shown_image_->height));
        brush_->update();
    }
}

void ReferenceDetails::setCard(const ReferenceCard& card) {
    const bool other = card.image && card.image != shown_image_;
    if (other) {
        shown_image_ = card.image;
        has_picture_ = false;
        file_->setPlainText(QStringLiteral("%1, %2 × %3")
                                .arg(card.name)
                                .arg(card.image->width)
                                .arg(card.image->height));
        file_->setToolTip(cleaned(card.name).toHtmlEscaped());
        brush_->begin(card.view.look_mask, QSize(card.image->width, card.image->height));
        arrange(encoder_eye_.encoder().crop_size);
    }
    if (other || card.view != shown_view_) {
        look(card.view);
    }
    crop_->setView(card.view, encoder_eye_.encoder());
    brush_->setCover(meanColour(encoder_eye_.encoder()));
    brush_->setMask(card.view.look_mask);
    fit_->setCurrent(card.view.fit == EncoderFit::crop     ? 0
                     : card.view.fit == EncoderFit::squash ? 1
                                                           : 2);
    showBlocks(card);
    start_->setValue(card.range_start);
    end_->setValue(card.range_end);
    where_->setPlainText(card.mask ? tr("in a part") : tr("everywhere"));
    everywhere_->setVisible(static_cast<bool>(card.mask));
    if (adapter_->count() == 1 || adapter_->currentData().toString() != card.ip_adapter) {
        showAdapter(card); // not at each move of a slider
    }
}

void ReferenceDetails::showBlocks(const ReferenceCard& card) {
    std::vector<BlockWeights::Column> columns;
    double least = 1e9, most = 0;
    for (const std::string& block : references_.blocks()) {
        columns.push_back({block, blockFactor(card.block_scales, block)});
        least = std::min(least, columns.back().scale);
        most = std::max(most, columns.back().scale);
    }
    weights_->setColumns(columns);
    weights_->setVisible(!columns.empty());
    block_scale_->setEnabled(!columns.empty());
    const QString role = roleName(references_.role(card));
    const QString numbers = columns.empty() ? tr("known when the model is open")
                            : least == most
                                ? QString::number(least, 'f', 2)
                                : QStringLiteral("%1–%2").arg(QString::number(least, 'f', 2),
                                                              QString::number(most, 'f', 2));
    preset_->setPlainText(references_.isChanged(card) ? tr("changed, was %1, %2").arg(role, numbers)
                                                      : tr("%1 preset, %2").arg(role, numbers));
    showBlock(weights_->current());
}

void ReferenceDetails::showBlock(int index) {
    const auto& columns = weights_->columns();
    const bool is_one = index >= 0 && index < static_cast<int>(columns.size());
    block_->setPlainText(
        is_one ? QString::fromStdString(columns[static_cast<std::size_t>(index)].block)
               : QString());
    block_scale_->setValue(is_one ? columns[static_cast<std::size_t>(index)].scale : 1);
}

} // namespace likeness
