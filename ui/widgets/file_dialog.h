#pragma once

#include <QFileDialog>

namespace likeness {

// Asks for files or a folder and does not stop the event loop; gone once it is closed. An empty
// filter shows everything.
QFileDialog* openFileDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode,
                            const QString& filter = {});

} // namespace likeness
