#include "app/application.h"

#include "app/log.h"
#include "core/base/error.h"
#include "core/request/model_folder.h"
#include "ui/main_window.h"
#include "ui/model/paths.h"
#include "ui/model/session_keeper.h"
#include "ui/preferences_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QPalette>
#include <QSettings>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

std::optional<QSize> parseSize(const QString& text) {
    bool is_width = false;
    bool is_height = false;
    const QSize size(text.section('x', 0, 0).toInt(&is_width),
                     text.section('x', 1).toInt(&is_height));
    constexpr int kLargest = 10000;
    const bool fits = is_width && is_height && size.width() >= 400 && size.height() >= 300 &&
                      size.width() <= kLargest && size.height() <= kLargest;
    return fits ? std::optional(size) : std::nullopt;
}

// A picture made for a script is no sitting to go on with.
SessionParts keptOnlyWithHands(SessionParts parts, const StudioOptions& options) {
    if (options.generate_at_start) {
        parts.sessions.clear();
    }
    return parts;
}

constexpr int kHalfLight = 128;

[[noreturn]] void refuse(const QString& message) {
    std::fprintf(stderr, "likeness-studio: %s\n", message.toUtf8().constData());
    std::exit(2);
}

// What was asked for at the start comes before what is remembered, and that before the
// composition root's own.
SessionParts withLibrary(SessionParts parts, const StudioOptions& options,
                         const Preferences& preferences) {
    if (!options.library.isEmpty()) {
        parts.library_folder = options.library;
    } else if (!preferences.library_folder.isEmpty()) {
        parts.library_folder = preferences.library_folder;
    }
    return parts;
}

} // namespace

QString defaultLibraryFolder() {
    return dataFolder() + QStringLiteral("/library");
}

StudioOptions parseOptions(const QApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QObject::tr("The studio: image-prompted diffusion in a window."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({"model", QObject::tr("Installed name or diffusers folder."), "NAME|PATH"});
    parser.addOption({"library", QObject::tr("Folder where pictures are kept."), "FOLDER"});
    parser.addOption(
        {"screenshot", QObject::tr("Make a picture, write the window to FILE, quit."), "FILE"});
    parser.addOption({"size", QObject::tr("The window's size, e.g. 1600x1000."), "WxH"});
    parser.addOption({"theme", QObject::tr("dark or light."), "THEME"});
    parser.addOption(
        {"quit-after-first-picture", QObject::tr("Make a picture and quit; for timing.")});
    parser.process(application);
    StudioOptions options;
    options.model = parser.value("model");
    options.library = parser.value("library");
    options.screenshot = parser.value("screenshot");
    options.quit_after_first_picture = parser.isSet("quit-after-first-picture");
    options.generate_at_start = options.quit_after_first_picture || !options.screenshot.isEmpty();
    if (parser.isSet("size")) {
        const std::optional<QSize> size = parseSize(parser.value("size"));
        if (!size) {
            refuse(QObject::tr("--size %1 is not WIDTHxHEIGHT between 400x300 and 10000x10000.")
                       .arg(parser.value("size")));
        }
        options.size = *size;
    }
    if (parser.isSet("theme")) {
        const QString theme = parser.value("theme");
        if (theme != QLatin1String("dark") && theme != QLatin1String("light")) {
            refuse(QObject::tr("--theme %1 is neither dark nor light.").arg(theme));
        }
        options.theme = theme == QLatin1String("dark") ? ThemeKind::dark : ThemeKind::light;
    }
    return options;
}

Example firstStart(const std::filesystem::path& resources) {
    QFile file(QStringLiteral(":/presets/first_start.json"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    Example start = exampleFromJson(nlohmann::json::parse(file.readAll().toStdString()), resources);
    std::erase_if(start.cards, [](const ReferenceCard& card) { return !QFile::exists(card.path); });
    return start;
}

Application::Application(QApplication& application, const StudioOptions& options,
                         SessionParts parts, QSettings& store)
    : application_(application), options_(options), store_(store), settings_(loadSettings(store)),
      session_(std::make_unique<Session>(withLibrary(keptOnlyWithHands(std::move(parts), options),
                                                     options_, settings_.preferences))) {
    // What the system wears has to be asked before our own palette is put on.
    system_theme_ = application_.palette().color(QPalette::Window).lightness() < kHalfLight
                        ? ThemeKind::dark
                        : ThemeKind::light;
    applyTheme(application_, options_.theme.value_or(wantedTheme()));
    window_ = std::make_unique<MainWindow>(*session_);
    shareModelFolders();
    window_->restoreGeometry(settings_.geometry);
    window_->restoreState(settings_.layout);
    if (!options_.size.isEmpty()) {
        window_->resize(options_.size);
    }
    session_->setLive(settings_.live);
    session_->setPromptHistory(settings_.prompts);
    connect(session_.get(), &Session::promptHistoryChanged, this, [this] {
        settings_.prompts = session_->promptHistory();
        saveSettings(store_, settings_); // QSettings writes it soon, on its own
    });
    firstRequest();
    connect(window_.get(), &MainWindow::themeRequested, this, [this](ThemeKind kind) {
        settings_.preferences.theme =
            kind == ThemeKind::dark ? Preferences::Theme::dark : Preferences::Theme::light;
        applyTheme(application_, kind);
        if (preferences_) {
            preferences_->setTheme(settings_.preferences.theme);
        }
    });
    applyShortcuts(*window_, settings_.shortcuts);
    wearPreferences();
    connect(window_.get(), &MainWindow::preferencesRequested, this, &Application::showPreferences);
    connect(window_.get(), &MainWindow::shortcutsRequested, this, &Application::showShortcuts);
    connect(window_.get(), &MainWindow::modelOpened, this, [this](const QString& model) {
        settings_.models.removeAll(model);
        settings_.models.prepend(model);
    });
    window_->setRecentProjects(settings_.projects);
    connect(window_.get(), &MainWindow::projectUsed, this, [this](const QString& file) {
        settings_.projects.removeAll(file);
        settings_.projects.prepend(file);
    });
    connect(&session_->run(), &PictureRun::failed, this,
            [](const GenerationRequest&, const Failed& failure) {
                logError(to_string(failure.code), failure.detail);
            });
    connect(window_.get(), &MainWindow::logRequested, this, [this] {
        if (!options_.log_folder.isEmpty()) {
            QDesktopServices::openUrl(QUrl::fromLocalFile(options_.log_folder));
        }
    });
    connect(session_.get(), &Session::noticed, this, [this](const Notice& notice) {
        // Without hands at the window nobody would see why no picture comes.
        if (options_.generate_at_start && notice.severity == Notice::Severity::error) {
            std::fprintf(stderr, "likeness-studio: %s\n%s\n", notice.title.toUtf8().constData(),
                         notice.reason.toUtf8().constData());
            application_.exit(1);
        }
    });
    connect(window_.get(), &MainWindow::pictureShown, this, [this] {
        if (options_.generate_at_start) {
            QTimer::singleShot(0, this, &Application::afterFirstPicture);
        }
    });
}

Application::~Application() {
    settings_.geometry = window_->saveGeometry();
    settings_.layout = window_->layoutState();
    settings_.live = session_->isLive();
    saveSettings(store_, settings_);
    window_->hide();
    session_->shutDown();
    window_.reset();
    session_.reset();
}

// One list for the preferences, the window of models and the command line: the file's. Before there
// is one, the preferences' own is it.
void Application::shareModelFolders() {
    ModelLibrary& models = session_->models();
    QStringList& own = settings_.preferences.model_folders;
    if (models.folders().isEmpty()) {
        models.setFolders(own);
    }
    own = models.folders();
    connect(&models, &ModelLibrary::foldersChanged, this, [this, &models, &own] {
        own = models.folders();
        if (preferences_) {
            preferences_->setModelFolders(own);
        }
        window_->setModels(offeredModels());
    });
    connect(&models, &ModelLibrary::changed, this, [this, &models] {
        if (models.wasScanned() && !models.isScanning()) {
            window_->setModels(offeredModels());
        }
    });
}

ThemeKind Application::wantedTheme() const {
    switch (settings_.preferences.theme) {
    case Preferences::Theme::dark:
        return ThemeKind::dark;
    case Preferences::Theme::light:
        return ThemeKind::light;
    case Preferences::Theme::system:
        return system_theme_;
    }
    return ThemeKind::dark;
}

void Application::wearPreferences() {
    const Preferences& own = settings_.preferences;
    session_->setPlacement({.device = own.device.toStdString(),
                            .dtype = own.dtype.toStdString(),
                            .threads = own.threads});
    if (SessionKeeper* keeper = session_->keeper()) {
        keeper->setSavesProject(own.saves_project);
    }
    window_->setModels(offeredModels());
}

void Application::showPreferences() {
    if (preferences_) {
        preferences_->activateWindow();
        return;
    }
    preferences_ = new PreferencesWindow(settings_.preferences, session_->devices(), window_.get());
    connect(preferences_, &PreferencesWindow::edited, this, [this](const Preferences& edited) {
        const bool other_theme = edited.theme != settings_.preferences.theme;
        settings_.preferences = edited;
        session_->models().setFolders(edited.model_folders);
        saveSettings(store_, settings_);
        if (other_theme) {
            applyTheme(application_, wantedTheme());
        }
        wearPreferences();
    });
    preferences_->show();
}

void Application::showShortcuts() {
    if (shortcuts_) {
        shortcuts_->activateWindow();
        return;
    }
    shortcuts_ = new ShortcutsWindow(*window_, settings_.shortcuts, window_.get());
    connect(shortcuts_, &ShortcutsWindow::edited, this, [this](const Shortcuts& edited) {
        settings_.shortcuts = edited;
        saveSettings(store_, settings_);
    });
    shortcuts_->show();
}

QStringList Application::offeredModels() const {
    QStringList models;
    const auto installed = installed_models();
    for (const std::filesystem::path& folder : installed) {
        models.append(fromPath(folder.filename()));
    }
    const auto add = [&](const QString& model) {
        if (!models.contains(model)) {
            models.append(model);
        }
    };
    for (const QString& parent : settings_.preferences.model_folders) {
        const QDir folder(parent);
        for (const QString& name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString model = folder.filePath(name);
            if (QFile::exists(model + QStringLiteral("/model_index.json"))) {
                add(model);
            }
        }
    }
    for (const LibraryEntry& entry : session_->models().entries()) {
        if (entry.kind == ModelKind::model && entry.problem.empty() &&
            std::ranges::find(installed, entry.path) == installed.end()) {
            add(fromPath(entry.path));
        }
    }
    for (const QString& model : settings_.models) {
        add(model);
    }
    return models;
}

void Application::firstRequest() {
    Example first = firstStart(resource_folder());
    if (!options_.model.isEmpty()) {
        first.request.model = options_.model.toStdString();
    }
    SessionKeeper* keeper = session_->keeper();
    if (!keeper || !keeper->goOn()) {
        session_->begin(first.request, first.cards);
    } else if (!options_.model.isEmpty()) {
        session_->openModel(options_.model);
    }
}

void Application::start() {
    window_->show();
    // The window is drawn before anything else is asked of the machine.
    QTimer::singleShot(0, this, [this] {
        session_->start();
        if (options_.generate_at_start) {
            window_->generate();
        }
    });
}

void Application::afterFirstPicture() {
    options_.generate_at_start = false;
    int status = 0;
    if (!options_.screenshot.isEmpty() && !window_->grab().save(options_.screenshot)) {
        std::fprintf(stderr, "likeness-studio: the screenshot was not written to %s\n",
                     options_.screenshot.toUtf8().constData());
        status = 1;
    }
    application_.exit(status);
}

} // namespace likeness
