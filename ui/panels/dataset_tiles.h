#pragma once

#include <QListView>

namespace likeness {

class TrainingSet;

// The pictures of the dataset as tiles, each with the part of it that the trainer sees. As high as
// its rows; Delete asks to take the chosen ones out.
class DatasetTiles : public QListView {
    Q_OBJECT

public:
    explicit DatasetTiles(TrainingSet& set, QWidget* parent = nullptr);

    QList<quint64> selectedPictures() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void removeRequested(const QList<quint64>& ids);
    void currentPictureChanged(quint64 id); // 0: none

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    int neededHeight() const;
    bool focus_by_key_ = false;
};

} // namespace likeness
