#pragma once

#include "ui/model/request_model.h"
#include "ui/widgets/section.h"

#include <array>

namespace likeness {

class ImageTile;
class NumberField;
class PlainLabel;
class ScaleSlider;
class TextButton;

// The picture that image to image, inpainting and outpainting begin from: choosing it, how much of
// it is made anew, its mask, and new canvas around it.
class InputPanel : public Section {
    Q_OBJECT

public:
    explicit InputPanel(QWidget* parent = nullptr);

    // Shows a request. No edited().
    void setRequest(const GenerationRequest& request);

    void setShownThere(bool there); // whether there is a picture on the canvas to begin from

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void padEdited(const std::array<int, 4>& pad);
    void browseRequested();
    void shownRequested();
    void clearRequested();
    void maskRequested();
    void maskRemoved();

private:
    QWidget* makeEmpty();
    QWidget* makePicture();
    QWidget* makeControls();
    QWidget* makeMaskRows();
    QWidget* makePad();

    TextButton* shown_;
    ImageTile* tile_;
    PlainLabel* name_;
    PlainLabel* size_;
    ScaleSlider* strength_;
    TextButton* paint_;
    QWidget* remove_mask_;
    ScaleSlider* grow_;
    ScaleSlider* feather_;
    std::array<NumberField*, 4> pad_{};
    QWidget* empty_;
    QWidget* picture_;
    QWidget* controls_;
    QWidget* mask_rows_;
    ImagePtr tiled_{}; // what the tile shows
};

} // namespace likeness
