#pragma once

#include "ui/model/training_draft.h"

#include <QStringList>
#include <QWidget>

#include <functional>

class QCheckBox;
class QLineEdit;

namespace likeness {

class ChoiceBox;
class LabelledRow;
class NumberField;
class ScaleSlider;
class Section;
class SegmentedControl;
struct Limit;

// The settings of a training: what it makes, how it learns, and what is seldom touched, folded
// away. Nothing of it can be edited while it runs.
class TrainingPanel : public QWidget {
    Q_OBJECT

public:
    explicit TrainingPanel(QWidget* parent = nullptr);

    void setDraft(const TrainingDraft& draft); // no edited()
    void setModels(const QStringList& models);
    void setAdapters(const QStringList& adapters); // to go on from, beside the model's own
    void setFixed(bool fixed);

Q_SIGNALS:
    void edited(const std::function<void(likeness::TrainingDraft&)>& edit);
    void adapterRequested(); // of a file

private:
    using Request = TrainingRequest;

    void buildNames();
    void buildLearning();
    void buildMore();
    void buildAdapter();
    void buildTextEncoderRate();
    QLineEdit* addText(Section& section, const QString& label, const char* name,
                       const QString& tool_tip,
                       const std::function<void(TrainingDraft&, const QString&)>& set);
    NumberField* addNumber(Section& section, const QString& label, const char* name,
                           const Limit& limit, const QString& tool_tip,
                           const std::function<void(Request&, double)>& set);
    NumberField* makeNumber(const char* name, const Limit& limit, const QString& accessible_name,
                            const QString& tool_tip,
                            const std::function<void(Request&, double)>& set);
    ScaleSlider* addSlider(Section& section, const QString& label, const char* name,
                           const Limit& limit, double least, double most, const QString& tool_tip,
                           int Request::*field);
    QCheckBox* addCheck(Section& section, const QString& words, const char* name,
                        const QString& tool_tip, bool Request::*field);
    void change(const std::function<void(Request&)>& change);
    void showModel();
    void showAdapter();
    void showRows();

    TrainingDraft draft_{};
    QStringList models_{};
    QStringList adapters_{};
    Section* names_;
    Section* learning_;
    Section* more_;
    QLineEdit* name_ = nullptr;
    QLineEdit* caption_ = nullptr;
    ChoiceBox* model_ = nullptr;
    QLineEdit* class_prompt_ = nullptr;
    NumberField* class_images_ = nullptr;
    SegmentedControl* form_ = nullptr;
    ScaleSlider* rank_ = nullptr;
    ScaleSlider* steps_ = nullptr;
    NumberField* rate_ = nullptr;
    ChoiceBox* schedule_ = nullptr;
    SegmentedControl* batch_ = nullptr;
    SegmentedControl* layers_ = nullptr;
    NumberField* sample_every_ = nullptr;
    NumberField* sample_seeds_ = nullptr;
    QCheckBox* text_encoder_ = nullptr;
    NumberField* text_encoder_rate_ = nullptr;
    ChoiceBox* adapter_ = nullptr;
    QLineEdit* sample_prompt_ = nullptr;
    NumberField* resolution_ = nullptr;
    NumberField* accumulation_ = nullptr;
    NumberField* alpha_ = nullptr;
    NumberField* warmup_ = nullptr;
    NumberField* snr_ = nullptr;
    NumberField* noise_offset_ = nullptr;
    NumberField* held_out_ = nullptr;
    NumberField* prior_weight_ = nullptr;
    NumberField* seed_ = nullptr;
    NumberField* minutes_ = nullptr;
    SegmentedControl* format_ = nullptr;
    QList<std::pair<QCheckBox*, bool Request::*>> checks_{};
    QList<QWidget*> lora_rows_{};  // of what is additions to the layers
    QList<QWidget*> class_rows_{}; // of DreamBooth
    QWidget* adapter_row_ = nullptr;
};

} // namespace likeness
