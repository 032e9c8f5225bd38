#pragma once

#include <QStandardPaths>
#include <QString>

#include <filesystem>

namespace likeness {

inline std::filesystem::path toPath(const QString& text) {
    return std::filesystem::path(text.toStdU16String());
}

inline QString fromPath(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

// Where this program keeps what is the person's: $XDG_DATA_HOME/likeness.
inline QString dataFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/likeness");
}

} // namespace likeness
