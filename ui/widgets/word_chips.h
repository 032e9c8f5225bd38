#pragma once

#include <QWidget>

namespace likeness {

class TextButton;

// Words to click on, in as many lines as they need.
class WordChips : public QWidget {
    Q_OBJECT

public:
    explicit WordChips(QWidget* parent = nullptr);

    // `tool_tip` says what a click does, with "%1" for the word.
    void setWords(const QStringList& words, const QString& tool_tip);

    bool hasHeightForWidth() const override { return true; }

    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(const QString& word);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    int arrange(int width, bool place) const; // gives the height

    QStringList words_{};
    QList<TextButton*> chips_{};
};

} // namespace likeness
