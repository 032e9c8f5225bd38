#include "ui/about_window.h"

#include "ui/theme.h"
#include "ui/widgets/plain_label.h"

#include <QCoreApplication>
#include <QFile>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace likeness {

AboutWindow::AboutWindow(QWidget* parent) : QWidget(parent, Qt::Window) {
    setObjectName(QStringLiteral("about_window"));
    setWindowTitle(tr("About Likeness"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(900, 620);
    auto* licences = new QPlainTextEdit;
    licences->setObjectName(QStringLiteral("licences"));
    licences->setAccessibleName(tr("Licences"));
    licences->setReadOnly(true);
    // Its columns are made of spaces.
    QFont columns = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    columns.setPixelSize(12);
    licences->setFont(columns);
    licences->setLineWrapMode(QPlainTextEdit::NoWrap);
    setFocusPolicy(Qt::ClickFocus);
    setFocus(); // else the text has the ring at once
    QFile notice(QStringLiteral(":/NOTICE"));
    if (notice.open(QIODevice::ReadOnly)) {
        licences->setPlainText(QString::fromUtf8(notice.readAll()));
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(new PlainLabel(tr("Likeness %1").arg(QCoreApplication::applicationVersion()),
                                     PlainLabel::Tone::text, 13, QFont::DemiBold));
    auto* what = new PlainLabel(tr("Image-prompted diffusion: pictures of a thing, words for where "
                                   "it should be. Everything is computed on this machine; nothing "
                                   "is sent anywhere."));
    what->setWordWrap(true);
    column->addWidget(what);
    column->addWidget(
        new PlainLabel(tr("Apache License 2.0. It stands on:"), PlainLabel::Tone::text2));
    column->addWidget(licences, 1);
}

} // namespace likeness
