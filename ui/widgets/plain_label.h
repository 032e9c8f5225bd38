#pragma once

#include <QLabel>

namespace likeness {

// Text made fit to be shown when it comes from a file: no control or bidi-override characters, at
// most 4 KB.
QString cleaned(const QString& text);

// A label that never reads its text as rich text. `Tone` picks the theme's colour of its role.
class PlainLabel : public QLabel {
    Q_OBJECT

public:
    enum class Tone { text, text2 };

    explicit PlainLabel(const QString& text = {}, Tone tone = Tone::text, int pixels = 12,
                        QFont::Weight weight = QFont::Normal, QWidget* parent = nullptr);

    void setPlainText(const QString& text);
    void setTone(Tone tone);

    // Cuts text that is too wide with an ellipsis in the middle instead of asking for more room.
    void setElided();

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone tone_;
    bool elided_ = false;
};

} // namespace likeness
