#pragma once

#include "ui/model/preferences.h"

#include <QWidget>

#include <functional>

class QGridLayout;
class QListWidget;

namespace likeness {

class ChoiceBox;
class NumberField;
class PlainLabel;
class TextButton;

// The preferences, in a window of their own that stops nothing: each change counts at once.
class PreferencesWindow : public QWidget {
    Q_OBJECT

public:
    // `devices`: what a request may name here, e.g. {"cpu", "cuda"}.
    PreferencesWindow(const Preferences& preferences, const QStringList& devices,
                      QWidget* parent = nullptr);

    const Preferences& preferences() const { return preferences_; }

    void setTheme(Preferences::Theme theme);          // chosen elsewhere
    void setModelFolders(const QStringList& folders); // likewise

Q_SIGNALS:
    void edited(const likeness::Preferences& preferences);

private:
    ChoiceBox* addChoice(const QString& text, const QString& name, const QString& tool_tip,
                         const QList<std::pair<QString, QString>>& choices, const QString& current);
    void addRow(const QString& text, QWidget* widget, const QString& note = {});
    void addModelFolders();
    void addLibrary();
    void browse(const QString& title, const std::function<void(const QString&)>& chosen);
    void change(const std::function<void(Preferences&)>& change);
    void showFolders();

    Preferences preferences_;
    QGridLayout* grid_;
    ChoiceBox* theme_ = nullptr;
    QListWidget* folders_ = nullptr;
    PlainLabel* library_ = nullptr;
};

} // namespace likeness
