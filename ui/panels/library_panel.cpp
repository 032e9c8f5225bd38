#include "ui/panels/library_panel.h"

#include "ui/icons.h"
#include "ui/panels/picture_tiles.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_label.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

namespace likeness {

namespace {

constexpr int kLeastWidth = 640; // narrower windows cut the head rather than grow
constexpr int kGridRows = 3;     // that a grid asks for
constexpr int kSearchWidth = 240;
constexpr int kBottom = 4;
constexpr int kLongestAlbum = 80; // letters

enum class Shelf { all, album, trash };

QString count(qsizetype number) {
    return QLocale().toString(number);
}

// Names are no mnemonics.
QString inMenu(QString text) {
    return cleaned(text).replace('&', QStringLiteral("&&"));
}

// A field with a lens; Esc empties it.
class SearchField : public QLineEdit {
public:
    SearchField() { setTextMargins(20, 0, 0, 0); }

protected:
    bool event(QEvent* event) override {
        if (event->type() == QEvent::ShortcutOverride && !text().isEmpty() &&
            static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            event->accept(); // Stop waits until there is nothing to empty
            return true;
        }
        return QLineEdit::event(event);
    }

    void keyPressEvent(QKeyEvent* event) override {
        if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
            clear();
        } else {
            QLineEdit::keyPressEvent(event);
        }
    }

    void paintEvent(QPaintEvent* event) override {
        QLineEdit::paintEvent(event);
        QPainter painter(this);
        paintIcon(painter, QStringLiteral("search"), QRect(4, 0, 20, height()),
                  currentTheme().text2);
    }
};

} // namespace

LibraryPanel::LibraryPanel(PictureLibrary& library, QWidget* parent)
    : QWidget(parent), library_(library), tiles_(new PictureTiles),
      count_(new PlainLabel({}, PlainLabel::Tone::text2, 11)), search_(new SearchField),
      stars_(new IconButton("star", tr("Show only pictures with stars"))), albums_(new ChoiceBox),
      order_(new ChoiceBox), grid_(new IconButton("grid", tr("Grid instead of one strip"))),
      more_(new IconButton("more", tr("More of the library"))) {
    setObjectName(QStringLiteral("library_panel"));
    setAutoFillBackground(true);
    tiles_->setModel(&library);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, kBottom);
    column->setSpacing(0);
    column->addWidget(makeHead());
    auto* inset = new QHBoxLayout;
    inset->setContentsMargins(8, 0, 8, 0);
    inset->addWidget(tiles_);
    column->addLayout(inset, 1);
    connectTiles();
    keepSelection();
    connect(&library, &PictureLibrary::changed, this, &LibraryPanel::showLibrary);
    setGrid(false);
    showLibrary();
}

QWidget* LibraryPanel::makeHead() {
    count_->setObjectName(QStringLiteral("picture_count"));
    search_->setObjectName(QStringLiteral("search"));
    search_->setAccessibleName(tr("Search the library"));
    search_->setPlaceholderText(tr("Search prompt, reference, model"));
    search_->setToolTip(tr("Words of the prompt, a reference's or a model's name, a seed, a date. "
                           "Each of them must be there. Esc empties it."));
    search_->setFixedSize(kSearchWidth, metrics::kControl);
    search_->setMaxLength(500);
    stars_->setObjectName(QStringLiteral("star_filter"));
    stars_->setCheckable(true);
    albums_->setObjectName(QStringLiteral("albums"));
    albums_->setAccessibleName(tr("Album"));
    albums_->setToolTip(tr("All pictures, those of an album, or the trash"));
    albums_->setFixedWidth(128);
    order_->setObjectName(QStringLiteral("order"));
    order_->setAccessibleName(tr("Order"));
    order_->setToolTip(tr("Which pictures come first"));
    order_->setFixedWidth(132);
    order_->addItems({tr("Newest first"), tr("Oldest first"), tr("Most stars")});
    grid_->setObjectName(QStringLiteral("grid"));
    grid_->setCheckable(true);
    more_->setObjectName(QStringLiteral("library_more"));

    auto* head = new QWidget;
    head->setMinimumWidth(kLeastWidth);
    head->setFixedHeight(metrics::kResultHead);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(metrics::kGap);
    row->addWidget(new PlainLabel(tr("Library"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    row->addWidget(count_);
    row->addStretch(1);
    for (QWidget* part :
         std::initializer_list<QWidget*>{search_, stars_, albums_, order_, grid_, more_}) {
        row->addWidget(part);
    }
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
        edit([&](PictureFilter& filter) { filter.words = text.toStdString(); });
    });
    connect(stars_, &IconButton::clicked, this, &LibraryPanel::showStarMenu);
    connect(albums_, &QComboBox::activated, this, [this](int index) {
        const auto shelf = static_cast<Shelf>(albums_->itemData(index).toInt());
        const QString name = albums_->itemData(index, Qt::UserRole + 1).toString();
        edit([&](PictureFilter& filter) {
            filter.trashed = shelf == Shelf::trash;
            filter.album = shelf == Shelf::album ? name.toStdString() : std::string();
        });
    });
    connect(order_, &QComboBox::activated, this, [this](int index) {
        edit([&](PictureFilter& filter) { filter.order = static_cast<PictureOrder>(index); });
    });
    connect(grid_, &IconButton::toggled, this, &LibraryPanel::setGrid);
    connect(more_, &IconButton::clicked, this, &LibraryPanel::showMoreMenu);
    return head;
}

void LibraryPanel::connectTiles() {
    connect(tiles_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                const PictureId id = current.data(PictureLibrary::IdRole).toLongLong();
                if (id != 0 && !showing_) {
                    current_ = id;
                    Q_EMIT chosen(id);
                }
            });
    connect(tiles_, &QAbstractItemView::pressed, this, [this](const QModelIndex& pressed) {
        library_.hold(library_.idAt(pressed.row())); // also the one that is shown already
    });
    connect(tiles_, &PictureTiles::activatedPicture, this, &LibraryPanel::settingsRequested);
    connect(tiles_, &PictureTiles::starsRequested, &library_, &PictureLibrary::setStars);
    connect(tiles_, &PictureTiles::trashRequested, this, [this](const QList<PictureId>& ids) {
        if (!library_.filter().trashed) {
            library_.trash(ids);
        }
    });
    connect(tiles_, &QWidget::customContextMenuRequested, this, &LibraryPanel::showTileMenu);
}

// What is chosen stays chosen where the list is made anew, and where the current picture goes its
// neighbour is chosen.
void LibraryPanel::keepSelection() {
    connect(&library_, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { kept_selection_ = selectedPictures(); });
    connect(&library_, &QAbstractItemModel::modelReset, this, [this] {
        setCurrent(current_);
        QItemSelection selection;
        for (const PictureId id : std::exchange(kept_selection_, {})) {
            if (const QModelIndex index = library_.index(library_.rowOf(id)); index.isValid()) {
                selection.select(index, index);
            }
        }
        if (!selection.isEmpty()) {
            tiles_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
        }
    });
    connect(&library_, &QAbstractItemModel::rowsRemoved, this, [this] {
        const QModelIndex current = tiles_->currentIndex();
        if (current.isValid() && !tiles_->selectionModel()->hasSelection()) {
            tiles_->selectionModel()->select(current, QItemSelectionModel::Select);
        }
    });
}

void LibraryPanel::edit(const std::function<void(PictureFilter&)>& change) {
    PictureFilter filter = library_.filter();
    change(filter);
    library_.setFilter(filter);
}

QList<PictureId> LibraryPanel::selectedPictures() const {
    return tiles_->selectedPictures();
}

bool LibraryPanel::isGrid() const {
    return grid_->isChecked();
}

void LibraryPanel::setGrid(bool grid) {
    const bool toggled = grid != tiles_->isWrapping();
    grid_->setChecked(grid);
    tiles_->setGrid(grid);
    const int strip = metrics::kResultHead + PictureTiles::stripHeight() + kBottom;
    setMinimumHeight(strip);
    setMaximumHeight(grid ? QWIDGETSIZE_MAX : strip);
    updateGeometry();
    if (toggled) {
        Q_EMIT gridToggled(grid);
    }
    tiles_->scrollTo(tiles_->currentIndex());
}

QSize LibraryPanel::sizeHint() const {
    const int rows = isGrid() ? kGridRows : 1;
    return {800, metrics::kResultHead + rows * PictureTiles::stripHeight() + kBottom};
}

void LibraryPanel::setCurrent(PictureId id) {
    current_ = id;
    const QModelIndex index = library_.index(library_.rowOf(id));
    if (!index.isValid()) {
        return;
    }
    // Several that are chosen for something stay so when a picture comes in.
    const bool several = tiles_->selectionModel()->selectedIndexes().size() > 1;
    showing_ = true;
    tiles_->selectionModel()->setCurrentIndex(index, several ? QItemSelectionModel::NoUpdate
                                                             : QItemSelectionModel::ClearAndSelect);
    showing_ = false;
    tiles_->scrollTo(index);
}

void LibraryPanel::showLibrary() {
    const PictureFilter& filter = library_.filter();
    const int rows = library_.rowCount();
    PictureFilter plain;
    plain.order = filter.order;
    const bool all = filter == plain;
    count_->setPlainText(!library_.isOpen() ? tr("opening")
                         : rows == 0 && all ? tr("nothing made yet")
                         : rows == 0        ? tr("none found")
                         : rows == 1        ? tr("1 picture")
                         : all              ? tr("%1 pictures").arg(count(rows))
                         : filter.trashed   ? tr("%1 pictures in the trash").arg(count(rows))
                                            : tr("%1 pictures found").arg(count(rows)));
    tiles_->setEmptyText(!library_.isOpen() ? QString()
                         : all              ? tr("Every picture you make is kept here")
                         : filter.trashed && filter.words.empty()
                             ? tr("The trash is empty")
                             : tr("No picture is like that. Esc in the search field empties it"));
    stars_->setChecked(filter.stars > 0);
    order_->setCurrentIndex(static_cast<int>(filter.order));
    showAlbums();
}

void LibraryPanel::showAlbums() {
    struct Entry {
        QString text{};
        Shelf shelf = Shelf::all;
        QString name{};
    };

    QList<Entry> entries{{tr("All pictures")}};
    auto albums = library_.albums();
    const PictureFilter& filter = library_.filter();
    if (!filter.album.empty()) {
        albums.try_emplace(filter.album, 0); // it is what is shown, though nothing is left in it
    }
    for (const auto& [album, number] : albums) {
        const QString name = QString::fromStdString(album);
        entries.append({tr("%1 (%2)").arg(cleaned(name), count(number)), Shelf::album, name});
    }
    entries.append(
        {library_.trashed() == 0 ? tr("Trash") : tr("Trash (%1)").arg(count(library_.trashed())),
         Shelf::trash});
    const QString album = QString::fromStdString(filter.album);
    int current = 0;
    albums_->clear();
    for (const Entry& entry : std::as_const(entries)) {
        albums_->addItem(entry.text, static_cast<int>(entry.shelf));
        albums_->setItemData(albums_->count() - 1, entry.name, Qt::UserRole + 1);
        const bool here =
            filter.trashed ? entry.shelf == Shelf::trash : !album.isEmpty() && entry.name == album;
        current = here ? albums_->count() - 1 : current;
    }
    albums_->setCurrentIndex(current);
}

void LibraryPanel::showStarMenu() {
    stars_->setChecked(library_.filter().stars > 0);
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("star_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int stars = 0; stars <= kMostStars; ++stars) {
        const QString words = stars == 0            ? tr("With or without stars")
                              : stars == 1          ? tr("1 star or more")
                              : stars == kMostStars ? tr("%1 stars").arg(stars)
                                                    : tr("%1 stars or more").arg(stars);
        QAction* action = menu->addAction(words, this, [this, stars] {
            edit([stars](PictureFilter& filter) { filter.stars = stars; });
        });
        action->setCheckable(true);
        action->setChecked(library_.filter().stars == stars);
    }
    menu->popup(stars_->mapToGlobal(QPoint(0, stars_->height())));
}

void LibraryPanel::showMoreMenu() {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("library_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const QList<PictureId> ids = selectedPictures(); !ids.isEmpty()) {
        fillMenu(*menu, ids);
        menu->addSeparator();
    }
    menu->addAction(tr("Select all"), tiles_, &QListView::selectAll);
    menu->addAction(tr("Look through the folder again"), &library_, &PictureLibrary::scan);
    menu->addAction(tr("Show the folder"), this,
                    [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(library_.folder())); });
    QAction* empty = menu->addAction(tr("Empty the trash"), this, &LibraryPanel::askToEmptyTrash);
    empty->setEnabled(library_.trashed() > 0);
    menu->popup(more_->mapToGlobal(QPoint(0, more_->height())));
}

void LibraryPanel::showTileMenu(const QPoint& at) {
    const QModelIndex index = tiles_->indexAt(at);
    if (!index.isValid()) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("picture_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const PictureId id = library_.idAt(index.row());
    const QList<PictureId> selected = selectedPictures();
    fillMenu(*menu, selected.contains(id) ? selected : QList<PictureId>{id});
    menu->popup(tiles_->viewport()->mapToGlobal(at));
}

void LibraryPanel::fillMenu(QMenu& menu, const QList<PictureId>& ids) {
    const PictureId first = ids.front();
    const bool one = ids.size() == 1;
    const QString path = library_.pathOf(first);
    menu.addAction(tr("Use its settings"), this, [this, first] { Q_EMIT settingsRequested(first); })
        ->setEnabled(one);
    menu.addAction(one ? tr("Use as a reference") : tr("Use as references"), this,
                   [this, ids] { Q_EMIT referencesRequested(ids); });
    menu.addAction(one ? tr("Train on this picture") : tr("Train on these %1").arg(ids.size()),
                   this, [this, ids] { Q_EMIT trainRequested(ids); })
        ->setObjectName(QStringLiteral("train_on_pictures"));
    menu.addSeparator();
    QMenu* stars = menu.addMenu(tr("Stars"));
    for (int number = 0; number <= kMostStars; ++number) {
        stars->addAction(number == 0   ? tr("None (key 0)")
                         : number == 1 ? tr("1 star (key 1)")
                                       : tr("%1 stars (key %1)").arg(number),
                         this, [this, ids, number] { library_.setStars(ids, number); });
    }
    fillAlbumMenu(*menu.addMenu(tr("Albums")), ids);
    menu.addSeparator();
    menu.addAction(tr("Save as"), this, [this, first] { Q_EMIT saveRequested(first); })
        ->setEnabled(one);
    menu.addAction(one ? tr("Export") : tr("Export %1 pictures").arg(ids.size()), this,
                   [this, ids] { Q_EMIT exportRequested(ids); });
    menu.addAction(
            tr("Show in its folder"), this,
            [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).path())); })
        ->setEnabled(!path.isEmpty());
    menu.addSeparator();
    if (library_.filter().trashed) {
        menu.addAction(tr("Restore from the trash"), this, [this, ids] { library_.restore(ids); });
    } else {
        menu.addAction(tr("Move to the trash (Delete)"), this, [this, ids] { library_.trash(ids); })
            ->setEnabled(!path.isEmpty());
    }
}

void LibraryPanel::fillAlbumMenu(QMenu& menu, const QList<PictureId>& ids) {
    for (const auto& [album, number] : library_.albums()) {
        const QString name = QString::fromStdString(album);
        menu.addAction(tr("Add to %1").arg(inMenu(name)), this,
                       [this, ids, name] { library_.addToAlbum(ids, name); });
    }
    menu.addAction(tr("Add to another album"), this, [this, ids] { askForAlbum(ids); });
    const QString shown = QString::fromStdString(library_.filter().album);
    if (!shown.isEmpty()) {
        menu.addSeparator();
        menu.addAction(tr("Take out of %1").arg(inMenu(shown)), this,
                       [this, ids, shown] { library_.removeFromAlbum(ids, shown); });
    }
}

void LibraryPanel::askForAlbum(const QList<PictureId>& ids) {
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("album_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Add to an album"));
    dialog->setLabelText(tr("The album's name"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, ids](const QString& text) {
        const QString name = cleaned(text).simplified().left(kLongestAlbum);
        if (!name.isEmpty()) {
            library_.addToAlbum(ids, name);
        }
    });
    dialog->open();
}

// The one act here that nothing takes back.
void LibraryPanel::askToEmptyTrash() {
    auto* box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("empty_trash_dialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setWindowTitle(tr("Empty the trash"));
    box->setText(library_.trashed() == 1
                     ? tr("1 picture will be removed for good, with its settings.")
                     : tr("%1 pictures will be removed for good, with their settings.")
                           .arg(count(library_.trashed())));
    box->addButton(tr("Remove"), QMessageBox::AcceptRole);
    box->addButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, box](QAbstractButton* button) {
        if (box->buttonRole(button) == QMessageBox::AcceptRole) {
            library_.emptyTrash();
        }
    });
    box->open();
}

} // namespace likeness
