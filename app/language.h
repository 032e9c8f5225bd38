#pragma once

#include <QString>
#include <QStringList>
#include <QTranslator>

namespace likeness {

// "en" or "de": the preference, where it is one of them; otherwise the first of the system's
// languages ("de-AT", "C") that is; otherwise "en".
QString chosenLanguage(const QString& preference, const QStringList& system);

// While it lives the program's texts, Qt's own and the dates are in the language of
// Preferences::language. Has to be there before the first text is made, and after QApplication.
class Language {
public:
    explicit Language(const QString& preference);

private:
    QTranslator own_;
    QTranslator qt_;
};

} // namespace likeness
