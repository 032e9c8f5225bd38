// The comparison of methods on the committed model, as small as it gets: a method that does nothing
// scores what text alone scores, trainings are kept, and what was asked for is there.

#include "app/starter/methods/compare.h"
#include "app/starter/methods/scores.h"
#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/request/proposed_training.h"
#include "core/request/training_json.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <filesystem>

using namespace likeness;
using namespace likeness::starter;

namespace fs = std::filesystem;

namespace {

const fs::path kModel = fs::path(LIKENESS_SOURCE_DIR) / "resources/starter";
const fs::path kEvaluators = fs::path(LIKENESS_SOURCE_DIR) / "tests/data/starter_eval";

} // namespace

class TestMethodsMini : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingDoneIsTextOnly();
    void everyMethodHasItsNumbers();
    void picturesAreThere();
    void keptTrainingsAreTaken();
    void otherLessonsAreOthers();
    void settingsAreTheProposed();
    void promptsNameTheProduct();
    void theStyleIsLearnedUntold();
    void badWordsAreRefused();

private:
    methods::Order order() const;

    test::TempFolder folder_{};
    methods::Findings found_{};
};

methods::Order TestMethodsMini::order() const {
    auto order = methods::make_order("mini", 0);
    order.folder = folder_.path() / "model";
    order.evaluators = kEvaluators;
    order.work = folder_.path() / "work";
    order.sheets = folder_.path();
    order.num_inference_steps = 3;
    order.lessons.threads = 1; // several slow each other down where others compute as well
    order.lessons.class_images = 2;
    order.methods = methods::methods_from("lora,dreambooth");
    order.methods.push_back({.name = "nothing", .adapter = &bench::kAdapters[1], .scale = 0});
    return order;
}

void TestMethodsMini::initTestCase() {
    qputenv("XDG_CACHE_HOME", folder_.path().c_str()); // of class pictures
    fs::copy(kModel, order().folder, fs::copy_options::recursive);
    found_ = methods::compare(order());
}

void TestMethodsMini::nothingDoneIsTextOnly() {
    const std::string nothing = "nothing.";
    int compared = 0;
    for (const auto& [name, estimate] : found_.measures.values()) {
        // How long a picture takes is no score of it.
        if (!name.starts_with(nothing) || name == nothing + "seconds") {
            continue;
        }
        const auto of_text = found_.measures.find("text_only." + name.substr(nothing.size()));
        QVERIFY2(of_text == estimate, name.c_str());
        ++compared;
    }
    QVERIFY(compared > 15);
    QCOMPARE(found_.measures.find("nothing.drift")->value, 0.0);
}

void TestMethodsMini::everyMethodHasItsNumbers() {
    for (const auto* const method : {"text_only", "lora", "dreambooth", "nothing"}) {
        for (const auto* const score :
             {"attr_i", "id_sim", "id_rescaled", "recall", "attr_t", "leak", "drift", "div",
              "style", "seconds", "train_seconds"}) {
            const auto name = std::string(method) + "." + score;
            const auto estimate = found_.measures.find(name);
            QVERIFY2(estimate && estimate->subjects == 2, name.c_str());
        }
    }
    QCOMPARE(found_.measures.find("text_only.train_seconds")->value, 0.0);
    for (const std::string method : {"lora", "dreambooth"}) {
        QVERIFY(found_.measures.find(method + ".train_seconds")->value > 0);
        QVERIFY(found_.measures.find(method + ".drift")->value > 0);
        QVERIFY(found_.measures.find(method + ".class_similarity").has_value());
    }
    QVERIFY(!found_.measures.find("nothing.class_similarity")); // a reference is always there
    QCOMPARE(found_.measures.find("oracle.id_rescaled")->value, 1.0);
    QCOMPARE(found_.gates.size(), methods::method_rules().size());
}

void TestMethodsMini::picturesAreThere() {
    for (const auto* const name : {"methods.png", "class.png"}) {
        const auto picture = load_image(folder_.path() / name);
        QVERIFY2(picture.width > 400 && picture.height > 250, name);
    }
}

void TestMethodsMini::keptTrainingsAreTaken() {
    std::map<fs::path, fs::file_time_type> before;
    for (const auto& entry : fs::directory_iterator(folder_.path() / "work")) {
        before[entry.path()] = entry.last_write_time();
    }
    // Two methods, two subjects: the weights and what is told of them.
    QCOMPARE(before.size(), std::size_t{8});
    // No training reads an adapter: another one leaves them as they are.
    fs::remove(order().folder / "ip_adapter/ip-adapter_starter.safetensors");
    auto again = order();
    again.subjects = 1;
    again.sheets.clear();
    const auto found = methods::compare(again);
    for (const auto& [path, time] : before) {
        QVERIFY2(fs::last_write_time(path) == time, path.c_str());
    }
    for (const auto& [name, trained] : found.trainings) {
        QCOMPARE(trained.seconds, found_.trainings.at(name).seconds);
        QCOMPARE(trained.proof, found_.trainings.at(name).proof);
    }
    QCOMPARE(found.trainings.size(), std::size_t{2});
}

void TestMethodsMini::otherLessonsAreOthers() {
    const auto product = bench::unseen_products(1, 1).front();
    const std::vector<ImagePtr> pictures =
        bench::render_all({{product.subject, product.real[0]}}, 64);
    const auto asked = [&](methods::Learned learned, methods::Lessons lessons,
                           const char* weights) {
        return methods::key(methods::subject_lesson(learned, kModel, product, pictures, lessons),
                            weights);
    };
    using enum methods::Learned;
    const auto usual = asked(lora, {}, "a");
    QCOMPARE(asked(lora, {}, "a"), usual);
    QCOMPARE(asked(lora, {.threads = 3}, "a"), usual);
    QVERIFY(asked(lora, {}, "b") != usual);
    QVERIFY(asked(lora, {.steps = 401}, "a") != usual);
    QVERIFY(asked(lora, {.learning_rate = 1e-3}, "a") != usual);
    QVERIFY(asked(lora, {.told_places = true}, "a") != usual);
    QVERIFY(asked(dreambooth, {}, "a") != usual);
    QVERIFY(asked(dreambooth, {.text_encoder = false}, "a") != asked(dreambooth, {}, "a"));
    QVERIFY(asked(dreambooth, {}, "a") != asked(dreambooth_no_prior, {}, "a"));
}

// What is measured is what a person gets who asks for nothing.
void TestMethodsMini::settingsAreTheProposed() {
    const auto product = bench::unseen_products(1, 1).front();
    for (const auto learned : {methods::Learned::lora, methods::Learned::dreambooth}) {
        const auto method =
            learned == methods::Learned::lora ? TrainingMethod::lora : TrainingMethod::dreambooth;
        auto expected = proposed_training(method, kModel.string());
        auto request = methods::subject_lesson(learned, kModel, product, {}, {});
        expected.seed = request.seed;
        expected.instance_prompt = request.instance_prompt;
        expected.class_prompt = request.class_prompt;
        QCOMPARE(to_json(request), to_json(expected));
    }
}

void TestMethodsMini::promptsNameTheProduct() {
    QCOMPARE(methods::with_identifier("a mug on the beach"), std::string("a sks mug on the beach"));
    QCOMPARE(methods::class_prompt(synth::Shape::teapot), std::string("a teapot"));
    const auto product = bench::unseen_products(1, 1).front();
    const std::vector<ImagePtr> pictures =
        bench::render_all({{product.subject, product.real[0]}}, 64);
    const auto request =
        methods::subject_lesson(methods::Learned::dreambooth, kModel, product, pictures, {});
    QVERIFY(request.method == TrainingMethod::dreambooth);
    QCOMPARE(methods::with_identifier(request.class_prompt), request.instance_prompt);
    QVERIFY(methods::subject_lesson(methods::Learned::dreambooth_no_prior, kModel, product,
                                    pictures, {})
                .class_prompt.empty());
}

void TestMethodsMini::theStyleIsLearnedUntold() {
    auto request = methods::style_lesson(kModel, 64, {});
    for (const auto& picture : request.pictures) {
        QVERIFY(picture.caption.find(synth::phrase(methods::kStyle)) == std::string::npos);
        QCOMPARE(picture.image->width, 64);
    }
    request.out = "style.safetensors";
    QVERIFY(validate(request).empty());
}

void TestMethodsMini::badWordsAreRefused() {
    QVERIFY_EXCEPTION_THROWN(methods::make_order("huge", 0), Error);
    QVERIFY_EXCEPTION_THROWN(methods::methods_from("lora,painting"), Error);
    QCOMPARE(methods::methods_from("").size(), methods::all_methods().size());
    QCOMPARE(methods::methods_from("lora").front().name, std::string("text_only"));
}

QTEST_APPLESS_MAIN(TestMethodsMini)
#include "test_methods_mini.moc"
