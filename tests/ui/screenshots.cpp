// Writes what the window looks like, state by state: over the starter where this build has
// libtorch, else over the fake runner. tests/ui/screenshots calls it.
//
//   usage: likeness-screenshots FOLDER SUFFIX THEME...          NAME-THEME-SUFFIX.png
//          likeness-screenshots --train FOLDER SUFFIX THEME... the Train page alone
//          likeness-screenshots --cut-off SESSIONS              a sitting that ends like a kill

#include "app/application.h"
#include "app/language.h"
#include "core/imageio/load.h"
#include "core/request/model_folder.h"
#include "tests/support/tensor_file.h"
#include "tests/ui/album.h"
#include "tests/ui/fake_files.h"
#include "tests/ui/fake_runner.h"
#include "ui/canvas/compare_view.h"
#include "ui/canvas/picture_view.h"
#include "ui/main_window.h"
#include "ui/model/paths.h"
#include "ui/model/session_keeper.h"
#include "ui/panels/notice_list.h"
#include "ui/panels/reference_details.h"
#include "ui/widgets/mask_editor.h"
#include "ui/widgets/progress_strip.h"
#include "ui/workspace_tabs.h"
#ifdef LIKENESS_STARTER
#include "app/machine_look.h"
#include "app/token_counter.h"
#include "core/runner/torch_runner.h"
#endif

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDragLeaveEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QProcess>
#include <QScrollArea>
#include <QSettings>
#include <QTemporaryDir>
#include <QUrl>

#include <cstdio>
#include <functional>

using namespace likeness;
using namespace likeness::test;

namespace {

constexpr int kFits = 256; // pixels a side; larger ones fail as where memory runs out

// Where a picture is too large for the machine, on any machine.
class SmallRunner : public Runner {
public:
    explicit SmallRunner(std::unique_ptr<Runner> runner) : runner_(std::move(runner)) {}

    Result run(const GenerationRequest& request, const Progress& progress) override {
        if (request.width.value_or(0) > kFits) {
            throw Error(ErrorCode::out_of_memory,
                        message("The picture was not made: 18.4 GB are needed, 16 GB are there.\n"
                                "Make it smaller."));
        }
        return runner_->run(request, progress);
    }

    void prepare(const GenerationRequest& request, const Progress& progress) override {
        runner_->prepare(request, progress);
    }

    Result measure(const MeasureRequest& request, const Progress& progress) override {
        return runner_->measure(request, progress);
    }

    // An hour's work in a moment: the page looks the same.
    TrainingResult train(const TrainingRequest& request, const Progress& progress,
                         const TrainingListener& listener) override {
        return trainer_.train(request, progress, listener);
    }

    TrainingCheck check_training(const TrainingRequest& request,
                                 const Progress& progress) override {
        return trainer_.check_training(request, progress);
    }

private:
    static std::shared_ptr<FakeScript> quickScript() {
        auto script = std::make_shared<FakeScript>();
        script->train_step_milliseconds = 10; // the page stands still while it is taken
        return script;
    }

    std::unique_ptr<Runner> runner_;
    FakeRunner trainer_{quickScript()};
};

// LoRAs that nobody has, as if they were made for the model that is open.
FileFacts lookByName(const std::string& path) {
    FileFacts facts = fakeLook(path);
    facts.cross_attention_dim = 0;
    return facts;
}

SessionParts parts() {
#ifdef LIKENESS_STARTER
    return {
        .make_runner =
            [] {
                return std::make_unique<SmallRunner>(
                    make_torch_runner({.kept_latents_bytes = std::uint64_t{64} << 20}));
            },
        .model_traits =
            [](const std::string& model) { return read_model_folder(find_model(model)).traits; },
        .count_tokens = TokenCounter(),
        .look_at_file = lookByName,
        .machine_state = lookAtMachine};
#else
    auto script = std::make_shared<FakeScript>();
    script->step_milliseconds = 15;
    return {.make_runner =
                [script] {
                    return std::make_unique<SmallRunner>(std::make_unique<FakeRunner>(script));
                },
            .model_traits = fakeTraits,
            .count_tokens = [](const std::string&,
                               const std::string&) { return TokenCount{.used = 9, .most = 75}; },
            .look_at_file = lookByName};
#endif
}

// One sitting, from the first start to the about box.
class Walk {
public:
    Walk(Application& studio, Album& album)
        : studio_(studio), window_(studio.window()), session_(studio.session()), album_(album) {}

    void begin() {
        window_.resize(1600, 1000);
        studio_.start();
        until("the model is open", [&] {
            return !session_.goodModel().isEmpty() && !session_.references().isReading();
        });
        rest();
    }

    void firstStart() {
        take("first-start");
        act("sample_pictures");
        rest(600); // the tiles are read
        take("samples");
        closeMenus();
        window_.resize(1024, 768);
        rest(200);
        take("narrow-first-start");
        act("sample_pictures");
        rest();
        take("narrow-samples");
        closeMenus();
        one<QDockWidget>("settings_dock")->raise();
        window_.resize(1600, 1000);
        window_.resizeDocks({one<QDockWidget>("references_dock")}, {300}, Qt::Horizontal);
        rest(200);
    }

    void generate() {
        struct Wanted {
            const char* prompt;
            std::uint64_t seed;
            int stars;
        };

        constexpr Wanted kPictures[] = {{"a photo of a duck on a wooden table", 9, 4},
                                        {"a photo of a duck in the snow", 4212, 0},
                                        {"a photo of a duck on grass", 2, 3},
                                        {"a photo of a duck on the beach", 5, 0},
                                        {"a photo of a duck in the snow", 4216, 5},
                                        {"a photo of a duck in the snow", 36, 0}};
        session_.request().setSeedLocked(true); // the same pictures each time
        for (const Wanted& wanted : kPictures) {
            session_.request().edit([&](GenerationRequest& request) {
                request.prompt = wanted.prompt;
                request.seed = wanted.seed;
            });
            make();
            session_.library().setStars({session_.shownId()}, wanted.stars);
        }
        window_.generate();
        running(12);
        take("generate-running");
        idle();
        Q_EMIT one<ProgressStrip>("progress_strip")->scrubbed(9);
        take("finished-scrubbed");
        Q_EMIT one<ProgressStrip>("progress_strip")->scrubbed(0);
    }

    void references() {
        press("open");
        until("the encoder's pixels",
              [&] { return !one<ReferenceDetails>("reference_details")->eyePixels().isNull(); });
        rest();
        take("references");
        press("look_mask");
        rest();
        take("references-look-mask");
        press("look_mask");
        press("paint_mask");
        rest();
        stroke(*window_.view().findChild<MaskEditor*>());
        take("mask-painted");
        press("mask_done");
        rest();
        take("references-masked");
        press("clear_mask"); // what is made from here on shows all that the reference does
        rest();
        idle();
        press("open");
        session_.saveReferenceSet("Lamp, three sides");
        session_.saveReferenceSet("Winter");
        rest(300);
        press("references_menu_button");
        rest();
        take("sets-menu");
        closeMenus();
    }

    void inputPicture() {
        press("shown_as_input");
        until("a picture to begin from",
              [&] { return session_.request().request().input.image != nullptr; });
        press("paint_input_mask");
        rest();
        stroke(*window_.view().findChild<MaskEditor*>());
        take("input-mask");
        press("mask_done");
        lookAt("input_panel");
        take("input-canvas");
        session_.request().edit([](GenerationRequest& request) {
            request.prompt = "a photo of a duck in the snow";
            request.input.mask_feather = 4;
        });
        make();
        rest();
        take("input-inpainted");
        press("clear_input");
    }

    void styles() {
        session_.request().edit([](GenerationRequest& request) {
            request.prompt =
                "a photo of a (duck:1.3) on a wooden table, [blurred] BREAK film grain";
            request.loras = {
                {.path = "/models/film-lora.safetensors",
                 .scale = 0.8,
                 .block_scales = {{"down.block_1", 0.4}, {"mid", 0.0}}},
                {.path = "/models/watercolour-lora-xl.safetensors"},
                {.path = "/models/detail-lora.safetensors", .scale = -0.5, .muted = true}};
            request.textual_inversions = {{.path = "/models/my-cat-word.pt"}};
            request.guidance_end = 0.8;
        });
        until("facts", [&] { return !session_.knownFiles().isLooking(); });
        press("lora_open");
        rest();
        lookAt("styles_panel");
        take("styles");
        press("fine_tuning_panel_head");
        lookAt("fine_tuning_panel");
        take("fine-tuning");
        ModelTraits sdxl = session_.request().traits();
        const ModelTraits own = sdxl;
        sdxl.family = "sdxl";
        session_.request().setTraits(sdxl);
        press("offer_second_prompts");
        lookAt("fine_tuning_panel");
        take("fine-tuning-sdxl");
        lookAt("prompt_panel");
        take("prompt-sdxl");
        session_.request().setTraits(own);
        press("fine_tuning_panel_head");
        lookAt("model_panel");
        press("open_model");
        rest();
        take("model-menu");
        closeMenus();
        session_.request().edit([](GenerationRequest& request) {
            request.loras.clear();
            request.textual_inversions.clear();
            request.guidance_end = 1;
            request.prompt = "a photo of a duck in the snow";
        });
        lookAt("prompt_panel");
    }

    void together() {
        const std::string lora = "/models/harbour-mug-lora.safetensors";
        session_.request().edit([&](GenerationRequest& request) {
            request.loras = {{.path = lora, .scale = 0.8},
                             {.path = "/models/ink-lora.safetensors", .muted = true}};
            request.textual_inversions = {{.path = "/models/my-cat-word.pt"}};
        });
        until("facts", [&] { return !session_.knownFiles().isLooking(); });
        lookAt("active_panel");
        take("active-together");
        ComparisonDraft draft{.sheet = true};
        draft.across = {{ComparisonField::lora_scale, 0, lora}, "0, 0.5, 1"};
        draft.down = {{ComparisonField::model}, {}, {"starter"}};
        session_.comparison().setDraft(draft);
        act("show_compare");
        rest();
        take("sweep-models");
        one<WorkspaceTabs>("workspaces")->setCurrent(0);
        session_.edits().undo();
    }

    void choice() {
        const QString samples = fromPath(resource_folder()) + "/starter/samples/%1/%2.png";
        MimePictures many;
        for (int i = 0; i < 24; ++i) {
            const QString path = samples.arg(i % 2 ? "mug" : "lamp").arg(i / 2 % 10);
            many.sources.append({.name = path.section('/', -2), .path = path});
        }
        session_.addPictures(many);
        until("the tray", [&] { return !session_.references().isReading(); });
        press("method_measure");
        until("a pace", [&] { return !session_.question().isMeasuring(); });
        take("choice");
        press("method_why");
        rest();
        take("choice-why");
        press("method_close");
        session_.edits().undo();
        clearNotices();
    }

    void queue() {
        session_.queue().setPaused(true);
        session_.request().edit(
            [](GenerationRequest& request) { request.width = request.height = 1024; });
        window_.generate();
        session_.request().edit([](GenerationRequest& request) {
            request.width = request.height = std::nullopt;
            request.prompt = "a photo of a duck in the snow";
        });
        window_.generate();
        window_.generate();
        window_.makeVariations();
        session_.queue().setPaused(false);
        running(6);
        take("queue");
        idle();
        take("queue-failed");
        while (session_.queue().rowCount() > 0) {
            session_.queue().remove(0);
        }
        clearNotices();
    }

    void library() {
        const PictureId shown = session_.shownId();
        session_.library().addToAlbum({shown}, "Winter");
        act("library_grid");
        one<QLineEdit>("search")->setText("lamp");
        rest(300);
        take("library-grid");
        one<QLineEdit>("search")->setText("no such word");
        rest(300);
        take("library-nothing-found");
        one<QLineEdit>("search")->clear();
        act("library_grid");
        press("library_more");
        rest();
        take("library-menu");
        closeMenus();
    }

    void compare() {
        ComparisonModel& model = session_.comparison();
        act("show_compare");
        rest();
        take("compare-empty");
        act("make_ladder");
        until("three rungs", [&] {
            return model.doneCount() >= 3 && model.cell(3) && !model.cell(3)->image.isNull();
        });
        take("compare-running");
        until("a ladder", [&] { return model.isComplete(); });
        rest();
        take("compare-ladder");
        press("compare_mode_1");
        one<CompareView>("compare_view")->setWipe(0.56);
        rest();
        take("compare-wipe");
        press("compare_mode_3");
        rest(400);
        take("compare-difference");
        press("difference_kind_1");
        rest(400);
        take("compare-difference-delta-e");
        press("compare_mode_0");
        model.measure();
        until("numbers", [&] { return !model.isMeasuring(); });
        lookAt("numbers_panel");
        take("compare-numbers");
        press("show_influence");
        until("influence", [&] { return !model.cell(model.b())->influences.empty(); });
        lookAt("influence_panel");
        take("compare-influence");
        press("make_1");
        one<QLineEdit>("across_values")->setText("0.3, 0.9");
        Q_EMIT one<QLineEdit>("across_values")->editingFinished();
        press("make_comparison");
        rest();
        until("a sheet", [&] { return model.isComplete(); });
        lookAt("comparison_panel");
        take("compare-sheet");
        press("keep_winner");
        rest();
    }

    void models() {
        const QTemporaryDir folder;
        const std::filesystem::path own = toPath(folder.path());
        std::filesystem::copy(std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests/golden/tiny_sd",
                              own / "dreamlike", std::filesystem::copy_options::recursive);
        write_tensor_file(own / "loras/ink drawing v2.safetensors", lora_shapes(768),
                          {{"modelspec.trigger_phrase", "ink drawing"}, {"license", "openrail"}});
        write_tensor_file(own / "loras/pixel art XL.safetensors", lora_shapes(2048));
        write_tensor_file(own / "adapters/ip-adapter_sd15.safetensors", adapter_shapes());
        std::ofstream(own / "loras/half a download.safetensors") << "version https://git-lfs";
        session_.models().addFolder(folder.path());
        act("show_models");
        until("models",
              [&] { return session_.models().wasScanned() && !session_.models().isScanning(); });
        auto* list = one<QListView>("models_list");
        for (int row = 0; row < session_.models().rowCount(); ++row) {
            if (session_.models().entry(row).kind == ModelKind::ip_adapter) {
                list->setCurrentIndex(session_.models().index(row));
            }
        }
        rest();
        QWidget* sheet = one<QWidget>("models_sheet");
        album_.take("window-models", *sheet);
        press("models_folders");
        rest();
        album_.take("window-models-folders", *sheet);
        closeMenus();
        sheet->close();
        session_.models().removeFolder(folder.path());
    }

    void refiner() {
        RequestModel& request = session_.request();
        const GenerationRequest before = request.request();
        const ModelTraits traits = request.traits();
        ModelTraits sdxl = traits;
        sdxl.family = "sdxl";
        request.setTraits(sdxl);
        request.edit([](GenerationRequest& edited) {
            edited.refiner = {.model = "/models/sd_xl_refiner_1.0.safetensors"};
        });
        lookAt("model_panel");
        take("refiner");
        request.setRequest(before);
        request.setTraits(traits);
    }

    void windows() {
        act("export");
        rest();
        for (const char* name : {"preferences_action", "shortcuts_action", "about"}) {
            act(name);
            rest();
        }
        for (QWidget* other : QApplication::topLevelWidgets()) {
            if (other->isVisible() && other != &window_) {
                album_.take("window-" + other->objectName().replace('_', '-'), *other);
                other->close();
            }
        }
        rest();
        for (const char* menu : {"&File", "&View"}) {
            one<QMenu>(menu)->popup(window_.mapToGlobal(QPoint(menu[1] == 'F' ? 4 : 90, 28)));
            rest();
            take(QString("menu-%1").arg(QString(menu).mid(1).toLower()));
            closeMenus();
        }
    }

    void notices() {
        Q_EMIT session_.noticed({.severity = Notice::Severity::note,
                                 .title = Session::tr("Settings are back"),
                                 .action = Notice::Action::undo_settings});
        Q_EMIT session_.noticed(
            {.severity = Notice::Severity::warning,
             .title = Session::tr("%1 pictures were not taken").arg(2),
             .reason = "words.png: not a picture.\nholiday.mov: not a picture."});
        Q_EMIT session_.noticed({.title = "The picture was not made",
                                 .reason = "It needs 18.4 GB, and 16 GB are free.",
                                 .detail = "allocator: 18.4 GB",
                                 .action = Notice::Action::retry});
        rest();
        take("notices");
        clearNotices();
    }

    void drop() {
        QMimeData data;
        data.setUrls(
            {QUrl::fromLocalFile(fromPath(resource_folder() / "starter/samples/mug/0.png"))});
        for (const auto& [name, at] :
             {std::pair{"drop-reference", QPoint(100, 800)},
              std::pair{"drop-canvas",
                        window_.view().mapTo(&window_, window_.view().rect().center())}}) {
            QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(&window_, &enter);
            rest();
            take(name);
            QDragLeaveEvent leave;
            QApplication::sendEvent(&window_, &leave);
        }
    }

    void train() {
        const QTemporaryDir folder;
        const std::filesystem::path mugs = toPath(folder.path()) / "mugs";
        std::filesystem::copy(resource_folder() / "starter/samples/mug", mugs);
        std::ofstream(mugs / "1.txt") << "a harbour-mug on a wooden table by a window";
        TrainingModel& training = session_.training();
        act("show_train");
        rest();
        take("train-empty");
        training.set().add({.sources = {{.name = "mugs", .path = fromPath(mugs)}}});
        until("a dataset", [&] { return training.set().rowCount() == 10; });
        until("its tiles", [&] { return !training.set().isReading(); });
        training.set().edit([](TrainingDraft& draft) {
            draft.name = "harbour-mug";
            draft.request.rank = 16;
            draft.request.max_train_steps = 2000;
            draft.request.validation_steps = 200;
            draft.request.lr_scheduler = LearningRateSchedule::cosine;
        });
        press("check_dataset");
        until("a check", [&] { return training.checked().has_value(); });
        one<QListView>("dataset_tiles")->setCurrentIndex(training.set().index(1));
        press("show_finding");
        rest();
        take("train-checked");
        press("start_training");
        until("half of it", [&] { return training.run().step >= 1140; });
        rest();
        take("train-running");
        press("training_pause");
        until("a pause", [&] { return training.run().phase == TrainingRun::Phase::paused; });
        window_.resize(1024, 768);
        rest(200);
        take("train-paused-narrow");
        window_.resize(1600, 1000);
        press("start_training");
        until("a proof", [&] { return training.run().result.has_value(); });
        lookAt("training_proof");
        take("train-proof");
        press("train_again");
        press("method_dreambooth");
        press("training_more_head");
        lookAt("training_panel");
        take("train-dreambooth");
        press("training_more_head");
        press("method_image_prompt");
        rest();
        take("train-image-prompt");
        one<WorkspaceTabs>("workspaces")->setCurrent(0);
        rest();
    }

    void narrow() {
        window_.resize(1100, 720);
        rest(200);
        take("narrow");
        one<QDockWidget>("references_dock")->raise();
        rest();
        take("narrow-references");
        window_.resize(1600, 1000);
        rest(200);
    }

private:
    void take(const QString& name) { album_.take(name, window_); }

    void until(const char* what, const std::function<bool()>& wanted) {
        album_.check(waitFor(wanted), what);
    }

    template <typename Widget>
    Widget* one(const char* name) {
        auto* widget = window_.findChild<Widget*>(QLatin1String(name));
        if (!widget) {
            std::fprintf(stderr, "likeness-screenshots: there is no %s\n", name);
            std::exit(1);
        }
        return widget;
    }

    void press(const char* name) { one<QAbstractButton>(name)->click(); }

    void act(const char* name) { one<QAction>(name)->trigger(); }

    void idle() {
        until("nothing runs",
              [&] { return session_.run().progress().phase == RunProgress::Phase::idle; });
        rest();
    }

    void running(int step) {
        until("a step", [&] {
            const RunProgress& now = session_.run().progress();
            return now.stage == Stage::denoise && now.step >= step;
        });
    }

    void make() {
        const int before = session_.library().rowCount();
        window_.generate();
        until("a picture", [&] { return session_.library().rowCount() > before; });
        idle();
    }

    void lookAt(const char* section) {
        auto* widget = one<QWidget>(section);
        for (QWidget* parent = widget; parent; parent = parent->parentWidget()) {
            if (auto* scroll = qobject_cast<QScrollArea*>(parent)) {
                scroll->ensureVisible(0, widget->geometry().bottom());
                scroll->ensureVisible(0, widget->geometry().top());
            }
        }
        rest();
    }

    void stroke(MaskEditor& brush) {
        const QPointF middle = brush.rect().center();
        const auto send = [&](QEvent::Type type, QPointF at, Qt::MouseButtons held) {
            QMouseEvent event(type, at, brush.mapToGlobal(at), Qt::LeftButton, held, {});
            QApplication::sendEvent(&brush, &event);
        };
        send(QEvent::MouseButtonPress, middle + QPointF(-160, -140), Qt::LeftButton);
        for (int i = -160; i <= 160; i += 8) {
            send(QEvent::MouseMove, middle + QPointF(i, i / 2.0 - 60), Qt::LeftButton);
        }
        send(QEvent::MouseButtonRelease, middle + QPointF(160, 20), Qt::NoButton);
        rest();
    }

    static void closeMenus() {
        while (QWidget* popup = QApplication::activePopupWidget()) {
            popup->close();
        }
        rest();
    }

    void clearNotices() {
        while (auto* close = window_.notices().findChild<QAbstractButton*>("notice_close")) {
            close->click();
            rest();
        }
    }

    Application& studio_;
    MainWindow& window_;
    Session& session_;
    Album& album_;
};

// What was edited lies on the disk, and nobody said that the sitting ended.
int cutOff(const QString& sessions) {
    Session session(
        {.make_runner = [] { return std::make_unique<FakeRunner>(std::make_shared<FakeScript>()); },
         .model_traits = fakeTraits,
         .sessions = toPath(sessions)});
    const Example first = firstStart(resource_folder());
    session.begin(first.request, first.cards);
    session.start();
    bool kept = false;
    waitFor([&] { return !session.references().isReading(); });
    QObject::connect(session.keeper(), &SessionKeeper::kept, [&kept] { kept = true; });
    session.request().edit([](GenerationRequest& request) { request.prompt = "a lamp at night"; });
    waitFor([&] { return kept; });
    std::_Exit(kept ? 0 : 1);
}

void takeRecovery(QApplication& application, Album& album, const QString& folder) {
    const QString sessions = folder + "/sessions";
    album.check(QProcess::execute(QApplication::applicationFilePath(), {"--cut-off", sessions}) ==
                    0,
                "a sitting that was cut off");
    QSettings store(folder + "/recovery.ini", QSettings::IniFormat);
    SessionParts with = parts();
    with.sessions = toPath(sessions);
    Application studio(application, {}, std::move(with), store);
    Walk walk(studio, album);
    walk.begin();
    album.take("recovery", studio.window());
}

} // namespace

int main(int argc, char* argv[]) {
    QApplication application(argc, argv);
    QStringList arguments = QApplication::arguments();
    init_imageio();
    if (arguments.size() == 3 && arguments[1] == "--cut-off") {
        return cutOff(arguments[2]);
    }
    const bool training = arguments.removeOne("--train");
    if (arguments.size() < 4 || !QDir().mkpath(arguments[1])) {
        std::fprintf(stderr, "usage: likeness-screenshots FOLDER SUFFIX THEME...\n");
        return 2;
    }
    const bool german = arguments[2].startsWith("german");
    const Language language(german ? "de" : "en");
    const QTemporaryDir own; // sets, settings and pictures of this run only
    qputenv("XDG_DATA_HOME", own.path().toUtf8());
    Album album(application, arguments);
    if (!german && !training) {
        takeRecovery(application, album, own.path());
    }
    QSettings store(own.filePath("settings.ini"), QSettings::IniFormat);
    Application studio(application, {}, parts(), store);
    Walk walk(studio, album);
    walk.begin();
    if (training) {
        walk.train();
        return album.isGood() ? 0 : 1;
    }
    walk.firstStart();
    walk.generate();
    walk.references();
    walk.inputPicture();
    walk.styles();
    walk.together();
    walk.choice();
    walk.queue();
    walk.library();
    walk.compare();
    walk.train();
    walk.models();
    walk.refiner();
    walk.windows();
    walk.notices();
    walk.drop();
    walk.narrow();
    return album.isGood() ? 0 : 1;
}
