#pragma once

#include <QString>
#include <QStringList>

namespace likeness {

// What the program is told once and keeps for every sitting.
struct Preferences {
    enum class Theme { dark, light, system };

    Theme theme = Theme::dark;
    QString language{};          // "en", "de"; empty: the system's
    QStringList model_folders{}; // whose subfolders are models, beside the program's own places
    QString library_folder{};    // empty: the usual place
    QString device{};            // as in a request; empty: the best present
    QString dtype{};             // as in a request; empty: the best for the device
    int threads = 0;             // 0: as many as the machine has

    bool saves_project = false; // every edit goes into the project's file too

    bool operator==(const Preferences&) const = default;
};

} // namespace likeness
