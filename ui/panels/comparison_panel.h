#pragma once

#include "ui/model/comparison_draft.h"

#include <QWidget>

#include <functional>
#include <optional>

class QLineEdit;

namespace likeness {

class CheckList;
class ChoiceBox;
class IconButton;
class NumberField;
class PlainLabel;
class SegmentedControl;
class Section;
class TextButton;

// How far the comparison that is shown is.
struct ComparisonRun {
    bool running = false;  // pictures are on their way, or wait for their turn
    bool waiting = false;  // of these, none is at work
    bool paused = false;   // with the queue
    bool stopping = false; // the one at work comes to its next step
    int done = 0;
    int count = 0;
    std::optional<double> seconds_left{};
};

// Which pictures are made and compared: a ladder's field, range and step, or a sheet's two fields
// with their values.
class ComparisonPanel : public QWidget {
    Q_OBJECT

public:
    explicit ComparisonPanel(QWidget* parent = nullptr);

    void setDraft(const ComparisonDraft& draft, const GenerationRequest& base);
    void setSeedLocked(bool locked);

    // Models and adapters to pick of, as requests call them; an empty adapter is the model's own.
    void setKnown(const QStringList& models, const QStringList& adapters);

    void focusWords(); // the list of a ladder of models or adapters

    // What pressing the button costs, or why it cannot be pressed.
    void setCount(int pictures, std::optional<double> seconds, const QString& problem);

    // Pictures on their way: the button stops. Some are missing: a second one goes on.
    void setRun(const ComparisonRun& run);

Q_SIGNALS:
    void edited(const likeness::ComparisonDraft& draft);
    void seedEdited(quint64 seed);
    void seedRequested();
    void seedLockEdited(bool locked);
    void makeRequested();
    void stopRequested();
    void resumeRequested();

private:
    void buildLadder();
    void buildSheet();
    void buildSeed();
    void buildMake();
    ChoiceBox* makeChoice(const QString& name, const QString& accessible_name);
    QLineEdit* makeValues(const QString& name, const QString& accessible_name);
    CheckList* makeWords(const QString& name, const QString& accessible_name);
    void showWords(CheckList& list, ComparisonField field, const QStringList& picked);
    void change(const std::function<void(ComparisonDraft&)>& change);
    void showChoices();
    bool isPart() const; // something is missing, and nothing on its way
    QString far() const;

    ComparisonDraft draft_{};
    GenerationRequest base_{};
    ComparisonRun run_{};
    Section* section_;
    SegmentedControl* make_;
    QWidget* ladder_;
    QWidget* sheet_;
    ChoiceBox* vary_;
    QWidget* numbers_;
    CheckList* words_;
    QStringList models_{};
    QStringList adapters_{};
    NumberField* from_;
    NumberField* to_;
    NumberField* step_;
    PlainLabel* rungs_;
    ChoiceBox* across_;
    ChoiceBox* down_;
    QLineEdit* across_values_;
    QLineEdit* down_values_;
    CheckList* across_words_;
    CheckList* down_words_;
    QLineEdit* seed_;
    IconButton* lock_;
    PlainLabel* cost_;
    TextButton* button_;
    TextButton* resume_;
};

} // namespace likeness
