#pragma once

#include "core/image/image.h"

#include <string>
#include <vector>

namespace likeness {

// One picture of a sheet and the words below it.
struct SheetCell {
    ImagePtr image{};
    std::string caption{};
};

// A captioned sheet: rows of cells on a neutral ground, `title` below them. Every row is as high as
// its highest picture; pictures are neither cropped nor enlarged, larger ones than `max_side` are
// made smaller.
Image make_sheet(const std::vector<std::vector<SheetCell>>& rows, const std::string& title,
                 int max_side);

} // namespace likeness
