#pragma once

#include "ui/model/training_draft.h"

#include <QHash>

#include <string>
#include <vector>

namespace likeness {

// What a dataset asks of the disk; for threads that may wait.

// SHA-256 of a file; empty where it cannot be read.
std::string contentOfFile(const QString& path);

// Those pictures among the files below a folder, name and path by their ids: by name, of several
// that one of its content; else, under another name, by its content.
QHash<quint64, DatasetPicture> findMoved(const QString& folder,
                                         const std::vector<DatasetPicture>& wanted);

} // namespace likeness
