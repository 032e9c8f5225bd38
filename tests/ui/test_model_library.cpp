#include "app/application.h"
#include "core/configs/network_shapes.h"
#include "core/model_library/model_folders.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensor_file.h"
#include "tests/ui/studio_fixture.h"
#include "ui/model/model_library.h"
#include "ui/model/paths.h"
#include "ui/panels/models_sheet.h"
#include "ui/preferences_window.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/menu_button.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

// A person's folder of models, small or over holes.
struct Disk {
    Disk() {
        fs::copy(fs::path(LIKENESS_SOURCE_DIR) / "tests/golden/tiny_sd", models / "tiny",
                 fs::copy_options::recursive);
        write_tensor_file(models / "loras/pixel.safetensors", lora_shapes(768),
                          {{"modelspec.trigger_phrase", "pxl style"}, {"license", "openrail"}});
        write_tensor_file(models / "loras/large.safetensors", lora_shapes(2048));
        write_tensor_file(models / "ip/adapter.safetensors", adapter_shapes());
        const nlohmann::json vit_h{{"hidden_size", 1280},     {"intermediate_size", 5120},
                                   {"num_hidden_layers", 32}, {"num_attention_heads", 16},
                                   {"patch_size", 14},        {"projection_dim", 1024}};
        const fs::path encoder = models / "ip/image_encoder";
        write_tensor_file(encoder / "model.safetensors",
                          clip_vision_shapes(ClipVisionConfig::from_json(vit_h)));
        std::ofstream(encoder / "config.json") << vit_h;
        std::ofstream(models / "wrong.safetensors") << "these are only words";
    }

    static constexpr int kCount = 6;

    TempFolder models;
    TempFolder own;
};

SessionParts partsWith(const Disk& disk, const std::shared_ptr<FakeScript>& script) {
    SessionParts parts = StudioFixture::fakeParts(script);
    parts.model_places = {.folders_file = disk.own / "folders.json",
                          .cache_file = disk.own / "cache.json"};
    parts.look_at_file = [](const std::string& path) {
        return fs::is_directory(path) ? FileFacts{.kind = FileKind::model} : fakeLook(path);
    };
    return parts;
}

// A studio whose list of folders holds the disk's.
struct ModelStudio {
    explicit ModelStudio(const Disk& with)
        : studio(partsWith(with, std::make_shared<FakeScript>())) {
        studio.session.models().setFolders({fromPath(with.models.path())});
    }

    ModelsSheet& open() {
        studio.window.showModels();
        [&] { QTRY_VERIFY(library().wasScanned() && !library().isScanning()); }();
        return *studio.find<ModelsSheet>("models_sheet");
    }

    ModelLibrary& library() { return studio.session.models(); }

    int row(const QString& name) {
        for (int i = 0; i < library().rowCount(); ++i) {
            if (library().index(i).data().toString() == name) {
                return i;
            }
        }
        return -1;
    }

    void choose(const QString& name) {
        studio.find<QListView>("models_list")->setCurrentIndex(library().index(row(name)));
    }

    QString text(const char* label) { return studio.find<PlainLabel>(label)->text(); }

    GenerationRequest request() { return studio.session.request().request(); }

    void use(const QString& name) {
        choose(name);
        QTest::mouseClick(studio.find<TextButton>("models_use"), Qt::LeftButton);
    }

    StudioFixture studio;
};

} // namespace

// Everything a person has to make pictures with, in a window of its own.
class TestModelLibraryWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsComeAsTheyAreFound();
    void wordsAndKindsFind();
    void theChosenOneIsTold();
    void aLoraIsUsedAndTakenBack();
    void anAdapterBringsItsEncoder();
    void adaptersAreOfferedToAReference();
    void aModelIsOpened();
    void whatCannotBeUsedIsNot();
    void foldersAreAddedAndKept();
    void aScanIsStoppedAndBegunAnew();
    void copiesAreFound();
    void keysGoThroughIt();
    void thePreferencesShareTheList();
};

void TestModelLibraryWindow::rowsComeAsTheyAreFound() {
    const Disk disk;
    ModelLibrary library({.own = {disk.models.path()}});
    const QAbstractItemModelTester tester(&library);
    QSignalSpy changed(&library, &ModelLibrary::changed);
    QCOMPARE(library.rowCount(), 0);
    QVERIFY(!library.wasScanned());
    library.scan();
    QVERIFY(library.isScanning());
    QTRY_VERIFY(library.wasScanned());
    QVERIFY(!library.isScanning());
    QCOMPARE(library.rowCount(), Disk::kCount);
    QVERIFY(!changed.isEmpty());
    QVERIFY(library.problems().isEmpty());
}

void TestModelLibraryWindow::wordsAndKindsFind() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.open();
    auto* search = studio.studio.find<QLineEdit>("models_search");
    auto* kinds = studio.studio.find<ChoiceBox>("models_kind");
    QCOMPARE(studio.library().rowCount(), Disk::kCount);
    QTest::keyClicks(search, "sdxl");
    QCOMPARE(studio.library().rowCount(), 1);
    QCOMPARE(studio.library().index(0).data().toString(), QString("large"));
    QVERIFY(studio.text("models_count").contains("1 of 6"));
    search->clear();
    kinds->setCurrentIndex(kinds->findData(static_cast<int>(ModelKind::lora)));
    Q_EMIT kinds->activated(kinds->currentIndex());
    QCOMPARE(studio.library().rowCount(), 2);
    QTest::keyClicks(search, "pxl");
    QCOMPARE(studio.library().rowCount(), 1);
}

void TestModelLibraryWindow::theChosenOneIsTold() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.open();
    studio.choose("pixel");
    QVERIFY(studio.text("model_what").contains("LoRA"));
    QVERIFY(studio.text("model_what").contains("SD 1.5"));
    QVERIFY(studio.text("model_what").contains("openrail"));
    QVERIFY(studio.text("model_goes_with").contains("for SD 1.5"));
    QVERIFY(studio.text("model_goes_with").contains("pxl style"));
    QCOMPARE(studio.text("model_where"), fromPath(disk.models / "loras/pixel.safetensors"));
    studio.choose("adapter");
    QVERIFY(studio.text("model_goes_with").contains("needs ViT-H/14: found at"));
}

void TestModelLibraryWindow::aLoraIsUsedAndTakenBack() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.open();
    studio.use("pixel");
    QCOMPARE(studio.request().loras.size(), 1U);
    QCOMPARE(studio.request().loras.front().path,
             (disk.models / "loras/pixel.safetensors").string());
    studio.use("pixel"); // it is there already
    QCOMPARE(studio.request().loras.size(), 1U);
    studio.studio.session.edits().undo();
    QVERIFY(studio.request().loras.empty());
}

void TestModelLibraryWindow::anAdapterBringsItsEncoder() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.open();
    studio.use("adapter");
    QCOMPARE(studio.request().ip_adapter, (disk.models / "ip/adapter.safetensors").string());
    QCOMPARE(studio.request().image_encoder, (disk.models / "ip/image_encoder").string());
}

void TestModelLibraryWindow::adaptersAreOfferedToAReference() {
    const Disk disk;
    ModelStudio with(disk);
    StudioFixture& studio = with.studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QVERIFY(!with.library().wasScanned());
    QTest::mouseClick(studio.find<IconButton>("open"), Qt::LeftButton);
    const QString adapter = fromPath(disk.models / "ip/adapter.safetensors");
    QTRY_VERIFY(studio.find<ChoiceBox>("card_adapter")->findData(adapter) > 0);
    QVERIFY(studio.find<ChoiceBox>("ip_adapter")->findData(adapter) > 0);
}

void TestModelLibraryWindow::aModelIsOpened() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.open();
    studio.use("tiny");
    QTRY_COMPARE(studio.request().model, (disk.models / "tiny").string()); // it is looked at first
    QTRY_COMPARE(studio.studio.session.goodModel(), fromPath(disk.models / "tiny"));
}

void TestModelLibraryWindow::whatCannotBeUsedIsNot() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.open();
    auto* use = studio.studio.find<TextButton>("models_use");
    QVERIFY(!use->isEnabled()); // nothing is chosen
    studio.choose("wrong");
    QVERIFY(!use->isEnabled());
    QVERIFY(studio.text("model_goes_with").contains("wrong.safetensors"));
    const GenerationRequest before = studio.request();
    Q_EMIT studio.studio.find<QListView>("models_list")
        ->activated(studio.library().index(studio.row("wrong")));
    QCOMPARE(studio.request(), before);
    std::ofstream(disk.models / "old.pt", std::ios::binary).write("\x80\x02}q\0.", 6);
    std::ofstream(disk.models / "old.ckpt", std::ios::binary).write("\x80\x02}q\0.", 6);
    studio.library().scan();
    QTRY_COMPARE(studio.library().rowCount(), Disk::kCount + 2);
    QTRY_VERIFY(!studio.library().isScanning());
    const auto chooseFile = [&](const QString& name) {
        for (int i = 0; i < studio.library().rowCount(); ++i) {
            if (studio.library().index(i).data(ModelLibrary::PathRole).toString().endsWith(name)) {
                studio.studio.find<QListView>("models_list")
                    ->setCurrentIndex(studio.library().index(i));
            }
        }
    };
    chooseFile("old.pt"); // nobody knows what it is
    QVERIFY(!use->isEnabled());
    chooseFile("old.ckpt"); // a model
    QVERIFY(use->isEnabled());
}

void TestModelLibraryWindow::foldersAreAddedAndKept() {
    const Disk disk;
    const TempFolder more;
    write_tensor_file(more / "extra.safetensors", lora_shapes(768));
    {
        ModelStudio studio(disk);
        studio.open();
        QTest::mouseClick(studio.studio.find<TextButton>("models_add_folder"), Qt::LeftButton);
        auto* dialog = studio.studio.find<QFileDialog>("file_dialog");
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(fromPath(more.path()));
        dialog->close();
        QTRY_VERIFY(studio.row("extra") >= 0);
        QTRY_COMPARE(studio.library().rowCount(), Disk::kCount + 1);
    }
    QCOMPARE(load_model_folders(disk.own / "folders.json"),
             (std::vector{disk.models.path(), more.path()}));
    ModelLibrary again({.folders_file = disk.own / "folders.json"});
    QCOMPARE(again.folders().size(), 2);
    again.removeFolder(fromPath(more.path()));
    QCOMPARE(load_model_folders(disk.own / "folders.json"), std::vector{disk.models.path()});
    again.setFolders({"/not/there"});
    again.scan();
    QTRY_VERIFY(again.wasScanned());
    QCOMPARE(again.problems().size(), 1);
    QVERIFY(again.problems().front().contains("/not/there"));
}

void TestModelLibraryWindow::aScanIsStoppedAndBegunAnew() {
    const TempFolder folder;
    for (int i = 0; i < 300; ++i) {
        write_tensor_file(folder / (std::to_string(i) + ".safetensors"), lora_shapes(768));
    }
    ModelLibrary library({.own = {folder.path()}});
    library.scan();
    library.stop();
    QVERIFY(!library.isScanning());
    const int kept = library.foundCount();
    QTest::qWait(100); // what the stopped scan still tells is not taken
    QCOMPARE(library.foundCount(), kept);
    library.scan();
    library.scan(); // in place of the first
    QTRY_VERIFY(library.wasScanned() && !library.isScanning());
    QCOMPARE(library.foundCount(), 300);
    library.scan(); // and goes while it runs
}

void TestModelLibraryWindow::copiesAreFound() {
    const Disk disk;
    fs::copy(disk.models / "loras/pixel.safetensors", disk.models / "copy.safetensors");
    fs::remove_all(disk.models / "ip"); // large holes take a while to read
    ModelStudio studio(disk);
    studio.open();
    studio.choose("copy");
    QVERIFY(!studio.text("model_goes_with").contains("the same as"));
    QTest::mouseClick(studio.studio.find<MenuButton>("models_folders"), Qt::LeftButton);
    auto* menu = studio.studio.find<QMenu>("models_folders_menu");
    QVERIFY(menu);
    menu->actions()[1]->trigger();
    QTRY_VERIFY(!studio.library().copiesProgress());
    QVERIFY(studio.text("model_goes_with").contains("loras/pixel.safetensors"));
    menu->close();
}

void TestModelLibraryWindow::keysGoThroughIt() {
    const Disk disk;
    ModelStudio studio(disk);
    studio.studio.find<QAction>("show_models")->trigger();
    auto* sheet = studio.studio.find<ModelsSheet>("models_sheet");
    QVERIFY(sheet && sheet->isVisible() && !sheet->isModal());
    QTRY_VERIFY(studio.library().wasScanned());
    auto* search = studio.studio.find<QLineEdit>("models_search");
    QTest::keyClicks(search, "pixel");
    QTest::keyClick(search, Qt::Key_Down);
    auto* list = studio.studio.find<QListView>("models_list");
    QCOMPARE(list->currentIndex().row(), 0);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(studio.request().loras.size(), 1U);
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(search->text().isEmpty());
    QVERIFY(sheet->isVisible());
    QTest::keyClick(search, Qt::Key_Escape);
    QVERIFY(!sheet->isVisible());
}

void TestModelLibraryWindow::thePreferencesShareTheList() {
    const Disk disk;
    QSettings store(QString::fromStdString((disk.own / "s.ini").string()), QSettings::IniFormat);
    store.setValue("model_folders", QStringList{"/before"}); // as it was kept once
    const auto script = std::make_shared<FakeScript>();
    {
        Application studio(*qApp, {}, partsWith(disk, script), store);
        QCOMPARE(studio.session().models().folders(), QStringList{"/before"});
        studio.window().findChild<QAction*>("preferences_action")->trigger();
        auto* preferences = studio.window().findChild<PreferencesWindow*>("preferences");
        studio.session().models().addFolder(fromPath(disk.models.path()));
        QCOMPARE(preferences->findChild<QListWidget*>("pref_model_folders")->count(), 2);
        auto* list = preferences->findChild<QListWidget*>("pref_model_folders");
        list->setCurrentRow(0);
        QTest::mouseClick(preferences->findChild<TextButton*>("pref_remove_folder"),
                          Qt::LeftButton);
        QCOMPARE(studio.session().models().folders(), QStringList{fromPath(disk.models.path())});
        studio.session().models().scan();
        QTRY_VERIFY(studio.session().models().wasScanned());
        const auto* models = studio.window().findChild<ChoiceBox*>("model");
        QVERIFY(models->findData(fromPath(disk.models / "tiny")) >= 0);
    }
    QCOMPARE(load_model_folders(disk.own / "folders.json"), std::vector{disk.models.path()});
}

QTEST_MAIN(TestModelLibraryWindow)
#include "test_model_library.moc"
