#include "ui/panels/prompt_panel.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QTextCursor>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

QPlainTextEdit* makeEdit(const QString& name, const QString& accessible_name,
                         const QString& tool_tip, int height) {
    auto* edit = new QPlainTextEdit;
    edit->setObjectName(name);
    edit->setAccessibleName(accessible_name);
    edit->setToolTip(tool_tip);
    edit->setFont(textFont(13));
    edit->setFixedHeight(height);
    edit->setTabChangesFocus(true);
    edit->setUndoRedoEnabled(false); // every letter is an edit of the window's, undone there
    edit->setAcceptDrops(false);     // pictures dropped here belong to the window
    edit->viewport()->setAcceptDrops(false);
    return edit;
}

// Only what differs is set, so that the cursor stays where a hand is typing, and after an undo
// stands at what came back.
void showText(QPlainTextEdit* edit, const std::string& text) {
    const QString wanted = QString::fromStdString(text);
    const QString shown = edit->toPlainText();
    if (shown == wanted) {
        return;
    }
    const QSignalBlocker quiet(edit);
    const qsizetype least = std::min(shown.size(), wanted.size());
    const qsizetype head =
        std::mismatch(shown.begin(), shown.begin() + least, wanted.begin()).first - shown.begin();
    const qsizetype tail =
        std::mismatch(shown.rbegin(), shown.rbegin() + (least - head), wanted.rbegin()).first -
        shown.rbegin();
    QTextCursor cursor(edit->document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(shown.size() - tail), QTextCursor::KeepAnchor);
    cursor.insertText(wanted.mid(head, wanted.size() - head - tail));
    edit->setTextCursor(cursor);
}

} // namespace

PromptPanel::PromptPanel(QWidget* parent)
    : Section(tr("Prompt"), QStringLiteral("prompt_panel"), parent),
      prompt_(makeEdit(QStringLiteral("prompt"), tr("Prompt"), QString(), 68)),
      negative_prompt_(makeEdit(QStringLiteral("negative_prompt"), tr("Negative prompt"),
                                tr("negative_prompt: what the picture must not show"), 44)),
      tokens_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      second_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      history_(new IconButton("history", tr("Earlier prompts"))) {
    prompt_->setPlaceholderText(tr("What the picture shows"));
    prompt_->setToolTip(tr("prompt: what the picture shows; (word:1.3) and (word) weigh more, "
                           "[word] less, BREAK begins a new piece of 75 tokens"));
    body()->addWidget(prompt_);
    body()->addSpacing(4);
    auto* line = new QHBoxLayout;
    line->addWidget(new PlainLabel(tr("Negative"), PlainLabel::Tone::text2));
    line->addStretch(1);
    line->addWidget(tokens_);
    body()->addLayout(line);
    body()->addWidget(negative_prompt_);
    second_row_ = new QWidget;
    auto* second = new QHBoxLayout(second_row_);
    second->setContentsMargins(0, 4, 0, 0);
    second_->setObjectName(QStringLiteral("second_prompts"));
    second_->setElided();
    second_->setToolTip(tr("prompt_2, negative_prompt_2: what SDXL's second text encoder reads"));
    auto* forget = new TextButton(tr("Leave out"), TextButton::Kind::link);
    forget->setObjectName(QStringLiteral("forget_second_prompts"));
    second->addWidget(second_, 1);
    second->addWidget(forget);
    body()->addWidget(second_row_);
    second_row_->hide();
    connect(forget, &TextButton::clicked, this, [this] {
        Q_EMIT edited([](GenerationRequest& request) {
            request.prompt_2.clear();
            request.negative_prompt_2.clear();
        });
    });
    tokens_->setObjectName(QStringLiteral("tokens"));
    tokens_->setFont(numberFont(11));
    history_->setObjectName(QStringLiteral("prompt_history"));
    history_->setAccessibleName(tr("Earlier prompts"));
    addHeadWidget(history_);
    connect(history_, &IconButton::clicked, this, &PromptPanel::showHistory);
    connect(prompt_, &QPlainTextEdit::textChanged, this, [this] {
        Q_EMIT edited([text = prompt_->toPlainText().toStdString()](GenerationRequest& request) {
            request.prompt = text;
        });
    });
    connect(negative_prompt_, &QPlainTextEdit::textChanged, this, [this] {
        const std::string text = negative_prompt_->toPlainText().toStdString();
        Q_EMIT edited([text](GenerationRequest& request) {
            request.negative_prompt = text.empty() ? std::nullopt : std::optional(text);
        });
    });
}

void PromptPanel::setTokens(const std::optional<TokenCount>& count) {
    tokens_->setVisible(count.has_value());
    if (!count) {
        return;
    }
    const bool over = count->unread > 0;
    if (over) {
        tokens_->setPlainText(
            tr("%1 tokens, the last %2 are not read").arg(count->used).arg(count->unread));
    } else if (count->pieces > 1) {
        tokens_->setPlainText(tr("%1 tokens, %2 pieces").arg(count->used).arg(count->pieces));
    } else {
        tokens_->setPlainText(tr("%1 of %2 tokens").arg(count->used).arg(count->most));
    }
    tokens_->setTone(over ? PlainLabel::Tone::text : PlainLabel::Tone::text2);
}

void PromptPanel::setHistory(const QStringList& prompts) {
    prompts_ = prompts;
    history_->setEnabled(!prompts.isEmpty());
}

void PromptPanel::showHistory() {
    constexpr int kShown = 15, kLetters = 80;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("prompt_history_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString& prompt : prompts_.mid(0, kShown)) {
        QString shown = cleaned(prompt).simplified();
        if (shown.size() > kLetters) {
            shown = shown.left(kLetters) + QStringLiteral("…");
        }
        menu->addAction(shown.replace('&', QLatin1String("&&")), this, [this, prompt] {
            Q_EMIT edited([text = prompt.toStdString()](GenerationRequest& request) {
                request.prompt = text;
            });
        });
    }
    menu->popup(history_->mapToGlobal(QPoint(0, history_->height())));
}

void PromptPanel::setRequest(const GenerationRequest& request) {
    showText(prompt_, request.prompt);
    showText(negative_prompt_, request.negative_prompt.value_or(""));
    QStringList second;
    for (const std::string& text : {request.prompt_2, request.negative_prompt_2}) {
        if (!text.empty()) {
            second << QString::fromStdString(text);
        }
    }
    second_->setPlainText(tr("Second encoder: %1").arg(second.join(QStringLiteral(" / "))));
    second_row_->setVisible(!second.isEmpty());
}

} // namespace likeness
