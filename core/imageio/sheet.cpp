#include "core/imageio/sheet.h"

#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/imageio/draw_text.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace likeness {

namespace {

constexpr std::uint8_t kGround = 0x1a, kCaptionGrey = 0xac, kTitleGrey = 0x78;
constexpr int kMargin = 16, kGap = 8, kCaptionHeight = 24, kTitleHeight = 20;
constexpr TextStyle kCaption{.size = 14, .grey = kCaptionGrey, .centred = true};
constexpr TextStyle kTitle{.size = 12, .grey = kTitleGrey};

// u8 RGB, its longer side at most `max_side`.
Image fitted(const Image& image, int max_side) {
    Image small = to_rgb(to_u8(image));
    const int longer = std::max(small.width, small.height);
    if (longer <= max_side) {
        return small;
    }
    const auto scaled = [&](int side) {
        return std::max(
            1, static_cast<int>(std::lround(static_cast<double>(side) * max_side / longer)));
    };
    return resize(small, scaled(small.width), scaled(small.height), Filter::lanczos);
}

void paste(Image& sheet, const Image& picture, int left, int top) {
    const auto stride = [](const Image& image) {
        return static_cast<std::size_t>(image.width) * 3;
    };
    for (int y = 0; y < picture.height; ++y) {
        std::memcpy(sheet.u8() + static_cast<std::size_t>(top + y) * stride(sheet) +
                        static_cast<std::size_t>(left) * 3,
                    picture.u8() + static_cast<std::size_t>(y) * stride(picture), stride(picture));
    }
}

// The words cut to the width they have, with an ellipsis.
std::string cut(const std::string& text, int width, const TextStyle& style) {
    if (text_width(text, style) <= width) {
        return text;
    }
    std::string shorter = text;
    while (!shorter.empty() && text_width(shorter + "...", style) > width) {
        do { // whole UTF-8 characters
            shorter.pop_back();
        } while (!shorter.empty() && (static_cast<unsigned char>(shorter.back()) & 0x80U) != 0);
    }
    return shorter + "...";
}

} // namespace

Image make_sheet(const std::vector<std::vector<SheetCell>>& rows, const std::string& title,
                 int max_side) {
    std::vector<std::vector<Image>> pictures;
    std::vector<int> heights;
    std::size_t columns = 0;
    int cell = 1;
    for (const auto& row : rows) {
        auto& fitting = pictures.emplace_back();
        int& height = heights.emplace_back(1);
        for (const SheetCell& one : row) {
            fitting.push_back(fitted(*one.image, max_side));
            height = std::max(height, fitting.back().height);
            cell = std::max(cell, fitting.back().width);
        }
        columns = std::max(columns, row.size());
    }
    const int width = 2 * kMargin + static_cast<int>(columns) * (cell + kGap) - kGap;
    int height = 2 * kMargin + kTitleHeight;
    for (const int row : heights) {
        height += row + kCaptionHeight + kGap;
    }
    Image sheet = make_image(width, height);
    std::fill_n(sheet.u8(), sheet.bytes.size(), kGround);

    int top = kMargin;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        int left = kMargin;
        for (std::size_t c = 0; c < rows[r].size(); ++c, left += cell + kGap) {
            const Image& picture = pictures[r][c];
            paste(sheet, picture, left + (cell - picture.width) / 2,
                  top + (heights[r] - picture.height) / 2);
            draw_text(sheet, left + cell / 2, top + heights[r] + 18,
                      cut(rows[r][c].caption, cell, kCaption), kCaption);
        }
        top += heights[r] + kCaptionHeight + kGap;
    }
    draw_text(sheet, kMargin, top + 14, cut(title, width - 2 * kMargin, kTitle), kTitle);
    return sheet;
}

} // namespace likeness
