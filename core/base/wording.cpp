#include "core/base/wording.h"

#include <system_error>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kLongestName = 240;
constexpr std::size_t kKeptAtEachEnd = 110;

bool continues_a_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Without its middle, cut between UTF-8 characters.
std::string shortened(std::string_view name) {
    if (name.size() <= kLongestName) {
        return std::string(name);
    }
    std::size_t head = kKeptAtEachEnd;
    while (head > 0 && continues_a_character(name[head])) {
        --head;
    }
    std::size_t tail = name.size() - kKeptAtEachEnd;
    while (tail < name.size() && continues_a_character(name[tail])) {
        ++tail;
    }
    return fmt::format("{}...{}", name.substr(0, head), name.substr(tail));
}

} // namespace

std::string in_quotes(std::string_view name) {
    std::string text = shortened(name);
    for (char& c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7F) {
            c = '?';
        }
    }
    return fmt::format("\"{}\"", text);
}

std::string byte_words(std::uint64_t bytes) {
    if (bytes < 1'000) {
        return fmt::format("{} bytes", bytes);
    }
    constexpr const char* kUnits[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes) / 1'000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < std::size(kUnits)) {
        value /= 1'000;
        ++unit;
    }
    return value < 9.95 ? fmt::format("{:.1f} {}", value, kUnits[unit])
                        : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

std::string system_words(int error_number) {
    return std::error_code(error_number, std::generic_category()).message();
}

} // namespace likeness
