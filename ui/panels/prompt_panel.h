#pragma once

#include "ui/model/request_model.h"
#include "ui/model/token_count.h"
#include "ui/widgets/section.h"

#include <optional>

namespace likeness {

class IconButton;
class PlainLabel;
class PromptEdit;

// What the picture shows, and what it must not; how much of it the model reads; what was asked for
// before.
class PromptPanel : public Section {
    Q_OBJECT

public:
    explicit PromptPanel(QWidget* parent = nullptr);

    // Second prompts are offered where the model has a second text encoder. No edited().
    void setRequest(const GenerationRequest& request, const ModelTraits& traits);
    void setTokens(const std::optional<TokenCount>& count); // empty: not known
    void setHistory(const QStringList& prompts);            // newest first

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);

private:
    QWidget* makeSecondFields();
    QWidget* makeStrangeSecond();
    void showHistory();

    PromptEdit* prompt_;
    PromptEdit* negative_prompt_;
    PromptEdit* prompt_2_;
    PromptEdit* negative_prompt_2_;
    PlainLabel* tokens_;
    PlainLabel* second_;
    IconButton* history_;
    QWidget* second_fields_ = nullptr; // of a model that reads them, once they are wanted
    QWidget* second_offer_ = nullptr;
    QWidget* second_row_ = nullptr; // of another model, where a request brings some
    bool second_wanted_ = false;
    QStringList prompts_{};
};

} // namespace likeness
