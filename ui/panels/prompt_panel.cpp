#include "ui/panels/prompt_panel.h"

#include "ui/theme.h"
#include "ui/widgets/plain_label.h"

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
      prompt_(makeEdit(QStringLiteral("prompt"), tr("Prompt"), tr("prompt: what the picture shows"),
                       68)),
      negative_prompt_(makeEdit(QStringLiteral("negative_prompt"), tr("Negative prompt"),
                                tr("negative_prompt: what the picture must not show"), 44)) {
    prompt_->setPlaceholderText(tr("What the picture shows"));
    body()->addWidget(prompt_);
    body()->addSpacing(4);
    body()->addWidget(new PlainLabel(tr("Negative"), PlainLabel::Tone::text2));
    body()->addWidget(negative_prompt_);
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

void PromptPanel::setRequest(const GenerationRequest& request) {
    showText(prompt_, request.prompt);
    showText(negative_prompt_, request.negative_prompt.value_or(""));
}

} // namespace likeness
