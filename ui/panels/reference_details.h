#pragma once

#include "ui/model/reference_list_model.h"

#include <QImage>
#include <QWidget>

class QBoxLayout;

namespace likeness {

class BlockWeights;
class ChoiceBox;
class CropView;
class EncoderEye;
class IconButton;
class MaskEditor;
class NumberField;
class PlainLabel;
class SegmentedControl;
class TextButton;

// The open part of a card: the encoder's eye (the whole picture with the part that is looked at,
// beside the exact pixels the encoder gets), how it fits, its mask, the weights of the blocks, the
// range in numbers, where it acts and whose adapter reads it.
class ReferenceDetails : public QWidget {
    Q_OBJECT

public:
    ReferenceDetails(ReferenceListModel& references, EncoderEye& eye, quint64 card,
                     QWidget* parent = nullptr);

    void setCard(const ReferenceCard& card);

    // What is shown as the encoder's pixels.
    QImage eyePixels() const;

Q_SIGNALS:
    void lookMaskPainted(quint64 card, const likeness::ImagePtr& mask);
    void maskRequested(quint64 card); // to be painted over the picture
    void maskRemoved(quint64 card);
    void adapterChosen(quint64 card, const QString& adapter);
    void adapterRequested(quint64 card); // of a file

private:
    class Eye;

    QWidget* makeEye();
    QWidget* makeFit();
    QWidget* makeMaskTools();
    QWidget* makeBlocks();
    QWidget* makeWhere();
    QWidget* makeAdapter();
    void showAdapter(const ReferenceCard& card);
    void look(const EncoderView& view);
    void showSeen(quint64 card, const QImage& pixels, const QImage& picture);
    void showBlocks(const ReferenceCard& card);
    void showBlock(int index);
    void arrange(int side);
    void setPainting(bool painting);
    EncoderView view() const;

    ReferenceListModel& references_;
    EncoderEye& encoder_eye_;
    quint64 card_;
    CropView* crop_;
    Eye* eye_;
    MaskEditor* brush_;
    PlainLabel* file_;
    PlainLabel* size_;
    QBoxLayout* eyes_ = nullptr;
    SegmentedControl* fit_;
    TextButton* mask_;
    QWidget* mask_tools_ = nullptr;
    BlockWeights* weights_;
    PlainLabel* preset_;
    PlainLabel* block_;
    NumberField* block_scale_;
    NumberField* start_;
    NumberField* end_;
    PlainLabel* where_;
    IconButton* everywhere_ = nullptr;
    ChoiceBox* adapter_;
    ImagePtr shown_image_{};
    EncoderView shown_view_{};
    bool has_picture_ = false;
};

} // namespace likeness
