#include "core/request/field_reader.h"

#include "core/request/json_text.h"

#include <algorithm>
#include <limits>

namespace likeness {

namespace {

constexpr std::size_t kMaxItems = 100; // of a list: more than validate() lets through

} // namespace

FieldReader::FieldReader(const Json& object, std::string prefix, Keys known,
                         std::vector<Message>& problems)
    : object_(object), prefix_(std::move(prefix)), problems_(problems) {
    for (const auto& [key, value] : object_.items()) {
        if (std::ranges::find(known, key) == known.end()) {
            problems_.push_back(
                message("{}{} is not a known key", prefix_, shown(Json(key)).substr(0, 60)));
        }
    }
}

const FieldReader::Json* FieldReader::find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
}

void FieldReader::wrong(std::string_view key, const Json& value, const Message& wanted) {
    problems_.push_back(message("{}{} is {}, expected {}", prefix_, key, shown(value), wanted));
}

void FieldReader::take(const char* key, std::string& target) {
    if (const Json* value = find(key)) {
        value->is_string() ? void(target = value->get<std::string>())
                           : wrong(key, *value, message("text"));
    }
}

void FieldReader::take(const char* key, bool& target) {
    if (const Json* value = find(key)) {
        value->is_boolean() ? void(target = value->get<bool>())
                            : wrong(key, *value, message("true or false"));
    }
}

void FieldReader::take(const char* key, double& target) {
    if (const Json* value = find(key)) {
        value->is_number() ? void(target = value->get<double>())
                           : wrong(key, *value, message("a number"));
    }
}

void FieldReader::take(const char* key, std::uint64_t& target) {
    if (const Json* value = find(key)) {
        value->is_number_unsigned()
            ? void(target = value->get<std::uint64_t>())
            : wrong(key, *value, message("a whole number from 0 to 2^64 - 1"));
    }
}

void FieldReader::take(const char* key, int& target) {
    const Json* value = find(key);
    if (value == nullptr) {
        return;
    }
    constexpr int kMost = std::numeric_limits<int>::max();
    const bool fits = value->is_number_unsigned()
                          ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(kMost)
                          : value->is_number_integer() &&
                                value->get<std::int64_t>() >= std::numeric_limits<int>::min();
    fits ? void(target = value->get<int>()) : wrong(key, *value, message("a whole number"));
}

bool FieldReader::is_object(std::string_view key, const Json& value) {
    if (!value.is_object()) {
        wrong(key, value, message("an object"));
    }
    return value.is_object();
}

// And one worth reading: a file may name a million pictures.
bool FieldReader::is_list(std::string_view key, const Json& value) {
    if (!value.is_array()) {
        wrong(key, value, message("a list"));
        return false;
    }
    if (value.size() > kMaxItems) {
        problems_.push_back(message("{} has {} items; the most is {}",
                                    fmt::format("{}{}", prefix_, key), value.size(), kMaxItems));
    }
    return value.size() <= kMaxItems;
}

} // namespace likeness
