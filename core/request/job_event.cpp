#include "core/request/job_event.h"

namespace likeness {

const char* to_string(Stage stage) {
    switch (stage) {
    case Stage::load:
        return "load";
    case Stage::encode_prompt:
        return "encode_prompt";
    case Stage::encode_references:
        return "encode_references";
    case Stage::denoise:
        return "denoise";
    case Stage::decode:
        return "decode";
    }
    return "denoise";
}

} // namespace likeness
