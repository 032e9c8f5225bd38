#pragma once

#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

class QPlainTextEdit;

namespace likeness {

// What the picture shows, and what it must not.
class PromptPanel : public Section {
    Q_OBJECT

public:
    explicit PromptPanel(QWidget* parent = nullptr);

    void setRequest(const GenerationRequest& request);

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);

private:
    QPlainTextEdit* prompt_;
    QPlainTextEdit* negative_prompt_;
};

} // namespace likeness
