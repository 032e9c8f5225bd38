#pragma once

#include <QStringList>

#include <functional>

class QApplication;
class QWidget;

namespace likeness::test {

// Lets the window go on until that is so; false: it was not within minutes.
bool waitFor(const std::function<bool()>& wanted);

void rest(int milliseconds = 80);

// Pictures of windows as files: NAME-THEME-SUFFIX.png.
class Album {
public:
    // `arguments`: the program, FOLDER, SUFFIX, THEME...
    Album(QApplication& application, const QStringList& arguments)
        : application_(application), folder_(arguments[1]), suffix_(arguments[2]),
          themes_(arguments.mid(3)) {}

    // Of one moment, with the menus that are open: nothing that the worker tells comes between the
    // themes.
    void take(const QString& name, QWidget& window);

    // Tells what is not so.
    void check(bool good, const QString& what);

    bool isGood() const { return good_; }

private:
    QApplication& application_;
    QString folder_;
    QString suffix_;
    QStringList themes_;
    bool good_ = true;
};

} // namespace likeness::test
