#pragma once

#include "core/base/message.h"

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness {

// Reads a network's config.json field by field. A field of the wrong type or outside its sane range
// is an Error{model_mismatch} that names it; null and absent both mean the default. Nothing here
// trusts a number from the file.
class ConfigReader {
public:
    // `component` is how errors call it: "unet", "text_encoder", ...
    ConfigReader(const nlohmann::json& config, std::string component);

    int64_t integer(const char* field, int64_t fallback, int64_t minimum = 0,
                    int64_t maximum = 1 << 20) const;
    double number(const char* field, double fallback, double minimum, double maximum) const;
    bool boolean(const char* field, bool fallback) const;
    std::string string(const char* field, const std::string& fallback) const;

    // A list, or one number that stands for all `count` of them. count 0: any length from 1 to 16.
    std::vector<int64_t> integers(const char* field, const std::vector<int64_t>& fallback,
                                  std::size_t count, int64_t maximum = 1 << 16) const;
    std::vector<std::string> strings(const char* field,
                                     const std::vector<std::string>& fallback) const;
    std::vector<double> numbers(const char* field) const;

    // Throws unless the field is absent, null or one of the values given: what this program does
    // not honour is refused.
    void only(const char* field, const std::vector<nlohmann::json>& accepted) const;

    bool has(const char* field) const;
    [[noreturn]] void fail(const std::string& field, const Message& why) const;

private:
    const nlohmann::json& config_;
    std::string component_;
};

} // namespace likeness
