#pragma once

#include "core/image/image.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace likeness {

struct TextStyle {
    int size = 16;           // pixels from one line to the next, roughly
    std::uint8_t grey = 230; // of the letters
    bool centred = false;    // around x; else to the right of it
};

// Draws one line into a u8 RGB picture, its letters' feet at `baseline`; what lies outside is cut.
// The font is Inter, Noto Sans, DejaVu Sans or Liberation Sans where one is installed, else a small
// built-in one of capitals and digits.
void draw_text(Image& image, int x, int baseline, const std::string& text, const TextStyle& style);

// How many pixels wide that line would be.
int text_width(const std::string& text, const TextStyle& style);

// The same in the built-in font.
void draw_text_built_in(Image& image, int x, int baseline, const std::string& text,
                        const TextStyle& style);

} // namespace likeness
