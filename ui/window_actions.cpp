#include "ui/window_actions.h"

#include "ui/about_window.h"
#include "ui/canvas/picture_view.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/window_edits.h"
#include "ui/window_projects.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QDockWidget>
#include <QMenu>
#include <QMenuBar>

#include <functional>

namespace likeness {

namespace {

QString text(const char* source) {
    return QCoreApplication::translate("likeness::MainWindow", source);
}

struct Entry {
    const char* text = nullptr; // nullptr: a separator
    const char* name = "";
    QKeySequence shortcut{};
    std::function<void()> act{};
};

void addMenu(MainWindow& window, const char* title, const QList<Entry>& entries) {
    QMenu* menu = window.menuBar()->addMenu(text(title));
    menu->setObjectName(QLatin1String(title));
    for (const Entry& entry : entries) {
        if (!entry.text) {
            menu->addSeparator();
            continue;
        }
        QAction* action = menu->addAction(text(entry.text));
        action->setObjectName(QLatin1String(entry.name));
        action->setShortcut(entry.shortcut);
        QObject::connect(action, &QAction::triggered, &window, entry.act);
    }
}

// A menu of choices of which one is on.
template <typename Choice>
void addChoices(QMenu& menu, const char* title,
                const QList<std::pair<const char*, Choice>>& choices,
                const std::function<void(Choice)>& choose, int checked) {
    QMenu* sub = menu.addMenu(text(title));
    auto* group = new QActionGroup(sub);
    for (const auto& [name, choice] : choices) {
        QAction* action = group->addAction(text(name));
        action->setCheckable(true);
        action->setChecked(group->actions().size() - 1 == checked);
        sub->addAction(action);
        QObject::connect(action, &QAction::triggered, &menu,
                         [choose, choice = choice] { choose(choice); });
    }
}

void addViewMenu(MainWindow& window) {
    PictureView& view = window.view();
    addMenu(
        window, QT_TRANSLATE_NOOP("likeness::MainWindow", "&View"),
        {{QT_TRANSLATE_NOOP("likeness::MainWindow", "&Fit"), "view_fit", QKeySequence("Ctrl+0"),
          [&view] { view.setFit(); }},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "&100 %"), "view_100", QKeySequence("Ctrl+1"),
          [&view] { view.setZoom(1); }},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "Zoom &in"), "view_in", QKeySequence::ZoomIn,
          [&view] { view.zoomStep(1); }},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "Zoom &out"), "view_out", QKeySequence::ZoomOut,
          [&view] { view.zoomStep(-1); }},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Sharp pixels"), "view_sharp",
          QKeySequence("Ctrl+P"), [&view] { view.setSharp(!view.isSharp()); }},
         {},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Hide or show all panels"), "view_panels",
          QKeySequence("F9"), [&window] { window.setDocksVisible(!window.areDocksVisible()); }}});
    QMenu* menu = window.menuBar()->actions().back()->menu();
    for (QDockWidget* dock : window.findChildren<QDockWidget*>()) {
        dock->toggleViewAction()->setObjectName(dock->objectName() + QStringLiteral("_shown"));
        menu->addAction(dock->toggleViewAction());
    }
    menu->addSeparator();
    addChoices<PictureView::Surround>(
        *menu, QT_TRANSLATE_NOOP("likeness::MainWindow", "Around the picture"),
        {{QT_TRANSLATE_NOOP("likeness::MainWindow", "As the theme"), PictureView::Surround::theme},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "Middle grey"),
          PictureView::Surround::middle_grey},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "White"), PictureView::Surround::white}},
        [&view](PictureView::Surround surround) { view.setSurround(surround); }, 0);
    addChoices<ThemeKind>(
        *menu, QT_TRANSLATE_NOOP("likeness::MainWindow", "Theme"),
        {{QT_TRANSLATE_NOOP("likeness::MainWindow", "Dark"), ThemeKind::dark},
         {QT_TRANSLATE_NOOP("likeness::MainWindow", "Light"), ThemeKind::light}},
        [&window](ThemeKind kind) { Q_EMIT window.themeRequested(kind); },
        currentTheme().kind == ThemeKind::dark ? 0 : 1);
    QMenu* themes = menu->actions().back()->menu();
    QObject::connect(themes, &QMenu::aboutToShow, themes, [themes] { // the preferences have it too
        themes->actions()[currentTheme().kind == ThemeKind::dark ? 0 : 1]->setChecked(true);
    });
}

void showAbout(MainWindow& window) {
    auto* about = new AboutWindow(&window);
    about->show();
}

} // namespace

void fillMenus(MainWindow& window, Session& session) {
    addMenu(window, QT_TRANSLATE_NOOP("likeness::MainWindow", "&File"),
            {{QT_TRANSLATE_NOOP("likeness::MainWindow", "&Open a picture's settings"),
              "open_settings", QKeySequence("Ctrl+Alt+O"), [&window] { window.browseSettings(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Open a &model"), "open_model_file",
              QKeySequence("Ctrl+Shift+O"), [&window] { window.browseModel(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Open a model &folder"),
              "open_model_folder",
              {},
              [&window] { window.browseModelFolder(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Bro&wse all models"), "show_models",
              QKeySequence("Ctrl+M"), [&window] { window.showModels(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Add &LoRAs and learned words"),
              "add_styles", QKeySequence("Ctrl+Shift+A"), [&window] { window.browseStyles(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Save the &picture as"), "save",
              QKeySequence("Ctrl+E"), [&window] { window.saveShown(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "E&xport"), "export",
              QKeySequence("Ctrl+Shift+E"), [&window] { window.exportChosen(); }},
             {},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Quit"), "quit", QKeySequence::Quit,
              [&window] { window.close(); }}});
    addProjectMenu(window, session);
    addEditMenu(window, session);
    addViewMenu(window);
    addMenu(window, QT_TRANSLATE_NOOP("likeness::MainWindow", "&Reference"),
            {{QT_TRANSLATE_NOOP("likeness::MainWindow", "&Add pictures"), "add_references",
              QKeySequence("Ctrl+R"), [&window] { window.browseReferences(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Sample pictures"), "sample_pictures",
              QKeySequence("Ctrl+Shift+R"), [&window] { window.showSamples(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Paste"), "paste", QKeySequence::Paste,
              [&window] { window.paste(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Train on these pictures"),
              "train_on_references",
              {},
              [&session] { session.promoteReferences(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Which way to take"),
              "ask_which_way",
              {},
              [&session] { session.askWhichWay(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Remove all"),
              "clear_references",
              {},
              [&session] { session.references().clear(); }}});
    addMenu(window, QT_TRANSLATE_NOOP("likeness::MainWindow", "&Generate"),
            {{QT_TRANSLATE_NOOP("likeness::MainWindow", "&Generate"), "generate_now",
              QKeySequence("Ctrl+Return"), [&window] { window.generate(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Stop"), "stop_now", QKeySequence("Esc"),
              [&session] { session.stop(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Nine &variations of the picture"),
              "variations", QKeySequence("Ctrl+Shift+V"), [&window] { window.makeVariations(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Pause or resume the queue"),
              "pause_queue_action", QKeySequence("Ctrl+Shift+P"),
              [&session] { session.queue().setPaused(!session.queue().isPaused()); }},
             {},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Another s&eed"), "another_seed",
              QKeySequence("Ctrl+D"), [&session] { session.request().drawSeed(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Lock or unlock the seed"), "lock_seed",
              QKeySequence("Ctrl+Shift+D"),
              [&session] { session.request().setSeedLocked(!session.request().isSeedLocked()); }}});
    addMenu(window, QT_TRANSLATE_NOOP("likeness::MainWindow", "&Library"),
            {{QT_TRANSLATE_NOOP("likeness::MainWindow", "&Search"), "library_search",
              QKeySequence::Find, [&window] { window.searchLibrary(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Grid or strip"), "library_grid",
              QKeySequence("Ctrl+G"), [&window] { window.toggleLibraryGrid(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Look through the folder again"),
              "library_scan",
              {},
              [&session] { session.library().scan(); }}});
    addMenu(window, QT_TRANSLATE_NOOP("likeness::MainWindow", "&Help"),
            {{QT_TRANSLATE_NOOP("likeness::MainWindow", "&Shortcuts"), "shortcuts_action",
              QKeySequence("Ctrl+/"), [&window] { Q_EMIT window.shortcutsRequested(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&Preferences"), "preferences_action",
              QKeySequence("Ctrl+,"), [&window] { Q_EMIT window.preferencesRequested(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "Show the &log"),
              "show_log",
              {},
              [&window] { Q_EMIT window.logRequested(); }},
             {QT_TRANSLATE_NOOP("likeness::MainWindow", "&About Likeness"), "about", {}, [&window] {
                  showAbout(window);
              }}});
    // The keypad's Enter is the same wish.
    window.findChild<QAction*>(QStringLiteral("generate_now"))
        ->setShortcuts({QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")});
}

} // namespace likeness
