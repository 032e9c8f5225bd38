#pragma once

#include "ui/model/pixel_contents.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

class QUndoCommand;

namespace likeness {

class Session;
struct EditState;

// Keeps what is edited safe on disk: every edit within two seconds in a folder of this sitting, the
// references' pixels in a store beside it, all of it in a project file when one wants to name it.
// At the start it goes on where the last sitting ended, or tells that it was cut off. Nothing is
// written on the window's thread but the last words.
class SessionKeeper : public QObject {
    Q_OBJECT

public:
    // How long after an edit it is written at the latest; writing takes what is left of two
    // seconds.
    static constexpr int kDelayMs = 500;

    SessionKeeper(Session& session, std::filesystem::path sessions, QObject* parent = nullptr);
    ~SessionKeeper() override;

    // Shows what the last sitting ended with, if there is one, and tells of one that was cut off.
    bool goOn();

    // The sitting that was cut off: its work comes back as one step, or is left alone for two
    // weeks.
    void restoreCutOff();
    void leaveCutOff();

    // Earlier sittings one can still go back to, newest first.
    std::vector<EarlierSitting> earlier() const;
    void restore(const std::filesystem::path& folder);

    void startNew();
    void open(const QString& path);
    void save(const QString& path);

    // Every edit goes into the project's file too, once there is one. Where that fails it is told,
    // and waits for the next save by hand.
    void setSavesProject(bool saves) { saves_project_ = saves; }

    QString file() const { return file_; } // empty: it has none yet

    QString name() const;    // of the file, for the title
    bool isModified() const; // the file does not hold all of it

    void keepNow(); // what was edited goes to disk, without waiting for more
    void end();     // writes what is left and waits for it; the next start goes on here

Q_SIGNALS:
    void projectChanged();
    void fileUsed(const QString& path); // opened or saved: it can be offered again
    void kept();

private:
    void keepSoon();
    void keep();
    Project capture() const;
    std::vector<KeptPixels> unstored() const;
    void storeContents(const std::function<void()>& then);
    void rememberCards();
    void keepShown();
    void show(const Project& project);
    void showKept(const GenerationRequest& request, const std::string& content);
    EditState stateOf(const Project& project, QList<PictureSource>& pictures) const;
    void leaveSitting();
    void setFile(const QString& file, bool unsaved);
    void followRestore();
    void tellWriteFailure(const QString& reason);
    void write(const QString& path, bool by_hand);

    Session& session_;
    std::filesystem::path sessions_;
    PixelContents pixels_;
    std::shared_ptr<Sitting> sitting_;
    std::unique_ptr<PictureFiles> writer_; // one thread: generations in their order
    QTimer timer_;
    QTimer shown_timer_;
    // What cards that are still being read will hold, by role.
    std::map<quint64, std::map<std::string, std::string>> expected_{};
    std::optional<ResultImage> shown_{}; // the picture that was worth keeping
    std::optional<Project> last_kept_{};
    std::optional<std::filesystem::path> cut_off_{};
    std::vector<std::filesystem::path> went_on_from_{};

    // The step that brought a sitting back, and with it another project's file: undone, the file
    // is the one before.
    struct RestoreStep {
        const QUndoCommand* command = nullptr;
        QString other_file{}; // before it while it is done, its own while it is undone
        bool other_unsaved = false;
        bool is_done = true;
    };

    std::optional<RestoreStep> restore_step_{};
    QString file_{};
    bool unsaved_ = false;       // before the first step
    bool worth_keeping_ = false; // something was done in this sitting
    bool writing_ = false;
    bool saves_project_ = false;
    bool save_failed_ = false; // of the project's file
    bool write_failed_ = false;
    bool ended_ = false;
};

} // namespace likeness
