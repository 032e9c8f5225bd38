#include "ui/panels/method_cards.h"

#include "ui/theme.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kLeastCard = 96;
constexpr int kPad = 12;
constexpr int kRadio = 14;
constexpr int kLine = 16;

} // namespace

// One way, drawn as a card; a real button to keys and to those who cannot see it.
class MethodCard : public QAbstractButton {
public:
    explicit MethodCard(const QString& title, QWidget* parent) : QAbstractButton(parent) {
        setText(title);
        setAccessibleName(title);
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        setMinimumWidth(120);
    }

    void setAdvice(const MethodWords& advice) {
        advice_ = advice;
        setToolTip(QStringList{advice.when, advice.what, advice.why}.join('\n').trimmed());
        QStringList said{advice.note, advice.when, advice.what};
        said.removeAll(QString());
        setAccessibleDescription(said.join(QStringLiteral(". ")));
        updateGeometry();
        update();
    }

    QSize sizeHint() const override {
        const int title = QFontMetrics(textFont(13, QFont::DemiBold)).horizontalAdvance(text());
        return {2 * kPad + kRadio + 8 + title, kLeastCard};
    }

    // Of all its words.
    int neededHeight(int width) const {
        const QRect room(0, 0, width - 2 * kPad, 1000);
        const int words = QFontMetrics(textFont(12))
                              .boundingRect(room, Qt::AlignLeft | Qt::TextWordWrap, advice_.what)
                              .height();
        return std::max(kLeastCard, whatTop() + words + kPad);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool strong = isChecked();
        painter.setPen(QPen(strong ? theme.accent : theme.line, strong ? 2 : 1));
        painter.setBrush(underMouse() && isEnabled() ? theme.hover : theme.raised);
        const qreal inset = strong ? 1 : 0.5;
        painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                                metrics::kRadius, metrics::kRadius);
        paintRadio(painter, theme);
        const QColor text = isEnabled() ? theme.text : theme.disabled;
        const QColor quiet = isEnabled() ? theme.text2 : theme.disabled;
        const int left = kPad + kRadio + 8;
        painter.setFont(textFont(13, QFont::DemiBold));
        painter.setPen(text);
        const QRect head(left, kPad - 1, width() - left - kPad, kLine);
        painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, this->text());
        const int used = painter.fontMetrics().horizontalAdvance(this->text()) + 12;
        painter.setFont(numberFont(11));
        painter.setPen(strong || advice_.is_advised ? theme.accent : quiet);
        const QRect note = head.adjusted(used, 0, 0, 0);
        painter.drawText(
            note, Qt::AlignRight | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(advice_.note, Qt::ElideRight, note.width()));
        painter.setFont(textFont(12, QFont::DemiBold));
        painter.setPen(text);
        const QRect when(kPad, kPad + kLine + 8, width() - 2 * kPad, kLine);
        painter.drawText(
            when, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(advice_.when, Qt::ElideRight, when.width()));
        painter.setFont(textFont(12));
        painter.setPen(quiet);
        const QRect what(kPad, whatTop(), width() - 2 * kPad, height() - whatTop());
        painter.drawText(what, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, advice_.what);
        if (hasFocus()) {
            painter.setPen(QPen(theme.accent, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), 3, 3);
        }
    }

    // Of a group Qt would leave only the focused one in the keyboard's way.
    void focusInEvent(QFocusEvent* event) override { QWidget::focusInEvent(event); }

    void enterEvent(QEnterEvent* /*event*/) override { update(); }

    void leaveEvent(QEvent* /*event*/) override { update(); }

private:
    static int whatTop() { return kPad + 2 * kLine + 8 + 4; }

    void paintRadio(QPainter& painter, const Theme& theme) const {
        const QRectF circle(kPad + 0.75, kPad + 0.75, kRadio - 1.5, kRadio - 1.5);
        const QColor ring = !isEnabled()  ? theme.disabled
                            : isChecked() ? theme.accent
                                          : theme.control;
        painter.setPen(QPen(ring, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(circle);
        if (isChecked()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(ring);
            painter.drawEllipse(circle.adjusted(3.25, 3.25, -3.25, -3.25));
        }
    }

    MethodWords advice_;
};

MethodWords MethodCards::usualAdvice(LikenessWay way) {
    switch (way) {
    case LikenessWay::image_prompt:
        return {.when = tr("1–10 pictures, at once"),
                .what = tr("Trains nothing. The pictures speak through the adapter. Best for a "
                           "look or a single thing.")};
    case LikenessWay::lora:
        return {.when = tr("10–50 pictures, about an hour"),
                .what = tr("Learns the thing by name in a small file beside the model. Turn it "
                           "up, down or off later.")};
    case LikenessWay::dreambooth:
        return {.when = tr("100 or more pictures, a night"),
                .what = tr("Teaches the whole model. Closest likeness, largest file, hardest to "
                           "undo.")};
    }
    return {};
}

MethodCards::MethodCards(QWidget* parent) : QWidget(parent), group_(new QButtonGroup(this)) {
    setObjectName(QStringLiteral("method_cards"));
    setAccessibleName(tr("Way to a likeness"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    const std::pair<const char*, QString> names[] = {{"method_image_prompt", tr("Image prompt")},
                                                     {"method_lora", tr("LoRA")},
                                                     {"method_dreambooth", tr("DreamBooth")}};
    for (std::size_t i = 0; i < cards_.size(); ++i) {
        cards_[i] = new MethodCard(names[i].second, this);
        cards_[i]->setObjectName(QLatin1String(names[i].first));
        cards_[i]->setAdvice(usualAdvice(static_cast<LikenessWay>(i)));
        group_->addButton(cards_[i], static_cast<int>(i));
        row->addWidget(cards_[i], 1);
    }
    setWay(LikenessWay::lora);
    connect(group_, &QButtonGroup::idClicked, this,
            [this](int id) { Q_EMIT chosen(static_cast<LikenessWay>(id)); });
}

void MethodCards::setWay(LikenessWay way) {
    cards_.at(static_cast<std::size_t>(way))->setChecked(true);
}

LikenessWay MethodCards::way() const {
    return static_cast<LikenessWay>(std::max(0, group_->checkedId()));
}

void MethodCards::setAdvice(LikenessWay way, const MethodWords& advice) {
    MethodWords whole = usualAdvice(way);
    whole.note = advice.note;
    whole.is_advised = advice.is_advised;
    whole.why = advice.why;
    whole.when = advice.when.isEmpty() ? whole.when : advice.when;
    whole.what = advice.what.isEmpty() ? whole.what : advice.what;
    cards_.at(static_cast<std::size_t>(way))->setAdvice(whole);
    fit();
}

// All as high as the one that has most to say.
void MethodCards::fit() {
    const int gaps = 2 * metrics::kGap;
    const int width = std::max(120, (this->width() - gaps) / static_cast<int>(cards_.size()));
    int height = 0;
    for (const MethodCard* card : cards_) {
        height = std::max(height, card->neededHeight(width));
    }
    for (MethodCard* card : cards_) {
        card->setFixedHeight(height);
    }
}

void MethodCards::resizeEvent(QResizeEvent* /*event*/) {
    fit();
}

} // namespace likeness
