#include "ui/model/edit_history.h"

#include "ui/model/request_model.h"
#include "ui/model/training_set.h"

#include <QUndoCommand>

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

namespace likeness {

namespace {

constexpr int kPauseMs = 1000; // that ends a step

ReferenceCard* cardIn(std::vector<ReferenceCard>& cards, quint64 id) {
    const auto found = std::ranges::find(cards, id, &ReferenceCard::id);
    return found == cards.end() ? nullptr : &*found;
}

} // namespace

// One step: the state before it and the one after. A state is shared by the two steps it lies
// between.
class EditHistory::Command : public QUndoCommand {
public:
    Command(EditHistory& history, const EditName& name, StatePtr from, StatePtr to, bool may_merge)
        : before(std::move(from)), after(std::move(to)), history_(history), name_(name),
          may_merge_(may_merge) {
        // In a menu "&" marks a letter, and a line break ends the text.
        setText(name.text.simplified());
    }

    int id() const override { return name_.merges_as.isEmpty() ? -1 : 1; }

    bool mergeWith(const QUndoCommand* other) override {
        const auto& next = static_cast<const Command&>(*other);
        if (!next.may_merge_ || next.name_.merges_as != name_.merges_as) {
            return false;
        }
        *after = *next.after;
        setObsolete(*after == *before);
        return true;
    }

    void undo() override { history_.restore(before); }

    void redo() override {
        if (std::exchange(is_done_, true)) {
            history_.restore(after);
        }
    }

    // Fewer pictures were added than were dropped.
    void nameAnew() {
        if (!name_.is_given) {
            setText(nameOfEdit(*before, *after).text.simplified());
        }
    }

    StatePtr before;
    StatePtr after;

private:
    EditHistory& history_;
    EditName name_;
    bool may_merge_;
    bool is_done_ = false; // when it is pushed the edit has been made already
};

EditHistory::EditHistory(RequestModel& request, ReferenceListModel& references,
                         TrainingSet& training, QObject* parent)
    : QObject(parent), request_(request), references_(references), training_(training),
      current_(std::make_shared<EditState>(capture())) {
    connect(&request, &RequestModel::changed, this, &EditHistory::record);
    connect(&references, &QAbstractItemModel::rowsInserted, this, &EditHistory::record);
    connect(&references, &QAbstractItemModel::rowsRemoved, this, &EditHistory::record);
    connect(&references, &QAbstractItemModel::rowsMoved, this, &EditHistory::record);
    connect(&references, &QAbstractItemModel::dataChanged, this, &EditHistory::record);
    connect(&references, &QAbstractItemModel::modelReset, this, &EditHistory::record);
    connect(&training, &TrainingSet::changed, this, &EditHistory::record);
}

EditHistory::~EditHistory() = default;

EditState EditHistory::capture() const {
    EditState state{.request = request_.request(),
                    .cards = references_.cards(),
                    .seed_locked = request_.isSeedLocked(),
                    .training = training_.draft()};
    state.request.references.clear();
    return state;
}

EditHistory::Command* EditHistory::command(int index) const {
    return const_cast<Command*>(static_cast<const Command*>(stack_.command(index)));
}

void EditHistory::forEachState(const std::function<void(EditState&)>& visit) {
    if (stack_.count() == 0) {
        visit(*current_);
        return;
    }
    visit(*command(0)->before);
    for (int i = 0; i < stack_.count(); ++i) {
        visit(*command(i)->after);
    }
}

void EditHistory::fillCard(quint64 id, const CardPixels& pixels) {
    forEachState([&](EditState& state) {
        ReferenceCard* card = cardIn(state.cards, id);
        if (card && !card->image) {
            card->image = pixels.image;
            card->thumbnail = pixels.thumbnail;
            card->path = card->path.isEmpty() ? pixels.path : card->path;
            card->sha256 = pixels.sha256;
            // A state that names no mask has none.
            if (!card->mask && !card->mask_path.isEmpty()) {
                card->mask = pixels.mask;
            }
            if (!card->view.look_mask && !card->look_mask_path.isEmpty()) {
                card->view.look_mask = pixels.look_mask;
            }
        }
    });
}

void EditHistory::settle() {
    for (const ReferenceCard& card : references_.cards()) {
        const ReferenceCard* before = cardIn(current_->cards, card.id);
        if (before && card.image && !before->image) {
            fillCard(card.id, {.image = card.image,
                               .thumbnail = card.thumbnail,
                               .path = card.path,
                               .sha256 = card.sha256,
                               .mask = card.mask,
                               .look_mask = card.view.look_mask});
            *cardIn(current_->cards, card.id) = card;
        }
    }
}

void EditHistory::record() {
    if (recording_off_ > 0) {
        return;
    }
    settle();
    EditState now = capture();
    if (now != *current_) {
        push(nameOfEdit(*current_, now), std::move(now));
    }
}

void EditHistory::push(const EditName& name, EditState&& now) {
    const bool follows =
        !gesture_ended_ && (held_ || (since_edit_.isValid() && since_edit_.elapsed() < kPauseMs));
    gesture_ended_ = false;
    since_edit_.start();
    const int index = stack_.index();
    const StatePtr merged_into = index > 0 ? command(index - 1)->before : nullptr;
    stack_.push(new Command(*this, name, current_, std::make_shared<EditState>(std::move(now)),
                            follows && stack_.index() == stack_.count()));
    // A gesture that came back to where it began is no step.
    if (stack_.index() < index) {
        current_ = merged_into;
        gesture_ended_ = true;
    } else {
        current_ = command(stack_.index() - 1)->after;
    }
    letGoOfFarPixels();
    Q_EMIT edited();
}

// After a push every other state is an earlier one.
void EditHistory::letGoOfFarPixels() {
    std::vector<EditState*> states;
    forEachState([&](EditState& state) { states.push_back(&state); });
    std::set<const Image*> held;
    for (const ReferenceCard& card : current_->cards) {
        held.insert(card.image.get());
    }
    std::size_t bytes = 0;
    for (EditState* state : states | std::views::reverse) {
        for (ReferenceCard& card : state->cards) {
            if (!card.image || held.contains(card.image.get())) {
                continue;
            }
            const std::size_t more = bytes + card.image->bytes.size();
            if (more <= pixel_budget_ || card.path.isEmpty()) {
                held.insert(card.image.get());
                bytes = more;
            } else {
                card.image.reset();
            }
        }
    }
}

void EditHistory::step(const QString& name, const std::function<void()>& change) {
    ++recording_off_;
    change();
    --recording_off_;
    if (recording_off_ > 0) {
        return;
    }
    settle();
    EditState now = capture();
    if (now != *current_) {
        gesture_ended_ = true;
        push({.text = name.isEmpty() ? nameOfEdit(*current_, now).text : name,
              .is_given = !name.isEmpty()},
             std::move(now));
    }
}

void EditHistory::unrecorded(const std::function<void()>& change) {
    ++recording_off_;
    change();
    --recording_off_;
    if (recording_off_ > 0) {
        return;
    }
    settle();
    if (EditState now = capture(); now != *current_) {
        *current_ = std::move(now);
        Q_EMIT edited();
    }
}

void EditHistory::forgetCard(quint64 id) {
    forEachState([id](EditState& state) {
        std::erase_if(state.cards, [id](const ReferenceCard& card) { return card.id == id; });
    });
    references_.remove(id);
    // A step of which nothing is left is no step.
    while (stack_.index() > 0) {
        Command* last = command(stack_.index() - 1);
        if (*last->before != *last->after) {
            break;
        }
        current_ = last->before;
        last->setObsolete(true);
        stack_.undo();
    }
    if (stack_.index() > 0) {
        command(stack_.index() - 1)->nameAnew();
    }
    Q_EMIT edited();
}

void EditHistory::endGesture() {
    gesture_ended_ = true;
}

void EditHistory::setHeld(bool held) {
    held_ = held;
}

void EditHistory::restore(const StatePtr& state) {
    const StatePtr before = std::exchange(current_, state);
    gesture_ended_ = true;
    ++recording_off_;
    request_.setSeedLocked(state->seed_locked);
    request_.edit([&](GenerationRequest& request) { request = state->request; });
    references_.setCards(state->cards);
    training_.setDraft(state->training);
    --recording_off_;
    // A picture that waited for a card that is gone now is asked for, and draws a seed.
    if (EditState now = capture(); now != *current_) {
        *current_ = std::move(now);
    }
    if (before->request.master_scale != state->request.master_scale) {
        Q_EMIT strengthRestored();
    }
    Q_EMIT restored(*before);
}

void EditHistory::undo() {
    // A step of which nothing is left (its card could not be read) is stepped over.
    const EditState before = *current_;
    QString name;
    while (stack_.canUndo() && *current_ == before) {
        name = stack_.undoText();
        stack_.undo();
    }
    if (!name.isEmpty()) {
        Q_EMIT edited();
        Q_EMIT undone(name);
    }
}

void EditHistory::redo() {
    const EditState before = *current_;
    QString name;
    while (stack_.canRedo() && *current_ == before) {
        name = stack_.redoText();
        stack_.redo();
    }
    if (!name.isEmpty()) {
        Q_EMIT edited();
        Q_EMIT redone(name);
    }
}

void EditHistory::undoTo(int index) {
    while (stack_.index() > index) {
        stack_.undo();
    }
    Q_EMIT edited();
}

void EditHistory::restart() {
    stack_.clear();
    current_ = std::make_shared<EditState>(capture());
    gesture_ended_ = true;
    Q_EMIT edited();
}

void EditHistory::markSaved() {
    stack_.setClean();
}

} // namespace likeness
