#pragma once

#include "core/model_library/pairing.h"
#include "core/model_library/scan.h"
#include "ui/model/picture_files.h"

#include <QAbstractListModel>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace likeness {

// Where the library of models looks and what it keeps; empty paths: nowhere, nothing.
struct ModelPlaces {
    std::filesystem::path folders_file{}; // the person's list of folders
    std::filesystem::path cache_file{};
    std::vector<std::filesystem::path> own{}; // looked through besides, not of the list
};

// What a person has: models, adapters, LoRAs and the rest in the program's own folders and those of
// a list, as rows, found by words and kind. Folders are looked through off the window's thread;
// rows come as they are found. Nothing in them is changed.
class ModelLibrary : public QAbstractListModel {
    Q_OBJECT

public:
    enum Roles {
        PathRole = Qt::UserRole, // QString
        DetailRole,              // its kind and family
        SizeRole,                // "2.1 GB"
        ProblemRole,             // why it cannot be used; empty: it can
    };

    explicit ModelLibrary(ModelPlaces places, QObject* parent = nullptr);
    ~ModelLibrary() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const LibraryEntry& entry(int row) const;

    // With the image encoder where one is needed and found.
    Pairing pairing(int row) const;
    QStringList copiesOf(int row) const; // paths of the same content, as far as that is known

    enum class Own { left_out, included };

    // Names of the adapters that a model brings, with or without the one that is its own where none
    // is named, and files of its family; any family where none is told.
    QStringList adaptersFor(const std::string& model, const std::string& family,
                            Own own = Own::left_out) const;

    QStringList folders() const; // the list, without the program's own
    void setFolders(const QStringList& folders);
    void addFolder(const QString& folder);
    void removeFolder(const QString& folder);

    const QString& words() const { return words_; }

    std::optional<ModelKind> kind() const { return kind_; }

    void setFilter(const QString& words, std::optional<ModelKind> kind);

    bool isScanning() const { return scanning_ != nullptr; }

    bool wasScanned() const { return scanned_; }

    const std::vector<LibraryEntry>& entries() const { return entries_; } // the filter aside

    int foundCount() const { return static_cast<int>(entries_.size()); }

    const QStringList& problems() const { return problems_; } // of folders

    void scan();     // what runs is stopped and begun anew
    void scanOnce(); // unless it was done or is being done
    void stop();     // whatever runs

    // Reads every file whole for its hash, which tells copies; known ones are not read again.
    void findCopies();

    // How many files were read of how many; nullopt: none is being read.
    std::optional<std::pair<int, int>> copiesProgress() const { return reading_; }

Q_SIGNALS:
    void changed(); // rows, folders, or whether it is scanning
    void foldersChanged();
    void refused(const QString& title, const QString& reason);

private:
    struct Looking; // one piece of work, shared with the thread that does it

    void take(const std::shared_ptr<Looking>& looking, std::vector<LibraryEntry> found);
    void end(const std::shared_ptr<Looking>& looking, const QStringList& problems);
    void takeHash(const std::shared_ptr<Looking>& looking, int number,
                  const std::filesystem::path& path, const std::string& sha256);
    void fill();

    ModelPlaces places_;
    std::vector<std::filesystem::path> folders_;
    std::vector<LibraryEntry> entries_; // everything found
    std::vector<std::size_t> rows_;     // of them, what the filter lets through
    QString words_{};
    std::optional<ModelKind> kind_{};
    QStringList problems_{};
    std::shared_ptr<Looking> scanning_{};
    std::shared_ptr<Looking> hashing_{};
    std::optional<std::pair<int, int>> reading_{};
    bool scanned_ = false;
    PictureFiles files_{nullptr, 1}; // the last member: what it runs may use those above
};

// In the window's language: "LoRA".
QString kindName(ModelKind kind);

} // namespace likeness
