#pragma once

#include "ui/model/request_model.h"
#include "ui/model/token_count.h"
#include "ui/widgets/section.h"

#include <optional>

class QPlainTextEdit;

namespace likeness {

class IconButton;
class PlainLabel;

// What the picture shows, and what it must not; how much of it the model reads; what was asked for
// before.
class PromptPanel : public Section {
    Q_OBJECT

public:
    explicit PromptPanel(QWidget* parent = nullptr);

    void setRequest(const GenerationRequest& request);
    void setTokens(const std::optional<TokenCount>& count); // empty: not known
    void setHistory(const QStringList& prompts);            // newest first

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);

private:
    void showHistory();

    QPlainTextEdit* prompt_;
    QPlainTextEdit* negative_prompt_;
    PlainLabel* tokens_;
    PlainLabel* second_;
    IconButton* history_;
    QWidget* second_row_ = nullptr; // only where a request brings second prompts
    QStringList prompts_{};
};

} // namespace likeness
