#include "ui/panels/training_check_panel.h"

#include "ui/icons.h"
#include "ui/model/training_model.h"
#include "ui/model/words.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

// A tick, or the sign that something is worth a look.
class FindingMark : public QWidget {
public:
    explicit FindingMark(bool is_fine) : is_fine_(is_fine) { setFixedSize(20, 20); }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        const Theme theme = currentTheme();
        paintIcon(painter, is_fine_ ? QStringLiteral("check") : QStringLiteral("warning"), rect(),
                  is_fine_ ? theme.text2 : theme.warning);
    }

private:
    bool is_fine_;
};

} // namespace

TrainingCheckPanel::TrainingCheckPanel(TrainingModel& training, QWidget* parent)
    : Section(tr("Check"), QStringLiteral("training_check"), parent), training_(training),
      check_(new TextButton(tr("Check"), TextButton::Kind::link)),
      words_(new PlainLabel({}, PlainLabel::Tone::text2, 11)), rows_(new QWidget),
      column_(new QVBoxLayout(rows_)) {
    check_->setObjectName(QStringLiteral("check_dataset"));
    check_->setAccessibleName(tr("Check the dataset"));
    check_->setToolTip(tr("Looks at every picture as the trainer sees it, and tries some steps to "
                          "say how long it takes"));
    addHeadWidget(check_);
    words_->setObjectName(QStringLiteral("check_words"));
    words_->setWordWrap(true);
    column_->setContentsMargins(0, 0, 0, 0);
    column_->setSpacing(6);
    body()->addWidget(words_);
    body()->addWidget(rows_);
    connect(check_, &QAbstractButton::clicked, this, [this] {
        reveal();
        training_.check();
    });
    connect(&training_, &TrainingModel::checkChanged, this, &TrainingCheckPanel::show);
    connect(&training_, &TrainingModel::runChanged, this, &TrainingCheckPanel::show);
    show();
}

void TrainingCheckPanel::show() {
    const bool checking = training_.isChecking();
    check_->setEnabled(!checking && !training_.set().pictures().empty() &&
                       !training_.run().isBusy());
    const auto& checked = training_.checked();
    const bool any = checked && !checking;
    if (checking) {
        shown_ = false;
    }
    if (any && !shown_) {
        showFindings();
    }
    rows_->setVisible(any);
    const auto open =
        any ? std::ranges::count(checked->findings, false, &TrainingFinding::is_fine) : 0;
    setNote(checking                 ? tr("looking at each picture")
            : !any                   ? QString()
            : training_.isCheckOld() ? tr("edited since")
            : open == 0              ? tr("all good")
                                     : tr("%1 to look at").arg(open));
    const QString failure = training_.checkFailure();
    words_->setPlainText(
        !failure.isEmpty() ? failure
        : checking         ? QString()
                           : tr("Size, sharpness, doubles, captions, and how long it would take."));
    words_->setVisible(!any && !words_->text().isEmpty());
}

void TrainingCheckPanel::showFindings() {
    shown_ = true;
    while (QLayoutItem* item = column_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const TrainingFinding& finding : training_.checked()->findings) {
        column_->addWidget(makeRow(finding));
    }
}

QWidget* TrainingCheckPanel::makeRow(const TrainingFinding& finding) {
    auto* row = new QWidget;
    row->setObjectName(QStringLiteral("finding"));
    const QString title = inWords(finding.title), detail = inWords(finding.detail);
    row->setAccessibleName(title);
    row->setAccessibleDescription(detail);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    line->addWidget(new FindingMark(finding.is_fine), 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setContentsMargins(0, 2, 0, 0);
    texts->setSpacing(1);
    auto* head = new PlainLabel(title, PlainLabel::Tone::text, 12, QFont::Medium);
    head->setObjectName(QStringLiteral("finding_title"));
    head->setWordWrap(true);
    texts->addWidget(head);
    if (!detail.isEmpty()) {
        auto* below = new PlainLabel(detail, PlainLabel::Tone::text2, 11);
        below->setWordWrap(true);
        texts->addWidget(below);
    }
    line->addLayout(texts, 1);
    QList<quint64> ids;
    for (const std::size_t index : finding.pictures) {
        if (index < training_.set().pictures().size()) {
            ids.append(training_.set().pictures()[index].id);
        }
    }
    if (finding.kind == TrainingFindingKind::captions && !finding.is_fine) {
        auto* write = new TextButton(tr("Write"), TextButton::Kind::link);
        write->setObjectName(QStringLiteral("write_captions"));
        write->setAccessibleName(tr("Write missing captions"));
        write->setToolTip(tr("Gives every picture without a caption that of the training"));
        write->setFixedHeight(20);
        connect(write, &QAbstractButton::clicked, this, &TrainingCheckPanel::captionsRequested);
        line->addWidget(write, 0, Qt::AlignTop);
    } else if (!ids.isEmpty()) {
        auto* look = new TextButton(tr("Show"), TextButton::Kind::link);
        look->setObjectName(QStringLiteral("show_finding"));
        look->setAccessibleName(tr("Show the pictures: %1").arg(title));
        look->setToolTip(tr("Chooses the pictures that this is about"));
        look->setFixedHeight(20);
        connect(look, &QAbstractButton::clicked, this, [this, ids] { Q_EMIT lookRequested(ids); });
        line->addWidget(look, 0, Qt::AlignTop);
    }
    return row;
}

} // namespace likeness
