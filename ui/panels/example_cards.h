#pragma once

#include "ui/model/model_samples.h"

#include <QWidget>

class QHBoxLayout;

namespace likeness {

// The model's examples side by side: the pictures of each, its title and what it shows.
class ExampleCards : public QWidget {
    Q_OBJECT

public:
    explicit ExampleCards(ModelSamples& samples, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const likeness::Example& example);
    void filled(); // with another model's

private:
    class Card;

    void fill();

    ModelSamples& samples_;
    QHBoxLayout* row_;
    QList<Card*> cards_{};
};

} // namespace likeness
