#pragma once

#include "ui/theme.h"

#include <QProxyStyle>

namespace likeness {

// Fusion with our metrics. It also carries the theme, so that whoever paints by hand finds it.
class ThemeStyle : public QProxyStyle {
    Q_OBJECT

public:
    explicit ThemeStyle(const Theme& theme);

    const Theme& theme() const { return theme_; }

    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;

private:
    Theme theme_;
};

} // namespace likeness
