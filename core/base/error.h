#pragma once

#include "core/base/message.h"

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace likeness {

// What went wrong outside the program. The command line's exit status and the window's wording hang
// on it.
enum class ErrorCode {
    bad_request,      // the request does not make sense (exit 2)
    file_missing,     // no such file or folder (exit 3 from here on ...)
    file_unreadable,  // it is there but cannot be read
    file_damaged,     // recognised, but its content contradicts itself
    file_unsupported, // a kind of file this program does not read
    file_too_large,   // past a limit of this program
    file_refused,     // refused for safety (a pickle, a bomb)
    file_changed,     // changed while it was read
    file_exists,      // would be written over without --force
    not_a_checkpoint, // no model in it
    model_incomplete, // a component or tensor is missing
    model_mismatch,   // tensors do not fit the config or each other (... to here)
    write_failed,     // disk full, no permission (exit 1)
    out_of_memory,    // exit 4
    internal,         // our mistake or libtorch's (exit 1)
};

// The code as JSON and the command line spell it: the enumerator's name.
const char* to_string(ErrorCode code);

// The command line's exit status for a failure (spec/cli.md 3).
int exit_status(ErrorCode code);

// A failure of the outside world, told in the artist's words: one to three lines that say what did
// not happen, to which file or field, why with numbers, and what to do. `detail` is for the log and
// the Details button.
struct Error : std::runtime_error {
    Error(ErrorCode kind, Message words, std::string details = {})
        : std::runtime_error(words.text()), code(kind), message(std::move(words)),
          detail(std::move(details)) {}

    ErrorCode code;
    Message message; // what() in the language of who reads it
    std::string detail;
};

// Thrown by Progress::check() when a job was stopped. Not a std::exception, so that no handler on
// the way swallows it.
struct Cancelled {};

} // namespace likeness
