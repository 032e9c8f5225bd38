#pragma once

#include "ui/model/request_model.h"

#include <QWidget>

class QVBoxLayout;

namespace likeness {

class DropWell;
class ReferenceCardView;
class ReferenceListModel;
class ScaleSlider;
class SegmentedControl;

// The tray: master strength, how references combine, the cards, and the well that takes more.
class ReferencesPanel : public QWidget {
    Q_OBJECT

public:
    explicit ReferencesPanel(ReferenceListModel& references, QWidget* parent = nullptr);

    void setRequest(const GenerationRequest& request);

    DropWell* well() const { return well_; }

    void showWell(); // its words at rest

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void masterEdited(double scale);
    void browseRequested();

private:
    QWidget* makeMaster();
    void insertCards(int first, int last);
    void removeCards(int first, int last);
    void rebuild();
    void showCards(); // every card's look: one solo changes all

    ReferenceListModel& references_;
    ScaleSlider* master_;
    SegmentedControl* combine_;
    QVBoxLayout* column_;
    DropWell* well_;
    QList<ReferenceCardView*> views_;
};

} // namespace likeness
