#pragma once

#include "ui/model/picture_library.h"

#include <QListView>

namespace likeness {

// The tiles of the library, as one strip or as a grid, each with its stars under it. Stars are
// given with a click or with the keys 0 to 5, Delete asks for the trash, Return is a double click.
class PictureTiles : public QListView {
    Q_OBJECT

public:
    explicit PictureTiles(QWidget* parent = nullptr);

    void setGrid(bool grid);
    void setEmptyText(const QString& text); // what is said where there is no picture

    QList<PictureId> selectedPictures() const; // in the list's order
    PictureId currentPicture() const;          // 0: none

    // The strip's height with its scroll bar.
    static int stripHeight();

Q_SIGNALS:
    void starsRequested(const QList<likeness::PictureId>& ids, int stars);
    void trashRequested(const QList<likeness::PictureId>& ids);
    void activatedPicture(likeness::PictureId id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void startDrag(Qt::DropActions actions) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    int starAt(const QPoint& at, const QModelIndex& index) const; // 0: not on the stars

    QString empty_text_;
    bool focus_by_key_ = false;
};

} // namespace likeness
