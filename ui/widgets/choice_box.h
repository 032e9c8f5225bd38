#pragma once

#include <QComboBox>

namespace likeness {

// A combo box in the look of a field. The wheel turns it only while it is focused.
class ChoiceBox : public QComboBox {
    Q_OBJECT

public:
    explicit ChoiceBox(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace likeness
