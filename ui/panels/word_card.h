#pragma once

#include "ui/model/known_files.h"
#include "ui/model/request_model.h"

#include <QWidget>

#include <optional>

class QLineEdit;

namespace likeness {

class IconButton;
class PlainLabel;
class TextButton;

// One file of learned vectors: the word that stands for it in prompts.
class WordCard : public QWidget {
    Q_OBJECT

public:
    explicit WordCard(QWidget* parent = nullptr);

    // Shows the learned word of that row of the request. Nothing is wished.
    void setWord(int row, const TextualInversion& word, const std::optional<FileFacts>& facts,
                 const ModelTraits& traits, const std::vector<Problem>& problems);

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void wordChosen(const QString& word); // it goes into the prompt

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString word() const; // as prompts have it
    void change(const std::function<void(std::vector<TextualInversion>&, std::size_t)>& change);

    int row_ = 0;
    TextualInversion word_{};
    QString own_{}; // the word that the file brings
    PlainLabel* name_;
    QLineEdit* token_;
    TextButton* insert_;
    IconButton* mute_;
    IconButton* remove_;
    PlainLabel* problem_;
};

} // namespace likeness
