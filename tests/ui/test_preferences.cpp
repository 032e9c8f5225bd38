#include "app/application.h"
#include "app/log.h"
#include "tests/ui/fake_runner.h"
#include "ui/about_window.h"
#include "ui/main_window.h"
#include "ui/preferences_window.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace likeness;

namespace {

// As a hand chooses: the entry of these words.
void choose(ChoiceBox* box, const QString& words) {
    const int index = box->findText(words);
    QVERIFY2(index >= 0, qPrintable(words));
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
}

QTreeWidgetItem* line(const QWidget& shortcuts, const QString& name) {
    const auto* list = shortcuts.findChild<QTreeWidget*>("shortcut_list");
    for (int row = 0; row < list->topLevelItemCount(); ++row) {
        if (list->topLevelItem(row)->data(0, Qt::UserRole).toString() == name) {
            return list->topLevelItem(row);
        }
    }
    return nullptr;
}

} // namespace

// What is told the program once: preferences and shortcuts; and what it says of itself.
class TestPreferences : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aChangeCountsAtOnceAndIsRemembered();
    void aThemeOfTheMenuIsNotTakenBack();
    void placementGoesIntoEveryRequest();
    void modelsOfTheFoldersAreOffered();
    void shortcutsAreTypedAnewAndRemembered();
    void noShortcutIsGivenTwice();
    void everyShortcutIsListedOnce();
    void shortcutsAreFound();
    void theLicencesAreThere();
    void theLogKeepsWhatFailedAndNoPrompt();
    void aLineSaysHowToAddAModel();

private:
    SessionParts parts() const {
        return {.make_runner = [script = script_] { return std::make_unique<FakeRunner>(script); },
                .devices = {"cpu", "cuda:0"}};
    }

    // Opens the window that this action opens.
    static QWidget* open(const Application& studio, const char* action, const char* window) {
        auto& main = const_cast<Application&>(studio).window();
        main.findChild<QAction*>(QLatin1String(action))->trigger();
        return main.findChild<QWidget*>(QLatin1String(window));
    }

    std::shared_ptr<FakeScript> script_ = std::make_shared<FakeScript>();
    QTemporaryDir folder_;
};

void TestPreferences::initTestCase() {
    qputenv("LIKENESS_RESOURCES", folder_.path().toUtf8());
    QVERIFY(QDir(folder_.path()).mkpath("starter/samples"));
}

void TestPreferences::aChangeCountsAtOnceAndIsRemembered() {
    QSettings store(folder_.filePath("a.ini"), QSettings::IniFormat);
    {
        Application studio(*qApp, {}, parts(), store);
        studio.start();
        QWidget* window = open(studio, "preferences_action", "preferences");
        QVERIFY(window && window->isVisible() && !window->isModal());
        QCOMPARE(currentTheme().kind, ThemeKind::dark);
        choose(window->findChild<ChoiceBox*>("pref_theme"), "Light");
        QCOMPARE(currentTheme().kind, ThemeKind::light);
        choose(window->findChild<ChoiceBox*>("pref_language"), "Deutsch");
        choose(window->findChild<ChoiceBox*>("pref_dtype"), "float32");
    }
    Application studio(*qApp, {}, parts(), store);
    QCOMPARE(currentTheme().kind, ThemeKind::light);
    QWidget* window = open(studio, "preferences_action", "preferences");
    QCOMPARE(window->findChild<ChoiceBox*>("pref_language")->currentText(), QString("Deutsch"));
    QCOMPARE(window->findChild<ChoiceBox*>("pref_dtype")->currentText(), QString("float32"));
}

void TestPreferences::aThemeOfTheMenuIsNotTakenBack() {
    QSettings store(folder_.filePath("theme.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    studio.start();
    QWidget* window = open(studio, "preferences_action", "preferences");
    Q_EMIT studio.window().themeRequested(ThemeKind::light);
    QCOMPARE(window->findChild<ChoiceBox*>("pref_theme")->currentText(), QString("Light"));
    Q_EMIT window->findChild<NumberField*>("pref_threads")->edited(3); // another change there
    QCOMPARE(currentTheme(), makeTheme(ThemeKind::light));
    QCOMPARE(loadSettings(store).preferences.theme, Preferences::Theme::light);
    choose(window->findChild<ChoiceBox*>("pref_theme"), "Dark");
    QMenu* menu = studio.window().findChild<QMenu*>("&View")->actions().back()->menu();
    Q_EMIT menu->aboutToShow();
    QVERIFY(menu->actions().front()->isChecked()); // and the menu follows the preferences
    QCOMPARE(open(studio, "preferences_action", "preferences"), window); // there is one
    QCOMPARE(studio.window().findChildren<QWidget*>("preferences").size(), 1);
}

void TestPreferences::placementGoesIntoEveryRequest() {
    QSettings store(folder_.filePath("b.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    studio.start();
    QCOMPARE(studio.session().currentRequest().device, std::string());
    QWidget* window = open(studio, "preferences_action", "preferences");
    choose(window->findChild<ChoiceBox*>("pref_device"), "CUDA:0");
    auto* threads = window->findChild<NumberField*>("pref_threads");
    threads->setFocus();
    QTest::keyClick(threads, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(threads, "3");
    QTest::keyClick(threads, Qt::Key_Return);
    QCOMPARE(studio.session().currentRequest().device, std::string("cuda:0"));
    QCOMPARE(studio.session().currentRequest().threads, 3);
    choose(window->findChild<ChoiceBox*>("pref_autosave"), "The project's file too");
    QVERIFY(loadSettings(store).preferences.saves_project);
    // A picture from a machine with other devices is made on one that is here.
    choose(window->findChild<ChoiceBox*>("pref_device"), "Best present");
    GenerationRequest foreign = studio.session().currentRequest();
    foreign.device = "cuda:7";
    studio.session().useSettings(foreign);
    QCOMPARE(studio.session().currentRequest().device, std::string());
}

void TestPreferences::modelsOfTheFoldersAreOffered() {
    const QDir models(folder_.filePath("models"));
    QVERIFY(models.mkpath("one") && models.mkpath("not_one"));
    QFile index(models.filePath("one/model_index.json"));
    QVERIFY(index.open(QIODevice::WriteOnly));
    index.close();
    QSettings store(folder_.filePath("c.ini"), QSettings::IniFormat);
    store.setValue("model_folders", QStringList{models.path(), "/not/there"});
    Application studio(*qApp, {}, parts(), store);
    const auto* box = studio.window().findChild<ChoiceBox*>("model");
    QVERIFY(box->findData(models.filePath("one")) >= 0);
    QVERIFY(box->findData(models.filePath("not_one")) < 0);
    QWidget* window = open(studio, "preferences_action", "preferences");
    auto* folders = window->findChild<QListWidget*>("pref_model_folders");
    QCOMPARE(folders->count(), 2);
    folders->setCurrentRow(0);
    QTest::mouseClick(window->findChild<QWidget*>("pref_remove_folder"), Qt::LeftButton);
    QCOMPARE(folders->count(), 1);
    QVERIFY(box->findData(models.filePath("one")) < 0);
    // On the lowest screen nothing lies over it.
    window->resize(window->width(), 1);
    QApplication::processEvents();
    const auto* note = window->findChild<QLabel*>("pref_folders_note");
    QVERIFY(folders->geometry().bottom() < note->geometry().top());
    QVERIFY(note->height() >= note->heightForWidth(note->width()));
}

void TestPreferences::shortcutsAreTypedAnewAndRemembered() {
    QSettings store(folder_.filePath("d.ini"), QSettings::IniFormat);
    {
        Application studio(*qApp, {}, parts(), store);
        QWidget* window = open(studio, "shortcuts_action", "shortcuts");
        QVERIFY(window && window->isVisible());
        auto* list = window->findChild<QTreeWidget*>("shortcut_list");
        list->setCurrentItem(line(*window, "another_seed"));
        auto* keys = window->findChild<QKeySequenceEdit*>("shortcut_keys");
        keys->setKeySequence(QKeySequence("Ctrl+Alt+K"));
        Q_EMIT keys->editingFinished();
        list->setCurrentItem(line(*window, "variations"));
        QTest::mouseClick(window->findChild<QWidget*>("shortcut_none"), Qt::LeftButton);
    }
    Application studio(*qApp, {}, parts(), store);
    const auto* seed = studio.window().findChild<QAction*>("another_seed");
    const auto* variations = studio.window().findChild<QAction*>("variations");
    QCOMPARE(seed->shortcut(), QKeySequence("Ctrl+Alt+K"));
    QVERIFY(variations->shortcut().isEmpty());
    QWidget* window = open(studio, "shortcuts_action", "shortcuts");
    QTest::mouseClick(window->findChild<QWidget*>("shortcut_all_own"), Qt::LeftButton);
    QCOMPARE(seed->shortcut(), QKeySequence("Ctrl+D"));
    QCOMPARE(variations->shortcut(), QKeySequence("Ctrl+Shift+V"));
}

void TestPreferences::noShortcutIsGivenTwice() {
    QSettings store(folder_.filePath("e.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    QWidget* window = open(studio, "shortcuts_action", "shortcuts");
    window->findChild<QTreeWidget*>("shortcut_list")->setCurrentItem(line(*window, "another_seed"));
    auto* keys = window->findChild<QKeySequenceEdit*>("shortcut_keys");
    keys->setKeySequence(QKeySequence("Ctrl+Return"));
    Q_EMIT keys->editingFinished();
    QVERIFY(window->findChild<QLabel*>("shortcut_problem")->text().contains("Generate"));
    QCOMPARE(studio.window().findChild<QAction*>("another_seed")->shortcut(),
             QKeySequence("Ctrl+D"));
}

// Only what the menus hold, each once: no card's roles, however many cards there are.
void TestPreferences::everyShortcutIsListedOnce() {
    QSettings store(folder_.filePath("once.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    QImage image(8, 8, QImage::Format_RGB888);
    image.fill(Qt::red);
    studio.session().addPictures(
        {.sources = {{.name = "a", .image = image}, {.name = "b", .image = image}}});
    QTRY_VERIFY(studio.session().references().rowCount() >= 2);
    const QWidget* window = open(studio, "shortcuts_action", "shortcuts");
    const auto* list = window->findChild<QTreeWidget*>("shortcut_list");
    QSet<QString> names;
    QSet<QString> lines;
    for (int row = 0; row < list->topLevelItemCount(); ++row) {
        const QTreeWidgetItem* item = list->topLevelItem(row);
        const QString name = item->data(0, Qt::UserRole).toString();
        QVERIFY2(!name.startsWith("role_") && !names.contains(name), qPrintable(name));
        const QString words = item->text(2) + '/' + item->text(0);
        QVERIFY2(!lines.contains(words), qPrintable(words));
        names << name;
        lines << words;
    }
    for (const char* wanted : {"undo", "generate_now", "make_ladder", "library_dock_shown"}) {
        QVERIFY2(names.contains(QLatin1String(wanted)), wanted);
    }
}

void TestPreferences::shortcutsAreFound() {
    QSettings store(folder_.filePath("f.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    QWidget* window = open(studio, "shortcuts_action", "shortcuts");
    window->findChild<QLineEdit*>("shortcut_search")->setText("ANOTHER s");
    QVERIFY(!line(*window, "another_seed")->isHidden());
    QVERIFY(line(*window, "variations")->isHidden());
    window->findChild<QLineEdit*>("shortcut_search")->setText("ctrl+shift+v");
    QVERIFY(!line(*window, "variations")->isHidden());
    QVERIFY(line(*window, "another_seed")->isHidden());
}

void TestPreferences::theLicencesAreThere() {
    QSettings store(folder_.filePath("g.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    QWidget* window = open(studio, "about", "about_window");
    const QString text = window->findChild<QPlainTextEdit*>("licences")->toPlainText();
    QVERIFY(text.contains("libtorch") && text.contains("LGPL"));
}

void TestPreferences::theLogKeepsWhatFailedAndNoPrompt() {
    const QString logs = folder_.filePath("data/logs");
    openLog(logs.toStdU16String());
    QSettings store(folder_.filePath("h.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    studio.start();
    script_->fails_while_denoising = true;
    studio.session().request().edit(
        [](GenerationRequest& request) { request.prompt = "my secret mug"; });
    studio.window().generate();
    QFile log(logs + "/likeness-studio.log");
    const auto read = [&log] {
        const bool is_open = log.open(QIODevice::ReadOnly);
        const QByteArray all = is_open ? log.readAll() : QByteArray();
        log.close();
        return all;
    };
    QTRY_VERIFY(read().contains("allocator")); // the detail behind the message
    script_->fails_while_denoising = false;
    const QByteArray text = read();
    QVERIFY(!text.contains("secret"));
}

void TestPreferences::aLineSaysHowToAddAModel() {
    QSettings store(folder_.filePath("i.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    studio.start();
    auto* hint = studio.window().findChild<QWidget*>("first_model_hint");
    QVERIFY(hint->isVisible());
    studio.window().setModels({"starter", "/models/mine"});
    QVERIFY(!hint->isVisible());
}

QTEST_MAIN(TestPreferences)
#include "test_preferences.moc"
