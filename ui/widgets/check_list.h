#pragma once

#include <QListWidget>

namespace likeness {

// A short list of which several are picked: a click or Space on a row picks it or lets it go.
class CheckList : public QListWidget {
    Q_OBJECT

public:
    struct Item {
        QString text{};
        QString value{};
        QString tool_tip{};

        bool operator==(const Item&) const = default;
    };

    explicit CheckList(QWidget* parent = nullptr);

    // Shows these and which of them are picked. Nothing is wished.
    void setItems(const QList<Item>& items, const QStringList& picked);

    QStringList picked() const; // their values, in the list's order

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void edited(const QStringList& picked);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    QList<Item> items_{};
};

} // namespace likeness
