#include "app/application.h"
#include "app/language.h"
#include "core/request/model_folder.h"
#include "tests/ui/studio_fixture.h"
#include "tests/ui/studio_walk.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/model/words.h"
#include "ui/panels/notice_list.h"
#include "ui/widgets/menu_button.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QProcess>
#include <QRegularExpression>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <functional>

using namespace likeness;

namespace {

constexpr QSize kWide(1600, 1000);
constexpr QSize kNarrow(1024, 768);

const QString kFile = QStringLiteral(LIKENESS_SOURCE_DIR "/resources/translations/likeness_de.ts");

struct Text {
    QString context{};
    QString source{};
    QString german{};
    bool finished = false;
};

QList<Text> texts() {
    QList<Text> all;
    QFile file(kFile);
    if (!file.open(QIODevice::ReadOnly)) {
        return all;
    }
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        if (xml.name() == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (xml.name() == QLatin1String("source")) {
            all.append({.context = context, .source = xml.readElementText()});
        } else if (xml.name() == QLatin1String("translation")) {
            all.last().finished = !xml.attributes().hasAttribute("type");
            all.last().german = xml.readElementText();
        }
    }
    return all;
}

// What has to be the same in both: places to fill in, a menu's letter, line ends, and the field's
// own word that begins a tooltip.
QStringList marksOf(const QString& text) {
    static const QRegularExpression kMarks(R"(%L?[0-9n]|&(?=\S)|\n|\[\*\]|\{[a-z0-9]*\}|^\s|\s$)");
    static const QRegularExpression kWord(R"(^[a-z_]+: )");
    QStringList marks;
    int place = 0; // "{} of {}" is "{0} of {1}"
    for (auto each = kMarks.globalMatch(text); each.hasNext();) {
        const QString mark = each.next().captured();
        marks << (mark == QLatin1String("{}") ? QString("{%1}").arg(place++) : mark);
    }
    marks.sort();
    marks << kWord.match(text).captured();
    return marks;
}

QStringList shownTexts(const QWidget& window) {
    QStringList shown;
    QList<QWidget*> widgets = window.findChildren<QWidget*>();
    for (const QWidget* widget : widgets) {
        shown << widget->toolTip() << widget->accessibleName() << widget->accessibleDescription()
              << widget->windowTitle();
        if (const auto* label = qobject_cast<const QLabel*>(widget)) {
            shown << label->text();
        } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
            shown << button->text();
        } else if (const auto* line = qobject_cast<const QLineEdit*>(widget)) {
            shown << line->placeholderText();
        } else if (const auto* edit = qobject_cast<const QPlainTextEdit*>(widget)) {
            shown << edit->placeholderText();
        } else if (const auto* box = qobject_cast<const QComboBox*>(widget)) {
            for (int i = 0; i < box->count(); ++i) {
                shown << box->itemText(i);
            }
        }
    }
    for (const QAction* action : window.findChildren<QAction*>()) {
        shown << action->text() << action->toolTip();
    }
    shown.removeAll(QString());
    return shown;
}

// What does not fit: "name: text (has, needs)".
QStringList cutTexts(const QWidget& window) {
    QStringList cut;
    const auto need = [&cut](const QWidget* widget, const QString& text, int has, int needs) {
        if (has < needs) {
            cut << QString("%1 %2: \"%3\" has %4, needs %5")
                       .arg(widget->metaObject()->className(), widget->objectName(), text)
                       .arg(has)
                       .arg(needs);
        }
    };
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        if (!widget->isVisible() || isBehind(*widget)) {
            continue;
        }
        const QFontMetrics font = widget->fontMetrics();
        // What lies under the edge of its panel: no panel scrolls sideways.
        const int visible = widget->visibleRegion().boundingRect().width();
        const bool is_control =
            qobject_cast<const QLabel*>(widget) || qobject_cast<const QAbstractButton*>(widget) ||
            qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QComboBox*>(widget);
        if (is_control && visible > 0) {
            need(widget, widget->accessibleName(), visible, widget->width());
        }
        if (const auto* label = qobject_cast<const QLabel*>(widget)) {
            if (label->wordWrap()) {
                need(label, label->text(), label->height(), label->heightForWidth(label->width()));
            } else if (label->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored) {
                need(label, label->text(), label->width(), label->sizeHint().width());
            }
        } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget);
                   button && !button->text().isEmpty()) {
            constexpr int kElides = 6; // what a MenuButton's wish leaves free
            const bool elides = qobject_cast<const MenuButton*>(button) != nullptr;
            const QSize least =
                elides ? button->sizeHint() - QSize(kElides, 0) : button->minimumSizeHint();
            need(button, button->text(), button->width(),
                 least.isValid() ? least.width() : button->sizeHint().width());
        } else if (const auto* line = qobject_cast<const QLineEdit*>(widget)) {
            const QString text = line->placeholderText();
            constexpr int kFrame = 8;
            need(line, text, line->width(),
                 text.isEmpty() ? 0 : font.horizontalAdvance(text) + kFrame);
        } else if (const auto* box = qobject_cast<const QComboBox*>(widget)) {
            constexpr int kFrameAndArrow = 34; // as ChoiceBox draws
            for (int i = 0; i < box->count(); ++i) {
                const QString text = box->itemText(i);
                const bool names_a_file = text.contains(QLatin1String(".png")) ||
                                          text.contains(QLatin1String(".safetensors"));
                need(box, text, box->width(),
                     names_a_file ? 0 : font.horizontalAdvance(text) + kFrameAndArrow);
            }
        }
    }
    return cut;
}

// Knows of a model what its folder says.
class FolderRunner : public Runner {
public:
    Result run(const GenerationRequest& request, const Progress& /*progress*/) override {
        (void)read_model_folder(request.model);
        return {};
    }

    void prepare(const GenerationRequest& request, const Progress& progress) override {
        (void)run(request, progress);
    }
};

} // namespace

// The window in English and German.
class TestLanguages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theLanguageIsChosen_data();
    void theLanguageIsChosen();
    void everyTextIsTranslated();
    void theFileHoldsWhatTheSourcesSay();
    void whatCoreSaysIsSaidInGerman();
    void theWindowSpeaksGerman();
    void reasonsAreGerman();
    void anIncompleteModelIsToldInGerman();
    void nothingIsCut_data();
    void nothingIsCut();
    void nothingIsCutAtTwiceTheScale();

private:
    SessionParts parts() const {
        return {.make_runner = [script = script_] { return std::make_unique<FakeRunner>(script); },
                .model_traits = fakeTraits,
                .look_at_file = fakeLook,
                .devices = {"cpu", "cuda:0"}};
    }

    std::shared_ptr<FakeScript> script_ = std::make_shared<FakeScript>();
    QTemporaryDir folder_;
};

void TestLanguages::initTestCase() {
    qputenv("LIKENESS_RESOURCES", LIKENESS_SOURCE_DIR "/resources");
}

void TestLanguages::theLanguageIsChosen_data() {
    QTest::addColumn<QString>("preference");
    QTest::addColumn<QStringList>("system");
    QTest::addColumn<QString>("language");
    QTest::newRow("asked for") << "de" << QStringList{"en-US", "en"} << "de";
    QTest::newRow("English on a German system") << "en" << QStringList{"de-DE", "de"} << "en";
    QTest::newRow("the system's") << "" << QStringList{"de-AT", "de"} << "de";
    QTest::newRow("the system's first") << "" << QStringList{"en-GB", "en", "de"} << "en";
    QTest::newRow("the first we have") << "" << QStringList{"fr-FR", "fr", "de"} << "de";
    QTest::newRow("none we have") << "" << QStringList{"fr-FR", "C"} << "en";
    QTest::newRow("no such language") << "tlh" << QStringList{"C"} << "en";
}

void TestLanguages::theLanguageIsChosen() {
    QFETCH(const QString, preference);
    QFETCH(const QStringList, system);
    QTEST(chosenLanguage(preference, system), "language");
}

void TestLanguages::everyTextIsTranslated() {
    const QList<Text> all = texts();
    QVERIFY(all.size() > 500);
    for (const Text& text : all) {
        const QByteArray which = (text.context + ": " + text.source + " / " + text.german).toUtf8();
        QVERIFY2(text.finished && !text.german.isEmpty(), which.constData());
        QVERIFY2(marksOf(text.source) == marksOf(text.german), which.constData());
        QVERIFY2(!text.german.contains('!'), which.constData());
        QVERIFY2(!text.german.contains("Ctrl") && !text.german.contains("Shift"),
                 which.constData());
    }
}

void TestLanguages::theFileHoldsWhatTheSourcesSay() {
    const QString copy = folder_.filePath("likeness_de.ts");
    QVERIFY(QFile::copy(kFile, copy));
    QProcess update;
    update.setProcessChannelMode(QProcess::MergedChannels);
    update.start(LIKENESS_SOURCE_DIR "/tests/ui/update_translations.sh", {copy});
    QVERIFY(update.waitForFinished(120000));
    constexpr int kMissing = 3;
    const QByteArray said = update.readAll();
    if (update.exitCode() == kMissing) {
        QSKIP("lupdate is missing (Debian: qt6-l10n-tools)");
    }
    QVERIFY2(update.exitCode() == 0, said.constData());
    QFile before(kFile);
    QFile after(copy);
    QVERIFY(before.open(QIODevice::ReadOnly) && after.open(QIODevice::ReadOnly));
    QVERIFY2(before.readAll() == after.readAll(),
             "texts changed: run tests/ui/update_translations.sh and translate what is unfinished");
    QVERIFY2(!said.contains("Qualifying with unknown"), said.constData()); // a lost context
}

void TestLanguages::whatCoreSaysIsSaidInGerman() {
    const Language language("de");
    int met = 0;
    for (const Text& text : texts()) {
        if (text.context != QLatin1String("core")) {
            continue;
        }
        ++met;
        Message message{.words = text.source.toStdString()};
        QString german = text.german;
        for (int i = 0; i < text.source.count(QLatin1String("{}")); ++i) {
            const QString part = QString("<%1>").arg(i); // "{}" as a name: nothing goes in there
            message.parts.push_back(verbatim(part.toStdString()));
            const QString numbered = QString("{%1}").arg(i);
            const bool in_order = !german.contains(numbered);
            const QString place = in_order ? QStringLiteral("{}") : numbered;
            german.replace(german.indexOf(place), place.size(), part);
        }
        QCOMPARE(inWords(message), german);
    }
    QVERIFY2(met > 400, qPrintable(QString::number(met)));
}

void TestLanguages::theWindowSpeaksGerman() {
    const Language language("de");
    QSettings store(folder_.filePath("german.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    QStringList menus;
    for (const QAction* action : studio.window().menuBar()->actions()) {
        menus << action->text();
    }
    for (const char* menu : {"&Datei", "&Bearbeiten", "&Ansicht", "&Generieren", "&Hilfe"}) {
        QVERIFY2(menus.contains(QLatin1String(menu)), qPrintable(menus.join(' ')));
    }
    QHash<QString, QString> german;
    QSet<QString> words;
    for (const Text& text : texts()) {
        if (text.source != text.german && !text.source.contains('%')) {
            german[text.source] = text.german;
            words << text.german;
        }
    }
    QSet<QString> met;
    QStringList english;
    walkStudio(studio, *script_, [&](QWidget& window, const QString& where) {
        for (const QString& shown : shownTexts(window)) {
            if (german.contains(shown) && !words.contains(shown)) {
                english << where + ": " + shown;
            } else if (words.contains(shown)) {
                met << shown;
            }
        }
    });
    QVERIFY2(english.isEmpty(), qPrintable(english.join('\n')));
    QVERIFY2(met.size() > 250, qPrintable(QString::number(met.size())));
    for (const char* word : {"Referenzen", "Startwert", "Schritte", "Bibliothek", "Modell",
                             "Voreinstellungen", "Reihe erstellen"}) {
        QVERIFY2(met.contains(QLatin1String(word)), word);
    }
}

// What is refused is told in German to the end: sentences in sentences, kinds of files, numbers.
void TestLanguages::reasonsAreGerman() {
    const Language language("de");
    StudioFixture studio;
    const auto noticed = [&](const QString& about) {
        QString found;
        for (const Notice& notice : studio.window.notices().notices()) {
            const QString all = notice.title + '\n' + notice.reason;
            found = all.contains(about) ? all : found;
        }
        return found;
    };
    const auto write = [&](const char* name, const QByteArray& bytes) {
        QFile file(studio.folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    };
    QFile whole(studio.picture("whole.png", Qt::red));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    write("cut.png", whole.readAll().chopped(20));
    studio.drop({studio.folder.filePath("cut.png")}, studio.onReferences());
    QTRY_COMPARE(noticed("cut.png").section('\n', -2).remove(studio.folder.path() + '/'),
                 QString("Das Bild \"cut.png\" ist beschädigt: Es ist ein PNG-Bild, lässt "
                         "sich aber nicht bis zum Ende lesen.\nEine andere Kopie verwenden."));
    write("model.png", QByteArray("PK\x03\x04", 4) + "a pickle in a zip archive");
    studio.drop({studio.folder.filePath("model.png")}, studio.onReferences());
    QTRY_VERIFY(
        noticed("model.png")
            .contains("ist kein Bild, das dieses Programm liest: Es ist ein ZIP-Archiv (oder ein "
                      "PyTorch-Checkpoint)"));
    studio.session.request().edit([](GenerationRequest& request) {
        request.width = 130;
        request.guidance_scale = 1000;
    });
    studio.window.generate();
    QTRY_COMPARE(noticed("width"),
                 QString("Das Bild wurde nicht erstellt: Einstellungen passen nicht\n"
                         "width ist 130, kein Vielfaches von 4; 128 oder 132 würde passen\n"
                         "guidance_scale ist 1000; möglich ist 0 bis 30"));
    QVERIFY(studio.find<PlainLabel>("size_problem")->text().contains("kein Vielfaches"));
}

void TestLanguages::anIncompleteModelIsToldInGerman() {
    const Language language("de");
    const QDir models(folder_.path());
    QVERIFY(models.mkpath("half"));
    QFile index(models.filePath("half/model_index.json"));
    QVERIFY(index.open(QIODevice::WriteOnly) && index.write("{}") == 2);
    index.close();
    StudioFixture studio({.make_runner = [] { return std::make_unique<FolderRunner>(); },
                          .model_traits = fakeTraits});
    studio.session.openModel(models.filePath("half"));
    const auto notices = [&] { return studio.window.notices().notices(); };
    QTRY_VERIFY(!notices().isEmpty() && notices().back().title.contains("half"));
    QCOMPARE(notices().back().title, QString("Das Modell half wurde nicht geöffnet"));
    QCOMPARE(notices().back().reason,
             QString("Das Modell half wurde nicht geöffnet: Seine Komponente unet fehlt "
                     "(unet/config.json ist nicht da). Den ganzen Ordner kopieren oder ein anderes "
                     "Modell wählen."));
}

void TestLanguages::nothingIsCut_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<ThemeKind>("theme");
    QTest::newRow("English") << "en" << kWide << ThemeKind::dark;
    QTest::newRow("German") << "de" << kWide << ThemeKind::light;
    QTest::newRow("narrow, English") << "en" << kNarrow << ThemeKind::light;
    QTest::newRow("narrow, German") << "de" << kNarrow << ThemeKind::dark;
}

void TestLanguages::nothingIsCut() {
    QFETCH(const QString, language);
    QFETCH(const QSize, size);
    QFETCH(const ThemeKind, theme);
    const Language spoken(language);
    QSettings store(folder_.filePath(QTest::currentDataTag() + QString(".ini")),
                    QSettings::IniFormat);
    StudioOptions options;
    options.size = size;
    options.theme = theme;
    Application studio(*qApp, options, parts(), store);
    QStringList cut;
    walkStudio(studio, *script_, [&](QWidget& window, const QString& where) {
        constexpr int kPause = 50, kDepth = 8;
        QTest::qWait(kPause);
        for (int depth = 0; depth < kDepth; ++depth) { // a text may have changed just now
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        }
        for (const QString& text : cutTexts(window)) {
            cut << where + ": " + text;
        }
    });
    QCOMPARE(studio.window().width(), size.width()); // no panel made it wider
    cut.removeDuplicates();
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join('\n')));
}

// The scale of a screen is settled before the program begins, so another one looks.
void TestLanguages::nothingIsCutAtTwiceTheScale() {
    QProcess twice;
    twice.setProcessChannelMode(QProcess::MergedChannels);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_SCALE_FACTOR", "2");
    twice.setProcessEnvironment(environment);
    twice.start(QCoreApplication::applicationFilePath(),
                {"nothingIsCut:German", "nothingIsCut:narrow, English"});
    QVERIFY(twice.waitForFinished(280000));
    const QByteArray said = twice.readAll();
    QVERIFY2(twice.exitStatus() == QProcess::NormalExit && twice.exitCode() == 0, said.constData());
    QVERIFY2(said.contains("4 passed"), said.constData()); // two walks, init and cleanup
}

QTEST_MAIN(TestLanguages)
#include "test_languages.moc"
