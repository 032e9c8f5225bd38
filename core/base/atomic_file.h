#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace likeness {

// Writes a whole file so that `path` holds either its old content or all of the new one, also when
// the program is killed or the disk fills: temporary `.<name>.<random>.part` in the same folder,
// write, fsync, rename, fsync folder. Throws Error{write_failed} with the numbers and leaves no
// temporary file behind.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

// The same for content made piece by piece (checkpoints that do not fit in memory twice). Nothing
// is visible under `path` before commit(); a writer that goes without commit() removes its
// temporary file.
class AtomicFile {
public:
    explicit AtomicFile(const std::filesystem::path& path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void commit();

    // Of the temporary file, for a process that writes in our place.
    int descriptor() const { return descriptor_; }

private:
    std::filesystem::path path_;
    std::filesystem::path temporary_;
    int descriptor_ = -1;
};

// Makes that folder, and those above it, where they are missing. Throws Error{write_failed}.
void make_folder(const std::filesystem::path& path);

// Removes temporary files that a killed writer of ours left in `folder`: older than a minute and
// locked by nobody. Returns how many. A folder that cannot be read counts as empty.
std::size_t remove_stale_parts(const std::filesystem::path& folder);

} // namespace likeness
