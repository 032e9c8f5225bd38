#pragma once

#include "ui/model/known_files.h"
#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

#include <QSet>

class QVBoxLayout;

namespace likeness {

class LoraCard;
class PlainLabel;
class WordCard;

// What is added to the model: LoRAs with their strength, and learned words.
class StylesPanel : public Section {
    Q_OBJECT

public:
    explicit StylesPanel(QWidget* parent = nullptr);

    // Shows what a request adds, and what is known of those files. No edited().
    void setRequest(const RequestModel& model, const KnownFiles& files);

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void addRequested(); // files are to be chosen
    void wordChosen(const QString& word);

private:
    LoraCard* addLoraCard();
    WordCard* addWordCard();
    void moveLora(int from, int by);

    PlainLabel* empty_;
    QVBoxLayout* lora_column_;
    QVBoxLayout* word_column_;
    QList<LoraCard*> loras_;
    QList<WordCard*> words_;
    QSet<QString> open_; // LoRAs whose details are shown, by path
};

} // namespace likeness
