#pragma once

#include <filesystem>
#include <string>

namespace likeness::test {

// An empty folder of its own, removed with everything in it at the end.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

    // How many files and folders lie in it, hidden ones included.
    std::size_t count() const;

private:
    std::filesystem::path path_;
};

} // namespace likeness::test
