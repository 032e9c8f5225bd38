#pragma once

#include "app/settings.h"
#include "ui/model/session.h"
#include "ui/theme.h"

#include <QObject>
#include <QPointer>
#include <QSize>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>

class QApplication;
class QSettings;

namespace likeness {

class MainWindow;
class PreferencesWindow;
class ShortcutsWindow;

// What the command line of likeness-studio asks for.
struct StudioOptions {
    QString model{};      // empty: the one of the first request
    QString screenshot{}; // file to write after the first finished picture; then quit
    QSize size{};
    std::optional<ThemeKind> theme{};
    QString library{};    // folder of finished pictures; empty: as in the settings
    QString log_folder{}; // where the log lies; empty: nowhere
    bool quit_after_first_picture = false;
    bool generate_at_start = false; // implied by the two above
};

// Reads the options; explains a wrong one on standard error and ends with status 2, --help and
// --version with 0.
StudioOptions parseOptions(const QApplication& application);

// $XDG_DATA_HOME/likeness/library.
QString defaultLibraryFolder();

// Owns the settings, the session and the window, in the order in which they start and stop: closing
// the window stops the job, joins the worker, destroys the runner, then the models, then the
// widgets.
class Application : public QObject {
    Q_OBJECT

public:
    Application(QApplication& application, const StudioOptions& options, SessionParts parts,
                QSettings& store);
    ~Application() override;

    MainWindow& window() { return *window_; }

    Session& session() { return *session_; }

    // Shows the window; the model is opened after that.
    void start();

private:
    void firstRequest();
    void showPreferences(); // each of them once: two would not know of each other's changes
    void showShortcuts();
    void wearPreferences();
    void shareModelFolders();
    ThemeKind wantedTheme() const;
    QStringList offeredModels() const;
    void afterFirstPicture();

    QApplication& application_;
    StudioOptions options_;
    QSettings& store_;
    Settings settings_;
    ThemeKind system_theme_ = ThemeKind::dark;
    std::unique_ptr<Session> session_;
    std::unique_ptr<MainWindow> window_;
    QPointer<PreferencesWindow> preferences_;
    QPointer<ShortcutsWindow> shortcuts_;
};

// What the first sitting shows: resources/presets/first_start.json with its sample references,
// those that lie under `resources`.
Example firstStart(const std::filesystem::path& resources);

} // namespace likeness
