#include "app/application.h"
#include "tests/ui/studio_fixture.h"
#include "tests/ui/studio_walk.h"
#include "ui/canvas/picture_view.h"
#include "ui/dock_folding.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QDockWidget>
#include <QLabel>
#include <QSettings>
#include <QTabBar>

using namespace likeness;

namespace {

bool isOfQt(const QWidget& widget) {
    return widget.objectName().startsWith("qt_") || widget.inherits("QScrollBar") ||
           widget.inherits("QHeaderView");
}

// Something that a hand or a key does something to.
bool isControl(const QWidget& widget) {
    return (widget.focusPolicy() & Qt::TabFocus) != 0 || widget.inherits("QAbstractButton") ||
           widget.inherits("QLineEdit") || widget.inherits("QPlainTextEdit") ||
           widget.inherits("QComboBox") || widget.inherits("QAbstractSlider") ||
           widget.inherits("QAbstractItemView") || widget.inherits("QTabBar");
}

QString placeOf(const QWidget& widget) {
    const QString parent = widget.parentWidget() ? widget.parentWidget()->objectName() : QString();
    return QString("%1 %2 in %3")
        .arg(widget.metaObject()->className(), widget.objectName(), parent);
}

// What assistive tools are told of it that is not enough; empty: nothing.
QString unnamed(QWidget& widget) {
    QAccessibleInterface* told = QAccessible::queryAccessibleInterface(&widget);
    if (!told || told->role() == QAccessible::NoRole || told->role() == QAccessible::Client) {
        return "no role: " + placeOf(widget);
    }
    if (told->text(QAccessible::Name).trimmed().isEmpty()) {
        return "no name: " + placeOf(widget);
    }
    if (const auto* view = qobject_cast<const QAbstractItemView*>(&widget)) {
        for (int row = 0; row < view->model()->rowCount(); ++row) {
            const QModelIndex index = view->model()->index(row, 0);
            if (index.data(Qt::AccessibleTextRole).toString().isEmpty() &&
                index.data().toString().isEmpty()) {
                return QString("no name: row %1 of %2").arg(row).arg(placeOf(widget));
            }
        }
    }
    return {};
}

QDockWidget& dock(MainWindow& window, const char* name) {
    return *window.findChild<QDockWidget*>(QLatin1String(name));
}

void resizeTo(MainWindow& window, int width) {
    window.resize(width, 800);
    QCoreApplication::processEvents();
}

} // namespace

// How the window stands, and what those are told who cannot see it.
class TestLooks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void init() { applyTheme(*qApp, ThemeKind::dark); }

    void narrowWindowsFoldTheDocks();
    void whatAHandPlacedStays();
    void aDragShowsTheFoldedWell();
    void theLayoutIsRememberedUnfolded();
    void docksAreNeverNarrowerThanTheirRows();
    void everyControlHasARoleAndAName();
    void theFocusIsSeen_data();
    void theFocusIsSeen();
};

void TestLooks::initTestCase() {
    qputenv("LIKENESS_RESOURCES", LIKENESS_SOURCE_DIR "/resources");
}

void TestLooks::narrowWindowsFoldTheDocks() {
    StudioFixture studio;
    MainWindow& window = studio.window;
    QDockWidget& left = dock(window, "references_dock");
    QDockWidget& right = dock(window, "settings_dock");
    resizeTo(window, 1400);
    QCOMPARE(window.dockWidgetArea(&left), Qt::LeftDockWidgetArea);
    const int width = left.width();
    resizeTo(window, DockFolding::kNarrow - 1);
    QCOMPARE(window.tabifiedDockWidgets(&left), QList<QDockWidget*>{&right});
    QTRY_VERIFY(!isBehind(right) && isBehind(left));
    // The picture is the largest thing, down to the smallest window.
    for (const int narrow : {1200, 1100, 1024}) {
        resizeTo(window, narrow);
        QVERIFY2(window.view().width() > narrow / 2, qPrintable(QString::number(narrow)));
        QVERIFY(right.width() < window.view().width());
    }
    const auto* tabs = window.findChild<QTabBar*>("dock_tabs");
    QVERIFY(tabs && tabs->isVisible() && !tabs->accessibleName().isEmpty());
    resizeTo(window, 1400);
    QCOMPARE(window.dockWidgetArea(&left), Qt::LeftDockWidgetArea);
    QCOMPARE(window.dockWidgetArea(&right), Qt::RightDockWidgetArea);
    QTRY_COMPARE(left.width(), width);
}

void TestLooks::whatAHandPlacedStays() {
    StudioFixture studio;
    MainWindow& window = studio.window;
    QDockWidget& left = dock(window, "references_dock");
    QDockWidget& right = dock(window, "settings_dock");
    resizeTo(window, 1400);
    // Placed by hand while it was wide: not touched.
    window.addDockWidget(Qt::RightDockWidgetArea, &left);
    resizeTo(window, 1100);
    QCOMPARE(window.dockWidgetArea(&left), Qt::RightDockWidgetArea);
    QVERIFY(window.tabifiedDockWidgets(&left).isEmpty());
    window.addDockWidget(Qt::LeftDockWidgetArea, &left);
    resizeTo(window, 1000);
    QCOMPARE(window.dockWidgetArea(&left), Qt::LeftDockWidgetArea); // it did not get narrow anew
    resizeTo(window, 1400);
    // Placed by hand while it was folded: stays when it gets wide.
    resizeTo(window, 1100);
    QCOMPARE(window.tabifiedDockWidgets(&left), QList<QDockWidget*>{&right});
    window.addDockWidget(Qt::BottomDockWidgetArea, &left);
    resizeTo(window, 1400);
    QCOMPARE(window.dockWidgetArea(&left), Qt::BottomDockWidgetArea);
    // What is closed is no reason to move the other.
    window.addDockWidget(Qt::LeftDockWidgetArea, &left);
    left.close();
    resizeTo(window, 1100);
    QCOMPARE(window.dockWidgetArea(&left), Qt::LeftDockWidgetArea);
}

void TestLooks::aDragShowsTheFoldedWell() {
    StudioFixture studio;
    resizeTo(studio.window, 1100);
    QDockWidget& left = dock(studio.window, "references_dock");
    QTRY_VERIFY(isBehind(left));
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_VERIFY(!isBehind(left));
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
}

void TestLooks::theLayoutIsRememberedUnfolded() {
    QByteArray layout;
    {
        StudioFixture studio;
        resizeTo(studio.window, 1100);
        dock(studio.window, "library_dock").close();
        layout = studio.window.layoutState();
    }
    StudioFixture studio;
    resizeTo(studio.window, 1400);
    QVERIFY(studio.window.restoreState(layout));
    QDockWidget& left = dock(studio.window, "references_dock");
    QCOMPARE(studio.window.dockWidgetArea(&left), Qt::LeftDockWidgetArea);
    QVERIFY(studio.window.tabifiedDockWidgets(&left).isEmpty());
    QVERIFY(left.isVisible() && dock(studio.window, "settings_dock").isVisible());
    QVERIFY(dock(studio.window, "library_dock").isHidden());
}

void TestLooks::docksAreNeverNarrowerThanTheirRows() {
    StudioFixture studio;
    MainWindow& window = studio.window;
    resizeTo(window, 1400);
    QDockWidget& left = dock(window, "references_dock");
    QDockWidget& right = dock(window, "settings_dock");
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    window.resizeDocks({&left, &right}, {1, 1}, Qt::Horizontal);
    QCoreApplication::processEvents();
    for (const QDockWidget* each : {&left, &right}) {
        for (const QWidget* widget : each->findChildren<QWidget*>()) {
            const bool counts = widget->isVisible() && !isOfQt(*widget) &&
                                (isControl(*widget) || qobject_cast<const QLabel*>(widget));
            const int end = widget->mapTo(each, QPoint(widget->width(), 0)).x();
            QVERIFY2(!counts || end <= each->width(), qPrintable(QString("%1 ends at %2 of %3")
                                                                     .arg(placeOf(*widget))
                                                                     .arg(end)
                                                                     .arg(each->width())));
        }
    }
}

void TestLooks::everyControlHasARoleAndAName() {
    QTemporaryDir folder;
    QSettings store(folder.filePath("settings.ini"), QSettings::IniFormat);
    auto script = std::make_shared<FakeScript>();
    Application studio(*qApp, {.size = {1600, 1000}}, StudioFixture::fakeParts(script), store);
    QStringList missing;
    QSet<QString> met;
    walkStudio(studio, *script, [&](QWidget& window, const QString& where) {
        for (QWidget* widget : window.findChildren<QWidget*>()) {
            if (!widget->isVisibleTo(&window) || isOfQt(*widget) || !isControl(*widget)) {
                continue;
            }
            met << widget->objectName();
            if (const QString fault = unnamed(*widget); !fault.isEmpty()) {
                missing << where + ": " + fault;
            }
            if ((widget->focusPolicy() & Qt::TabFocus) == 0) {
                missing << where + ": not reachable by keyboard: " + placeOf(*widget);
            }
        }
    });
    missing.removeDuplicates();
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join('\n')));
    for (const char* made_later :
         {"lora_scale", "word_token", "word_chip", "guidance_range", "original_width", "prompt_2",
          "role", "paint_mask", "queue", "notice_action", "compare_view", "rung_strip",
          "pref_theme", "shortcut_list", "licences"}) {
        QVERIFY2(met.contains(QLatin1String(made_later)), made_later);
    }
}

void TestLooks::theFocusIsSeen_data() {
    QTest::addColumn<ThemeKind>("theme");
    QTest::newRow("dark") << ThemeKind::dark;
    QTest::newRow("light") << ThemeKind::light;
}

void TestLooks::theFocusIsSeen() {
    QFETCH(const ThemeKind, theme);
    applyTheme(*qApp, theme);
    StudioFixture studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
    studio.find<QAbstractButton>("open")->click();
    studio.session.request().edit([](GenerationRequest& request) {
        request.loras = {{.path = "film-lora.safetensors"}};
        request.textual_inversions = {{.path = "cat-word.pt"}};
    });
    studio.find<QAbstractButton>("lora_open")->click();
    studio.find<QAbstractButton>("fine_tuning_panel_head")->click();
    QTRY_VERIFY(studio.find<QAbstractButton>("word_chip"));
    QApplication::setActiveWindow(&studio.window);
    QWidget* away = studio.find<QWidget>("generate");
    int seen = 0;
    QStringList unseen;
    for (QWidget* widget : studio.window.findChildren<QWidget*>()) {
        const bool counts = (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisible() &&
                            widget->isEnabled() && !isOfQt(*widget) && widget != away;
        if (!counts) {
            continue;
        }
        away->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY(away->hasFocus());
        const QImage before = widget->grab().toImage();
        widget->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY2(widget->hasFocus(), qPrintable(placeOf(*widget)));
        if (widget->grab().toImage() == before) {
            unseen << placeOf(*widget);
        }
        ++seen;
    }
    QVERIFY2(unseen.isEmpty(), qPrintable(unseen.join('\n')));
    QVERIFY2(seen > 40, qPrintable(QString::number(seen)));
}

QTEST_MAIN(TestLooks)
#include "test_looks.moc"
