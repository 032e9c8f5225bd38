// A window of another program from which a picture file is dragged: drag-source FILE.

#include <QApplication>
#include <QDrag>
#include <QMimeData>
#include <QMouseEvent>
#include <QUrl>
#include <QWidget>

namespace {

class Source : public QWidget {
public:
    explicit Source(const QString& file) : file_(file) {
        setWindowTitle(QStringLiteral("drag-source"));
        resize(120, 120);
    }

protected:
    void mousePressEvent(QMouseEvent* event) override { pressed_ = event->pos(); }

    void mouseMoveEvent(QMouseEvent* event) override {
        if ((event->pos() - pressed_).manhattanLength() < QApplication::startDragDistance()) {
            return;
        }
        auto* dragged = new QMimeData;
        dragged->setUrls({QUrl::fromLocalFile(file_)});
        auto* drag = new QDrag(this);
        drag->setMimeData(dragged);
        drag->exec(Qt::CopyAction);
    }

private:
    QString file_;
    QPoint pressed_{};
};

} // namespace

int main(int argc, char* argv[]) {
    QApplication application(argc, argv);
    Source source(QString::fromLocal8Bit(argc > 1 ? argv[1] : ""));
    source.show();
    return QApplication::exec();
}
