#pragma once

#include <QObject>
#include <QStringList>

class QMenu;
class QMimeData;

namespace likeness {

class MainWindow;
class Session;
class SessionKeeper;

// The top of the File menu: new, open, what was opened before, save; the sittings one can go back
// to; and the project's name in the title bar.
class ProjectMenu : public QObject {
    Q_OBJECT

public:
    // Puts its entries before those that `file` has already.
    ProjectMenu(MainWindow& window, Session& session, QMenu& file);

    void setRecent(const QStringList& files);

    void browse(); // for a project to open
    void save();   // where it lies; asks when it lies nowhere yet
    void saveAs();

private:
    void showTitle();
    void fillRecent();
    void fillEarlier();

    MainWindow& window_;
    SessionKeeper& keeper_;
    QMenu* recent_menu_;
    QMenu* earlier_menu_;
    QStringList recent_{};
};

// Opens what was dropped when it is one project file; false: it is something else.
bool openDroppedProject(Session& session, const QMimeData& dropped);

// Adds it where the session is kept on disk.
void addProjectMenu(MainWindow& window, Session& session);

} // namespace likeness
