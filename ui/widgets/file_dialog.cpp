#include "ui/widgets/file_dialog.h"

namespace likeness {

QFileDialog* openFileDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode,
                            const QString& filter) {
    auto* dialog = new QFileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    if (!filter.isEmpty()) {
        dialog->setNameFilter(filter);
    }
    dialog->open();
    return dialog;
}

} // namespace likeness
