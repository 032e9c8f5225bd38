#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace likeness {

// The one of `all` that to_string() calls so; empty: none is.
template <typename Word, std::size_t Count>
std::optional<Word> named(std::string_view name, const std::array<Word, Count>& all) {
    const auto found =
        std::ranges::find_if(all, [name](Word word) { return name == to_string(word); });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

} // namespace likeness
