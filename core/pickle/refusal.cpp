#include "core/pickle/refusal.h"

namespace likeness {

namespace {

constexpr MessageWords<0> kGetAnother = words("Get the .safetensors form of the same model.");

} // namespace

void refuse_pickle(ErrorCode code, const std::string& file, const Message& why,
                   const Message& what_now) {
    throw Error(code, message("{} could not be opened: {}.\n{}", file, why, what_now));
}

void damaged_pickle(const std::string& file, const Message& why) {
    refuse_pickle(ErrorCode::file_damaged, file, why, message("Download the file again."));
}

void unsupported_pickle(const std::string& file, const Message& why) {
    refuse_pickle(ErrorCode::file_unsupported, file, why, message(kGetAnother));
}

void too_large_pickle(const std::string& file, const Message& why) {
    refuse_pickle(ErrorCode::file_too_large, file, why, message(kGetAnother));
}

} // namespace likeness
