#include "ui/panels/generate_bar.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPainter>

namespace likeness {

GenerateBar::GenerateBar(QWidget* parent)
    : QWidget(parent), live_(new QCheckBox(tr("Live"))),
      generate_(new TextButton(tr("Generate"), TextButton::Kind::primary)) {
    setObjectName(QStringLiteral("generate_bar"));
    setFixedHeight(metrics::kStrip);
    live_->setObjectName(QStringLiteral("live"));
    live_->setAccessibleName(tr("Live"));
    live_->setToolTip(tr("Any change makes the picture again with the same seed, not only a change "
                         "of strength. In the library it takes the place of the one before it, "
                         "unless that was starred, chosen, used or exported."));
    generate_->setObjectName(QStringLiteral("generate"));
    generate_->setHint(tr("Ctrl+Enter"));
    generate_->setAccessibleName(tr("Generate"));
    generate_->setToolTip(tr("Make a picture of these settings (Ctrl+Enter)"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 1, 12, 0);
    row->setSpacing(16);
    row->addWidget(live_);
    row->addWidget(generate_, 1);
    connect(generate_, &QAbstractButton::clicked, this, &GenerateBar::generateRequested);
    connect(live_, &QCheckBox::clicked, this, &GenerateBar::liveEdited);
}

void GenerateBar::setRunning(bool running) {
    generate_->setText(running ? tr("Add to queue") : tr("Generate"));
}

void GenerateBar::setLive(bool live) {
    live_->setChecked(live);
}

void GenerateBar::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.edge);
}

} // namespace likeness
