#include "core/base/error.h"

namespace likeness {

const char* to_string(ErrorCode code) {
    switch (code) {
    case ErrorCode::bad_request:
        return "bad_request";
    case ErrorCode::file_missing:
        return "file_missing";
    case ErrorCode::file_unreadable:
        return "file_unreadable";
    case ErrorCode::file_damaged:
        return "file_damaged";
    case ErrorCode::file_unsupported:
        return "file_unsupported";
    case ErrorCode::file_too_large:
        return "file_too_large";
    case ErrorCode::file_refused:
        return "file_refused";
    case ErrorCode::file_changed:
        return "file_changed";
    case ErrorCode::file_exists:
        return "file_exists";
    case ErrorCode::not_a_checkpoint:
        return "not_a_checkpoint";
    case ErrorCode::model_incomplete:
        return "model_incomplete";
    case ErrorCode::model_mismatch:
        return "model_mismatch";
    case ErrorCode::write_failed:
        return "write_failed";
    case ErrorCode::out_of_memory:
        return "out_of_memory";
    case ErrorCode::internal:
        return "internal";
    }
    return "internal";
}

int exit_status(ErrorCode code) {
    switch (code) {
    case ErrorCode::bad_request:
        return 2;
    case ErrorCode::out_of_memory:
        return 4;
    case ErrorCode::write_failed:
    case ErrorCode::internal:
        return 1;
    default:
        return 3;
    }
}

} // namespace likeness
