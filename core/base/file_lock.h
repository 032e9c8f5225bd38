#pragma once

#include <filesystem>

namespace likeness {

// A file that one program at a time holds. The system lets go of it with the program, also where
// that is killed; the empty file stays.
class FileLock {
public:
    FileLock() = default;
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    // Takes it where nobody has it; makes the file and its folder. False: somebody else has it. A
    // place that knows no locks refuses none.
    bool take(const std::filesystem::path& file);

private:
    int descriptor_ = -1;
};

} // namespace likeness
