#include "ui/theme.h"

#include "ui/theme_style.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPalette>

// Resources of a static library are registered by hand; the macro wants the global namespace.
static void registerResources() {
    Q_INIT_RESOURCE(studio);
}

namespace likeness {

namespace {

constexpr const char* kThemeProperty = "likeness_theme";

QString firstInstalled(const QStringList& wanted) {
    const QStringList families = QFontDatabase::families();
    for (const QString& family : wanted) {
        if (families.contains(family)) {
            return family;
        }
    }
    return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
}

QFont makeFont(const QString& family, int pixels, QFont::Weight weight) {
    QFont font(family);
    font.setPixelSize(pixels);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferVerticalHinting);
    return font;
}

// QSS has no variables: `@name` in the template becomes the theme's colour of that role.
QString fillTemplate(QString sheet, const Theme& theme) {
    const std::pair<const char*, QColor> roles[] = {
        {"@canvas", theme.canvas}, {"@chrome", theme.chrome},     {"@panel", theme.panel},
        {"@raised", theme.raised}, {"@hover", theme.hover},       {"@pressed", theme.pressed},
        {"@field", theme.field},   {"@edge", theme.edge},         {"@line", theme.line},
        {"@border", theme.border}, {"@control", theme.control},   {"@text2", theme.text2},
        {"@text", theme.text},     {"@disabled", theme.disabled}, {"@accent", theme.accent},
        {"@fill", theme.fill},     {"@soft", theme.soft},         {"@track", theme.track},
        {"@error", theme.error},
    };
    for (const auto& [name, color] : roles) {
        sheet.replace(QLatin1String(name), color.name());
    }
    return sheet;
}

QString loadStyleSheet(const Theme& theme) {
    QFile file(QStringLiteral(":/themes/studio.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return fillTemplate(QString::fromUtf8(file.readAll()), theme);
}

} // namespace

Theme makeTheme(ThemeKind kind) {
    if (kind == ThemeKind::light) {
        return {
            .kind = kind,
            .canvas = "#C9C9C9",
            .chrome = "#E4E4E4",
            .panel = "#EFEFEF",
            .raised = "#FAFAFA",
            .hover = "#E2E2E2",
            .pressed = "#D2D2D2",
            .field = "#FFFFFF",
            .edge = "#ABABAB",
            .line = "#D2D2D2",
            .border = "#B8B8B8",
            .control = "#858585",
            .text = "#1E1E1E",
            .text2 = "#535353",
            .disabled = "#8C8C8C",
            .accent = "#1E63B4",
            .fill = "#1E63B4",
            .fillHover = "#1A569C",
            .soft = "#D3E3F6",
            .track = "#BDBDBD",
            .knob = "#FFFFFF",
            .knobEdge = "#5E5E5E",
            .error = "#B3261E",
            .warning = "#8A5A00",
        };
    }
    return {
        .kind = kind,
        .canvas = "#1A1A1A",
        .chrome = "#1F1F1F",
        .panel = "#272727",
        .raised = "#303030",
        .hover = "#3A3A3A",
        .pressed = "#232323",
        .field = "#1B1B1B",
        .edge = "#121212",
        .line = "#3A3A3A",
        .border = "#4F4F4F",
        .control = "#7C7C7C",
        .text = "#E6E6E6",
        .text2 = "#ACACAC",
        .disabled = "#787878",
        .accent = "#6AAAF2",
        .fill = "#2D6DB8",
        .fillHover = "#3473BF",
        .soft = "#2B3E54",
        .track = "#4A4A4A",
        .knob = "#D4D4D4",
        .knobEdge = "#1A1A1A",
        .error = "#F58784",
        .warning = "#E2B45C",
    };
}

QPalette makePalette(const Theme& theme) {
    QPalette palette;
    palette.setColor(QPalette::Window, theme.panel);
    palette.setColor(QPalette::Base, theme.field);
    palette.setColor(QPalette::AlternateBase, theme.raised);
    palette.setColor(QPalette::Button, theme.raised);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText,
                            QPalette::ToolTipText, QPalette::BrightText}) {
        palette.setColor(role, theme.text);
        palette.setColor(QPalette::Disabled, role, theme.disabled);
    }
    palette.setColor(QPalette::ToolTipBase, theme.raised);
    palette.setColor(QPalette::PlaceholderText, theme.text2);
    palette.setColor(QPalette::Highlight, theme.fill);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, theme.track);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::Light, theme.hover);
    palette.setColor(QPalette::Midlight, theme.line);
    palette.setColor(QPalette::Mid, theme.line);
    palette.setColor(QPalette::Dark, theme.edge);
    palette.setColor(QPalette::Shadow, theme.edge);
    return palette;
}

void applyTheme(QApplication& application, ThemeKind kind) {
    registerResources();
    const Theme theme = makeTheme(kind);
    const bool first = !application.property(kThemeProperty).isValid();
    application.setProperty(kThemeProperty, QVariant::fromValue(theme));
    if (first) { // each of them goes through all widgets, and neither differs between the themes
        application.setStyle(new ThemeStyle);
        application.setFont(textFont());
    }
    application.setPalette(makePalette(theme));
    application.setStyleSheet(loadStyleSheet(theme));
}

Theme currentTheme() {
    const QVariant worn = qApp->property(kThemeProperty);
    return worn.isValid() ? worn.value<Theme>() : makeTheme(ThemeKind::dark);
}

QFont textFont(int pixels, QFont::Weight weight) {
    static const QString family = firstInstalled({"Inter"});
    return makeFont(family, pixels, weight);
}

QFont numberFont(int pixels, QFont::Weight weight) {
    static const QString family = firstInstalled({"Noto Sans", "DejaVu Sans"});
    return makeFont(family, pixels, weight);
}

} // namespace likeness
