#pragma once

#include <QComboBox>

namespace likeness {

// A combo box in the look of a field. The wheel turns it only while it is focused.
class ChoiceBox : public QComboBox {
    Q_OBJECT

public:
    explicit ChoiceBox(QWidget* parent = nullptr);

    // A line for a file: its path is the data, and the tip.
    void addFile(const QString& path, const QString& name);
    // Takes all lines away but the first.
    void keepFirst();
    // These files by the names of their weights below the first line, which stays; `chosen` becomes
    // the current one and is added where it is missing; empty is the first line's.
    void setFiles(QStringList paths, const QString& chosen);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

} // namespace likeness
