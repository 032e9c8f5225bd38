#include "core/imageio/draw_text.h"

#include "core/base/check.h"

#include <OpenImageIO/imagebuf.h>
#include <OpenImageIO/imagebufalgo.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace likeness {

namespace {

namespace fs = std::filesystem;

// Files of the fonts below each font folder, best first.
constexpr const char* kFontFiles[] = {
    "opentype/inter/Inter-Regular.otf", "truetype/inter/Inter-Regular.ttf",
    "truetype/noto/NotoSans-Regular.ttf", "truetype/dejavu/DejaVuSans.ttf",
    "truetype/liberation/LiberationSans-Regular.ttf"};

fs::path find_font() {
    std::vector<fs::path> folders = {"/usr/local/share/fonts", "/usr/share/fonts"};
    if (const char* home = std::getenv("HOME"); home != nullptr) {
        folders.insert(folders.begin(), fs::path(home) / ".local/share/fonts");
    }
    std::error_code ignored;
    for (const char* file : kFontFiles) {
        for (const fs::path& folder : folders) {
            if (fs::is_regular_file(folder / file, ignored)) {
                return folder / file;
            }
        }
    }
    return {};
}

const fs::path& font() {
    static const fs::path found = find_font();
    return found;
}

// Seven rows of five pixels, the highest bit of five at the left.
struct Letter {
    char character;
    std::array<std::uint8_t, 7> rows;
};

constexpr int kLetterWidth = 6, kLetterHeight = 7;
constexpr Letter kLetters[] = {
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},
    {'2', {14, 17, 1, 2, 4, 8, 31}},     {'3', {31, 2, 4, 2, 1, 17, 14}},
    {'4', {2, 6, 10, 18, 31, 2, 2}},     {'5', {31, 16, 30, 1, 1, 17, 14}},
    {'6', {6, 8, 16, 30, 17, 17, 14}},   {'7', {31, 1, 2, 4, 8, 8, 8}},
    {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 2, 12}},
    {'A', {14, 17, 17, 31, 17, 17, 17}}, {'B', {30, 17, 17, 30, 17, 17, 30}},
    {'C', {14, 17, 16, 16, 16, 17, 14}}, {'D', {30, 17, 17, 17, 17, 17, 30}},
    {'E', {31, 16, 16, 30, 16, 16, 31}}, {'F', {31, 16, 16, 30, 16, 16, 16}},
    {'G', {14, 17, 16, 23, 17, 17, 15}}, {'H', {17, 17, 17, 31, 17, 17, 17}},
    {'I', {14, 4, 4, 4, 4, 4, 14}},      {'J', {7, 2, 2, 2, 2, 18, 12}},
    {'K', {17, 18, 20, 24, 20, 18, 17}}, {'L', {16, 16, 16, 16, 16, 16, 31}},
    {'M', {17, 27, 21, 21, 17, 17, 17}}, {'N', {17, 17, 25, 21, 19, 17, 17}},
    {'O', {14, 17, 17, 17, 17, 17, 14}}, {'P', {30, 17, 17, 30, 16, 16, 16}},
    {'Q', {14, 17, 17, 17, 21, 18, 13}}, {'R', {30, 17, 17, 30, 20, 18, 17}},
    {'S', {15, 16, 16, 14, 1, 1, 30}},   {'T', {31, 4, 4, 4, 4, 4, 4}},
    {'U', {17, 17, 17, 17, 17, 17, 14}}, {'V', {17, 17, 17, 17, 17, 10, 4}},
    {'W', {17, 17, 17, 21, 21, 21, 10}}, {'X', {17, 17, 10, 4, 10, 17, 17}},
    {'Y', {17, 17, 17, 10, 4, 4, 4}},    {'Z', {31, 1, 2, 4, 8, 16, 31}},
    {'.', {0, 0, 0, 0, 0, 12, 12}},      {',', {0, 0, 0, 0, 12, 4, 8}},
    {'-', {0, 0, 0, 31, 0, 0, 0}},       {':', {0, 12, 12, 0, 12, 12, 0}},
};

int letter_scale(const TextStyle& style) {
    return std::max(1, style.size / 10);
}

// What the built-in font has no letter for is a gap.
const Letter* letter_of(char c) {
    const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto found = std::ranges::find(kLetters, upper, &Letter::character);
    return found == std::end(kLetters) ? nullptr : &*found;
}

int built_in_width(const std::string& text, const TextStyle& style) {
    return static_cast<int>(text.size()) * kLetterWidth * letter_scale(style);
}

void check_picture(const Image& image) {
    LIKENESS_CHECK(image.type == PixelType::u8 && image.channels == 3, image.channels, " channels");
}

} // namespace

int text_width(const std::string& text, const TextStyle& style) {
    if (font().empty()) {
        return built_in_width(text, style);
    }
    const OIIO::ROI roi = OIIO::ImageBufAlgo::text_size(text, style.size, font().string());
    return roi.defined() ? roi.width() : 0;
}

void draw_text(Image& image, int x, int baseline, const std::string& text, const TextStyle& style) {
    check_picture(image);
    if (font().empty()) {
        draw_text_built_in(image, x, baseline, text, style);
        return;
    }
    OIIO::ImageBuf buffer(
        OIIO::ImageSpec(image.width, image.height, image.channels, OIIO::TypeDesc::UINT8),
        image.bytes.data());
    const float grey = static_cast<float>(style.grey) / 255.0F;
    const std::array<float, 3> colour = {grey, grey, grey};
    using OIIO::ImageBufAlgo::TextAlignX;
    const bool drawn = OIIO::ImageBufAlgo::render_text(
        buffer, x, baseline, text, style.size, font().string(), colour,
        style.centred ? TextAlignX::Center : TextAlignX::Left,
        OIIO::ImageBufAlgo::TextAlignY::Baseline, 0, {}, 1);
    if (!drawn) {
        draw_text_built_in(image, x, baseline, text, style);
    }
}

void draw_text_built_in(Image& image, int x, int baseline, const std::string& text,
                        const TextStyle& style) {
    check_picture(image);
    const int scale = letter_scale(style);
    int left = style.centred ? x - built_in_width(text, style) / 2 : x;
    const int top = baseline - kLetterHeight * scale;
    for (const char c : text) {
        const Letter* letter = letter_of(c);
        for (int i = 0; letter != nullptr && i < kLetterHeight * scale * 5 * scale; ++i) {
            const int row = i / (5 * scale), column = i % (5 * scale);
            const int px = left + column, py = top + row;
            const bool on =
                ((letter->rows[static_cast<std::size_t>(row / scale)] >> (4 - column / scale)) &
                 1) != 0;
            if (on && px >= 0 && py >= 0 && px < image.width && py < image.height) {
                const std::size_t at =
                    (static_cast<std::size_t>(py) * static_cast<std::size_t>(image.width) +
                     static_cast<std::size_t>(px)) *
                    3;
                std::fill_n(image.u8() + at, 3, style.grey);
            }
        }
        left += kLetterWidth * scale;
    }
}

} // namespace likeness
