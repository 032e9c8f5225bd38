#pragma once

#include "core/base/message.h"
#include "core/library/picture_index.h"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>

namespace likeness {

// What a look through the whole folder found.
struct ScanReport {
    std::size_t pictures = 0;           // that are in the library now, the trash included
    std::size_t added = 0, removed = 0; // against what the index knew
    std::vector<Message> problems{};    // one line for each file with which something is wrong
};

// What became of pictures that were to be moved.
struct MoveReport {
    std::vector<PictureId> moved{};  // or there already
    std::vector<Message> problems{}; // one line for each that was not
};

// The request that a picture carries within itself, as JSON text; empty: it carries none.
using ReadRequest = std::function<std::optional<std::string>(const std::filesystem::path&)>;

// What opening a library does where its index is empty: scan() before it returns, or leave that to
// the caller, who has somebody waiting.
enum class EmptyIndex { scan, leave };

// A folder of finished pictures. Every picture has a sidecar beside it that holds all that is known
// of it; the index (index.sqlite) is made from them and can be thrown away. Changes go to the disk
// in this order: picture, sidecar, index; a kill in between costs nothing, scan() sets it right.
// Safe from any thread; calls wait for each other. Throws Error{write_failed} where the disk
// refuses, Error{file_missing} for a picture that is gone.
class Library {
public:
    // Makes the folder where it is missing. A damaged index is moved aside and made anew.
    Library(std::filesystem::path folder, ReadRequest read_request,
            EmptyIndex empty = EmptyIndex::scan);

    const std::filesystem::path& folder() const { return folder_; }

    // Where a picture made now may be written: a name that is free, in a folder that is there.
    // `ending` with its dot.
    std::filesystem::path place(const GenerationRequest& request, std::int64_t created,
                                const std::string& ending = ".png");

    // Takes in a picture that lies at a path of place(): its sidecar, then its row. The picture
    // counts as finished when this returns.
    PictureId add(const std::filesystem::path& picture, PictureRecord record);

    std::vector<PictureId> find(const PictureFilter& filter) const;
    std::vector<PictureRow> rows(const PictureFilter& filter) const; // the same with what is shown
    std::optional<PictureRecord> record(PictureId id) const;
    std::optional<std::filesystem::path> path_of(PictureId id) const;
    std::map<std::string, std::int64_t> albums() const;

    void set_stars(std::span<const PictureId> ids, int stars);
    void add_to_album(std::span<const PictureId> ids, const std::string& album);
    void remove_from_album(std::span<const PictureId> ids, const std::string& album);

    // Into the trash folder with all that belongs to it, and back to where it was. One that cannot
    // be moved stops no other; one whose file is gone leaves the library.
    MoveReport trash(std::span<const PictureId> ids);
    MoveReport restore(std::span<const PictureId> ids);

    // Removes them for good, wherever they lie, with all that belongs to them.
    void remove(std::span<const PictureId> ids);

    // Removes what lies in the trash for good; returns how many pictures.
    std::size_t empty_trash();

    // Brings the index up to what lies in the folder, finishes moves that were cut off and sweeps
    // away what killed writers left. A damaged sidecar is moved to "<name>.damaged" where the
    // picture itself carries its request; else the picture is left out, as one of a newer version
    // is. Other calls get their turn in between.
    // Ends early, with what was found so far, where `stop` asks for it.
    ScanReport scan(const std::stop_token& stop = {});

private:
    PictureRecord known(PictureId id) const;
    bool erase(PictureId id);
    void rewrite(std::span<const PictureId> ids, const std::function<void(PictureRecord&)>& edit);
    MoveReport carry(std::span<const PictureId> ids, bool into_trash);
    void carry_one(PictureId id, bool into_trash);
    std::optional<PictureRecord> from_sidecar(const std::string& file,
                                              std::vector<Message>& problems) const;
    std::optional<PictureRecord> from_request(const std::string& file) const;
    bool take_in(const std::string& file, std::vector<Message>& problems);
    void follow_picture(const std::string& file);

    std::filesystem::path folder_;
    ReadRequest read_request_;
    mutable std::mutex mutex_;
    std::unique_ptr<PictureIndex> index_;
};

} // namespace likeness
