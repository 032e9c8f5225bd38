#pragma once

#include "ui/model/picture_files.h"

#include <QList>
#include <QString>

namespace likeness {

// A picture that is to be learned from, with the caption that is proposed for it.
struct PromotedPicture {
    PictureSource picture{};
    QString caption{}; // empty: what the file beside it says, or nobody knows
};

// What the picture in that file was asked for, without the marks of prompts: its own request's
// words, or another program's. Empty where a caption lies beside it or the file carries none. Reads
// the file; for any thread.
QString proposedCaption(const QString& path);

} // namespace likeness
