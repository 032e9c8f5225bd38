#include "core/request/json_text.h"

#include "core/base/error.h"

#include <set>
#include <string>
#include <vector>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxBytes = 16U << 20U;
constexpr std::size_t kMaxValues = 200'000; // a value takes up to a hundred bytes of memory

} // namespace

void refuse_json(const Message& why) {
    throw Error(ErrorCode::bad_request, message("The request could not be read: {}.", why));
}

std::string shown(const Json& value) {
    const std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

Json parse_json_text(std::string_view text) {
    if (text.size() > kMaxBytes) {
        refuse_json(message("it has {} bytes; the most is {}", text.size(), kMaxBytes));
    }
    std::vector<std::set<std::string>> keys;
    std::size_t values = 0;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kMaxDepth) {
            refuse_json(message("it is nested deeper than {}", kMaxDepth));
        }
        if (++values > kMaxValues) {
            refuse_json(message("it holds more than {} values", kMaxValues));
        }
        switch (event) {
        case Json::parse_event_t::object_start:
            keys.emplace_back();
            break;
        case Json::parse_event_t::object_end:
            keys.pop_back();
            break;
        case Json::parse_event_t::key:
            if (!keys.back().insert(parsed.get<std::string>()).second) {
                refuse_json(message("the key {} stands twice", shown(parsed)));
            }
            break;
        default:
            break;
        }
        return true;
    };
    try {
        if (text.find('\0') != std::string_view::npos) {
            refuse_json(message("it is not valid JSON (a zero byte)"));
        }
        return Json::parse(text, watch);
    } catch (const Json::parse_error& error) {
        refuse_json(message("it is not valid JSON (byte {})", error.byte));
    } catch (const Json::out_of_range&) {
        refuse_json(message("it holds a number that is too large"));
    }
}

} // namespace likeness
