#include "ui/model/example.h"

#include "core/base/error.h"
#include "core/request/json.h"
#include "core/request/validate.h"
#include "ui/model/paths.h"

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

// Takes `key` out of an object; null where it is not.
Json take(Json& object, const char* key) {
    Json value;
    if (const auto found = object.find(key); found != object.end()) {
        value = std::move(*found);
        object.erase(found);
    }
    return value;
}

// Of texts by language that of the window, else the English one.
QString inTheWindowsLanguage(const Json& texts) {
    //: The code of the language that these words are in.
    const std::string language = ReferenceListModel::tr("en").toStdString();
    for (const std::string& each : {language, std::string("en")}) {
        if (const auto found = texts.find(each); found != texts.end() && found->is_string()) {
            return QString::fromStdString(found->get<std::string>());
        }
    }
    return {};
}

std::filesystem::path fileUnder(const std::filesystem::path& folder, const std::string& name) {
    const std::filesystem::path relative = std::filesystem::path(name).lexically_normal();
    if (relative.empty() || relative.is_absolute() || *relative.begin() == "..") {
        throw Error(ErrorCode::bad_request,
                    message("the picture \"{}\" does not lie in the folder of the samples", name));
    }
    return folder / relative;
}

} // namespace

Example exampleFromJson(const Json& json, const std::filesystem::path& folder) {
    if (!json.is_object()) {
        throw Error(ErrorCode::bad_request, message("an example is no JSON object"));
    }
    Json rest = json;
    Example example;
    example.title = inTheWindowsLanguage(take(rest, "title"));
    example.about = inTheWindowsLanguage(take(rest, "about"));
    const Json own = take(rest, "cards");
    example.request = request_from_json(rest.dump());
    if (const auto problems = validate(example.request, {.vae_factor = 1, .has_ip_adapter = true});
        !problems.empty()) {
        throw Error(ErrorCode::bad_request,
                    message("{} {}", problems.front().field, problems.front().message));
    }
    std::size_t row = 0;
    for (ReferenceImage& reference : example.request.references) {
        reference.path = fromPath(fileUnder(folder, reference.path)).toStdString();
        ReferenceCard card = toCard(reference, nameOfFile(QString::fromStdString(reference.path)));
        if (own.is_array() && row < own.size() && own[row].is_object()) {
            card.role = roleFromKey(QString::fromStdString(own[row].value("role", "")));
            card.muted = own[row].value("muted", false);
        }
        ++row;
        example.cards.push_back(std::move(card));
    }
    example.request.references.clear();
    return example;
}

std::vector<ReferenceCard> inRoles(std::vector<ReferenceCard> cards, const BlockNames& blocks) {
    for (ReferenceCard& card : cards) {
        const ReferenceCard plain;
        if (card.role && card.block_scales.empty() && card.range_start == plain.range_start &&
            card.range_end == plain.range_end) {
            wear(card, *card.role, blocks);
        }
    }
    return cards;
}

} // namespace likeness
