#include "core/library/picture_record.h"

#include "core/base/error.h"
#include "core/base/local_time.h"
#include "core/request/json.h"

#include <algorithm>
#include <limits>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr std::size_t kMostBytes = 1U << 20U;
constexpr std::size_t kMostAlbums = 1000;
constexpr int kMaxDepth = 24; // of the sidecar; the request within has its own limit

[[noreturn]] void refuse(const std::string& file, const Message& why) {
    throw Error(ErrorCode::file_damaged,
                message("What belongs to {} could not be read: {}.", file, why));
}

Json parse(std::string_view text, const std::string& file) {
    if (text.size() > kMostBytes) {
        refuse(file, message("it has {} bytes; the most is {}", text.size(), kMostBytes));
    }
    try {
        return Json::parse(text, [&](int depth, Json::parse_event_t, Json&) {
            if (depth > kMaxDepth) {
                refuse(file, message("it is nested deeper than {}", kMaxDepth));
            }
            return true;
        });
    } catch (const Json::exception&) {
        refuse(file, message("it is not valid JSON"));
    }
}

std::int64_t integer(const Json& json, const char* key, std::int64_t low, std::int64_t high,
                     const std::string& file) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer() ||
        (found->is_number_unsigned() &&
         found->get<std::uint64_t>() > static_cast<std::uint64_t>(high)) ||
        found->get<std::int64_t>() < low || found->get<std::int64_t>() > high) {
        refuse(file, message("\"{}\" is no whole number from {} to {}", key, low, high));
    }
    return found->get<std::int64_t>();
}

std::string last_part(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

} // namespace

bool PictureRecord::trashed() const {
    return file.starts_with(kTrashFolder) && file.substr(kTrashFolder.size()).starts_with('/');
}

std::filesystem::path sidecar_of(const std::filesystem::path& picture) {
    auto path = picture;
    path += ".json";
    return path;
}

std::string to_json(const PictureRecord& record) {
    const nlohmann::ordered_json json = {
        {"likeness_sidecar", kVersion},
        {"created", record.created},
        {"width", record.width},
        {"height", record.height},
        {"stars", record.stars},
        {"albums", record.albums},
        {"request", nlohmann::ordered_json::parse(to_json(record.request))}};
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

PictureRecord record_from_json(std::string_view text, std::string file) {
    const Json json = parse(text, file);
    if (!json.is_object()) {
        refuse(file, message("it is not a JSON object"));
    }
    if (integer(json, "likeness_sidecar", 1, std::numeric_limits<int>::max(), file) > kVersion) {
        throw Error(ErrorCode::file_unsupported,
                    message("What belongs to {} was written by a newer version of this program; "
                            "it was left as it is.",
                            file));
    }
    constexpr std::int64_t kLatest = 32'503'680'000'000; // the year 3000
    PictureRecord record;
    record.created = integer(json, "created", 0, kLatest, file);
    record.width = static_cast<int>(integer(json, "width", 0, 1 << 20, file));
    record.height = static_cast<int>(integer(json, "height", 0, 1 << 20, file));
    record.stars = static_cast<int>(integer(json, "stars", 0, kMostStars, file));
    const auto albums = json.find("albums");
    const bool names = albums != json.end() && albums->is_array() &&
                       albums->size() <= kMostAlbums &&
                       std::ranges::all_of(*albums, [](const Json& x) { return x.is_string(); });
    if (!names) {
        refuse(file, message("\"albums\" is no list of names"));
    }
    record.albums = albums->get<std::vector<std::string>>();
    std::ranges::sort(record.albums);
    record.albums.erase(std::unique(record.albums.begin(), record.albums.end()),
                        record.albums.end()); // clang 14 cannot read its ranges::unique
    const auto request = json.find("request");
    if (request == json.end() || !request->is_object()) {
        refuse(file, message("\"request\" is missing"));
    }
    try {
        record.request = request_from_json(request->dump());
    } catch (const Error& error) {
        refuse(file, error.message);
    }
    record.file = std::move(file);
    return record;
}

std::string search_words(const PictureRecord& record) {
    const auto& request = record.request;
    std::string text = request.prompt + '\n' + request.negative_prompt.value_or("") + '\n' +
                       last_part(request.model) + '\n' + last_part(request.ip_adapter) + '\n';
    for (const ReferenceImage& reference : request.references) {
        text += last_part(reference.path) + '\n';
    }
    text += fmt::format("seed {}\n{:%Y-%m-%d}", request.seed, local_time(record.created / 1000));
    return folded(text);
}

std::string folded(std::string_view text) {
    std::string small(text);
    for (std::size_t i = 0; i < small.size(); ++i) {
        const auto byte = static_cast<unsigned char>(small[i]);
        if (byte >= 'A' && byte <= 'Z') {
            small[i] = static_cast<char>(byte + 32);
        } else if (byte == 0xc3 && i + 1 < small.size()) {
            // U+00C0..U+00DE but the multiplication sign: two bytes, 0xc3 and 0x80..0x9e.
            auto& next = small[i + 1];
            const auto second = static_cast<unsigned char>(next);
            if (second >= 0x80 && second <= 0x9e && second != 0x97) {
                next = static_cast<char>(second + 32);
            }
            ++i;
        }
    }
    return small;
}

} // namespace likeness
