#pragma once

#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

namespace likeness {

class ChoiceBox;
class IconButton;
class PlainLabel;
class ScaleSlider;

// Which model makes the picture, with which VAE, image-prompt adapter and, of SDXL, refiner.
class ModelPanel : public Section {
    Q_OBJECT

public:
    explicit ModelPanel(QWidget* parent = nullptr);

    // The models to choose from, and the one that is open or being opened.
    void setModels(const QStringList& models, const QString& current);

    // The adapters to choose from beside the model's own.
    void setAdapters(const QStringList& adapters);

    // The refiners to choose from.
    void setRefiners(const QStringList& files);

    // The files that a request names. Nothing is wished.
    void setRequest(const GenerationRequest& request, const ModelTraits& traits);

Q_SIGNALS:
    void modelChosen(const QString& model);
    void fileRequested();                // a model of one's own: a file
    void folderRequested();              // a diffusers folder
    void vaeChosen(const QString& path); // empty: the model's own
    void vaeRequested();                 // a file is to be chosen
    void adapterChosen(const QString& path);
    void adapterRequested();
    void refinerChosen(const QString& path); // empty: none
    void refinerFileRequested();
    void refinerFolderRequested();
    void edited(const likeness::RequestEdit& edit);

private:
    // A file instead of what the model brings: those of this sitting to choose from.
    struct Part {
        ChoiceBox* box = nullptr;
        QWidget* row = nullptr;
    };

    void makeBase();
    void makeRefiner();
    IconButton* makePart(Part& part, const QString& title, const QString& name,
                         const QString& tool_tip, const QString& none); // gives its folder button
    void addFile(Part& part, const QString& path);
    void showPart(Part& part, const QString& path);

    ChoiceBox* model_;
    PlainLabel* first_;  // how to add a model, while the starter is the only one
    QStringList models_; // as the box lists them
    Part vae_;
    Part adapter_;
    Part refiner_;
    ScaleSlider* switch_at_;
    QWidget* switch_row_ = nullptr;
};

} // namespace likeness
