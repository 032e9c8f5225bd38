#include "tests/ui/studio_walk.h"

#include "app/application.h"
#include "core/request/model_folder.h"
#include "tests/ui/fake_runner.h"
#include "ui/main_window.h"
#include "ui/model/paths.h"
#include "ui/model/session.h"
#include "ui/panels/reference_details.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QTest>

namespace likeness {

bool isBehind(const QWidget& widget) {
    const QWidget* dock = &widget;
    while (dock && !qobject_cast<const QDockWidget*>(dock)) {
        dock = dock->parentWidget();
    }
    // The window lays such a dock beside itself.
    return dock && !dock->isWindow() && !dock->window()->rect().intersects(dock->geometry());
}

void walkStudio(Application& studio, FakeScript& script,
                const std::function<void(QWidget&, const QString&)>& see) {
    MainWindow& window = studio.window();
    studio.start();
    window.setModels({"starter"});
    const auto press = [&window](const char* name) {
        auto* button = window.findChild<QAbstractButton*>(QLatin1String(name));
        QVERIFY2(button, name);
        button->click();
    };
    const auto act = [&window](const char* name) {
        auto* action = window.findChild<QAction*>(QLatin1String(name));
        QVERIFY2(action, name);
        action->trigger();
    };
    QTRY_COMPARE(studio.session().goodModel(), QString("starter"));
    QTRY_VERIFY(!studio.session().references().isReading());
    see(window, "at the start");
    window.generate();
    QTRY_COMPARE(studio.session().library().rowCount(), 1);
    see(window, "with a picture");
    // Where the window is narrow the two lie one behind the other.
    const auto raise = [&window](const char* name) {
        window.findChild<QDockWidget*>(QLatin1String(name))->raise();
        QCoreApplication::processEvents();
    };
    raise("references_dock");
    ReferenceListModel& references = studio.session().references();
    references.setRole(references.cards().front().id, ReferenceRole::composition);
    press("open");
    QTRY_VERIFY(!window.findChild<ReferenceDetails*>()->eyePixels().isNull());
    see(window, "with an open card");
    press("paint_mask");
    see(window, "while a mask is painted");
    press("mask_done");
    act("library_grid");
    see(window, "with a grid of pictures");
    act("library_grid");
    raise("settings_dock");
    studio.session().request().edit([](GenerationRequest& request) {
        request.prompt = "a (duck:1.3) BREAK [snow]";
        request.loras = {{.path = "/m/film-lora.safetensors", .scale = 0.8},
                         {.path = "/m/old-lora-xl.safetensors", .muted = true},
                         {.path = "/m/damaged-lora.safetensors"}};
        request.textual_inversions = {{.path = "/m/cat-word.pt"}};
        request.guidance_end = 0.8;
    });
    press("lora_open");
    press("fine_tuning_panel_head");
    QTRY_VERIFY(studio.session().knownFiles().facts("/m/cat-word.pt").has_value());
    see(window, "with styles and words");
    studio.session().openModel("xl");
    QTRY_COMPARE(studio.session().goodModel(), QString("xl"));
    press("offer_second_prompts");
    see(window, "with an SDXL model");
    studio.session().openModel("starter");
    QTRY_COMPARE(studio.session().goodModel(), QString("starter"));
    press("fine_tuning_panel_head");
    studio.session().request().edit([](GenerationRequest& request) {
        request.loras.clear();
        request.textual_inversions.clear();
        request.guidance_end = 1;
    });
    studio.session().queue().setPaused(true);
    window.generate();
    window.makeVariations();
    see(window, "with a waiting queue");
    script.fails_while_denoising = true;
    studio.session().queue().setPaused(false);
    const PictureQueue& queue = studio.session().queue();
    QTRY_VERIFY(queue.rows().size() >= 2 && queue.rows().front().failed &&
                queue.rows().back().failed);
    Q_EMIT studio.session().noticed({.title = Session::tr("The picture was not made: settings do "
                                                          "not fit"),
                                     .detail = "detail",
                                     .action = Notice::Action::open_model});
    see(window, "with a failure");
    script.fails_while_denoising = false;
    act("make_ladder");
    QTRY_VERIFY(studio.session().comparison().isComplete());
    studio.session().comparison().measure();
    QTRY_VERIFY(!studio.session().comparison().isMeasuring());
    see(window, "with a ladder");
    studio.session().queue().setPaused(true);
    act("make_ladder");
    see(window, "with a ladder that waits");
    studio.session().comparison().stop();
    see(window, "with a ladder that was stopped");
    studio.session().queue().setPaused(false);
    press("make_1");
    see(window, "before a sheet");
    for (const char* mode : {"compare_mode_1", "compare_mode_2", "compare_mode_3"}) {
        press(mode);
        see(window, mode);
    }
    act("show_train");
    see(window, "before a training");
    TrainingModel& training = studio.session().training();
    training.set().add(
        {.sources = {
             {.name = "mug", .path = fromPath(resource_folder() / "starter/samples/mug")}}});
    QTRY_VERIFY(training.set().rowCount() > 2 && !training.set().isReading());
    training.set().edit([](TrainingDraft& draft) { draft.name = "harbour-mug"; });
    training.check();
    QTRY_VERIFY(training.checked().has_value());
    press("training_more_head");
    see(window, "with a dataset");
    press("training_more_head");
    press("method_dreambooth");
    see(window, "before DreamBooth");
    press("method_image_prompt");
    see(window, "with image prompts alone");
    press("method_lora");
    script.train_step_milliseconds = 2;
    press("start_training");
    QTRY_VERIFY(training.run().step > 20);
    see(window, "while it trains");
    press("training_pause");
    QTRY_COMPARE(training.run().phase, TrainingRun::Phase::paused);
    see(window, "with a training that pauses");
    press("start_training");
    QTRY_COMPARE(training.run().phase, TrainingRun::Phase::done);
    see(window, "with a proof");
    act("export");
    for (const char* name : {"preferences_action", "shortcuts_action", "about"}) {
        act(name);
    }
    for (QWidget* other : QApplication::topLevelWidgets()) {
        if (other->isVisible() && other != &window) {
            QCoreApplication::processEvents();
            see(*other, other->objectName());
        }
    }
}

} // namespace likeness
