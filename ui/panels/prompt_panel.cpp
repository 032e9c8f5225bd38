#include "ui/panels/prompt_panel.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/prompt_edit.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>

#include <utility>

namespace likeness {

namespace {

PromptEdit* makeEdit(const QString& name, const QString& accessible_name, const QString& tool_tip,
                     int height) {
    auto* edit = new PromptEdit;
    edit->setObjectName(name);
    edit->setAccessibleName(accessible_name);
    edit->setToolTip(tool_tip);
    edit->setFont(textFont(13));
    edit->setFixedHeight(height);
    return edit;
}

} // namespace

PromptPanel::PromptPanel(QWidget* parent)
    : Section(tr("Prompt"), QStringLiteral("prompt_panel"), parent),
      prompt_(makeEdit(QStringLiteral("prompt"), tr("Prompt"),
                       tr("prompt: what the picture shows; (word:1.3) and (word) weigh more, "
                          "[word] less, BREAK begins a new piece of 75 tokens. Ctrl+Up and "
                          "Ctrl+Down change the weight of what is selected"),
                       68)),
      negative_prompt_(makeEdit(QStringLiteral("negative_prompt"), tr("Negative prompt"),
                                tr("negative_prompt: what the picture must not show"), 44)),
      prompt_2_(makeEdit(QStringLiteral("prompt_2"), tr("Prompt of the second encoder"),
                         tr("prompt_2: what SDXL's second text encoder reads; empty: the prompt"),
                         44)),
      negative_prompt_2_(
          makeEdit(QStringLiteral("negative_prompt_2"), tr("Negative prompt of the second encoder"),
                   tr("negative_prompt_2: likewise; empty: the negative prompt"), 44)),
      tokens_(new PlainLabel(QString(), PlainLabel::Tone::text2, 11)),
      second_(new PlainLabel(QString(), PlainLabel::Tone::text2, 11)),
      history_(new IconButton("history", tr("Earlier prompts"))) {
    prompt_->setPlaceholderText(tr("What the picture shows"));
    body()->addWidget(prompt_);
    body()->addSpacing(4);
    auto* line = new QHBoxLayout;
    line->addWidget(new PlainLabel(tr("Negative"), PlainLabel::Tone::text2));
    line->addStretch(1);
    line->addWidget(tokens_);
    body()->addLayout(line);
    body()->addWidget(negative_prompt_);
    second_fields_ = makeSecondFields();
    second_row_ = makeStrangeSecond();
    auto* offer = new TextButton(tr("Other words for the second encoder"), TextButton::Kind::link);
    offer->setObjectName(QStringLiteral("offer_second_prompts"));
    offer->setToolTip(tr("prompt_2, negative_prompt_2: what SDXL's second text encoder reads"));
    second_offer_ = offer;
    body()->addWidget(second_fields_);
    body()->addWidget(second_row_);
    body()->addWidget(offer, 0, Qt::AlignLeft);
    connect(offer, &TextButton::clicked, this, [this] {
        second_wanted_ = true;
        second_offer_->hide();
        second_fields_->show();
        prompt_2_->setFocus();
    });
    tokens_->setObjectName(QStringLiteral("tokens"));
    tokens_->setFont(numberFont(11));
    history_->setObjectName(QStringLiteral("prompt_history"));
    history_->setAccessibleName(tr("Earlier prompts"));
    addHeadWidget(history_);
    connect(history_, &IconButton::clicked, this, &PromptPanel::showHistory);
    const std::pair<PromptEdit*, std::string GenerationRequest::*> edits[] = {
        {prompt_, &GenerationRequest::prompt},
        {prompt_2_, &GenerationRequest::prompt_2},
        {negative_prompt_2_, &GenerationRequest::negative_prompt_2}};
    for (const auto& [edit, field] : edits) {
        connect(edit, &PromptEdit::textChanged, this, [this, edit = edit, field = field] {
            Q_EMIT edited([field, text = edit->toPlainText().toStdString()](
                              GenerationRequest& request) { request.*field = text; });
        });
    }
    connect(negative_prompt_, &PromptEdit::textChanged, this, [this] {
        const std::string text = negative_prompt_->toPlainText().toStdString();
        Q_EMIT edited([text](GenerationRequest& request) {
            request.negative_prompt = text.empty() ? std::nullopt : std::optional(text);
        });
    });
}

QWidget* PromptPanel::makeSecondFields() {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(new PlainLabel(tr("Second encoder"), PlainLabel::Tone::text2));
    column->addWidget(prompt_2_);
    column->addWidget(new PlainLabel(tr("Second encoder, negative"), PlainLabel::Tone::text2));
    column->addWidget(negative_prompt_2_);
    prompt_2_->setPlaceholderText(tr("As the prompt"));
    negative_prompt_2_->setPlaceholderText(tr("As the negative prompt"));
    return box;
}

QWidget* PromptPanel::makeStrangeSecond() {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 4, 0, 0);
    second_->setObjectName(QStringLiteral("second_prompts"));
    second_->setElided();
    second_->setToolTip(tr("prompt_2, negative_prompt_2: what SDXL's second text encoder reads"));
    auto* forget = new TextButton(tr("Leave out"), TextButton::Kind::link);
    forget->setObjectName(QStringLiteral("forget_second_prompts"));
    row->addWidget(second_, 1);
    row->addWidget(forget);
    connect(forget, &TextButton::clicked, this, [this] {
        Q_EMIT edited([](GenerationRequest& request) {
            request.prompt_2.clear();
            request.negative_prompt_2.clear();
        });
    });
    return box;
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

void PromptPanel::setRequest(const GenerationRequest& request, const ModelTraits& traits) {
    const std::pair<PromptEdit*, std::string> texts[] = {
        {prompt_, request.prompt},
        {negative_prompt_, request.negative_prompt.value_or("")},
        {prompt_2_, request.prompt_2},
        {negative_prompt_2_, request.negative_prompt_2}};
    for (const auto& [edit, text] : texts) {
        edit->setWeighted(request.prompt_syntax == PromptSyntax::weighted);
        edit->showText(QString::fromStdString(text));
    }
    QStringList second;
    for (const std::string& text : {request.prompt_2, request.negative_prompt_2}) {
        if (!text.empty()) {
            second << QString::fromStdString(text);
        }
    }
    const bool reads = traits.family == "sdxl";
    second_wanted_ = reads && (second_wanted_ || !second.isEmpty());
    second_fields_->setVisible(second_wanted_);
    second_offer_->setVisible(reads && !second_wanted_);
    second_->setPlainText(tr("Second encoder: %1").arg(second.join(QStringLiteral(" / "))));
    second_row_->setVisible(!reads && !second.isEmpty());
}

} // namespace likeness
