#pragma once

#include "ui/model/picture_library.h"

#include <QWidget>

class QLineEdit;
class QMenu;

namespace likeness {

class ChoiceBox;
class IconButton;
class PictureTiles;
class PlainLabel;

// The library: what was made, found by words, stars and albums, as one strip or as a grid. One
// picture is on the canvas; each can give its settings back, become a reference, get stars, leave
// as a file, go to the trash and come back.
class LibraryPanel : public QWidget {
    Q_OBJECT

public:
    explicit LibraryPanel(PictureLibrary& library, QWidget* parent = nullptr);

    void setCurrent(PictureId id); // the window's doing, not a choice of the artist

    QList<PictureId> selectedPictures() const;

    bool isGrid() const;
    void setGrid(bool grid);

    QSize sizeHint() const override;

    // The ways a picture can take, for a menu.
    void fillMenu(QMenu& menu, const QList<PictureId>& ids);

Q_SIGNALS:
    void chosen(likeness::PictureId id);
    void settingsRequested(likeness::PictureId id);
    void referencesRequested(const QList<likeness::PictureId>& ids);
    void trainRequested(const QList<likeness::PictureId>& ids);
    void saveRequested(likeness::PictureId id);
    void exportRequested(const QList<likeness::PictureId>& ids);
    void gridToggled(bool grid);

private:
    QWidget* makeHead();
    void connectTiles();
    void keepSelection();
    void edit(const std::function<void(PictureFilter&)>& change);
    void showLibrary();
    void showAlbums();
    void showTileMenu(const QPoint& at);
    void showStarMenu();
    void showMoreMenu();
    void fillAlbumMenu(QMenu& menu, const QList<PictureId>& ids);
    void askForAlbum(const QList<PictureId>& ids);
    void askToEmptyTrash();

    PictureLibrary& library_;
    PictureTiles* tiles_;
    PlainLabel* count_;
    QLineEdit* search_;
    IconButton* stars_;
    ChoiceBox* albums_;
    ChoiceBox* order_;
    IconButton* grid_;
    IconButton* more_;
    PictureId current_ = 0;
    QList<PictureId> kept_selection_{}; // while the list is replaced by another
    bool showing_ = false;
};

} // namespace likeness
