#pragma once

#include "ui/model/known_files.h"

namespace likeness {

// What a file or folder of weights is, by its names and shapes. From any thread; throws Error where
// it cannot be read or holds no weights.
FileFacts lookAtFile(const std::string& path);

} // namespace likeness
