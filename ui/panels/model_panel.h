#pragma once

#include "ui/widgets/section.h"

namespace likeness {

class ChoiceBox;
class PlainLabel;

// Which model makes the picture.
class ModelPanel : public Section {
    Q_OBJECT

public:
    explicit ModelPanel(QWidget* parent = nullptr);

    // The models to choose from, and the one that is open or being opened.
    void setModels(const QStringList& models, const QString& current);

Q_SIGNALS:
    void modelChosen(const QString& model);
    void openRequested(); // a folder of one's own

private:
    ChoiceBox* model_;
    PlainLabel* first_;  // how to add a model, while the starter is the only one
    QStringList models_; // as the box lists them
};

} // namespace likeness
