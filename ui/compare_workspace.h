#pragma once

#include "core/request/validate.h"
#include "ui/model/picture_difference.h"
#include "ui/model/picture_files.h"

#include <QWidget>

class QMenuBar;

namespace likeness {

class CompareView;
class ComparisonModel;
class ComparisonPanel;
class CompareViewPanel;
class InfluencePanel;
class QueuePanel;
class RungStrip;
class Session;
class TextButton;
struct AxisChoice;

// The Compare workspace: the pictures in the middle with their strip, the panels of the right dock,
// and the wiring between them and the session.
class CompareWorkspace : public QWidget {
    Q_OBJECT

public:
    explicit CompareWorkspace(Session& session, QWidget* parent = nullptr);

    QWidget* side() const { return side_; } // for the right dock

    QWidget* corner() const; // for the tab row

    void fillMenu(QMenuBar& bar);

    void setNotices(QWidget* notices); // shown over the button at the foot, until it is taken away

    void makeLadder(); // Ctrl+L: of what is being edited, with its seed

    // A ladder of that: made at once, or where models or adapters are to be picked shown first.
    void sweep(const AxisChoice& choice);

    void setModels(const QStringList& models); // to compare, beside those of the library

    void keep(); // the large picture's settings, else B's, go back to Generate

    void exportSheet(const QString& path);
    void exportFiles(const QString& folder); // one a picture, named after what differs

Q_SIGNALS:
    void shown(); // the workspace wants to be seen
    void kept();  // back to Generate
    void panelsToggled();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeSide();
    void connectPanel();
    void connectView();
    void make();
    void showDraft();
    void showKnown();
    QStringList knownModels() const;
    QStringList knownAdapters() const;
    void showCost();
    void showRun();
    void showKeep();
    void showDifference();
    void browseSheet();
    void browseFolder();
    int winner() const;
    QString problemOf(const std::vector<Problem>& problems) const;

    Session& session_;
    ComparisonModel& model_;
    PictureDifference difference_;
    PictureFiles files_;
    PictureDifference::Kind kind_ = PictureDifference::Kind::absolute;
    double gain_ = 4;
    bool make_when_read_ = false;
    QStringList models_{};
    CompareView* view_;
    RungStrip* strip_;
    ComparisonPanel* panel_;
    CompareViewPanel* view_panel_;
    QueuePanel* queue_ = nullptr;
    InfluencePanel* influence_ = nullptr;
    TextButton* keep_;
    TextButton* export_;
    QWidget* side_;
};

} // namespace likeness
