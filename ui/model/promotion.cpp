#include "ui/model/promotion.h"

#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/request/foreign_settings.h"
#include "core/request/json.h"
#include "core/text/prompt_syntax.h"
#include "ui/model/paths.h"

#include <QFileInfo>

namespace likeness {

namespace {

QString plainWords(const std::string& prompt) {
    return QString::fromStdString(without_prompt_syntax(prompt)).simplified();
}

} // namespace

QString proposedCaption(const QString& path) {
    const QFileInfo file(path);
    if (path.isEmpty() ||
        QFileInfo::exists(file.path() + '/' + file.completeBaseName() + QStringLiteral(".txt"))) {
        return {};
    }
    try {
        if (const auto json = read_embedded_request(toPath(path))) {
            return plainWords(request_from_json(*json).prompt);
        }
        const auto no_model = [](const std::string&) { return std::optional<std::string>(); };
        const auto foreign = read_foreign_settings(read_foreign_texts(toPath(path)), no_model);
        if (foreign && foreign->prompt) {
            return plainWords(*foreign->prompt);
        }
    } catch (const Error&) {
        return {}; // who reads the picture tells why
    }
    return {};
}

} // namespace likeness
