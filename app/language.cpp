#include "app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

// Of a static library, where nothing else asks for it; Qt's macro must stand outside a namespace.
static void openTranslations() {
    Q_INIT_RESOURCE(translations);
}

namespace likeness {

QString chosenLanguage(const QString& preference, const QStringList& system) {
    const QStringList known = {QStringLiteral("en"), QStringLiteral("de")};
    if (known.contains(preference)) {
        return preference;
    }
    for (const QString& name : system) {
        const QString language = name.section('-', 0, 0);
        if (known.contains(language)) {
            return language;
        }
    }
    return known.first();
}

Language::Language(const QString& preference) {
    openTranslations();
    const QString language = chosenLanguage(preference, QLocale::system().uiLanguages());
    const QLocale locale(language);
    if (language == preference && QLocale::system().language() != locale.language()) {
        QLocale::setDefault(locale); // dates as the words around them
    }
    // English is what the sources say; Qt's own words come from the system, where it has them.
    if (own_.load(QStringLiteral(":/i18n/likeness_%1.qm").arg(language))) {
        QCoreApplication::installTranslator(&own_);
        if (qt_.load(QStringLiteral("qtbase_") + language,
                     QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
            QCoreApplication::installTranslator(&qt_);
        }
    }
}

} // namespace likeness
