#include "core/text/unicode.h"

#include "core/base/check.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace likeness {

namespace {

constexpr char32_t kReplacement = 0xfffd;

// How many bytes a character that begins with this one takes, and what its second byte may be.
struct Lead {
    int length = 0; // 0: no character begins like that
    unsigned char second_least = 0x80;
    unsigned char second_most = 0xbf;
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) {
        return {.length = 1};
    }
    if (byte >= 0xc2 && byte <= 0xdf) {
        return {.length = 2};
    }
    if (byte >= 0xe0 && byte <= 0xef) {
        return {.length = 3,
                .second_least = static_cast<unsigned char>(byte == 0xe0 ? 0xa0 : 0x80),
                .second_most = static_cast<unsigned char>(byte == 0xed ? 0x9f : 0xbf)};
    }
    if (byte >= 0xf0 && byte <= 0xf4) {
        return {.length = 4,
                .second_least = static_cast<unsigned char>(byte == 0xf0 ? 0x90 : 0x80),
                .second_most = static_cast<unsigned char>(byte == 0xf4 ? 0x8f : 0xbf)};
    }
    return {};
}

utf8proc_category_t category_of(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

} // namespace

std::u32string decode_utf8(std::string_view text) {
    std::u32string decoded;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto first = static_cast<unsigned char>(text[at++]);
        const Lead lead = lead_of(first);
        if (lead.length == 0) {
            decoded += kReplacement;
            continue;
        }
        char32_t value = lead.length == 1 ? first : first & (0xffU >> (lead.length + 1));
        int taken = 1;
        for (; taken < lead.length && at < text.size(); ++taken, ++at) {
            const auto next = static_cast<unsigned char>(text[at]);
            const unsigned char least = taken == 1 ? lead.second_least : 0x80;
            const unsigned char most = taken == 1 ? lead.second_most : 0xbf;
            if (next < least || next > most) {
                break;
            }
            value = value << 6U | (next & 0x3fU);
        }
        decoded += taken == lead.length ? value : kReplacement;
    }
    return decoded;
}

std::string encode_utf8(std::u32string_view text) {
    std::string encoded;
    for (const char32_t c : text) {
        utf8proc_uint8_t bytes[4];
        const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
        encoded.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    }
    return encoded;
}

std::u32string compose(std::u32string_view text) {
    const std::string bytes = encode_utf8(text);
    if (bytes.empty()) {
        return {};
    }
    utf8proc_uint8_t* result = nullptr;
    const auto count =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                     static_cast<utf8proc_ssize_t>(bytes.size()), &result,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
    LIKENESS_CHECK(count >= 0, utf8proc_errmsg(count));
    return decode_utf8({reinterpret_cast<const char*>(result), static_cast<std::size_t>(count)});
}

std::u32string lower_case(std::u32string_view text) {
    std::u32string lowered;
    for (const char32_t c : text) {
        if (c == 0x130) { // the one character whose lower case is longer than itself
            lowered += U"i\u0307";
        } else {
            lowered += static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
        }
    }
    return lowered;
}

bool is_space(char32_t c) {
    if ((c >= 0x09 && c <= 0x0d) || c == 0x85) {
        return true;
    }
    const auto category = category_of(c);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

bool is_letter(char32_t c) {
    const auto category = category_of(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_number(char32_t c) {
    const auto category = category_of(c);
    return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

} // namespace likeness
