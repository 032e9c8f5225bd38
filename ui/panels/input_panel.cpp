#include "ui/panels/input_panel.h"

#include "core/request/limits.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/reference_list_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <utility>

namespace likeness {

namespace {

constexpr int kTile = 56;
constexpr double kPixelsTrack = 64; // hands work below it; the number goes on

// Rows below each other without a margin of their own.
QWidget* makeColumn(const QList<QWidget*>& rows) {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    for (QWidget* row : rows) {
        column->addWidget(row);
    }
    return box;
}

} // namespace

InputPanel::InputPanel(QWidget* parent)
    : Section(tr("Begin from"), QStringLiteral("input_panel"), parent),
      shown_(new TextButton(tr("Shown picture"), TextButton::Kind::plain)),
      tile_(new ImageTile(kTile)), name_(new PlainLabel),
      size_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      strength_(new ScaleSlider(limit("strength"))),
      paint_(new TextButton(tr("Paint"), TextButton::Kind::plain)),
      grow_(new ScaleSlider(limit("mask_grow"))), feather_(new ScaleSlider(limit("mask_feather"))),
      empty_(makeEmpty()), picture_(makePicture()), controls_(makeControls()) {
    for (QWidget* part : {empty_, picture_, controls_}) {
        body()->addWidget(part);
    }
    setShownThere(false);
    setRequest({});
}

QWidget* InputPanel::makeEmpty() {
    auto* words = new PlainLabel(tr("Choose a picture, drop one here, or take the shown one: it is "
                                    "made anew in part or as a whole."),
                                 PlainLabel::Tone::text2, 11);
    words->setWordWrap(true);
    auto* choose = new TextButton(tr("Choose a picture"), TextButton::Kind::plain);
    choose->setObjectName(QStringLiteral("choose_input"));
    choose->setToolTip(tr("image: a picture to begin from instead of noise"));
    shown_->setObjectName(QStringLiteral("shown_as_input"));
    shown_->setToolTip(tr("image: begin from the picture on the canvas"));
    auto* buttons = new QWidget;
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 4, 0, 0);
    row->setSpacing(metrics::kGap);
    for (TextButton* button : {choose, shown_}) {
        button->setFixedHeight(metrics::kControl);
        row->addWidget(button, 1);
    }
    connect(choose, &QAbstractButton::clicked, this, &InputPanel::browseRequested);
    connect(shown_, &QAbstractButton::clicked, this, &InputPanel::shownRequested);
    return makeColumn({words, buttons});
}

QWidget* InputPanel::makePicture() {
    auto* change = new IconButton("folder", tr("Choose another picture"));
    change->setObjectName(QStringLiteral("change_input"));
    auto* clear = new IconButton("close", tr("Begin from noise again"));
    clear->setObjectName(QStringLiteral("clear_input"));
    name_->setObjectName(QStringLiteral("input_name"));
    name_->setElided();
    size_->setFont(numberFont(11));
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch(1);
    words->addWidget(name_);
    words->addWidget(size_);
    words->addStretch(1);
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 4);
    row->setSpacing(metrics::kGap);
    row->addWidget(tile_);
    row->addLayout(words, 1);
    row->addWidget(change, 0, Qt::AlignTop);
    row->addWidget(clear, 0, Qt::AlignTop);
    connect(change, &IconButton::clicked, this, &InputPanel::browseRequested);
    connect(clear, &IconButton::clicked, this, &InputPanel::clearRequested);
    return box;
}

QWidget* InputPanel::makeControls() {
    strength_->setNames(QStringLiteral("strength"), tr("Strength"),
                        tr("strength: share of the steps that change the picture. 0.3 a touch, "
                           "0.8 much, 1 all"));
    connect(strength_, &ScaleSlider::edited, this, [this](double value) {
        Q_EMIT edited([value](GenerationRequest& request) { request.strength = value; });
    });
    paint_->setObjectName(QStringLiteral("paint_input_mask"));
    paint_->setIconName(QStringLiteral("brush"));
    paint_->setFixedHeight(metrics::kControl);
    paint_->setToolTip(tr("mask: paint what is made anew; the rest stays as it is"));
    auto* remove = new IconButton("close", tr("Remove the mask"));
    remove->setObjectName(QStringLiteral("remove_input_mask"));
    remove_mask_ = remove;
    connect(paint_, &QAbstractButton::clicked, this, &InputPanel::maskRequested);
    connect(remove, &IconButton::clicked, this, &InputPanel::maskRemoved);
    mask_rows_ = makeMaskRows();
    return makeColumn({new LabelledRow(tr("Strength"), {strength_}, strength_),
                       new LabelledRow(tr("Mask"), {paint_, remove}, paint_), makePad(),
                       mask_rows_});
}

QWidget* InputPanel::makeMaskRows() {
    grow_->setTrackMaximum(kPixelsTrack);
    feather_->setTrackMaximum(kPixelsTrack);
    grow_->setNames(QStringLiteral("mask_grow"), tr("Grow"),
                    tr("mask_grow: pixels of the result by which the painted part grows"));
    feather_->setNames(QStringLiteral("mask_feather"), tr("Soft edge"),
                       tr("mask_feather: pixels to both sides of the edge over which old and new "
                          "are mixed"));
    const std::pair<ScaleSlider*, int InputImage::*> sliders[] = {
        {grow_, &InputImage::mask_grow}, {feather_, &InputImage::mask_feather}};
    for (const auto& [slider, field] : sliders) {
        connect(slider, &ScaleSlider::edited, this, [this, field = field](double value) {
            Q_EMIT edited([field, value](GenerationRequest& request) {
                request.input.*field = static_cast<int>(value);
            });
        });
    }
    return makeColumn({new LabelledRow(tr("Grow"), {grow_}, grow_),
                       new LabelledRow(tr("Soft edge"), {feather_}, feather_)});
}

QWidget* InputPanel::makePad() {
    struct Side {
        const char* name;
        QString title;
        QString words;
    };

    const Side sides[] = {
        {"pad_left", tr("Left"), tr("pad: new canvas at the left, in the picture's pixels")},
        {"pad_top", tr("Top"), tr("pad: new canvas at the top, in the picture's pixels")},
        {"pad_right", tr("Right"), tr("pad: new canvas at the right, in the picture's pixels")},
        {"pad_bottom", tr("Bottom"), tr("pad: new canvas at the bottom, in the picture's pixels")}};
    const QString names[] = {tr("New canvas at the left"), tr("New canvas at the top"),
                             tr("New canvas at the right"), tr("New canvas at the bottom")};
    QList<QWidget*> columns;
    for (std::size_t i = 0; i < pad_.size(); ++i) {
        auto* field = new NumberField(limit("pad"));
        pad_[i] = field;
        field->setObjectName(QLatin1String(sides[i].name));
        field->setAccessibleName(names[i]);
        field->setToolTip(sides[i].words);
        field->setFixedWidth(44);
        auto* title = new PlainLabel(sides[i].title, PlainLabel::Tone::text2, 11);
        title->setBuddy(field);
        QWidget* column = makeColumn({title, field});
        column->layout()->setSpacing(2);
        columns.append(column);
        connect(field, &NumberField::edited, this, [this] {
            std::array<int, 4> pad{};
            for (std::size_t side = 0; side < pad.size(); ++side) {
                pad[side] = static_cast<int>(pad_[side]->value());
            }
            Q_EMIT padEdited(pad);
        });
    }
    auto* row = new LabelledRow(tr("New canvas"), columns);
    row->layout()->setSpacing(4);
    row->layout()->setAlignment(row->label(), Qt::AlignBottom);
    row->label()->setFixedHeight(metrics::kControl);
    row->label()->setBuddy(pad_.front());
    return row;
}

void InputPanel::setRequest(const GenerationRequest& request) {
    const InputImage& input = request.input;
    empty_->setVisible(!input.is_given());
    picture_->setVisible(input.is_given());
    controls_->setVisible(input.is_given());
    setNote(input.is_given() ? QString() : tr("noise"));
    if (std::exchange(tiled_, input.image) != input.image) {
        tile_->setImage(input.image ? toThumbnail(*input.image, 2 * kTile) : QImage());
    }
    const QString path = QString::fromStdString(input.path);
    name_->setPlainText(path.isEmpty() ? tr("a picture") : nameOfFile(path));
    size_->setPlainText(
        input.image
            ? QStringLiteral("%1 \u00d7 %2").arg(input.image->width).arg(input.image->height)
            : tr("is being read"));
    const double fallback = input.is_masked() ? 1.0 : limit("strength").default_value;
    strength_->setDefault(fallback);
    strength_->setValue(request.strength.value_or(fallback));
    paint_->setEnabled(input.image != nullptr);
    remove_mask_->setVisible(!input.mask_path.empty() || input.mask != nullptr);
    mask_rows_->setVisible(input.is_masked());
    grow_->setValue(input.mask_grow);
    feather_->setValue(input.mask_feather);
    for (std::size_t i = 0; i < pad_.size(); ++i) {
        pad_[i]->setValue(input.pad[i]);
        pad_[i]->setEnabled(input.image != nullptr);
    }
}

void InputPanel::setShownThere(bool there) {
    shown_->setEnabled(there);
}

} // namespace likeness
