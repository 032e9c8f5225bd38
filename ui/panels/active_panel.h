#pragma once

#include "ui/model/active_together.h"
#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

namespace likeness {

class ActiveRow;
class KnownFiles;
class LabelledRow;
class PlainLabel;
class ReferenceListModel;
class ScaleSlider;

// Everything that is active on a picture, one line each: the model, the references under their
// master, the LoRAs and the learned words; each can be muted and swept here. Folds itself to its
// head while the model is alone.
class ActivePanel : public Section {
    Q_OBJECT

public:
    ActivePanel(const RequestModel& request, ReferenceListModel& references,
                const KnownFiles& files, const QString& name = QStringLiteral("active_panel"));

    // What is being trained, as one more line: "harbour-mug", "in training". Empty: nothing is.
    void setTraining(const QString& name, const QString& how = {});

    const QList<ActiveRow*>& rows() const { return rows_; } // as they stand, the model's first

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void masterEdited(double scale);
    void sweepRequested(const likeness::AxisChoice& choice);

private:
    QWidget* makeMaster();
    void showAll();
    void showRows(const std::vector<ActiveThing>& things);
    ActiveRow* addRow(ActiveThing::Kind kind);
    void setScale(const ActiveThing& thing, double scale);
    void setMuted(const ActiveThing& thing, bool muted);
    void remove(const ActiveThing& thing);
    void showMenu(const ActiveThing& thing, const QPoint& at);

    const RequestModel& request_;
    ReferenceListModel& references_;
    const KnownFiles& files_;
    QVBoxLayout* groups_[4] = {}; // by kind
    QList<ActiveRow*> rows_;
    ScaleSlider* master_;
    QWidget* master_row_;
    PlainLabel* loras_;
    QWidget* training_;
    PlainLabel* training_name_;
    PlainLabel* training_how_;
    bool alone_ = false;
};

} // namespace likeness
