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
        return std::max(kLeastCard, placesIn(width).what.bottom() + 1 + kPad);
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
        const Places places = placesIn(width());
        const auto write = [&painter](const QRect& place, const QFont& font, const QColor& color,
                                      int flags, const QString& words) {
            painter.setFont(font);
            painter.setPen(color);
            painter.drawText(place, flags, words);
        };
        write(places.title, titleFont(), text, kWrapped, this->text());
        write(places.note, numberFont(11), strong || advice_.is_advised ? theme.accent : quiet,
              places.is_note_below ? kWrapped : Qt::AlignRight | Qt::AlignVCenter, advice_.note);
        write(places.when, whenFont(), text, kWrapped, advice_.when);
        write(places.what, textFont(12), quiet, kWrapped, advice_.what);
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
    static constexpr int kWrapped = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

    // Of its words, in a card of some width: nothing is cut, what has no room goes on below.
    struct Places {
        QRect title{}, note{}, when{}, what{};
        bool is_note_below = false;
    };

    static QFont titleFont() { return textFont(13, QFont::DemiBold); }

    static QFont whenFont() { return textFont(12, QFont::DemiBold); }

    Places placesIn(int width) const {
        constexpr int kNoteGap = 12;
        const auto place = [](int left, int top, int room, const QFont& font,
                              const QString& words) {
            const int height =
                QFontMetrics(font).boundingRect(QRect(0, 0, room, 1000), kWrapped, words).height();
            return QRect(left, top, room, std::max(kLine, height));
        };
        const int left = kPad + kRadio + 8;
        const int room = width - left - kPad;
        const int wide = width - 2 * kPad;
        Places places;
        places.title = place(left, kPad - 1, room, titleFont(), text());
        const int used = QFontMetrics(titleFont()).horizontalAdvance(text()) + kNoteGap;
        int top = places.title.bottom() + 1;
        places.is_note_below =
            used + QFontMetrics(numberFont(11)).horizontalAdvance(advice_.note) > room;
        if (places.is_note_below) {
            places.note = place(left, top + 2, room, numberFont(11), advice_.note);
            top = places.note.bottom() + 1;
        } else {
            places.note = places.title.adjusted(used, 0, 0, 0);
        }
        places.when = place(kPad, top + 9, wide, whenFont(), advice_.when);
        places.what = place(kPad, places.when.bottom() + 5, wide, textFont(12), advice_.what);
        return places;
    }

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
