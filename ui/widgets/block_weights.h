#pragma once

#include <QWidget>

#include <vector>

namespace likeness {

// How strongly a reference acts through each attention of the network, as columns that are dragged.
// The height is 0 to 1; the keyboard goes on to the field's end. Left and Right choose a column, Up
// and Down change it (Shift: coarse), double click or Delete gives 1 back.
class BlockWeights : public QWidget {
    Q_OBJECT

public:
    struct Column {
        std::string block{}; // "down.block_1.attentions_0"
        double scale = 1;

        bool operator==(const Column&) const = default;
    };

    explicit BlockWeights(QWidget* parent = nullptr);

    // Shows columns in the network's order; no edited().
    void setColumns(const std::vector<Column>& columns);

    const std::vector<Column>& columns() const { return columns_; }

    int current() const { return current_; } // the chosen column; -1: there is none

    QSize sizeHint() const override;

    // Where a column is drawn.
    QRect columnRect(int index) const;

Q_SIGNALS:
    void edited(const std::string& block, double scale);
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    int columnAt(double x) const;
    void choose(int index);
    void change(double scale);
    void changeTo(const QPointF& at);

    std::vector<Column> columns_{};
    int current_ = -1;
    bool keyboard_ = false;
};

} // namespace likeness
