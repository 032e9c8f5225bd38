#pragma once

#include "core/library/library.h"
#include "core/request/job_event.h"
#include "ui/model/keep_picture.h"
#include "ui/model/notice.h"
#include "ui/model/picture_files.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/thumbnails.h"

#include <QAbstractListModel>
#include <QTemporaryDir>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <vector>

namespace likeness {

// One picture, whole, with everything it came from.
struct LibraryPicture {
    PictureId id = 0;         // below 0: only in memory, the disk refused it; 0: not of the library
    std::int64_t created = 0; // milliseconds since 1970
    ResultImage result{};
    ScreenPicture screen{};
    std::string file{}; // within the library's folder, of one that was just kept
};

// The library's pictures as the window lists them: those that the filter wants, in its order. All
// work on files and on the index is done off the window's thread, changes one after the other; what
// an act does to the list is shown at once and taken back where the disk refuses.
class PictureLibrary : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole, StarsRole, SavedRole };

    // Opens the library in that folder, in the background; an empty one is a temporary folder. The
    // index answers first, then the folder is looked through.
    explicit PictureLibrary(const QString& folder, QObject* parent = nullptr);
    ~PictureLibrary() override; // waits for what is being written

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;

    PictureId idAt(int row) const; // 0: no such row
    // The row's picture with what it came from, where it is whole in memory; nullptr: it is not.
    const ResultImage* at(int row) const;

    PictureId idOf(const ResultImage& picture) const; // 0: it is not whole in memory

    int rowOf(PictureId id) const;      // -1: not in the list
    QString pathOf(PictureId id) const; // empty: not in the list, or only in memory

    QString folder() const { return folder_; }

    const PictureFilter& filter() const { return filter_; }

    void setFilter(const PictureFilter& filter);

    // Names with how many pictures they hold, and how many lie in the trash.
    const std::map<std::string, std::int64_t>& albums() const { return albums_; }

    int trashed() const { return trashed_; }

    bool isOpen() const { return library_ != nullptr; }

    bool isSearching() const { return searching_; }

    // A picture was made: it goes onto the disk, then kept() tells. Where the disk refuses it stays
    // in the list, in memory, and refused() tells; it is tried again with the next picture.
    void keep(const ResultImage& result, const ScreenPicture& screen);
    void keepAgain();

    // The same for a picture made again by itself while somebody edits: once it is on the disk, the
    // one before it that came in this way goes for good, where they differ in prompt and strengths
    // alone. Unless something was done with that one: starred, chosen, used, exported, put
    // somewhere; or something else was made in between, see hold().
    void keepPassing(const ResultImage& result, const ScreenPicture& screen);
    void hold(); // what came in by keepPassing() stays
    void hold(PictureId id) const;

    bool isKeeping() const { return keeping_ > 0; }

    // Nothing is on its way to the disk and nothing was refused there.
    bool isAllKept() const { return keeping_ == 0 && unsaved_.empty(); }

    void setStars(const QList<PictureId>& ids, int stars);
    void addToAlbum(const QList<PictureId>& ids, const QString& album);
    void removeFromAlbum(const QList<PictureId>& ids, const QString& album);
    void trash(const QList<PictureId>& ids);
    void restore(const QList<PictureId>& ids);
    void emptyTrash();
    void scan(); // looks through the whole folder again

    using OnLoaded = std::function<void(const LibraryPicture&)>;
    using OnRefused = std::function<void(const Refusal&)>;

    // The whole picture: at once where it is in memory, else when it is read.
    void load(PictureId id, const OnLoaded& loaded, const OnRefused& refused);

    // Reads one off the window's thread: in memory or from the disk. For work on files.
    using Reader = std::function<LibraryPicture()>; // throws Error
    Reader reader(PictureId id) const;

Q_SIGNALS:
    // `before`: the number it had while it was only in memory; 0: it went to the disk at once.
    void kept(const likeness::LibraryPicture& picture, likeness::PictureId before);
    void refused(const likeness::LibraryPicture& picture, const QString& reason, bool again);
    void trashedPictures(const QList<likeness::PictureId>& ids); // they lie there now
    void changed(); // counts, albums, the filter, what is being done
    void noticed(const likeness::Notice& notice);

private:
    struct Unsaved {
        LibraryPicture picture{};
        bool waiting = false; // for its turn at the disk
        quint64 trail = 0;    // of pictures that replace each other; 0: it stays
    };

    // What only the thread of `work_` touches.
    struct Opened {
        std::shared_ptr<Library> library{};
    };

    using Act = std::function<std::function<void()>(Opened&)>;
    using OnFailed = std::function<void(const QString& reason)>;

    void open();
    void work(const Act& act, const OnFailed& failed);
    void change(const QString& what, const std::function<void(Library&)>& act,
                const std::vector<PictureId>& leaving = {}, const std::function<void()>& then = {});
    void add(const ResultImage& result, const ScreenPicture& screen, quint64 trail);
    void write(Unsaved unsaved);
    void replacePassing(const LibraryPicture& picture);
    void took(const Unsaved& unsaved, const PictureRecord& record, PictureId id);
    void search();
    void show(std::vector<PictureRow> rows);
    void showAnew(std::vector<PictureRow> rows);
    void removeRows(const QList<PictureId>& ids);
    void remember(const LibraryPicture& picture);
    const PictureRow* row(int number) const;
    const Unsaved* unsaved(PictureId id) const;
    QString words(const PictureRow& row) const;

    std::optional<QTemporaryDir> temporary_{};
    QString folder_;
    PictureFilter filter_{};
    std::shared_ptr<Library> library_{}; // once it is open
    std::shared_ptr<Opened> opened_ = std::make_shared<Opened>();
    std::vector<PictureRow> rows_{}; // those in memory only come first
    std::map<std::string, std::int64_t> albums_{};
    int trashed_ = 0;
    std::deque<Unsaved> unsaved_{};
    std::deque<LibraryPicture> recent_{}; // whole ones, within a budget
    std::int64_t last_created_ = 0;
    PictureId next_unsaved_ = -1;
    std::set<PictureId> leaving_{}; // while that is being written
    int keeping_ = 0;
    mutable quint64 trail_ = 1;                       // a picture of another trail replaces none
    mutable std::optional<LibraryPicture> passing_{}; // what the next of this trail may replace
    quint64 changes_ = 0;                             // to the index, so far
    std::stop_source stop_{};                         // of a look through the folder
    bool searching_ = false;
    bool search_again_ = false;
    mutable Thumbnails thumbnails_;
    PictureFiles work_{nullptr, 1};
    PictureFiles reads_{nullptr, 3}; // a look through the folder must not stop a search
};

// The drag format of pictures of the library: their numbers, as text with spaces between.
inline constexpr const char* kLibraryMimeType = "application/x-likeness-pictures";
QList<PictureId> picturesIn(const QByteArray& dragged);

} // namespace likeness
