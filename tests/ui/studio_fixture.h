#pragma once

#include "tests/ui/fake_files.h"
#include "tests/ui/fake_runner.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/notice_list.h"
#include "ui/theme.h"

#include <QApplication>
#include <QDir>
#include <QDropEvent>
#include <QImage>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <memory>

namespace likeness {

// Drops files at that place of the window, as a file manager does.
inline void dropFiles(QWidget& window, const QStringList& paths, const QPoint& at) {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& path : paths) {
        urls << QUrl::fromLocalFile(path);
    }
    data.setUrls(urls);
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
}

// A whole window over the fake runner, with a folder for files.
struct StudioFixture {
    explicit StudioFixture(std::shared_ptr<FakeScript> with = std::make_shared<FakeScript>())
        : StudioFixture(fakeParts(with)) {
        script = std::move(with);
    }

    explicit StudioFixture(SessionParts parts) : session(std::move(parts)), window(session) {
        window.resize(1280, 800);
        window.show();
        session.start();
    }

    static SessionParts fakeParts(const std::shared_ptr<FakeScript>& script) {
        return {.make_runner = [script] { return std::make_unique<FakeRunner>(script); },
                .model_traits = fakeTraits,
                .look_at_file = fakeLook};
    }

    ~StudioFixture() { session.shutDown(); }

    // Writes a picture of one colour and gives its path.
    QString picture(const QString& name, const QColor& color, QSize size = {64, 64}) const {
        QImage image(size, QImage::Format_RGB888);
        image.fill(color);
        image.save(folder.filePath(name));
        return folder.filePath(name);
    }

    template <typename Widget>
    Widget* find(const QString& name) const {
        return window.findChild<Widget*>(name);
    }

    void drop(const QStringList& paths, const QPoint& at) { dropFiles(window, paths, at); }

    QPoint onReferences() const { return {40, window.height() / 2}; }

    QPoint onCanvas() const { return window.rect().center(); }

    bool isIdle() { return session.run().progress().phase == RunProgress::Phase::idle; }

    std::shared_ptr<FakeScript> script{};
    QTemporaryDir folder;
    Session session;
    MainWindow window;
};

} // namespace likeness
