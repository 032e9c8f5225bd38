#include "core/pickle/converter_answer.h"

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 8;
// What may be wrong with a file or a disk. The helper has nothing else to tell.
constexpr ErrorCode kCodes[] = {ErrorCode::file_unreadable,  ErrorCode::file_damaged,
                                ErrorCode::file_unsupported, ErrorCode::file_too_large,
                                ErrorCode::file_refused,     ErrorCode::file_changed,
                                ErrorCode::not_a_checkpoint, ErrorCode::write_failed,
                                ErrorCode::out_of_memory,    ErrorCode::internal};

Json to_json(const Message& message) {
    if (message.verbatim) {
        return message.words;
    }
    Json parts = Json::array();
    for (const Message& part : message.parts) {
        parts.push_back(to_json(part));
    }
    return {{"words", message.words}, {"parts", parts}};
}

Message message_of(const Json& json, int depth) {
    if (json.is_string()) {
        return verbatim(json.get<std::string>());
    }
    Message message{.words = json.at("words").get<std::string>()};
    for (const Json& part : json.at("parts")) {
        if (depth < kMostDepth) {
            message.parts.push_back(message_of(part, depth + 1));
        }
    }
    return message;
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string to_text(const ConverterAnswer& answer) {
    return dumped({{"bytes", answer.bytes}, {"tensors", answer.tensors}});
}

std::string to_text(const Error& error) {
    return dumped({{"code", to_string(error.code)}, {"message", to_json(error.message)}});
}

ConverterAnswer answer_of(const std::string& text) {
    try {
        const Json json = Json::parse(text);
        if (!json.contains("code")) {
            return {.bytes = json.at("bytes").get<std::uint64_t>(),
                    .tensors = json.at("tensors").get<std::uint64_t>()};
        }
        for (const ErrorCode code : kCodes) {
            if (json.at("code") == to_string(code)) {
                throw Error(code, message_of(json.at("message"), 0));
            }
        }
    } catch (const Json::exception&) {
        // told below
    }
    throw Error(ErrorCode::internal, message("The converter gave no answer that makes sense."),
                text);
}

} // namespace likeness
