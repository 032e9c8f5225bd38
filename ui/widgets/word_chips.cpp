#include "ui/widgets/word_chips.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <algorithm>

namespace likeness {

namespace {

constexpr int kChip = 20;
constexpr int kChipGap = 4;
constexpr int kChipLetters = 24; // letters of a chip

} // namespace

WordChips::WordChips(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void WordChips::setWords(const QStringList& words, const QString& tool_tip) {
    if (words == words_) {
        return;
    }
    words_ = words;
    for (TextButton* chip : std::as_const(chips_)) {
        chip->hide();
        chip->deleteLater();
    }
    chips_.clear();
    for (const QString& word : words) {
        QString shown = cleaned(word).simplified();
        if (shown.size() > kChipLetters) {
            shown = shown.left(kChipLetters - 1) + QChar(0x2026);
        }
        auto* chip =
            new TextButton(shown.replace('&', QLatin1String("&&")), TextButton::Kind::plain, this);
        chip->setObjectName(QStringLiteral("word_chip"));
        chip->setFont(textFont(11));
        chip->setFixedHeight(kChip);
        chip->setAccessibleName(tool_tip.arg(cleaned(word)));
        chip->setToolTip(tool_tip.arg(cleaned(word)).toHtmlEscaped());
        connect(chip, &TextButton::clicked, this, [this, word] { Q_EMIT chosen(word); });
        chip->show();
        chips_.append(chip);
    }
    setVisible(!chips_.isEmpty());
    updateGeometry();
    arrange(width(), true);
}

int WordChips::arrange(int width, bool place) const {
    int x = 0;
    int y = 0;
    for (TextButton* chip : chips_) {
        const int wide = std::min(chip->sizeHint().width(), width);
        if (x > 0 && x + wide > width) {
            x = 0;
            y += kChip + kChipGap;
        }
        if (place) {
            chip->setGeometry(x, y, wide, kChip);
        }
        x += wide + kChipGap;
    }
    return chips_.isEmpty() ? 0 : y + kChip;
}

int WordChips::heightForWidth(int width) const {
    return arrange(width, false);
}

QSize WordChips::sizeHint() const {
    constexpr int kUsual = 200;
    return {kUsual, heightForWidth(width() > 0 ? width() : kUsual)};
}

QSize WordChips::minimumSizeHint() const {
    return {0, chips_.isEmpty() ? 0 : kChip};
}

void WordChips::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange(width(), true);
    updateGeometry();
}

} // namespace likeness
