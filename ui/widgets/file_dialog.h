#pragma once

#include <QFileDialog>

namespace likeness {

// Asks for files or a folder and does not stop the event loop; gone once it is closed. An empty
// filter shows everything.
QFileDialog* openFileDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode,
                            const QString& filter = {});

// Asks where to write a file: proposes that name, and adds the ending where none is typed.
QFileDialog* openSaveDialog(QWidget* parent, const QString& title, const QString& filter,
                            const QString& ending, const QString& name);

} // namespace likeness
