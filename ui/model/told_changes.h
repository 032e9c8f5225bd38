#pragma once

#include "ui/model/picture_files.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace likeness {

// Which changes of picture files were told, so that none is told again at the next opening. Kept in
// a file from one start to the next; one that is damaged counts as empty.
class ToldChanges {
public:
    explicit ToldChanges(std::filesystem::path file); // empty: nowhere

    // Marks it as told that the file at that path has this content now; false where it was already.
    bool markTold(const std::string& path, const std::string& content);

private:
    void read();
    void keep();

    std::filesystem::path file_;
    std::vector<std::pair<std::string, std::string>> told_{}; // path and content, the newest last
    PictureFiles files_{nullptr, 1}; // the last member; what it writes is written in its order
};

} // namespace likeness
