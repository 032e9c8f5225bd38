#pragma once

#include "ui/model/picture_export.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;

namespace likeness {

class ChoiceBox;
class NumberField;
class PlainLabel;

// How pictures are written as files for others: folder, format, quality, size, name, settings
// inside or not. Does not hold the window up.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    ExportDialog(const ExportOptions& options, int count, QWidget* parent = nullptr);

    ExportOptions options() const;

Q_SIGNALS:
    void exportRequested(const likeness::ExportOptions& options);

private:
    void fill(const ExportOptions& options);
    void browse();
    void showChoice();

    ChoiceBox* format_;
    NumberField* quality_;
    NumberField* longest_side_;
    QLineEdit* name_;
    QLineEdit* folder_;
    QCheckBox* settings_;
    PlainLabel* example_;
    QWidget* export_ = nullptr;
};

} // namespace likeness
