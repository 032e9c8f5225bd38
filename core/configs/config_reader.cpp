#include "core/configs/config_reader.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace likeness {

ConfigReader::ConfigReader(const nlohmann::json& config, std::string component)
    : config_(config), component_(std::move(component)) {
    if (!config_.is_object()) {
        throw Error(ErrorCode::model_mismatch,
                    message("{}/config.json holds no JSON object, so the model cannot be built.",
                            component_));
    }
}

bool ConfigReader::has(const char* field) const {
    return config_.contains(field) && !config_.at(field).is_null();
}

void ConfigReader::fail(const std::string& field, const Message& why) const {
    throw Error(
        ErrorCode::model_mismatch,
        message("{}/config.json: \"{}\" {}. The model was not opened.", component_, field, why));
}

int64_t ConfigReader::integer(const char* field, int64_t fallback, int64_t minimum,
                              int64_t maximum) const {
    if (!has(field)) {
        return fallback;
    }
    const auto& value = config_.at(field);
    if (!value.is_number_integer()) {
        fail(field, message("is {}, a whole number is needed", value.dump()));
    }
    const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{1}
                                                                                     << 62;
    const int64_t number = huge ? 0 : value.get<int64_t>();
    if (huge || number < minimum || number > maximum) {
        fail(field,
             message("is {}, it must lie between {} and {}", value.dump(), minimum, maximum));
    }
    return number;
}

double ConfigReader::number(const char* field, double fallback, double minimum,
                            double maximum) const {
    if (!has(field)) {
        return fallback;
    }
    const auto& value = config_.at(field);
    if (!value.is_number() || !std::isfinite(value.get<double>()) ||
        value.get<double>() < minimum || value.get<double>() > maximum) {
        fail(field, message("is {}, a number between {} and {} is needed", value.dump(),
                            nlohmann::json(minimum).dump(), nlohmann::json(maximum).dump()));
    }
    return value.get<double>();
}

bool ConfigReader::boolean(const char* field, bool fallback) const {
    if (!has(field)) {
        return fallback;
    }
    if (!config_.at(field).is_boolean()) {
        fail(field, message("is {}, true or false is needed", config_.at(field).dump()));
    }
    return config_.at(field).get<bool>();
}

std::string ConfigReader::string(const char* field, const std::string& fallback) const {
    if (!has(field)) {
        return fallback;
    }
    if (!config_.at(field).is_string()) {
        fail(field, message("is {}, a text is needed", config_.at(field).dump()));
    }
    return config_.at(field).get<std::string>();
}

std::vector<int64_t> ConfigReader::integers(const char* field, const std::vector<int64_t>& fallback,
                                            std::size_t count, int64_t maximum) const {
    if (!has(field)) {
        return fallback;
    }
    const auto& value = config_.at(field);
    std::vector<int64_t> result;
    if (value.is_number_integer() && count > 0) {
        result.assign(count, integer(field, 0, 1, maximum));
        return result;
    }
    if (!value.is_array() || value.empty() || value.size() > 16 ||
        (count > 0 && value.size() != count)) {
        fail(field,
             message("is {}, a list of {} whole numbers is needed", value.dump().substr(0, 80),
                     count > 0 ? part_of(count) : message("1 to 16")));
    }
    for (const auto& item : value) {
        if (!item.is_number_integer() || item.get<double>() < 1 ||
            item.get<double>() > static_cast<double>(maximum)) {
            fail(field, message("holds {}, whole numbers between 1 and {} are needed",
                                item.dump().substr(0, 80), maximum));
        }
        result.push_back(item.get<int64_t>());
    }
    return result;
}

std::vector<std::string> ConfigReader::strings(const char* field,
                                               const std::vector<std::string>& fallback) const {
    if (!has(field)) {
        return fallback;
    }
    const auto& value = config_.at(field);
    if (!value.is_array() || value.empty() || value.size() > 16 ||
        !std::ranges::all_of(value, [](const auto& item) { return item.is_string(); })) {
        fail(field, message("is {}, a list of names is needed", value.dump().substr(0, 80)));
    }
    return value.get<std::vector<std::string>>();
}

std::vector<double> ConfigReader::numbers(const char* field) const {
    if (!has(field)) {
        return {};
    }
    const auto& value = config_.at(field);
    if (!value.is_array() || value.size() > 256 ||
        !std::ranges::all_of(value, [](const auto& item) {
            return item.is_number() && std::isfinite(item.template get<double>());
        })) {
        fail(field, message("is {}, a list of numbers is needed", value.dump().substr(0, 80)));
    }
    return value.get<std::vector<double>>();
}

void ConfigReader::only(const char* field, const std::vector<nlohmann::json>& accepted) const {
    if (has(field) && std::ranges::find(accepted, config_.at(field)) == accepted.end()) {
        fail(field, message("is {}, which this program does not support",
                            config_.at(field).dump().substr(0, 80)));
    }
}

} // namespace likeness
