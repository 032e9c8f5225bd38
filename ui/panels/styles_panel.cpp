#include "ui/panels/styles_panel.h"

#include "ui/panels/lora_card.h"
#include "ui/panels/word_card.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QApplication>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

QVBoxLayout* addColumn(QVBoxLayout* body) {
    auto* column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kGap);
    body->addLayout(column);
    return column;
}

// The last ones go.
template <typename Card>
void shorten(QList<Card*>& cards, std::size_t count, QVBoxLayout& column) {
    while (static_cast<std::size_t>(cards.size()) > count) {
        Card* card = cards.takeLast();
        column.removeWidget(card);
        card->hide();
        card->deleteLater();
    }
}

} // namespace

StylesPanel::StylesPanel(QWidget* parent)
    : Section(tr("Styles and words"), QStringLiteral("styles_panel"), parent),
      empty_(new PlainLabel(tr("Drop LoRAs and learned words on the window, or add them with +."),
                            PlainLabel::Tone::text2, 11)) {
    empty_->setObjectName(QStringLiteral("no_styles"));
    empty_->setWordWrap(true);
    auto* add = new IconButton("plus", tr("Add LoRAs and learned words (Ctrl+Shift+A)"));
    add->setObjectName(QStringLiteral("add_style"));
    addHeadWidget(add);
    body()->setSpacing(metrics::kGap);
    body()->addWidget(empty_);
    lora_column_ = addColumn(body());
    word_column_ = addColumn(body());
    connect(add, &IconButton::clicked, this, &StylesPanel::addRequested);
}

LoraCard* StylesPanel::addLoraCard() {
    auto* card = new LoraCard;
    lora_column_->addWidget(card);
    connect(card, &LoraCard::edited, this, &StylesPanel::edited);
    connect(card, &LoraCard::wordChosen, this, &StylesPanel::wordChosen);
    connect(card, &LoraCard::moveRequested, this,
            [this, card](int by) { moveLora(static_cast<int>(loras_.indexOf(card)), by); });
    connect(card, &LoraCard::openChanged, this, [this, card](bool open) {
        const QString path = QString::fromStdString(card->path());
        open ? void(open_.insert(path)) : void(open_.remove(path));
    });
    return card;
}

WordCard* StylesPanel::addWordCard() {
    auto* card = new WordCard;
    word_column_->addWidget(card);
    connect(card, &WordCard::edited, this, &StylesPanel::edited);
    connect(card, &WordCard::wordChosen, this, &StylesPanel::wordChosen);
    return card;
}

// The focus goes with the LoRA: to the same control of its card.
void StylesPanel::moveLora(int from, int by) {
    const int to = std::clamp(from + by, 0, static_cast<int>(loras_.size()) - 1);
    if (from < 0 || from == to) {
        return;
    }
    const QWidget* focused = QApplication::focusWidget();
    const QString name =
        focused && loras_[from]->isAncestorOf(focused) ? focused->objectName() : QString();
    Q_EMIT edited([from, to](GenerationRequest& request) {
        const auto begin = request.loras.begin();
        if (static_cast<std::size_t>(std::max(from, to)) < request.loras.size()) {
            to > from ? std::rotate(begin + from, begin + from + 1, begin + to + 1)
                      : std::rotate(begin + to, begin + from, begin + from + 1);
        }
    });
    if (auto* control = name.isEmpty() ? nullptr : loras_[to]->findChild<QWidget*>(name)) {
        control->setFocus();
    }
}

void StylesPanel::setRequest(const RequestModel& model, const KnownFiles& files) {
    const GenerationRequest& request = model.request();
    const std::vector<Lora>& loras = request.loras;
    const std::vector<TextualInversion>& words = request.textual_inversions;
    shorten(loras_, loras.size(), *lora_column_);
    shorten(words_, words.size(), *word_column_);
    for (std::size_t i = 0; i < loras.size(); ++i) {
        const auto row = static_cast<qsizetype>(i);
        if (row == loras_.size()) {
            loras_.append(addLoraCard());
        }
        loras_[row]->setLora(static_cast<int>(i), loras[i], files.facts(loras[i].path),
                             model.traits());
        loras_[row]->setOpen(open_.contains(QString::fromStdString(loras[i].path)));
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto row = static_cast<qsizetype>(i);
        if (row == words_.size()) {
            words_.append(addWordCard());
        }
        words_[row]->setWord(static_cast<int>(i), words[i], files.facts(words[i].path),
                             model.traits(), model.problems());
    }
    const std::size_t count = loras.size() + words.size();
    empty_->setVisible(count == 0);
    setNote(count == 0 ? QString() : QString::number(count));
}

} // namespace likeness
