#include "core/base/wording.h"
#include "core/request/training_advice.h"

#include <QTest>

using namespace likeness;

namespace {

constexpr TrainingPace kQuickLora{.seconds_per_step = 0.2, .seconds_around = 10};
constexpr TrainingPace kQuickDreamBooth{.seconds_per_step = 0.4, .seconds_around = 20};
constexpr TrainingPace kSlow{.seconds_per_step = 20, .seconds_around = 60};

AdviceQuestion asked(std::size_t pictures, double minutes, KeptSame kept = KeptSame::product) {
    return {.pictures = pictures,
            .minutes = minutes,
            .kept = kept,
            .seconds_per_picture = 1,
            .lora = kQuickLora,
            .dreambooth = kQuickDreamBooth};
}

std::vector<AdvisedMethod> advised(const TrainingAdvice& advice) {
    std::vector<AdvisedMethod> methods;
    for (const MethodAdvice& each : advice.methods) {
        if (each.is_advised) {
            methods.push_back(each.method);
        }
    }
    return methods;
}

using Methods = std::vector<AdvisedMethod>;
constexpr auto kImage = AdvisedMethod::image_prompt;
constexpr auto kLora = AdvisedMethod::lora;
constexpr auto kDreamBooth = AdvisedMethod::dreambooth;

} // namespace

class TestTrainingAdvice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void picturesAndTimeDecide();
    void aStyleIsLearnedInMeasure();
    void costIsWhatWasMeasured();
    void stepsFitTheTime();
    void unmeasuredIsSaid();
    void withoutAdapterALoraRemains();
    void everyAnswerSaysWhatItWillNot();
    void settingsGoIntoTheRequest();
    void durationsInWords();
};

void TestTrainingAdvice::picturesAndTimeDecide() {
    QCOMPARE(advised(advise(asked(4, 600))), Methods{kImage});
    QCOMPARE(advised(advise(asked(9, 600))), Methods{kImage});
    QCOMPARE(advised(advise(asked(10, 60))), (Methods{kImage, kLora}));
    QCOMPARE(advised(advise(asked(24, 0))), Methods{kImage});
    QCOMPARE(advised(advise(asked(99, 600))), (Methods{kImage, kLora}));
    QCOMPARE(advised(advise(asked(100, 600))), (Methods{kImage, kDreamBooth}));
    QCOMPARE(advised(advise(asked(100, 3))), (Methods{kImage, kLora})); // DreamBooth takes longer

    const TrainingAdvice few = advise(asked(7, 60));
    QCOMPARE(few.title.text(), std::string("An image prompt"));
    QCOMPARE(few.reason.text(), std::string("7 pictures: a LoRA is worth it from 10."));
    QCOMPARE(few.of(kLora).why.text(),
             std::string("With 7 pictures it would learn the pictures and not the thing; 3 more "
                         "make it worth it."));
    QVERIFY(!few.of(kLora).fits_pictures && few.of(kLora).fits_time);

    const TrainingAdvice none = advise(asked(0, 60));
    QVERIFY(advised(none).empty());
    QCOMPARE(none.first().method, kImage);
}

void TestTrainingAdvice::aStyleIsLearnedInMeasure() {
    QCOMPARE(advised(advise(asked(24, 60, KeptSame::style))), Methods{kLora});
    QCOMPARE(advised(advise(asked(200, 600, KeptSame::style))), Methods{kLora});
    QCOMPARE(advised(advise(asked(4, 60, KeptSame::style))), Methods{kImage});
    // Where a LoRA does not fit, what fits is taken.
    AdviceQuestion odd = asked(200, 600, KeptSame::style);
    odd.lora = TrainingPace{.seconds_per_step = 1000};
    QCOMPARE(advised(advise(odd)), Methods{kDreamBooth});
}

void TestTrainingAdvice::costIsWhatWasMeasured() {
    const TrainingAdvice advice = advise(asked(24, 60));
    const MethodAdvice& lora = advice.of(kLora);
    QCOMPARE(lora.max_train_steps, 960);
    QCOMPARE(lora.seconds, 10 + 960 * 0.2);
    QCOMPARE(lora.cost.text(), std::string("about 3 min here: 960 steps of 0.2 s"));
    QCOMPARE(advice.reason.text(),
             std::string("24 pictures and 60 min: about 3 min here: 960 steps of 0.2 s."));
    QCOMPARE(advice.of(kImage).cost.text(),
             std::string("nothing to train; a picture takes 1 s here"));

    const MethodAdvice whole = advise(asked(150, 600)).of(kDreamBooth);
    QCOMPARE(whole.num_class_images, 200);
    QCOMPARE(whole.max_train_steps, 1200);
    QCOMPARE(whole.seconds, 20 + 200 * 1.0 + 1200 * 0.4); // class pictures are made first

    AdviceQuestion slow = asked(24, 60);
    slow.lora = kSlow;
    const TrainingAdvice refused = advise(slow);
    QCOMPARE(advised(refused), Methods{kImage});
    QCOMPARE(refused.reason.text(),
             std::string("24 pictures would do for a LoRA. It takes about 5.3 h here; you give "
                         "60 min."));

    const TrainingRequest request{.max_train_steps = 100};
    const TrainingEstimate estimate{
        .seconds_per_step = 0.5, .seconds = 65, .seconds_per_picture = 0.25, .class_pictures = 20};
    QCOMPARE(pace_of(estimate, request),
             (TrainingPace{.seconds_per_step = 0.5, .seconds_around = 10}));
}

void TestTrainingAdvice::stepsFitTheTime() {
    const MethodAdvice lora = advise(asked(24, 2)).of(kLora); // 120 s: 10 around, 550 steps
    QVERIFY(lora.is_advised && lora.fits_time);
    QCOMPARE(lora.max_train_steps, 550);
    QVERIFY(lora.seconds <= 120);
    QCOMPARE(advise(asked(50, 600)).of(kLora).max_train_steps, 2000); // time left is not filled
    QVERIFY(!advise(asked(24, 0.5)).of(kLora).fits_time); // fewer than 200 teach nothing
}

void TestTrainingAdvice::unmeasuredIsSaid() {
    AdviceQuestion unmeasured = asked(24, 60);
    unmeasured.lora.reset();
    unmeasured.seconds_per_picture = 0;
    const TrainingAdvice advice = advise(unmeasured);
    QVERIFY(advice.of(kLora).is_advised);
    QCOMPARE(advice.of(kLora).seconds, 0.0);
    QCOMPARE(advice.of(kLora).cost.text(),
             std::string("960 steps; not measured on this machine yet"));
    QCOMPARE(advice.of(kImage).cost.text(), std::string("nothing to train"));
    unmeasured.minutes = 5;
    QVERIFY(!advise(unmeasured).of(kLora).is_advised);
}

void TestTrainingAdvice::withoutAdapterALoraRemains() {
    AdviceQuestion question = asked(4, 60);
    question.has_ip_adapter = false;
    const TrainingAdvice advice = advise(question);
    QCOMPARE(advised(advice), Methods{kLora});
    QCOMPARE(advice.title.text(), std::string("A LoRA"));
    QVERIFY(!advice.of(kLora).fits_pictures);
    QCOMPARE(advice.of(kLora).why.text(),
             std::string("This model has no image-prompt adapter, so a LoRA is what remains for 4 "
                         "pictures."));
    question.pictures = 0;
    QVERIFY(advised(advise(question)).empty());
}

void TestTrainingAdvice::everyAnswerSaysWhatItWillNot() {
    for (const KeptSame kept :
         {KeptSame::face, KeptSame::product, KeptSame::style, KeptSame::everything}) {
        for (const std::size_t pictures : {0, 1, 9, 24, 300}) {
            for (const double minutes : {0.0, 5.0, 60.0, 600.0}) {
                const TrainingAdvice advice = advise(asked(pictures, minutes, kept));
                QVERIFY(!advice.title.empty() && !advice.reason.empty());
                for (const MethodAdvice& each : advice.methods) {
                    QVERIFY(!each.range.empty() && !each.cost.empty() && !each.gives.empty());
                    QVERIFY(!each.will_not.empty() && !each.why.empty());
                    QVERIFY(!each.is_advised || each.fits_time);
                }
                QVERIFY(pictures == 0 || advice.first().is_advised);
            }
        }
    }
}

void TestTrainingAdvice::settingsGoIntoTheRequest() {
    const TrainingRequest base{.model = "mine", .seed = 4};
    AdviceQuestion question = asked(120, 600, KeptSame::face);
    question.model = base.model;
    const TrainingAdvice advice = advise(question);
    const TrainingRequest lora = with_advice(base, advice.of(kLora));
    QCOMPARE(lora.method, TrainingMethod::lora);
    QCOMPARE(lora.rank, 16);
    QCOMPARE(lora.max_train_steps, 2000);
    QCOMPARE(*lora.learning_rate, default_learning_rate(lora));
    QCOMPARE(lora.model, std::string("mine"));
    const TrainingRequest whole = with_advice(base, advice.of(kDreamBooth));
    QCOMPARE(whole.method, TrainingMethod::dreambooth);
    QCOMPARE(whole.num_class_images, 200);
    QCOMPARE(whole.rank, base.rank);
    QCOMPARE(with_advice(base, advice.of(kImage)), base);
}

void TestTrainingAdvice::durationsInWords() {
    QCOMPARE(duration_words(0.5).text(), std::string("0.5 s"));
    QCOMPARE(duration_words(45).text(), std::string("45 s"));
    QCOMPARE(duration_words(89.9).text(), std::string("90 s"));
    QCOMPARE(duration_words(540).text(), std::string("9 min"));
    QCOMPARE(duration_words(3600).text(), std::string("60 min"));
    QCOMPARE(duration_words(9000).text(), std::string("2.5 h"));
    QCOMPARE(duration_words(36000).text(), std::string("10 h"));
}

QTEST_APPLESS_MAIN(TestTrainingAdvice)
#include "test_training_advice.moc"
