#pragma once

#include "ui/model/training_draft.h"

#include <QHash>

#include <vector>

namespace likeness {

// Those pictures among the files below a folder, name and path by their ids: by name, of several
// that one of its content; else, under another name, by its content. For a thread that may wait.
QHash<quint64, DatasetPicture> findMoved(const QString& folder,
                                         const std::vector<DatasetPicture>& wanted);

} // namespace likeness
