#include "ui/model/reference_sets.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/request/json.h"
#include "core/request/limits.h"
#include "core/request/validate.h"
#include "ui/model/paths.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

namespace likeness::reference_sets {

namespace {

constexpr int kLongestSetName = 80;
constexpr std::uint64_t kSetMaxBytes = 1U << 20U;
constexpr int kSetFormat = 1;

QString setFolder() {
    return dataFolder() + QStringLiteral("/reference-sets");
}

QString pathOf(const QString& name) {
    return QStringLiteral("%1/%2.json").arg(setFolder(), name);
}

[[noreturn]] void refuse(const Message& why) {
    throw Error(ErrorCode::file_damaged, message("The set of references was not read: {}", why));
}

void checkName(const QString& name) {
    if (const QString problem = nameProblem(name); !problem.isEmpty()) {
        throw Error(ErrorCode::bad_request, verbatim(problem.toStdString()));
    }
}

// A text field of a card's own; absent or of another kind: empty.
QString textOf(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string()
               ? QString::fromStdString(found->get<std::string>()).left(4096)
               : QString();
}

} // namespace

QString nameProblem(const QString& name) {
    static const QStringList reserved = {"CON", "PRN", "AUX", "NUL"};
    const QString stem = name.section('.', 0, 0).toUpper();
    const bool is_port = stem.size() == 4 && stem.back().isDigit() &&
                         (stem.startsWith("COM") || stem.startsWith("LPT"));
    if (name.trimmed().isEmpty()) {
        return ReferenceListModel::tr("A set needs a name.");
    }
    if (name.size() > kLongestSetName) {
        return ReferenceListModel::tr("The name has %1 characters; the most is %2.")
            .arg(name.size())
            .arg(kLongestSetName);
    }
    const bool has_sign = std::ranges::any_of(name, [](QChar sign) {
        return QStringLiteral("/\\:*?\"<>|").contains(sign) || !sign.isPrint();
    });
    if (has_sign || name.startsWith('.') || name.endsWith('.') || name != name.trimmed() ||
        reserved.contains(stem) || is_port) {
        return ReferenceListModel::tr("A set cannot be called \"%1\": a name has none of / \\ : * "
                                      "? \" < > | and no dot or space at its ends.")
            .arg(name);
    }
    return {};
}

QStringList names() {
    QStringList found;
    for (const QString& file : QDir(setFolder())
                                   .entryList({"*.json"}, QDir::Files | QDir::NoSymLinks,
                                              QDir::Name | QDir::IgnoreCase)) {
        const QString name = file.chopped(5);
        if (nameProblem(name).isEmpty()) {
            found << name;
        }
    }
    return found;
}

void save(const QString& name, const ReferenceSet& set) {
    checkName(name);
    make_folder(toPath(setFolder()));
    write_file_atomically(toPath(pathOf(name)), toJson(set));
}

ReferenceSet load(const QString& name) {
    checkName(name);
    return fromJson(read_text_file(toPath(pathOf(name)), kSetMaxBytes));
}

void remove(const QString& name) {
    checkName(name);
    if (!QFile::moveToTrash(pathOf(name))) {
        throw Error(ErrorCode::write_failed,
                    message("The set {} was not removed: it could not be moved to the trash.",
                            name.toStdString()));
    }
}

// The request's own JSON carries what a request knows; beside it stands what only a card has.
std::string toJson(const ReferenceSet& set) {
    GenerationRequest request;
    request.master_scale = set.master_scale;
    request.combine = set.combine;
    auto cards = nlohmann::ordered_json::array();
    for (const ReferenceCard& card : set.cards) {
        request.references.push_back(toReference(card));
        nlohmann::ordered_json own = {{"name", card.name.toStdString()}, {"muted", card.muted}};
        if (card.role) {
            own["role"] = roleKey(*card.role).toStdString();
        }
        cards.push_back(std::move(own));
    }
    const auto whole = nlohmann::ordered_json::parse(to_json(request));
    nlohmann::ordered_json json = {{"reference_set", kSetFormat}, {"cards", std::move(cards)}};
    for (const char* key : {"references", "master_scale", "combine"}) {
        json["request"][key] = whole.at(key);
    }
    return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

ReferenceSet fromJson(std::string_view source) {
    nlohmann::json json;
    try {
        json = nlohmann::json::parse(source);
    } catch (const nlohmann::json::exception&) {
        refuse(message("it is no valid JSON."));
    }
    const auto format = json.is_object() ? json.find("reference_set") : json.end();
    if (!json.is_object() || format == json.end() || !json.contains("request")) {
        refuse(message("it is no set of references."));
    }
    if (*format != kSetFormat) {
        refuse(message("it was written by a newer version of Likeness."));
    }
    const GenerationRequest request = request_from_json(json.at("request").dump());
    if (request.references.size() > kMaxReferences) {
        refuse(message("it has {} references; the most is {}.", request.references.size(),
                       kMaxReferences));
    }
    const std::vector<Problem> problems = validate(request, {.has_ip_adapter = true});
    if (!problems.empty()) {
        refuse(message("{} {}.", problems.front().field, problems.front().message));
    }
    ReferenceSet set{.master_scale = request.master_scale, .combine = request.combine};
    const nlohmann::json own = json.value("cards", nlohmann::json::array());
    for (std::size_t i = 0; i < request.references.size(); ++i) {
        const nlohmann::json card = own.is_array() && i < own.size() && own[i].is_object()
                                        ? own[i]
                                        : nlohmann::json::object();
        set.cards.push_back(toCard(request.references[i], textOf(card, "name")));
        set.cards.back().role = roleFromKey(textOf(card, "role"));
        const auto muted = card.find("muted");
        set.cards.back().muted = muted != card.end() && muted->is_boolean() && muted->get<bool>();
    }
    return set;
}

} // namespace likeness::reference_sets
