#pragma once

#include "ui/model/edit_state.h"

#include <QElapsedTimer>
#include <QObject>
#include <QUndoStack>

#include <cstddef>
#include <functional>
#include <memory>

namespace likeness {

class RequestModel;
class TrainingSet;

// Every edit of the request, of the cards and of a training as a step that can be undone and
// redone, whoever made it: it watches their models and keeps what they were before. Edits of the
// same thing that follow each other (a drag, typing) are one step; a pause, a press of the mouse or
// another focus ends it.
class EditHistory : public QObject {
    Q_OBJECT

public:
    EditHistory(RequestModel& request, ReferenceListModel& references, TrainingSet& training,
                QObject* parent = nullptr);
    ~EditHistory() override;

    const EditState& state() const { return *current_; } // what is edited now

    const QUndoStack& stack() const { return stack_; } // the names, the place, what is saved

    void undo();
    void redo();
    void undoTo(int index); // until no more than that many steps are done

    // All that `change` edits is one step of this name.
    void step(const QString& name, const std::function<void()>& change);

    // What the program changes by itself is no step: it belongs to the one before.
    void unrecorded(const std::function<void()>& change);

    // A card's file has been read, also when the card is only in a step one can go back to.
    void fillCard(quint64 id, const CardPixels& pixels);

    // A card's file could not be read: it goes, and no step brings it back.
    void forgetCard(quint64 id);

    // The next edit is a step of its own.
    void endGesture();

    // While a hand holds the mouse button no pause ends the gesture.
    void setHeld(bool held);

    // How much the pictures of cards may take that only earlier or later steps show. Past it those
    // farthest away are let go of; they are read again when a step brings their card back.
    void setPixelBudget(std::size_t bytes) { pixel_budget_ = bytes; }

    void restart();   // another piece of work: there is nothing to undo
    void markSaved(); // the project file holds what is edited now

Q_SIGNALS:
    void edited(); // a step was made, undone or redone, or the present state was changed by itself
    void restored(const likeness::EditState& before); // by undo or redo
    void undone(const QString& name);
    void redone(const QString& name);
    void strengthRestored(); // of them, the master's: the picture follows

private:
    class Command;

    using StatePtr = std::shared_ptr<EditState>;

    EditState capture() const;
    void record();
    void settle(); // pixels that came in are no edit
    void push(const EditName& name, EditState&& now);
    void restore(const StatePtr& state);
    void letGoOfFarPixels();
    void forEachState(const std::function<void(EditState&)>& visit);
    Command* command(int index) const;

    RequestModel& request_;
    ReferenceListModel& references_;
    TrainingSet& training_;
    QUndoStack stack_;
    StatePtr current_;
    QElapsedTimer since_edit_;
    int recording_off_ = 0;
    std::size_t pixel_budget_ = 512U << 20U;
    bool gesture_ended_ = true;
    bool held_ = false;
};

} // namespace likeness
