#include "core/library/project.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/wording.h"
#include "core/request/json.h"
#include "core/request/limits.h"
#include "core/request/training_json.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kMagic = "likeness";
constexpr int kProjectVersion = 1;
constexpr int kDeepest = 24; // of the header; the requests within have their own limit
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostContents = 8; // of a card

[[noreturn]] void refuse_project(const std::string& name, const Message& why) {
    throw Error(ErrorCode::file_damaged,
                message("The project {} could not be read: {}.", name, why));
}

Json parse_header(std::string_view text, const std::string& name) {
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kDeepest) {
            refuse_project(name, message("it is nested deeper than {}", kDeepest));
        }
        if (event == Json::parse_event_t::object_start) {
            keys.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            keys.pop_back();
        } else if (event == Json::parse_event_t::key &&
                   !keys.back().insert(parsed.get<std::string>()).second) {
            refuse_project(name, message("a key stands twice"));
        }
        return true;
    };
    Json json;
    try {
        json = Json::parse(text, watch);
    } catch (const Json::exception&) {
        refuse_project(name, message("it is not valid JSON"));
    }
    if (!json.is_object()) {
        refuse_project(name, message("it is not a JSON object"));
    }
    const auto version = json.find("likeness_project");
    if (version == json.end() || !version->is_number_unsigned()) {
        refuse_project(name, message("it does not say its version"));
    }
    if (version->get<std::uint64_t>() > kProjectVersion) {
        throw Error(ErrorCode::file_unsupported,
                    message("The project {} was written by a newer version of this program.\n"
                            "It was left as it is. Open it with that version.",
                            name));
    }
    return json;
}

const Json& member(const Json& json, const char* key, Json::value_t type, const std::string& name) {
    const auto found = json.find(key);
    if (found == json.end() || found->type() != type) {
        refuse_project(name, message("\"{}\" is missing or not of its kind", key));
    }
    return *found;
}

std::string text_of(const Json& json, const char* key, const std::string& name) {
    const auto& text = member(json, key, Json::value_t::string, name).get_ref<const std::string&>();
    if (text.size() > kLongestText) {
        refuse_project(name, message("\"{}\" is longer than {} bytes", key, kLongestText));
    }
    return text;
}

std::string content_name(const Json& json, const std::string& name) {
    if (!json.is_string() || !is_content_name(json.get_ref<const std::string&>())) {
        refuse_project(name, message("a content is not called by its hash"));
    }
    return json.get<std::string>();
}

GenerationRequest request_of(const Json& json, const std::string& name) {
    try {
        return request_from_json(json.dump());
    } catch (const Error& error) {
        refuse_project(name, error.message);
    }
}

TrainingRequest training_of(const Json& json, const std::string& name) {
    try {
        return training_request_from_json(json.dump());
    } catch (const Error& error) {
        refuse_project(name, error.message);
    }
}

ProjectCard card_of(const Json& json, const std::string& name) {
    if (!json.is_object()) {
        refuse_project(name, message("a card is not a JSON object"));
    }
    ProjectCard card{.name = text_of(json, "name", name),
                     .muted = member(json, "muted", Json::value_t::boolean, name).get<bool>(),
                     .solo = member(json, "solo", Json::value_t::boolean, name).get<bool>()};
    if (json.contains("role")) {
        card.role = text_of(json, "role", name);
    }
    const Json& contents = member(json, "contents", Json::value_t::object, name);
    if (contents.size() > kMostContents) {
        refuse_project(name, message("a card names too many contents"));
    }
    for (const auto& [role, content] : contents.items()) {
        card.contents[role] = content_name(content, name);
    }
    return card;
}

nlohmann::ordered_json header_of(const Project& project) {
    using Ordered = nlohmann::ordered_json;
    Ordered cards = Ordered::array();
    for (const ProjectCard& card : project.cards) {
        Ordered contents = Ordered::object();
        for (const auto& [role, content] : card.contents) {
            contents[role] = content;
        }
        cards.push_back({{"name", card.name},
                         {"muted", card.muted},
                         {"solo", card.solo},
                         {"contents", std::move(contents)}});
        if (!card.role.empty()) {
            cards.back()["role"] = card.role;
        }
    }
    Ordered json = {{"likeness_project", kProjectVersion},
                    {"request", Ordered::parse(to_json(project.request))},
                    {"cards", std::move(cards)},
                    {"seed_locked", project.seed_locked},
                    {"live", project.live}};
    if (project.shown) {
        json["shown"] = Ordered::parse(to_json(*project.shown));
        json["shown_content"] = project.shown_content;
    }
    if (!project.training_name.empty() || project.training != TrainingRequest{}) {
        json["training"] = Ordered::parse(to_json(project.training));
        json["training_name"] = project.training_name;
    }
    if (!project.file.empty()) {
        json["file"] = project.file;
    }
    if (project.unsaved) {
        json["unsaved"] = true;
    }
    return json;
}

std::string dumped(const nlohmann::ordered_json& json) {
    return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Project project_of(const Json& json, const std::string& name) {
    Project project{
        .request = request_of(member(json, "request", Json::value_t::object, name), name),
        .seed_locked = member(json, "seed_locked", Json::value_t::boolean, name).get<bool>(),
        .live = member(json, "live", Json::value_t::boolean, name).get<bool>()};
    for (const Json& card : member(json, "cards", Json::value_t::array, name)) {
        project.cards.push_back(card_of(card, name));
    }
    if (project.cards.size() != project.request.references.size() ||
        project.cards.size() > static_cast<std::size_t>(kMaxReferences)) {
        refuse_project(name, message("it has {} cards for {} references, and {} are the most",
                                     project.cards.size(), project.request.references.size(),
                                     kMaxReferences));
    }
    if (json.contains("shown")) {
        project.shown = request_of(json["shown"], name);
        project.shown_content =
            content_name(member(json, "shown_content", Json::value_t::string, name), name);
    }
    if (json.contains("training")) {
        project.training = training_of(json["training"], name);
        project.training_name = text_of(json, "training_name", name);
    }
    if (json.contains("file")) {
        project.file = text_of(json, "file", name);
    }
    project.unsaved = json.contains("unsaved") && json["unsaved"] == true;
    return project;
}

} // namespace

bool is_content_name(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::vector<std::string> contents_of(const Project& project) {
    std::set<std::string> found;
    for (const ProjectCard& card : project.cards) {
        for (const auto& [role, content] : card.contents) {
            found.insert(content);
        }
    }
    if (project.shown) {
        found.insert(project.shown_content);
    }
    return {found.begin(), found.end()};
}

std::string to_json(const Project& project) {
    return dumped(header_of(project));
}

Project project_from_json(std::string_view text, const std::string& name) {
    if (text.size() > ProjectLimits{}.header_bytes) {
        refuse_project(name,
                       message("it is larger than {}", byte_words(ProjectLimits{}.header_bytes)));
    }
    return project_of(parse_header(text, name), name);
}

ProjectFile parse_project_file(std::span<const std::byte> bytes, const std::string& name,
                               const ProjectLimits& limits) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    constexpr std::size_t kFixed = kMagic.size() + 8;
    if (!text.starts_with(kMagic) || text.size() < kFixed) {
        throw Error(ErrorCode::file_unsupported,
                    message("{} is not a project of this program.", name));
    }
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        length |= std::to_integer<std::uint64_t>(bytes[kMagic.size() + i]) << (8 * i);
    }
    if (length > limits.header_bytes || length > text.size() - kFixed) {
        refuse_project(name, message("it ends too early"));
    }
    const auto header_length = static_cast<std::size_t>(length);
    const Json json = parse_header(text.substr(kFixed, header_length), name);
    ProjectFile file{.project = project_of(json, name)};
    const std::vector<std::string> wanted = contents_of(file.project);
    std::span<const std::byte> rest = bytes.subspan(kFixed + header_length);
    for (const Json& item : member(json, "contents", Json::value_t::array, name)) {
        if (!item.is_array() || item.size() != 2 || !item[1].is_number_unsigned()) {
            refuse_project(name, message("its list of contents is not one"));
        }
        const std::string hash = content_name(item[0], name);
        const auto size = item[1].get<std::uint64_t>();
        if (size > rest.size()) {
            refuse_project(name, message("it ends too early"));
        }
        const auto content = rest.first(static_cast<std::size_t>(size));
        rest = rest.subspan(content.size());
        if (!std::ranges::binary_search(wanted, hash) ||
            !file.contents.emplace(hash, content).second) {
            refuse_project(name, message("it holds a content that nothing needs"));
        }
        if (sha256(content) != hash) {
            refuse_project(name, message("a picture in it was changed or cut"));
        }
    }
    if (!rest.empty()) {
        refuse_project(name, message("there are {} bytes behind its end", rest.size()));
    }
    if (file.contents.size() != wanted.size()) {
        refuse_project(name, message("a picture is missing in it"));
    }
    return file;
}

void write_project_file(const std::filesystem::path& path, const Project& project,
                        const std::function<std::vector<std::byte>(const std::string&)>& content) {
    Project own = project; // where it lies and whether it is saved is no part of the file
    own.file.clear();
    own.unsaved = false;
    auto header = header_of(own);
    header["contents"] = nlohmann::ordered_json::array();
    std::vector<std::vector<std::byte>> contents;
    for (const std::string& hash : contents_of(own)) {
        contents.push_back(content(hash));
        header["contents"].push_back({hash, contents.back().size()});
    }
    const std::string text = dumped(header);
    std::vector<std::byte> head;
    const auto put = [&head](std::string_view part) {
        const auto bytes = std::as_bytes(std::span(part.data(), part.size()));
        head.insert(head.end(), bytes.begin(), bytes.end());
    };
    put(kMagic);
    for (std::size_t i = 0; i < 8; ++i) {
        head.push_back(static_cast<std::byte>((std::uint64_t{text.size()} >> (8 * i)) & 0xff));
    }
    put(text);
    AtomicFile file(path);
    file.write(head);
    for (const std::vector<std::byte>& bytes : contents) {
        file.write(bytes);
    }
    file.commit();
}

} // namespace likeness
