#include "app/settings.h"

#include <QSettings>

#include <algorithm>

namespace likeness {

namespace {

constexpr qsizetype kMostModels = 20;
constexpr int kMostThreads = 1024;
constexpr qsizetype kMostProjects = 10;

} // namespace

Settings loadSettings(QSettings& store) {
    Settings settings;
    Preferences& own = settings.preferences;
    const QString theme = store.value("theme").toString();
    own.theme = theme == QLatin1String("light")    ? Preferences::Theme::light
                : theme == QLatin1String("system") ? Preferences::Theme::system
                                                   : Preferences::Theme::dark;
    own.language = store.value("language").toString();
    own.model_folders = store.value("model_folders").toStringList();
    own.library_folder = store.value("library").toString();
    own.device = store.value("device").toString();
    own.dtype = store.value("dtype").toString();
    own.threads = std::clamp(store.value("threads").toInt(), 0, kMostThreads);
    own.saves_project = store.value("saves_project").toBool();
    store.beginGroup("shortcuts");
    for (const QString& name : store.childKeys()) {
        settings.shortcuts[name] = QKeySequence(store.value(name).toString());
    }
    store.endGroup();
    settings.models = store.value("models").toStringList().mid(0, kMostModels);
    settings.projects = store.value("projects").toStringList().mid(0, kMostProjects);
    settings.geometry = store.value("geometry").toByteArray();
    settings.layout = store.value("layout").toByteArray();
    settings.prompts = store.value("prompts").toStringList();
    settings.live = store.value("live").toBool();
    return settings;
}

void saveSettings(QSettings& store, const Settings& settings) {
    const Preferences& own = settings.preferences;
    const char* const themes[] = {"dark", "light", "system"};
    store.setValue("theme", themes[static_cast<int>(own.theme)]);
    store.setValue("language", own.language);
    store.setValue("model_folders", own.model_folders);
    store.setValue("library", own.library_folder);
    store.setValue("device", own.device);
    store.setValue("dtype", own.dtype);
    store.setValue("threads", own.threads);
    store.setValue("saves_project", own.saves_project);
    store.remove("shortcuts");
    store.beginGroup("shortcuts");
    for (auto each = settings.shortcuts.begin(); each != settings.shortcuts.end(); ++each) {
        store.setValue(each.key(), each.value().toString(QKeySequence::PortableText));
    }
    store.endGroup();
    store.setValue("models", settings.models.mid(0, kMostModels));
    store.setValue("projects", settings.projects.mid(0, kMostProjects));
    store.setValue("geometry", settings.geometry);
    store.setValue("layout", settings.layout);
    store.setValue("live", settings.live);
    store.setValue("prompts", settings.prompts);
}

} // namespace likeness
