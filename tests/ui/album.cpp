#include "tests/ui/album.h"

#include "ui/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>
#include <QPixmap>
#include <QWidget>

#include <cstdio>

namespace likeness::test {

namespace {

// The window with the menus that are open over it.
QPixmap pictureOf(QWidget& window) {
    QPixmap whole = window.grab();
    QPainter painter(&whole);
    for (QWidget* other : QApplication::topLevelWidgets()) {
        if (other->isVisible() && other->windowType() == Qt::Popup) {
            painter.drawPixmap(other->pos() - window.mapToGlobal(QPoint()), other->grab());
        }
    }
    return whole;
}

} // namespace

bool waitFor(const std::function<bool()>& wanted) {
    constexpr int kLongest = 300000; // ms, on a machine that does other things too
    QElapsedTimer clock;
    clock.start();
    while (!wanted() && clock.elapsed() < kLongest) {
        QApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    return wanted();
}

void rest(int milliseconds) {
    QElapsedTimer clock;
    clock.start();
    waitFor([&] { return clock.elapsed() > milliseconds; });
    QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // no event loop does it here
}

void Album::take(const QString& name, QWidget& window) {
    for (const QString& theme : themes_) {
        applyTheme(application_, theme == "dark" ? ThemeKind::dark : ThemeKind::light);
        QApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        const QString file = QString("%1/%2-%3-%4.png").arg(folder_, name, theme, suffix_);
        check(pictureOf(window).save(file), file);
    }
}

void Album::check(bool good, const QString& what) {
    if (!good) {
        std::fprintf(stderr, "likeness-screenshots: not so: %s\n", qPrintable(what));
        good_ = false;
    }
}

} // namespace likeness::test
