#include "app/settings.h"

#include <QSettings>

namespace likeness {

namespace {

constexpr qsizetype kMostModels = 20;
constexpr qsizetype kMostProjects = 10;

} // namespace

Settings loadSettings(QSettings& store) {
    Settings settings;
    settings.theme = store.value("theme").toString() == QLatin1String("light") ? ThemeKind::light
                                                                               : ThemeKind::dark;
    settings.models = store.value("models").toStringList().mid(0, kMostModels);
    settings.projects = store.value("projects").toStringList().mid(0, kMostProjects);
    settings.geometry = store.value("geometry").toByteArray();
    settings.layout = store.value("layout").toByteArray();
    settings.prompts = store.value("prompts").toStringList();
    settings.live = store.value("live").toBool();
    settings.library = store.value("library").toString();
    return settings;
}

void saveSettings(QSettings& store, const Settings& settings) {
    store.setValue("theme", settings.theme == ThemeKind::light ? "light" : "dark");
    store.setValue("models", settings.models.mid(0, kMostModels));
    store.setValue("projects", settings.projects.mid(0, kMostProjects));
    store.setValue("geometry", settings.geometry);
    store.setValue("layout", settings.layout);
    store.setValue("live", settings.live);
    store.setValue("library", settings.library);
    store.setValue("prompts", settings.prompts);
}

} // namespace likeness
