#pragma once

#include <QPushButton>

namespace likeness {

// A 24 px button that is only an icon (or one letter, where the trade uses one).
class IconButton : public QAbstractButton {
    Q_OBJECT

public:
    IconButton(const QString& icon_name, const QString& tool_tip, QWidget* parent = nullptr);

    void setIconName(const QString& icon_name);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QString icon_name_;
};

// A button with text, a shortcut hint in quieter text and maybe an icon.
class TextButton : public QPushButton {
    Q_OBJECT

public:
    // plain: raised with a border; primary: filled with the accent; link: only accent text; flat:
    // only text.
    enum class Kind { plain, primary, link, flat };

    TextButton(const QString& text, Kind kind, QWidget* parent = nullptr);

    void setIconName(const QString& icon_name);
    void setHint(const QString& hint);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    Kind kind_;
    QString icon_name_;
    QString hint_;
};

} // namespace likeness
