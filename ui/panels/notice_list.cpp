#include "ui/panels/notice_list.h"

#include "ui/icons.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kMostRows = 3;
constexpr int kMostLines = 4; // of a reason; the rest is behind Details

QString actionText(Notice::Action action) {
    switch (action) {
    case Notice::Action::retry:
        return NoticeList::tr("Try again");
    case Notice::Action::make_smaller:
        return NoticeList::tr("Make it smaller");
    case Notice::Action::open_model:
        return NoticeList::tr("Open another model");
    case Notice::Action::save_elsewhere:
        return NoticeList::tr("Save elsewhere");
    case Notice::Action::undo_settings:
        return NoticeList::tr("Undo");
    case Notice::Action::keep_again:
        return NoticeList::tr("Try again");
    case Notice::Action::restore_pictures:
        return NoticeList::tr("Undo");
    case Notice::Action::restore_sitting:
        return NoticeList::tr("Restore");
    case Notice::Action::leave_sitting:
        return NoticeList::tr("Don't restore");
    case Notice::Action::resume_training:
        return NoticeList::tr("Go on");
    case Notice::Action::discard_training:
        return NoticeList::tr("Discard");
    case Notice::Action::train_on_pictures:
        return NoticeList::tr("Train a LoRA of these");
    case Notice::Action::find_dataset:
        return NoticeList::tr("Find their folder");
    case Notice::Action::leave_out_missing:
        return NoticeList::tr("Leave them out");
    case Notice::Action::none:
        break;
    }
    return {};
}

PlainLabel* makeWrapped(const QString& text, PlainLabel::Tone tone, int pixels,
                        QFont::Weight weight) {
    auto* label = new PlainLabel(text, tone, pixels, weight);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

} // namespace

class NoticeList::Row : public QWidget {
public:
    Row(const Notice& notice, NoticeList& list) : notice_(notice) {
        setObjectName(QStringLiteral("notice"));
        setAccessibleName(notice.title);
        setAccessibleDescription(notice.reason);
        auto* title = makeWrapped(notice.title, PlainLabel::Tone::text, 12, QFont::Medium);
        title->setContentsMargins(0, 4, 0, 0); // level with the icons
        title->setObjectName(QStringLiteral("notice_title"));
        auto* close = new IconButton("close", NoticeList::tr("Close this notice"));
        close->setObjectName(QStringLiteral("notice_close"));
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(12 + 24, 8, 12, 8);
        column->setSpacing(4);
        auto* head = new QHBoxLayout;
        head->addWidget(title, 1);
        head->addWidget(close, 0, Qt::AlignTop);
        column->addLayout(head);

        const QStringList lines = notice.reason.split('\n', Qt::SkipEmptyParts);
        if (!lines.isEmpty()) {
            auto* reason = makeWrapped(lines.mid(0, kMostLines).join('\n'), PlainLabel::Tone::text2,
                                       11, QFont::Normal);
            reason->setObjectName(QStringLiteral("notice_reason"));
            column->addWidget(reason);
        }
        QStringList rest = lines.mid(kMostLines);
        if (!notice.detail.isEmpty()) {
            rest << notice.detail;
        }
        addButtons(column, rest.join('\n'), list);
        connect(close, &IconButton::clicked, &list, [this, &list] { list.remove(this); });
    }

    const Notice& notice() const { return notice_; }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        painter.fillRect(QRect(0, 0, width(), 1), theme.line);
        const bool is_note = notice_.severity == Notice::Severity::note;
        paintIcon(painter, is_note ? QStringLiteral("check") : QStringLiteral("warning"),
                  QRect(12, 12, 16, 16),
                  is_note                                         ? theme.text2
                  : notice_.severity == Notice::Severity::warning ? theme.warning
                                                                  : theme.error);
    }

private:
    void addButtons(QVBoxLayout* column, const QString& detail, NoticeList& list) {
        auto* row = new QHBoxLayout;
        row->setSpacing(12);
        const std::pair<Notice::Action, QString> actions[] = {
            {notice_.action, QStringLiteral("notice_action")},
            {notice_.other_action, QStringLiteral("notice_other_action")}};
        for (const auto& [action, name] : actions) {
            if (action == Notice::Action::none) {
                continue;
            }
            const bool own_text = action == notice_.action && !notice_.action_text.isEmpty();
            auto* act = new TextButton(own_text ? notice_.action_text : actionText(action),
                                       TextButton::Kind::link);
            act->setObjectName(name);
            row->addWidget(act);
            connect(act, &QAbstractButton::clicked, &list, [this, &list, action = action] {
                const QList<std::int64_t> pictures = notice_.pictures;
                list.remove(this);
                Q_EMIT list.actionRequested(action, pictures);
            });
        }
        if (!detail.isEmpty()) {
            auto* more = new TextButton(NoticeList::tr("Details"), TextButton::Kind::link);
            more->setObjectName(QStringLiteral("notice_details"));
            row->addWidget(more);
            auto* text = new QPlainTextEdit;
            text->setPlainText(cleaned(detail));
            text->setReadOnly(true);
            text->setFixedHeight(96);
            text->setAccessibleName(NoticeList::tr("Details"));
            text->hide();
            connect(more, &QAbstractButton::clicked, text,
                    [text] { text->setVisible(text->isHidden()); });
            row->addStretch(1);
            column->addLayout(row);
            column->addWidget(text);
            return;
        }
        row->addStretch(1);
        column->addLayout(row);
    }

    Notice notice_;
};

NoticeList::NoticeList(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("notice_list"));
    column_->setContentsMargins(0, 0, 0, 0);
    column_->setSpacing(0);
}

void NoticeList::add(const Notice& notice) {
    for (Row* row : rows_) {
        if (row->notice() == notice) {
            remove(row); // the same cause is told once, at the top
            break;
        }
    }
    auto* row = new Row(notice, *this);
    rows_.prepend(row);
    column_->insertWidget(0, row);
    while (rows_.size() > kMostRows) {
        remove(leastNeeded());
    }
}

// The oldest of those that wait least for an answer. What is new stays, unless it is a plain note
// among questions.
NoticeList::Row* NoticeList::leastNeeded() const {
    const auto need = [](const Row* row) {
        const Notice& notice = row->notice();
        return (notice.action == Notice::Action::none ? 0 : 2) +
               (notice.severity == Notice::Severity::note ? 0 : 1);
    };
    const qsizetype newest = need(rows_.front()) == 0 ? 0 : 1;
    Row* least = rows_.back();
    for (qsizetype i = rows_.size() - 1; i >= newest; --i) {
        least = need(rows_[i]) < need(least) ? rows_[i] : least;
    }
    return least;
}

void NoticeList::clearNotes() {
    const QList<Row*> rows = rows_;
    for (Row* row : rows) {
        if (row->notice().severity == Notice::Severity::note) {
            remove(row);
        }
    }
}

QList<Notice> NoticeList::notices() const {
    QList<Notice> result;
    for (const Row* row : rows_) {
        result.append(row->notice());
    }
    return result;
}

void NoticeList::remove(Row* row) {
    rows_.removeOne(row);
    column_->removeWidget(row);
    row->hide();
    row->deleteLater();
}

} // namespace likeness
