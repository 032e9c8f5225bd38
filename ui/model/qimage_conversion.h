#pragma once

#include "core/image/image.h"

#include <QImage>

namespace likeness {

// A copy for the screen, 8 bits a channel; empty for an empty image. Meant for any thread.
QImage toQImage(const Image& image);

// The same scaled down (never up) so that its shorter side is at most `side` pixels.
QImage toThumbnail(const Image& image, int side);

// What the clipboard or a drag gave, as our own kind of picture (RGB or RGBA, u8).
Image fromQImage(const QImage& image);

} // namespace likeness
