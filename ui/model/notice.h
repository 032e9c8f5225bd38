#pragma once

#include <QList>
#include <QString>

#include <cstdint>

namespace likeness {

// Something the window has to tell: what did not happen to which thing, why with numbers, what to
// do now.
struct Notice {
    enum class Severity { note, warning, error };
    // What the row's button does; the window carries it out.
    enum class Action {
        none,
        retry,
        make_smaller,
        open_model,
        save_elsewhere,
        undo_settings,
        keep_again,
        restore_pictures,
        restore_sitting,
        leave_sitting,
        resume_training,
        discard_training,
        train_on_pictures,
        find_dataset,
        leave_out_missing
    };

    Severity severity = Severity::error;
    QString title{};  // one line: what, which
    QString reason{}; // why, and what is not lost
    QString detail{}; // for the Details button; may be empty
    Action action = Action::none;
    QString action_text{};              // what its button says; empty: as ever for the action
    QList<std::int64_t> pictures{};     // of the library, which the action is about
    Action other_action = Action::none; // a second button

    bool operator==(const Notice&) const = default;
};

} // namespace likeness
