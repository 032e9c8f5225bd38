#include "ui/window_projects.h"

#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/model/session_keeper.h"
#include "ui/widgets/file_dialog.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QUrl>

#include <functional>

namespace likeness {

namespace {

constexpr qsizetype kMostRecent = 10;
constexpr int kLongestPrompt = 40; // in a menu
constexpr const char* kProjectEnding = "likeness";

// In a menu "&" marks a letter.
QString plainEntry(QString text) {
    return text.simplified().replace('&', QLatin1String("&&"));
}

} // namespace

ProjectMenu::ProjectMenu(MainWindow& window, Session& session, QMenu& file)
    : QObject(&window), window_(window), keeper_(*session.keeper()),
      recent_menu_(new QMenu(tr("Open &recent"), &file)),
      earlier_menu_(new QMenu(tr("Earlier si&ttings"), &file)) {
    setObjectName(QStringLiteral("project_menu"));
    recent_menu_->setObjectName(QStringLiteral("open_recent"));
    earlier_menu_->setObjectName(QStringLiteral("earlier_sittings"));
    QAction* first = file.actions().value(0);
    const auto add = [&](const QString& text, const char* name, const QKeySequence& shortcut,
                         const std::function<void()>& act) {
        auto* action = new QAction(text, &file);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(shortcut);
        connect(action, &QAction::triggered, this, act);
        file.insertAction(first, action);
    };
    add(tr("&New"), "new_project", QKeySequence("Ctrl+N"), [this] { keeper_.startNew(); });
    add(tr("&Open a project"), "open_project", QKeySequence("Ctrl+O"), [this] { browse(); });
    file.insertMenu(first, recent_menu_);
    add(tr("&Save"), "save_project", QKeySequence("Ctrl+S"), [this] { save(); });
    add(tr("Save &as"), "save_project_as", QKeySequence("Ctrl+Shift+S"), [this] { saveAs(); });
    file.insertMenu(first, earlier_menu_);
    file.insertSeparator(first);
    connect(recent_menu_, &QMenu::aboutToShow, this, &ProjectMenu::fillRecent);
    connect(earlier_menu_, &QMenu::aboutToShow, this, &ProjectMenu::fillEarlier);
    connect(&keeper_, &SessionKeeper::projectChanged, this, &ProjectMenu::showTitle);
    connect(&keeper_, &SessionKeeper::fileUsed, this, [this](const QString& path) {
        QStringList files = recent_;
        files.removeAll(path);
        files.prepend(path);
        setRecent(files);
        Q_EMIT window_.projectUsed(path);
    });
    setRecent({});
    showTitle();
}

void ProjectMenu::showTitle() {
    window_.setWindowTitle(tr("%1[*] - Likeness").arg(keeper_.name()));
    window_.setWindowModified(keeper_.isModified());
}

void ProjectMenu::setRecent(const QStringList& files) {
    recent_ = files.mid(0, kMostRecent);
    recent_menu_->setEnabled(!recent_.isEmpty());
}

void ProjectMenu::fillRecent() {
    recent_menu_->clear();
    for (const QString& file : std::as_const(recent_)) {
        QAction* action = recent_menu_->addAction(plainEntry(QFileInfo(file).completeBaseName()),
                                                  this, [this, file] { keeper_.open(file); });
        action->setToolTip(file.toHtmlEscaped());
    }
}

void ProjectMenu::fillEarlier() {
    earlier_menu_->clear();
    for (const EarlierSitting& sitting : keeper_.earlier()) {
        QString words;
        if (const std::optional<Project> project = last_kept(sitting.folder)) {
            words = QString::fromStdString(project->request.prompt).left(kLongestPrompt);
        }
        const QString time =
            QLocale().toString(QDateTime::fromSecsSinceEpoch(sitting.kept), QLocale::ShortFormat);
        earlier_menu_->addAction(plainEntry(words.isEmpty() ? time : tr("%1  %2").arg(time, words)),
                                 this,
                                 [this, folder = sitting.folder] { keeper_.restore(folder); });
    }
    if (earlier_menu_->isEmpty()) {
        earlier_menu_->addAction(tr("There are none"))->setEnabled(false);
    }
}

void ProjectMenu::browse() {
    auto* dialog = openFileDialog(&window_, tr("Open a project"), QFileDialog::ExistingFile,
                                  tr("Projects (*.%1)").arg(QLatin1String(kProjectEnding)));
    connect(dialog, &QFileDialog::fileSelected, &keeper_, &SessionKeeper::open);
}

void ProjectMenu::save() {
    if (keeper_.file().isEmpty()) {
        saveAs();
    } else {
        keeper_.save(keeper_.file());
    }
}

void ProjectMenu::saveAs() {
    auto* dialog = openSaveDialog(
        &window_, tr("Save the project"), tr("Projects (*.%1)").arg(QLatin1String(kProjectEnding)),
        QLatin1String(kProjectEnding),
        keeper_.file().isEmpty() ? QStringLiteral("untitled.likeness") : keeper_.file());
    connect(dialog, &QFileDialog::fileSelected, &keeper_, &SessionKeeper::save);
}

void MainWindow::setRecentProjects(const QStringList& files) {
    if (auto* menu = findChild<ProjectMenu*>()) {
        menu->setRecent(files);
    }
}

bool openDroppedProject(Session& session, const QMimeData& dropped) {
    const QList<QUrl> urls = dropped.urls();
    const bool is_project =
        session.keeper() && urls.size() == 1 && urls.front().isLocalFile() &&
        urls.front().host().isEmpty() &&
        QFileInfo(urls.front().toLocalFile()).suffix() == QLatin1String(kProjectEnding);
    if (is_project) {
        session.keeper()->open(urls.front().toLocalFile());
    }
    return is_project;
}

void addProjectMenu(MainWindow& window, Session& session) {
    if (session.keeper()) {
        new ProjectMenu(window, session, *window.menuBar()->actions().front()->menu());
    }
}

} // namespace likeness
