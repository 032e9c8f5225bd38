#pragma once

#include "ui/model/request_model.h"

#include <QSet>
#include <QWidget>

class QVBoxLayout;

namespace likeness {

class DropWell;
class EncoderEye;
class ReferenceCardView;
class ReferenceListModel;
class ScaleSlider;
class SegmentedControl;

// The tray: master strength, how references combine, the cards, and the well that takes more.
class ReferencesPanel : public QWidget {
    Q_OBJECT

public:
    ReferencesPanel(ReferenceListModel& references, EncoderEye& eye, QWidget* parent = nullptr);

    void setRequest(const GenerationRequest& request);

    DropWell* well() const { return well_; }

    void showWell(); // its words at rest

    void setChoice(QWidget* choice); // over the cards, where pictures are more than that

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void masterEdited(double scale);
    void browseRequested();
    void lookMaskPainted(quint64 id, const likeness::ImagePtr& mask);
    void maskRequested(quint64 id); // where it acts is to be painted over the picture
    void maskRemoved(quint64 id);
    void adapterChosen(quint64 id, const QString& adapter);
    void adapterRequested(quint64 id);                // of a file
    void opened();                                    // a card, with its details
    void menuRequested(quint64 id, const QPoint& at); // of a card; global

private:
    QWidget* makeMaster();
    void insertCards(int first, int last);
    void removeCards(int first, int last);
    void rebuild();
    void showCards(); // every card's look: one solo changes all
    void moveCards(int from, int to);
    void showDrag(quint64 id, const QPoint& at);
    void drop(quint64 id);
    ReferenceCardView* viewOf(quint64 id) const;

    ReferenceListModel& references_;
    EncoderEye& eye_;
    ScaleSlider* master_;
    SegmentedControl* combine_;
    QVBoxLayout* outer_;
    QVBoxLayout* column_;
    DropWell* well_;
    QList<ReferenceCardView*> views_;
    QSet<quint64> open_;      // cards whose details are shown
    QWidget* mark_ = nullptr; // where a dragged card would come to stand
    int drop_row_ = -1;
};

} // namespace likeness
