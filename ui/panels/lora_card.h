#pragma once

#include "ui/model/known_files.h"
#include "ui/model/request_model.h"

#include <QWidget>

#include <optional>

class QVBoxLayout;

namespace likeness {

class BlockWeights;
class IconButton;
class NumberField;
class PlainLabel;
class ScaleSlider;
class WordChips;

// One LoRA: its name, how strongly it counts, mute, remove, the words it was trained with; open it
// also shows its factors by block.
class LoraCard : public QWidget {
    Q_OBJECT

public:
    explicit LoraCard(QWidget* parent = nullptr);

    // Shows the LoRA of that row of the request. Nothing is wished.
    void setLora(int row, const Lora& lora, const std::optional<FileFacts>& facts,
                 const ModelTraits& traits);

    const std::string& path() const { return lora_.path; }

    void setOpen(bool open);

Q_SIGNALS:
    void edited(const likeness::RequestEdit& edit);
    void moveRequested(int by); // rows down
    void openChanged(bool open);
    void wordChosen(const QString& word); // it goes into the prompt

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeDetails();
    void change(const std::function<void(Lora&)>& change);
    void remove();
    void setBlock(const std::string& block, double scale);
    void showBlock(int index);
    void showBlocks(const ModelTraits& traits);

    int row_ = 0;
    Lora lora_{};
    PlainLabel* name_;
    IconButton* open_;
    IconButton* mute_;
    IconButton* remove_;
    ScaleSlider* scale_;
    PlainLabel* problem_;
    WordChips* triggers_;
    BlockWeights* weights_;
    PlainLabel* block_;
    NumberField* block_scale_;
    QWidget* details_ = nullptr;
};

} // namespace likeness
