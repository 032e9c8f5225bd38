#include "ui/widgets/file_dialog.h"

namespace likeness {

namespace {

QFileDialog* makeDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode,
                        const QString& filter) {
    auto* dialog = new QFileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    if (!filter.isEmpty()) {
        dialog->setNameFilter(filter);
    }
    return dialog;
}

} // namespace

QFileDialog* openFileDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode,
                            const QString& filter) {
    QFileDialog* dialog = makeDialog(parent, title, mode, filter);
    dialog->open();
    return dialog;
}

QFileDialog* openSaveDialog(QWidget* parent, const QString& title, const QString& filter,
                            const QString& ending, const QString& name) {
    QFileDialog* dialog = makeDialog(parent, title, QFileDialog::AnyFile, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // before it is open: the system's own asks then
    dialog->setDefaultSuffix(ending);
    dialog->selectFile(name);
    dialog->open();
    return dialog;
}

} // namespace likeness
