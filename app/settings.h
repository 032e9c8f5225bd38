#pragma once

#include "ui/model/preferences.h"
#include "ui/shortcuts_window.h"

#include <QByteArray>
#include <QStringList>

class QSettings;

namespace likeness {

// What is remembered between two sittings.
struct Settings {
    QStringList models{};   // opened before, beside those installed
    QStringList projects{}; // opened or saved, newest first
    QByteArray geometry{};
    QByteArray layout{}; // of the docks
    bool live = false;
    Preferences preferences{};
    Shortcuts shortcuts{};
    QStringList prompts{}; // asked for before, newest first

    bool operator==(const Settings&) const = default;
};

Settings loadSettings(QSettings& store);
void saveSettings(QSettings& store, const Settings& settings);

} // namespace likeness
