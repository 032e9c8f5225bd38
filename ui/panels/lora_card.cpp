#include "ui/panels/lora_card.h"

#include "core/request/limits.h"
#include "ui/model/reference_roles.h"
#include "ui/theme.h"
#include "ui/widgets/block_weights.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/word_chips.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

constexpr double kTrackStart = -1; // hands work between them; the number goes on
constexpr double kTrackEnd = 2;
constexpr std::size_t kMostTriggers = 8;

// Whole blocks, whose factor convolutions follow too: "down.block_1" of its attentions.
BlockNames wholeBlocks(const BlockNames& attentions) {
    BlockNames blocks;
    for (const std::string& attention : attentions) {
        const std::string block = attention.substr(0, attention.find(".attentions_"));
        if (std::ranges::find(blocks, block) == blocks.end()) {
            blocks.push_back(block);
        }
    }
    return blocks;
}

} // namespace

LoraCard::LoraCard(QWidget* parent)
    : QWidget(parent), name_(new PlainLabel({}, PlainLabel::Tone::text, 12, QFont::DemiBold)),
      open_(new IconButton("chevron_down", tr("Open: its factors by block"))),
      mute_(new IconButton("eye", tr("Mute: the picture is made without this LoRA"))),
      remove_(new IconButton("close", tr("Remove this LoRA"))),
      scale_(new ScaleSlider(limit("lora_scale"))),
      problem_(new PlainLabel({}, PlainLabel::Tone::text, 11)), triggers_(new WordChips),
      weights_(new BlockWeights), block_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      block_scale_(new NumberField(limit("block_scale"))) {
    setObjectName(QStringLiteral("lora_card"));
    scale_->setTrackRange(kTrackStart, kTrackEnd);
    scale_->setNumberWidth(metrics::kCardNumber);
    problem_->setObjectName(QStringLiteral("lora_problem"));
    problem_->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGap, 4, metrics::kGap, metrics::kGap);
    column->setSpacing(4);
    column->addWidget(makeHead());
    column->addWidget(scale_);
    column->addWidget(problem_);
    column->addWidget(triggers_);
    details_ = makeDetails();
    column->addWidget(details_);
    setOpen(false);
    connect(scale_, &ScaleSlider::edited, this,
            [this](double scale) { change([scale](Lora& lora) { lora.scale = scale; }); });
    connect(triggers_, &WordChips::chosen, this, &LoraCard::wordChosen);
    const auto key = [this](const QKeySequence& keys, int by) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, by] { Q_EMIT moveRequested(by); });
    };
    key(QKeySequence("Alt+Up"), -1);
    key(QKeySequence("Alt+Down"), 1);
}

QWidget* LoraCard::makeHead() {
    name_->setObjectName(QStringLiteral("lora_name"));
    name_->setElided();
    open_->setObjectName(QStringLiteral("lora_open"));
    mute_->setObjectName(QStringLiteral("lora_mute"));
    remove_->setObjectName(QStringLiteral("lora_remove"));
    open_->setCheckable(true);
    mute_->setCheckable(true);
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(name_, 1);
    for (IconButton* button : {mute_, open_, remove_}) {
        row->addWidget(button);
    }
    connect(open_, &IconButton::clicked, this, [this](bool open) {
        setOpen(open);
        Q_EMIT openChanged(open);
    });
    connect(mute_, &IconButton::clicked, this,
            [this](bool muted) { change([muted](Lora& lora) { lora.muted = muted; }); });
    connect(remove_, &IconButton::clicked, this, &LoraCard::remove);
    return head;
}

QWidget* LoraCard::makeDetails() {
    weights_->setObjectName(QStringLiteral("lora_blocks"));
    block_->setElided();
    block_scale_->setObjectName(QStringLiteral("lora_block_number"));
    block_scale_->setAccessibleName(tr("Factor of the chosen block"));
    block_scale_->setToolTip(tr("block_scales: factor of the chosen block, 0 to 2"));
    block_scale_->setFixedWidth(metrics::kCardNumber);
    auto* details = new QWidget;
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kGap);
    row->addWidget(block_, 1);
    row->addWidget(block_scale_);
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(weights_);
    column->addLayout(row);
    connect(weights_, &BlockWeights::currentChanged, this, &LoraCard::showBlock);
    connect(weights_, &BlockWeights::edited, this, &LoraCard::setBlock);
    connect(block_scale_, &NumberField::edited, this, [this](double scale) {
        if (weights_->current() >= 0) {
            setBlock(weights_->columns()[static_cast<std::size_t>(weights_->current())].block,
                     scale);
        }
    });
    return details;
}

void LoraCard::change(const std::function<void(Lora&)>& change) {
    Q_EMIT edited([row = static_cast<std::size_t>(row_), path = lora_.path,
                   change](GenerationRequest& request) {
        if (row < request.loras.size() && request.loras[row].path == path) {
            change(request.loras[row]);
        }
    });
}

void LoraCard::remove() {
    Q_EMIT edited(
        [row = static_cast<std::size_t>(row_), path = lora_.path](GenerationRequest& request) {
            if (row < request.loras.size() && request.loras[row].path == path) {
                request.loras.erase(request.loras.begin() + static_cast<std::ptrdiff_t>(row));
            }
        });
}

void LoraCard::setBlock(const std::string& block, double scale) {
    change([&block, scale](Lora& lora) {
        std::erase_if(lora.block_scales, [&block](const auto& each) {
            return each.first == block || each.first.starts_with(block + ".");
        });
        if (scale != 1) {
            lora.block_scales[block] = scale;
        }
    });
}

void LoraCard::setOpen(bool open) {
    open_->setChecked(open);
    open_->setIconName(open ? QStringLiteral("chevron_up") : QStringLiteral("chevron_down"));
    details_->setVisible(open);
}

void LoraCard::showBlocks(const ModelTraits& traits) {
    std::vector<BlockWeights::Column> columns;
    for (const std::string& block : wholeBlocks(traits.attention_blocks)) {
        columns.push_back({block, blockFactor(lora_.block_scales, block)});
    }
    weights_->setColumns(columns);
    weights_->setVisible(!columns.empty());
    block_scale_->setEnabled(!columns.empty());
    showBlock(weights_->current());
}

void LoraCard::showBlock(int index) {
    const auto& columns = weights_->columns();
    const bool is_one = index >= 0 && index < static_cast<int>(columns.size());
    block_->setPlainText(
        is_one ? QString::fromStdString(columns[static_cast<std::size_t>(index)].block)
               : tr("known when the model is open"));
    block_scale_->setValue(is_one ? columns[static_cast<std::size_t>(index)].scale : 1);
}

void LoraCard::setLora(int row, const Lora& lora, const std::optional<FileFacts>& facts,
                       const ModelTraits& traits) {
    row_ = row;
    lora_ = lora;
    const QString path = QString::fromStdString(lora.path);
    const QString name = nameOfWeights(lora.path);
    name_->setPlainText(name);
    name_->setToolTip(
        tr("%1.\nAlt+Up and Alt+Down move the card").arg(cleaned(path).toHtmlEscaped()));
    setAccessibleName(tr("LoRA %1").arg(name));
    open_->setAccessibleName(tr("Factors of %1 by block").arg(name));
    mute_->setAccessibleName(tr("Mute %1").arg(name));
    remove_->setAccessibleName(tr("Remove %1").arg(name));
    weights_->setAccessibleName(tr("Factors of %1 by block").arg(name));
    mute_->setChecked(lora.muted);
    mute_->setIconName(lora.muted ? QStringLiteral("eye_off") : QStringLiteral("eye"));
    scale_->setNames(QStringLiteral("lora_scale"), tr("Strength of %1").arg(name),
                     tr("lora_scale: how strongly this LoRA counts.\n0 without it, 1 as trained, "
                        "below 0 the contrary. Double click: %1")
                         .arg(limit("lora_scale").default_value, 0, 'f', 2));
    scale_->setValue(lora.scale);
    QString problem = facts ? facts->problem : QString();
    if (facts && problem.isEmpty()) {
        problem = misfitOf(*facts, traits);
    }
    problem_->setPlainText(problem);
    problem_->setVisible(!problem.isEmpty());
    const bool counts = !lora.muted && problem.isEmpty();
    name_->setTone(counts ? PlainLabel::Tone::text : PlainLabel::Tone::text2);
    scale_->setEnabled(!lora.muted);
    QStringList words;
    for (std::size_t i = 0; facts && i < std::min(facts->triggers.size(), kMostTriggers); ++i) {
        words << QString::fromStdString(facts->triggers[i]);
    }
    triggers_->setWords(words, tr("Put %1 into the prompt"));
    showBlocks(traits);
}

void LoraCard::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("lora_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Move up"), this, [this] { Q_EMIT moveRequested(-1); });
    menu->addAction(tr("Move down"), this, [this] { Q_EMIT moveRequested(1); });
    menu->addAction(tr("Remove"), this, &LoraCard::remove);
    menu->popup(event->globalPos());
}

void LoraCard::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                            metrics::kRadius);
}

} // namespace likeness
