#pragma once

#include "core/base/message.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

// Takes fields out of one JSON object and notes everything that is not fit, the keys that nobody
// knows first. A field that is absent leaves its target as it was.
class FieldReader {
public:
    using Json = nlohmann::json;
    using Keys = std::span<const std::string_view>;

    // `prefix` stands before the keys in `problems` ("references[0]."). The object and the problems
    // outlive the reader.
    FieldReader(const Json& object, std::string prefix, Keys known, std::vector<Message>& problems);

    const Json* find(const char* key) const;
    void wrong(std::string_view key, const Json& value, const Message& wanted);

    void take(const char* key, std::string& target);
    void take(const char* key, bool& target);
    void take(const char* key, double& target);
    void take(const char* key, std::uint64_t& target);
    void take(const char* key, int& target);

    // Absent or null leaves it empty.
    template <typename Value>
    void take(const char* key, std::optional<Value>& target) {
        const Json* value = find(key);
        if (value != nullptr && !value->is_null()) {
            take(key, target.emplace());
        }
    }

    // A word out of a few.
    template <typename Target, typename FromString>
    void take_word(const char* key, Target& target, FromString from_string, const Message& wanted) {
        const Json* value = find(key);
        if (value == nullptr ||
            (value->is_null() && std::is_same_v<Target, decltype(from_string(""))>)) {
            return;
        }
        const auto word = value->is_string() ? from_string(value->get_ref<const std::string&>())
                                             : decltype(from_string("")){};
        word ? void(target = *word) : wrong(key, *value, wanted);
    }

    // An object in the object, read by `read(fields, item)`.
    template <typename Item, typename Read>
    void take_object(const char* key, Keys known, Item& item, Read&& read) {
        const Json* object = find(key);
        if (object != nullptr && is_object(key, *object)) {
            FieldReader own(*object, prefix_ + key + ".", known, problems_);
            read(own, item);
        }
    }

    // A list of objects, each read by `read(fields, item)`.
    template <typename Item, typename Read>
    void take_list(const char* key, Keys known, std::vector<Item>& list, Read&& read) {
        const Json* items = find(key);
        if (items == nullptr || !is_list(key, *items)) {
            return;
        }
        for (const Json& object : *items) {
            const std::string place = fmt::format("{}[{}]", key, list.size());
            Item& item = list.emplace_back();
            if (is_object(place, object)) {
                FieldReader own(object, prefix_ + place + ".", known, problems_);
                read(own, item);
            }
        }
    }

private:
    bool is_object(std::string_view key, const Json& value);
    bool is_list(std::string_view key, const Json& value);

    const Json& object_;
    std::string prefix_;
    std::vector<Message>& problems_;
};

} // namespace likeness
