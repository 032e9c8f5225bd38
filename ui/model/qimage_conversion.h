#pragma once

#include "core/image/image.h"

#include <QImage>

namespace likeness {

// A copy for the screen, 8 bits a channel; empty for an empty image. Meant for any thread.
QImage toQImage(const Image& image);

// The same scaled down (never up) so that its shorter side is at most `side` pixels.
QImage toThumbnail(const Image& image, int side);

// A picture as the window shows it: whole, and as a tile of the strip. Made where it is loaded or
// generated, never on the window's thread: a large one takes longer than a frame.
struct ScreenPicture {
    QImage image{};
    QImage thumbnail{};
};

ScreenPicture toScreen(const Image& image);

// What the clipboard or a drag gave, as our own kind of picture (RGB or RGBA, u8).
Image fromQImage(const QImage& image);

} // namespace likeness
