#pragma once

#include <QColor>
#include <QFont>

class QApplication;
class QPalette;

namespace likeness {

enum class ThemeKind { dark, light };

// The palette: every colour of the window by its role. Surfaces are true greys, blue is the one
// accent.
struct Theme {
    ThemeKind kind = ThemeKind::dark;
    QColor canvas, chrome, panel, raised, hover, pressed, field;
    QColor edge, line, border, control;
    QColor text, text2, disabled;
    QColor accent, fill, fillHover, soft;
    QColor track, knob, knobEdge;
    QColor error, warning;

    bool operator==(const Theme&) const = default;
};

Theme makeTheme(ThemeKind kind);
QPalette makePalette(const Theme& theme);

// Gives the application its style, palette, fonts and style sheet; called again when the theme
// changes.
void applyTheme(QApplication& application, ThemeKind kind);

// The theme the application wears; the dark one before applyTheme was called.
Theme currentTheme();

// The interface's font at that size; digits of numberFont() all have one width, so that nothing
// jumps.
QFont textFont(int pixels = 12, QFont::Weight weight = QFont::Normal);
QFont numberFont(int pixels = 12, QFont::Weight weight = QFont::Normal);

// Sizes in logical pixels, on a grid of four.
namespace metrics {
inline constexpr int kGap = 8;
inline constexpr int kCanvasMargin = 16;
inline constexpr int kLeftDock = 304;
inline constexpr int kRightDock = 320;
inline constexpr int kDockHead = 32;
inline constexpr int kTabRow = 36;
inline constexpr int kMenu = 28;
inline constexpr int kStatus = 24;
inline constexpr int kRow = 28;
inline constexpr int kControl = 24;
inline constexpr int kPrimaryButton = 32;
inline constexpr int kStripButton = 28;
inline constexpr int kLabelRight = 96;
inline constexpr int kLabelLeft = 60;
inline constexpr int kNumber = 56;
inline constexpr int kCardNumber = 48;
inline constexpr int kThumbnail = 72;
inline constexpr int kResult = 80;
inline constexpr int kResultHead = 36;
inline constexpr int kStrip = 56;
inline constexpr int kRadius = 4;
} // namespace metrics

} // namespace likeness
