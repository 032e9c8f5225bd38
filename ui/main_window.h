#pragma once

#include "ui/theme.h"

#include <QMainWindow>

#include <cstdint>
#include <filesystem>
#include <functional>

class QDockWidget;
class QMimeData;
class QMenu;

namespace likeness {

class ActivePanel;
class CanvasBar;
class CompareWorkspace;
class DockFolding;
class FineTuningPanel;
class GenerateBar;
class InputPanel;
class LibraryPanel;
class ModelPanel;
class ModelsSheet;
class NoticeList;
class PictureView;
class PlainLabel;
class ProgressStrip;
class PromptPanel;
class QueuePanel;
class ReferencesPanel;
class SamplingPanel;
class Session;
class StatusLine;
class StepScrubber;
class StylesPanel;
class TrainWorkspace;
class WorkspaceTabs;
struct Example;
struct LibraryEntry;
struct ResultImage;
struct RunProgress;

// The window: docks around the picture, menus, shortcuts. Wires panels to the session, owns no
// state of the work.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(Session& session, QWidget* parent = nullptr);

    void setModels(const QStringList& models); // what the model row offers
    void setRecentProjects(const QStringList& files);

    PictureView& view() { return *view_; }

    NoticeList& notices() { return *notices_; }

    void generate();
    void makeVariations(); // nine near the shown picture
    void browseReferences();
    void showSamples();       // the model's sample pictures, to choose from
    void browseModel();       // a file, or the index of a diffusers folder
    void browseModelFolder(); // a diffusers folder
    void browseStyles();      // LoRAs and learned words
    void browseAdapter(const std::function<void(const QString&)>& use);
    void showModels();     // everything there is to make pictures with
    void browseSettings(); // a saved picture whose settings come back
    void saveShown();
    void saveOfLibrary(std::int64_t id);
    void exportPictures(const QList<std::int64_t>& ids); // asks how; none: the one on the canvas
    void exportChosen();                                 // those chosen in the library
    void searchLibrary();
    void toggleLibraryGrid();
    void paste();
    void setDocksVisible(bool visible);
    bool areDocksVisible() const;

    // The docks as the artist placed them, to be remembered: those that only a narrow window has
    // folded stand at their sides.
    QByteArray layoutState();

Q_SIGNALS:
    void themeRequested(likeness::ThemeKind kind);
    void modelOpened(const QString& model); // it can be offered again next time
    void projectUsed(const QString& file);  // likewise
    void preferencesRequested();
    void shortcutsRequested();
    void logRequested();
    void pictureShown(); // a finished one is on the canvas

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* makeCanvas();
    void makeWorkspaces();
    void fillWorkspaceMenus();
    void makeTraining();
    bool isTraining() const; // its page is looked at
    QDockWidget* makeLeftDock();
    void showDatasetDrop(bool over);
    bool dropOnDataset(const QMimeData& dropped); // false: it is for others
    void makeDocks();
    void makeStatus();
    QDockWidget* addDock(const QString& title, const QString& name, QWidget* content, QWidget* head,
                         Qt::DockWidgetArea area);
    QWidget* makeReferencesHead();
    QWidget* makeReferencesMenu();
    QWidget* makeSamplesButton();
    void makeExamples();
    void beginWith(const Example& example);
    void connectReferences();
    void connectInput();
    void connectFiles();
    void connectRefiner();
    void showFiles();
    void browseInput();
    bool isOverInput(const QPoint& at) const;
    void askSetName();
    void askWhereToSave(const ResultImage& picture, std::int64_t id);
    void useFile(const LibraryEntry& entry, const std::filesystem::path& encoder);
    QWidget* makeSettingsColumn();
    void connectTogether();
    void connectChoice();
    void addTrainingActions(QMenu& menu); // of the tray's pictures
    void showCardMenu(quint64 card, const QPoint& at);
    void connectPanels();
    void connectRuns();
    void showRequest();
    void showReferenceCount();
    void showProgress(const RunProgress& progress);
    void showPicture();
    void showDrop(const QPoint& at, bool over);
    bool isOverCanvas(const QPoint& at) const;
    bool isBackInLibrary(const QDropEvent& event) const;

    Session& session_;
    QStringList models_;
    PictureView* view_;
    ProgressStrip* strip_ = nullptr;
    ReferencesPanel* references_;
    PromptPanel* prompt_;
    InputPanel* input_;
    SamplingPanel* sampling_;
    FineTuningPanel* fine_tuning_;
    ModelPanel* model_;
    StylesPanel* styles_;
    ActivePanel* active_;
    QueuePanel* queue_;
    GenerateBar* generate_;
    NoticeList* notices_;
    LibraryPanel* library_;
    ModelsSheet* models_sheet_ = nullptr; // made when it is first wanted
    static constexpr int kTrainPage = 2;

    CompareWorkspace* compare_ = nullptr;
    TrainWorkspace* train_ = nullptr;
    WorkspaceTabs* workspaces_ = nullptr;
    StepScrubber* scrubber_ = nullptr;
    PlainLabel* reference_count_ = nullptr;
    StatusLine* status_ = nullptr;
    QList<QDockWidget*> docks_;
    DockFolding* folding_ = nullptr;
    bool previewing_ = false;
    bool drags_weights_ = false; // what is over the window is no picture
    bool watching_ = true;       // an older result chosen during a run stays until the run ends
};

} // namespace likeness
