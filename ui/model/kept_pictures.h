#pragma once

#include "core/image/image.h"

#include <QString>

namespace likeness {

// Pictures that came without a file of their own: painted masks, and references that were pasted.
enum class Kept { mask, reference };

// Where such a picture is kept: $XDG_DATA_HOME/likeness/masks or /reference-pictures, named by its
// size and the SHA-256 of its pixels, so that it is kept once and a request can name it by a path.
QString keptPath(Kept kind, const Image& picture);

// Writes it there, where keptPath() says, unless it is there already. Throws Error. For a thread
// that may wait.
void keepPicture(const QString& path, const Image& picture);

} // namespace likeness
