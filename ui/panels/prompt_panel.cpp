#include "ui/panels/prompt_panel.h"

#include "ui/theme.h"
#include "ui/widgets/plain_label.h"

#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

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
    edit->setAcceptDrops(false); // pictures dropped here belong to the window
    edit->viewport()->setAcceptDrops(false);
    return edit;
}

// Only what differs is set, so that the cursor stays where a hand is typing.
void showText(QPlainTextEdit* edit, const std::string& text) {
    const QString shown = QString::fromStdString(text);
    if (edit->toPlainText() != shown) {
        const QSignalBlocker quiet(edit);
        edit->setPlainText(shown);
    }
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
