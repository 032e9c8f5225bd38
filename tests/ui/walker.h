#pragma once

#include "tests/ui/turn_meter.h"

#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <map>
#include <random>
#include <string>

class QAction;
class QDialog;
class QFileDialog;
class QMenu;
class QWidget;

namespace likeness {

class Application;

// Somebody who does everything in no order: whatever can be clicked, dragged, typed into or chosen
// in any window of the studio. The same seed begins the same way.
class Walker {
public:
    Walker(Application& studio, unsigned seed);

    // One action, the turns of the event loop after it, and an answer to whatever it opened.
    void step();

    // Turns of the event loop for that long.
    void rest(int milliseconds);

    void undo();
    void redo();

    // Another piece of work is about to be shown: the steps up to here go.
    std::function<void()> begins_anew{};

    TurnMeter meter{};
    std::map<std::string, int> done{};    // by kind of action
    std::map<std::string, int> touched{}; // by the name of what was used
    std::string last{};

private:
    std::size_t below(std::size_t count);
    int number(int from, int to);
    bool chance(int percent);
    QPoint placeIn(const QWidget& widget);
    QWidget* hand(); // the window that is worked in
    QWidget* any(const std::function<bool(QWidget*)>& wanted);
    template <typename Widget>
    Widget* any();
    void use(const char* verb, QWidget* widget, const std::function<void()>& act);
    void turns();

    void answerMenus();
    void answerDialogs();
    void answerFileDialog(QFileDialog& dialog);
    void chooseIn(QMenu& menu);

    void type();
    void erase();
    void clickButton();
    void clickWanted();
    void drag();
    void surface();
    void keys();
    void typeNumber();
    void choose();
    void list();
    void menuAction();
    void shortcut();
    void drop();
    void paste();
    void keyUndo();
    void generate();
    void stop();
    void library();
    void beginAnew();
    void saveProject();
    void restAWhile();

    Application& studio_;
    std::mt19937 random_;
    QTemporaryDir folder_;
    QStringList pictures_{};
    QStringList weights_{};
    QStringList projects_{};
};

} // namespace likeness
