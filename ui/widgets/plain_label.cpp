#include "ui/widgets/plain_label.h"

#include "ui/theme.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace likeness {

QString cleaned(const QString& text) {
    constexpr qsizetype kLongest = 4096;
    QString result = text.left(kLongest);
    const auto unwanted = [](QChar c) {
        const char16_t u = c.unicode();
        const bool control = (u < 0x20 && u != '\n') || (u >= 0x7F && u < 0xA0);
        const bool bidi = (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069) ||
                          u == 0x200E || u == 0x200F || u == 0x061C;
        return control || bidi;
    };
    result.erase(std::remove_if(result.begin(), result.end(), unwanted), result.end());
    return result;
}

PlainLabel::PlainLabel(const QString& text, Tone tone, int pixels, QFont::Weight weight,
                       QWidget* parent)
    : QLabel(parent), tone_(tone) {
    setTextFormat(Qt::PlainText);
    setFont(textFont(pixels, weight));
    setPlainText(text);
}

void PlainLabel::setTone(Tone tone) {
    if (tone != tone_) {
        tone_ = tone;
        update();
    }
}

void PlainLabel::setPlainText(const QString& text) {
    setText(cleaned(text));
}

void PlainLabel::setElided() {
    elided_ = true;
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

QSize PlainLabel::minimumSizeHint() const {
    return elided_ ? QSize(0, QLabel::minimumSizeHint().height()) : QLabel::minimumSizeHint();
}

void PlainLabel::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setFont(font());
    painter.setPen(!isEnabled() ? theme.disabled : tone_ == Tone::text2 ? theme.text2 : theme.text);
    const QString shown =
        elided_ ? fontMetrics().elidedText(text(), Qt::ElideMiddle, width()) : text();
    const int flags = static_cast<int>(alignment()) | (wordWrap() ? Qt::TextWordWrap : 0);
    painter.drawText(contentsRect(), flags, shown);
}

} // namespace likeness
