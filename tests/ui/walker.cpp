#include "tests/ui/walker.h"

#include "app/application.h"
#include "tests/ui/studio_fixture.h"
#include "ui/model/session_keeper.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/slider_track.h"

#include <QAbstractButton>
#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QInputDialog>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPointer>
#include <QTabBar>
#include <QWheelEvent>

namespace likeness {

namespace {

// What is painted on, turned and dragged in other ways than a slider.
const QStringList kSurfaces{"PictureView",   "CompareView", "RungStrip",    "InfluenceView",
                            "MaskEditor",    "CropView",    "BlockWeights", "RangeSlider",
                            "ProgressStrip", "ImageTile",   "TradeOffPlot"};

// Buttons that lead on to other things, so that chance alone does not decide whether they are seen.
const QStringList kLeadOn{"open",
                          "paint_mask",
                          "mask_done",
                          "role",
                          "branch",
                          "vary",
                          "measure",
                          "show_influence",
                          "keep_winner",
                          "pause_queue",
                          "solo",
                          "mute",
                          "library_more",
                          "notice_action",
                          "notice_close",
                          "make_comparison",
                          "references_menu_button",
                          "samples_button",
                          "example",
                          "add_style",
                          "lora_open",
                          "lora_mute",
                          "lora_remove",
                          "word_chip",
                          "word_insert",
                          "word_remove",
                          "open_vae",
                          "open_model",
                          "fine_tuning_panel_head",
                          "offer_second_prompts"};

// These end the studio, hide what would be walked on, or have an action of their own.
const QStringList kNotTriggered{"quit", "view_panels", "new_project", "open_project"};

QString nameOf(const QMenu& menu) {
    return menu.objectName().isEmpty() ? menu.title() : menu.objectName();
}

QString className(const QWidget& widget) {
    return QString(widget.metaObject()->className()).section("::", -1);
}

} // namespace

Walker::Walker(Application& studio, unsigned seed) : studio_(studio), random_(seed) {
    for (int i = 0; i < 5; ++i) {
        QImage image(64, 48, QImage::Format_RGB888);
        image.fill(QColor::fromHsv(i * 60, 200, 200));
        pictures_ << folder_.filePath(QString("p%1.png").arg(i));
        image.save(pictures_.back());
    }
    pictures_ << folder_.filePath("words.png"); // which is no picture
    QFile words(pictures_.back());
    if (words.open(QIODevice::WriteOnly)) {
        words.write("words");
    }
    // Files of weights, which the studio of a walk knows by their names.
    for (const char* name :
         {"film-lora.safetensors", "old-lora-xl.safetensors", "cat-word.pt", "soft-vae.safetensors",
          "face-adapter.bin", "big-model-xl.safetensors", "damaged-lora.safetensors"}) {
        weights_ << folder_.filePath(QLatin1String(name));
    }
}

void Walker::step() {
    struct Action {
        const char* name = "";
        std::size_t weight = 1; // how often, of all weights
        void (Walker::*act)() = nullptr;
    };

    static const std::vector<Action> kActions = {{"type", 6, &Walker::type},
                                                 {"erase", 4, &Walker::erase},
                                                 {"click", 12, &Walker::clickButton},
                                                 {"lead on", 8, &Walker::clickWanted},
                                                 {"drag a slider", 7, &Walker::drag},
                                                 {"surface", 10, &Walker::surface},
                                                 {"keys", 8, &Walker::keys},
                                                 {"type a number", 5, &Walker::typeNumber},
                                                 {"choose", 4, &Walker::choose},
                                                 {"list", 5, &Walker::list},
                                                 {"menu", 6, &Walker::menuAction},
                                                 {"shortcut", 4, &Walker::shortcut},
                                                 {"drop", 4, &Walker::drop},
                                                 {"paste", 3, &Walker::paste},
                                                 {"undo", 7, &Walker::undo},
                                                 {"redo", 4, &Walker::redo},
                                                 {"key undo", 4, &Walker::keyUndo},
                                                 {"generate", 5, &Walker::generate},
                                                 {"stop", 2, &Walker::stop},
                                                 {"library", 5, &Walker::library},
                                                 {"begin anew", 1, &Walker::beginAnew},
                                                 {"save a project", 1, &Walker::saveProject},
                                                 {"rest", 4, &Walker::restAWhile}};
    std::size_t all = 0;
    for (const Action& action : kActions) {
        all += action.weight;
    }
    std::size_t chosen = below(all);
    const Action* action = kActions.data();
    while (chosen >= action->weight) {
        chosen -= (action++)->weight;
    }
    ++done[action->name];
    last = action->name;
    (this->*action->act)();
    turns();
    answerMenus();
    answerDialogs();
    if (!studio_.window().areDocksVisible() || chance(2)) {
        studio_.window().setDocksVisible(true);
    }
}

std::size_t Walker::below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

int Walker::number(int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random_);
}

bool Walker::chance(int percent) {
    return number(1, 100) <= percent;
}

QPoint Walker::placeIn(const QWidget& widget) {
    return {number(0, widget.width() - 1), number(0, widget.height() - 1)};
}

QWidget* Walker::hand() {
    QList<QWidget*> others;
    for (QWidget* window : QApplication::topLevelWidgets()) {
        if (window->isVisible() && window->windowType() == Qt::Window &&
            window != &studio_.window()) {
            others.append(window);
        }
    }
    return others.isEmpty() || chance(50)
               ? &studio_.window()
               : others[static_cast<qsizetype>(below(static_cast<std::size_t>(others.size())))];
}

QWidget* Walker::any(const std::function<bool(QWidget*)>& wanted) {
    QWidget* window = hand();
    QList<QWidget*> found;
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        if (widget->window() == window && widget->isVisible() && widget->isEnabled() &&
            widget->width() > 0 && widget->height() > 0 && wanted(widget)) {
            found.append(widget);
        }
    }
    return found.isEmpty()
               ? nullptr
               : found[static_cast<qsizetype>(below(static_cast<std::size_t>(found.size())))];
}

template <typename Widget>
Widget* Walker::any() {
    return static_cast<Widget*>(
        any([](QWidget* widget) { return qobject_cast<Widget*>(widget) != nullptr; }));
}

void Walker::use(const char* verb, QWidget* widget, const std::function<void()>& act) {
    QString name = widget->objectName();
    if (name.isEmpty()) {
        name = className(*widget);
    }
    ++touched[name.toStdString()];
    last = verb + std::string(" ") + name.toStdString();
    meter.measure(last, act);
}

// As the event loop of a program does.
void Walker::turns() {
    constexpr int kTurns = 3;
    for (int i = 0; i < kTurns; ++i) {
        meter.measure("after " + last, [] {
            QCoreApplication::processEvents();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        });
    }
}

void Walker::rest(int milliseconds) {
    QElapsedTimer clock;
    clock.start();
    last = "rest";
    do {
        turns();
        QThread::usleep(500);
    } while (clock.elapsed() < milliseconds);
}

void Walker::answerMenus() {
    for (int i = 0; i < 3; ++i) {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (!menu) {
            break;
        }
        chooseIn(*menu);
    }
    while (const QPointer<QWidget> popup = QApplication::activePopupWidget()) {
        QList<QAbstractButton*> buttons;
        for (auto* button : popup->findChildren<QAbstractButton*>()) {
            if (button->isVisible() && button->isEnabled()) {
                buttons.append(button);
            }
        }
        if (!buttons.isEmpty() && chance(70)) {
            auto* button = buttons[number(0, static_cast<int>(buttons.size()) - 1)];
            use("click", button, [button] { button->click(); });
            turns();
            continue;
        }
        popup->close();
        turns();
    }
}

void Walker::chooseIn(QMenu& menu) {
    QList<QAction*> actions;
    for (QAction* action : menu.actions()) {
        if (action->isEnabled() && action->isVisible() && !action->isSeparator()) {
            actions.append(action);
        }
    }
    if (actions.isEmpty() || chance(10)) {
        menu.close();
        return;
    }
    QAction* action =
        actions[static_cast<qsizetype>(below(static_cast<std::size_t>(actions.size())))];
    if (QMenu* sub = action->menu()) {
        Q_EMIT sub->aboutToShow();
        menu.close();
        chooseIn(*sub);
        return;
    }
    const std::string name =
        (action->objectName().isEmpty() ? "an action of " + nameOf(menu) : action->objectName())
            .toStdString();
    ++touched[name];
    last = "choose " + name;
    menu.close();
    meter.measure(last, [action] { action->trigger(); });
    turns();
}

void Walker::answerDialogs() {
    const QWidgetList there = QApplication::topLevelWidgets();
    const QList<QPointer<QWidget>> windows(there.begin(), there.end()); // some go as others close
    for (const QPointer<QWidget>& window : windows) {
        const QPointer<QDialog> dialog = qobject_cast<QDialog*>(window);
        if (!dialog || !dialog->isVisible()) {
            continue;
        }
        if (auto* files = qobject_cast<QFileDialog*>(window)) {
            answerFileDialog(*files);
        } else if (auto* words = qobject_cast<QInputDialog*>(window)) {
            words->setTextValue(QString("name & %1").arg(number(1, 3)));
            use("answer", words, [words] { words->accept(); });
        } else {
            QList<QAbstractButton*> buttons;
            for (auto* button : dialog->findChildren<QAbstractButton*>()) {
                if (button->isVisible() && button->isEnabled()) {
                    buttons.append(button);
                }
            }
            auto* button = buttons.value(number(0, static_cast<int>(buttons.size())), nullptr);
            if (button) {
                use("click", button, [button] { button->click(); });
                turns();
            }
            if (dialog && (!button || chance(50))) {
                dialog->close();
            }
        }
        turns();
    }
    // Those that stay open are closed after a while.
    for (const QPointer<QWidget>& window : windows) {
        if (window && window->isVisible() && window->windowType() == Qt::Window &&
            window != &studio_.window() && chance(20)) {
            use("close", window, [window] { window->close(); });
            turns();
            return;
        }
    }
}

void Walker::answerFileDialog(QFileDialog& dialog) {
    QStringList files{pictures_[number(0, static_cast<int>(pictures_.size()) - 1)]};
    if (dialog.acceptMode() == QFileDialog::AcceptSave) {
        const QString ending = dialog.defaultSuffix();
        files = {folder_.filePath(QString("saved %1.%2").arg(number(1, 3)).arg(ending))};
        if (ending == "likeness") {
            projects_ << files;
        }
    } else if (dialog.nameFilters().join(' ').contains(QLatin1String("safetensors"))) {
        files = {weights_[number(0, static_cast<int>(weights_.size()) - 1)]};
    } else if (dialog.fileMode() == QFileDialog::Directory) {
        files = {folder_.path()};
    }
    if (chance(80)) {
        use("answer", &dialog, [&dialog, &files] {
            Q_EMIT dialog.fileSelected(files.front());
            Q_EMIT dialog.filesSelected(files);
        });
    }
    dialog.reject();
}

void Walker::type() {
    QWidget* field = any([](QWidget* widget) {
        return qobject_cast<QPlainTextEdit*>(widget) ||
               (qobject_cast<QLineEdit*>(widget) && !qobject_cast<NumberField*>(widget));
    });
    if (field) {
        use("type", field, [&] {
            field->setFocus();
            const char letter = chance(80) ? static_cast<char>('a' + number(0, 25)) : '1';
            QTest::keyClicks(field, QString(QChar(letter)) + (chance(20) ? "," : " "));
        });
    }
}

void Walker::erase() {
    QWidget* field = any([](QWidget* widget) {
        return qobject_cast<QPlainTextEdit*>(widget) || qobject_cast<QLineEdit*>(widget);
    });
    if (field) {
        use("erase", field, [&] {
            field->setFocus();
            QTest::keyClick(field, Qt::Key_Backspace,
                            chance(60) ? Qt::NoModifier : Qt::ControlModifier);
        });
    }
}

void Walker::clickButton() {
    if (auto* button = any<QAbstractButton>()) {
        use("click", button, [button] { QTest::mouseClick(button, Qt::LeftButton); });
    }
}

void Walker::clickWanted() {
    QWidget* button = any([](QWidget* widget) { return kLeadOn.contains(widget->objectName()); });
    if (button) {
        use("click", button, [button] { QTest::mouseClick(button, Qt::LeftButton); });
    }
}

void Walker::drag() {
    if (auto* track = any<SliderTrack>()) {
        use("drag", track, [&] {
            QTest::mousePress(track, Qt::LeftButton, {}, placeIn(*track));
            for (int i = number(0, 5); i > 0; --i) {
                QTest::mouseMove(track, placeIn(*track));
            }
            QTest::mouseRelease(track, Qt::LeftButton, {}, placeIn(*track));
        });
    }
}

void Walker::surface() {
    QWidget* widget = any([](QWidget* each) {
        return kSurfaces.contains(className(*each)) || qobject_cast<QTabBar*>(each);
    });
    if (!widget) {
        return;
    }
    const Qt::KeyboardModifiers held = chance(80)   ? Qt::NoModifier
                                       : chance(50) ? Qt::AltModifier
                                                    : Qt::ShiftModifier;
    switch (number(0, 4)) {
    case 0: {
        const QPoint turned(0, chance(50) ? 120 : -120);
        const QPoint place = placeIn(*widget);
        use("wheel", widget, [&] {
            QWheelEvent wheel(place, widget->mapToGlobal(place), {}, turned, Qt::NoButton, held,
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(widget, &wheel);
        });
        return;
    }
    case 1:
        return use("double click", widget,
                   [&] { QTest::mouseDClick(widget, Qt::LeftButton, held, placeIn(*widget)); });
    default: {
        const Qt::MouseButton button = chance(85) ? Qt::LeftButton : Qt::RightButton;
        use("press", widget, [&] { QTest::mousePress(widget, button, held, placeIn(*widget)); });
        for (int i = number(0, 5); i > 0; --i) {
            use("move over", widget, [&] { QTest::mouseMove(widget, placeIn(*widget)); });
        }
        return use("release", widget,
                   [&] { QTest::mouseRelease(widget, button, held, placeIn(*widget)); });
    }
    }
}

void Walker::keys() {
    static const std::vector<Qt::Key> kKeys = {Qt::Key_Left,
                                               Qt::Key_Right,
                                               Qt::Key_Up,
                                               Qt::Key_Down,
                                               Qt::Key_Home,
                                               Qt::Key_End,
                                               Qt::Key_PageUp,
                                               Qt::Key_PageDown,
                                               Qt::Key_Space,
                                               Qt::Key_Return,
                                               Qt::Key_Tab,
                                               Qt::Key_Escape,
                                               Qt::Key_0,
                                               Qt::Key_1,
                                               Qt::Key_3,
                                               Qt::Key_W,
                                               Qt::Key_B,
                                               Qt::Key_BracketLeft,
                                               Qt::Key_BracketRight,
                                               Qt::Key_Plus,
                                               Qt::Key_Minus,
                                               Qt::Key_X,
                                               Qt::Key_D};
    QWidget* widget = chance(50)
                          ? QApplication::focusWidget()
                          : any([](QWidget* each) { return each->focusPolicy() != Qt::NoFocus; });
    if (widget && qobject_cast<QAbstractButton*>(widget) == nullptr) {
        const Qt::Key key = kKeys[below(kKeys.size())];
        use("key", widget, [&] {
            widget->setFocus();
            QTest::keyClick(widget, key, chance(85) ? Qt::NoModifier : Qt::ShiftModifier);
        });
    }
}

void Walker::typeNumber() {
    if (auto* field = any<NumberField>()) {
        const bool pictures = field->objectName().contains("num_images");
        use("type a number", field, [&] {
            field->setFocus();
            field->selectAll();
            QTest::keyClicks(field, QString::number(pictures ? number(1, 3) : 4 * number(1, 20)));
            if (chance(50)) {
                QTest::keyClick(field, Qt::Key_Return);
            }
        });
    }
}

void Walker::choose() {
    if (auto* box = any<ChoiceBox>()) {
        use("choose", box, [&] {
            box->setFocus();
            QTest::keyClick(box, chance(50) ? Qt::Key_Down : Qt::Key_Up);
        });
    }
}

void Walker::list() {
    auto* view = any<QAbstractItemView>();
    const int rows = view && view->model() ? view->model()->rowCount() : 0;
    if (rows == 0) {
        return;
    }
    const QModelIndex row = view->model()->index(number(0, rows - 1), 0);
    view->scrollTo(row);
    const QPoint place = view->visualRect(row).center();
    const Qt::KeyboardModifiers held = chance(70) ? Qt::NoModifier : Qt::ControlModifier;
    use("click in", view,
        [&] { QTest::mouseClick(view->viewport(), Qt::LeftButton, held, place); });
    switch (number(0, 5)) {
    case 0:
        return use("context menu of", view, [&] {
            QContextMenuEvent asked(QContextMenuEvent::Mouse, place,
                                    view->viewport()->mapToGlobal(place));
            QApplication::sendEvent(view->viewport(), &asked);
        });
    case 1:
        return use("stars in", view,
                   [&] { QTest::keyClick(view, static_cast<Qt::Key>(Qt::Key_0 + number(0, 5))); });
    case 2:
        return use("delete in", view, [&] { QTest::keyClick(view, Qt::Key_Delete); });
    case 3:
        return use("move in", view, [&] {
            QTest::keyClick(view, chance(50) ? Qt::Key_Up : Qt::Key_Down, Qt::AltModifier);
        });
    case 4:
        return use("enter in", view, [&] { QTest::keyClick(view, Qt::Key_Return); });
    default:
        return;
    }
}

void Walker::menuAction() {
    QList<QMenu*> menus;
    for (QAction* head : studio_.window().menuBar()->actions()) {
        menus.append(head->menu());
    }
    QMenu* menu = menus[number(0, static_cast<int>(menus.size()) - 1)];
    meter.measure("open the menu " + menu->objectName().toStdString(),
                  [menu] { Q_EMIT menu->aboutToShow(); });
    QList<QAction*> actions = menu->actions();
    actions.removeIf([](const QAction* action) {
        return action->isSeparator() || !action->isEnabled() ||
               kNotTriggered.contains(action->objectName());
    });
    if (actions.isEmpty()) {
        return;
    }
    QAction* action = actions[number(0, static_cast<int>(actions.size()) - 1)];
    if (QMenu* sub = action->menu()) {
        meter.measure("open the menu " + sub->objectName().toStdString(),
                      [sub] { Q_EMIT sub->aboutToShow(); });
        if (sub->objectName() == "open_recent") {
            return beginAnew();
        }
        return chooseIn(*sub);
    }
    ++touched[action->objectName().toStdString()];
    last = "trigger " + action->objectName().toStdString();
    meter.measure(last, [action] { action->trigger(); });
}

void Walker::shortcut() {
    QList<QAction*> actions = studio_.window().findChildren<QAction*>();
    actions.removeIf([](const QAction* action) {
        return action->shortcut().isEmpty() || kNotTriggered.contains(action->objectName());
    });
    QAction* action = actions[number(0, static_cast<int>(actions.size()) - 1)];
    const QKeyCombination keys = action->shortcut()[0];
    QWidget* field = QApplication::focusWidget();
    if (field && field->window() == &studio_.window()) {
        ++touched["key of " + action->objectName().toStdString()];
        last = "key of " + action->objectName().toStdString();
        meter.measure(last, [&] { QTest::keyClick(field, keys.key(), keys.keyboardModifiers()); });
    }
}

void Walker::drop() {
    QStringList files;
    for (int i = number(1, 3); i > 0; --i) {
        const QStringList& from = chance(75) ? pictures_ : weights_;
        files << from[number(0, static_cast<int>(from.size()) - 1)];
    }
    QWidget& window = studio_.window();
    const QPoint place = chance(75) ? QPoint(40, window.height() / 2) : window.rect().center();
    use("drop on", &window, [&] { dropFiles(window, files, place); });
}

void Walker::paste() {
    QImage image(16, 16, QImage::Format_RGB888);
    image.fill(QColor::fromHsv(number(0, 359), 255, 200));
    QApplication::clipboard()->setImage(image);
    use("paste into", &studio_.window(), [this] { studio_.window().paste(); });
}

void Walker::undo() {
    if (auto* button = studio_.window().findChild<QAbstractButton*>("undo_button")) {
        last = "undo " + studio_.session().edits().stack().undoText().toStdString();
        meter.measure(last, [button] { button->click(); });
        turns();
    }
}

void Walker::redo() {
    if (auto* button = studio_.window().findChild<QAbstractButton*>("redo_button")) {
        last = "redo " + studio_.session().edits().stack().redoText().toStdString();
        meter.measure(last, [button] { button->click(); });
        turns();
    }
}

void Walker::keyUndo() {
    if (QWidget* field = QApplication::focusWidget()) {
        use("key undo in", field, [&] {
            QTest::keyClick(field, Qt::Key_Z,
                            chance(60) ? Qt::ControlModifier
                                       : Qt::ControlModifier | Qt::ShiftModifier);
        });
    }
}

void Walker::generate() {
    use("generate in", &studio_.window(), [this] { studio_.window().generate(); });
}

void Walker::stop() {
    use("stop in", &studio_.window(), [this] { studio_.session().stop(); });
}

void Walker::library() {
    PictureLibrary& pictures = studio_.session().library();
    if (pictures.rowCount() == 0) {
        return;
    }
    const PictureId id = pictures.idAt(number(0, pictures.rowCount() - 1));
    switch (number(0, 2)) {
    case 0:
        return use("settings back in", &studio_.window(),
                   [&] { studio_.session().useSettingsOfPicture(id); });
    case 1:
        return use("picture as reference in", &studio_.window(),
                   [&] { studio_.session().addAsReferences({id}); });
    default:
        return use("show a picture in", &studio_.window(), [&] { studio_.session().show(id); });
    }
}

// A new project, or one that was saved. Only now and then: the steps up to here are gone after it.
void Walker::beginAnew() {
    if (!chance(20)) {
        return;
    }
    const auto idle = [this] { return !studio_.session().references().isReading(); };
    for (int i = 0; i < 1000 && !idle(); ++i) {
        rest(5);
    }
    begins_anew();
    SessionKeeper& keeper = *studio_.session().keeper();
    if (projects_.isEmpty() || chance(50)) {
        use("new project in", &studio_.window(), [&] { keeper.startNew(); });
    } else {
        const QString file = projects_[number(0, static_cast<int>(projects_.size()) - 1)];
        use("open a project in", &studio_.window(), [&] { keeper.open(file); });
    }
    rest(50);
}

void Walker::saveProject() {
    const QString file = folder_.filePath(QString("mugs %1.likeness").arg(number(1, 3)));
    use("save a project in", &studio_.window(), [&] { studio_.session().keeper()->save(file); });
    for (int i = 0; i < 1000 && !QFile::exists(file); ++i) {
        rest(5);
    }
    if (!projects_.contains(file)) {
        projects_ << file;
    }
}

void Walker::restAWhile() {
    rest(number(1, 30));
}

} // namespace likeness
