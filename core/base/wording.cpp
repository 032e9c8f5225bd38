#include "core/base/wording.h"

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

Message byte_words(std::uint64_t bytes) {
    if (bytes < 1'000) {
        return message("{} bytes", bytes);
    }
    constexpr const char* kUnits[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes) / 1'000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < std::size(kUnits)) {
        value /= 1'000;
        ++unit;
    }
    return verbatim(value < 9.95 ? fmt::format("{:.1f} {}", value, kUnits[unit])
                                 : fmt::format("{:.0f} {}", value, kUnits[unit]));
}

Message duration_words(double seconds) {
    constexpr double kMinute = 60, kHour = 3600;
    if (seconds < 1.5 * kMinute) {
        return verbatim(
            fmt::format(fmt::runtime(seconds < 9.95 ? "{:.1f} s" : "{:.0f} s"), seconds));
    }
    if (seconds < 1.5 * kHour) {
        return verbatim(fmt::format("{:.0f} min", seconds / kMinute));
    }
    return verbatim(fmt::format(fmt::runtime(seconds < 9.95 * kHour ? "{:.1f} h" : "{:.0f} h"),
                                seconds / kHour));
}

Message system_words(int error_number) {
    return system_words({error_number, std::generic_category()});
}

// The system speaks English here; what it says of a disk most often is known in other languages.
Message system_words(const std::error_code& error) {
    constexpr MessageWords<0> kUsual[] = {
        words("Operation not permitted"),
        words("No such file or directory"),
        words("Input/output error"),
        words("Cannot allocate memory"),
        words("Permission denied"),
        words("Device or resource busy"),
        words("File exists"),
        words("Invalid cross-device link"),
        words("No such device"),
        words("Not a directory"),
        words("Is a directory"),
        words("Invalid argument"),
        words("Too many open files"),
        words("File too large"),
        words("No space left on device"),
        words("Read-only file system"),
        words("Broken pipe"),
        words("File name too long"),
        words("Directory not empty"),
        words("Too many levels of symbolic links"),
        words("Stale file handle"),
        words("Disk quota exceeded"),
        words("Transport endpoint is not connected"),
    };
    const std::string said = error.message();
    for (const MessageWords<0>& usual : kUsual) {
        if (said == usual.text()) {
            return message(usual);
        }
    }
    return verbatim(said);
}

} // namespace likeness
