#pragma once

#include <filesystem>
#include <string>

namespace likeness {

// The program's log: five files of at most 2 MB in `folder`, the newest "likeness-studio.log". It
// holds no prompts, pictures or paths of theirs: version, machine, what failed and why. Qt's own
// warnings go there too. A folder that cannot be written leaves the program without a log.
void openLog(const std::filesystem::path& folder);

// What happened, in one line; and the details behind an error, as libtorch or the system told them.
void logLine(const std::string& line);
void logError(const std::string& what, const std::string& detail);

} // namespace likeness
