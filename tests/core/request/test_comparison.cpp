#include "core/base/error.h"
#include "core/request/comparison.h"
#include "core/request/json.h"

#include <QTest>

using namespace likeness;

namespace {

const ModelTraits kTraits{.vae_factor = 8, .has_ip_adapter = true};

ComparisonSpec two_references() {
    ComparisonSpec spec;
    spec.base.prompt = "a mug";
    spec.base.seed = 4211;
    spec.base.num_images = 4;
    spec.base.references = {{.path = "mug.png", .ip_adapter_scale = 0.8},
                            {.path = "style.png", .ip_adapter_scale = 0.4}};
    return spec;
}

ComparisonAxis strengths() {
    ComparisonAxis axis{.field = ComparisonField::ip_adapter_scale, .reference = 1};
    axis.values = ladder_axis_values(ComparisonField::ip_adapter_scale, 0.0, 1.2, 0.2);
    return axis;
}

bool has_problem(const ComparisonSpec& spec, const std::string& field) {
    const auto problems = validate(spec, kTraits);
    return std::any_of(problems.begin(), problems.end(),
                       [&](const Problem& problem) { return problem.field == field; });
}

} // namespace

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void aLadderHasSevenRungsThatDifferInOneStrengthAlone();
    void aSheetGoesAcrossThenDown();
    void everyFieldCanBeVaried();
    void everyLoraAndModelCanBeVaried();
    void aReferenceIsChosenAlone();
    void ladderValues();
    void betweenTwoValues();
    void captionsSayOnlyWhatDiffers();
    void anotherModelIsCheckedByWhoRunsIt();
    void whatCannotRunIsTold();
    void jsonBothWays();
    void foreignJsonIsRefused();
    void whatBecameOfItIsKept();
};

void TestComparison::aLadderHasSevenRungsThatDifferInOneStrengthAlone() {
    ComparisonSpec spec = two_references();
    spec.axes = {strengths()};
    const auto requests = expand(spec);
    QCOMPARE(requests.size(), 7U);
    const double wanted[] = {0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2};
    for (std::size_t i = 0; i < requests.size(); ++i) {
        GenerationRequest expected = spec.base;
        expected.num_images = 1;
        expected.references[1].ip_adapter_scale = wanted[i];
        QVERIFY(requests[i] == expected);
    }
    QVERIFY(validate(spec, kTraits).empty());
}

void TestComparison::aSheetGoesAcrossThenDown() {
    ComparisonSpec spec = two_references();
    spec.axes = {{.field = ComparisonField::master_scale, .values = {0.5, 1.0, 1.5}},
                 {.field = ComparisonField::scheduler,
                  .values = {std::string("ddim"), std::string("euler")}}};
    QVERIFY(validate(spec, kTraits).empty());
    const auto requests = expand(spec);
    QCOMPARE(requests.size(), 6U);
    QCOMPARE(requests[4].master_scale, 1.0);
    QVERIFY(requests[4].scheduler == SchedulerKind::euler);
    QVERIFY(requests[2].scheduler == SchedulerKind::ddim);
    for (const GenerationRequest& request : requests) {
        QCOMPARE(request.seed, spec.base.seed);
    }
}

void TestComparison::everyFieldCanBeVaried() {
    const GenerationRequest base = two_references().base;
    const auto with = [&](ComparisonField field, const ComparisonValue& value) {
        return with_value(base, {.field = field}, value);
    };
    QCOMPARE(with(ComparisonField::seed, std::uint64_t{9}).seed, 9U);
    QCOMPARE(with(ComparisonField::guidance_scale, 4.5).guidance_scale.value(), 4.5);
    QCOMPARE(
        with(ComparisonField::num_inference_steps, std::uint64_t{12}).num_inference_steps.value(),
        12);
    QCOMPARE(with(ComparisonField::ip_adapter, std::string("plus.safetensors")).ip_adapter,
             std::string("plus.safetensors"));
    QCOMPARE(with(ComparisonField::ip_adapter_scale, 0.1).references[0].ip_adapter_scale, 0.1);
}

void TestComparison::aReferenceIsChosenAlone() {
    ComparisonSpec spec = two_references();
    spec.axes = {
        {.field = ComparisonField::reference, .values = {std::uint64_t{0}, std::uint64_t{1}}},
        {.field = ComparisonField::ip_adapter_scale, .reference = 1, .values = {0.1, 0.9}}};
    QVERIFY(validate(spec, kTraits).empty());
    const auto requests = expand(spec);
    QCOMPARE(requests[3].references.size(), 1U);
    QCOMPARE(requests[3].references[0].path, std::string("style.png"));
    QCOMPARE(requests[3].references[0].ip_adapter_scale, 0.9);
    QCOMPARE(requests[2].references[0].path, std::string("mug.png"));
    QCOMPARE(requests[2].references[0].ip_adapter_scale, 0.8);
}

void TestComparison::ladderValues() {
    QVERIFY((ladder_values(0, 1.2, 0.2) == std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2}));
    QVERIFY((ladder_values(0.5, 0.5, 0.1) == std::vector<double>{0.5}));
    QVERIFY(ladder_values(1, 0, 0.1).empty());
    QVERIFY(ladder_values(0, 1, 0).empty());
    QVERIFY(ladder_values(0, std::nan(""), 0.1).empty());
    QCOMPARE(ladder_values(0, 1e9, 1).size(), kMaxComparisonCells + 1);
    const auto steps = ladder_axis_values(ComparisonField::num_inference_steps, 4, 8, 0.5);
    QCOMPARE(steps.size(), 5U); // whole ones, each once
    QCOMPARE(std::get<std::uint64_t>(steps[4]), 8U);
}

void TestComparison::betweenTwoValues() {
    QCOMPARE(std::get<double>(value_between(0.2, 0.4).value()), 0.3);
    QCOMPARE(std::get<std::uint64_t>(value_between(std::uint64_t{8}, std::uint64_t{4}).value()),
             6U);
    QVERIFY(!value_between(0.4, 0.4));
    QVERIFY(!value_between(std::uint64_t{4}, std::uint64_t{5}));
    QVERIFY(!value_between(std::string("ddim"), std::string("euler")));
}

void TestComparison::captionsSayOnlyWhatDiffers() {
    ComparisonSpec spec = two_references();
    spec.axes = {strengths()};
    QCOMPARE(caption(spec, 0).text(), std::string("0"));
    QCOMPARE(caption(spec, 2).text(), std::string("0.4"));
    spec.axes.push_back(
        {.field = ComparisonField::ip_adapter,
         .values = {std::string("a/plain.safetensors"), std::string("a/plus.safetensors")}});
    QCOMPARE(caption(spec, 8).text(), std::string("0.2, plus"));
    QCOMPARE(caption(spec, 14).text(), std::string());
}

void TestComparison::everyLoraAndModelCanBeVaried() {
    ComparisonSpec spec = two_references();
    spec.base.loras = {{.path = "m/film.safetensors", .scale = 0.5},
                       {.path = "m/harbour-mug.safetensors"}};
    spec.axes = {{.field = ComparisonField::lora_scale,
                  .lora = "m/harbour-mug.safetensors",
                  .values = {0.0, 0.6}},
                 {.field = ComparisonField::model,
                  .values = {std::string("starter"), std::string("/m/flagship v1.5")}}};
    QVERIFY(validate(spec, kTraits).empty());
    const auto requests = expand(spec);
    QCOMPARE(requests.size(), 4U);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        QCOMPARE(requests[i].loras[0], spec.base.loras[0]);
        QCOMPARE(requests[i].loras[1].scale, i % 2 == 0 ? 0.0 : 0.6);
        QCOMPARE(requests[i].model, std::string(i < 2 ? "starter" : "/m/flagship v1.5"));
    }
    QCOMPARE(caption(spec, 1).text(), std::string("LoRA harbour-mug 0.6, starter"));
    QCOMPARE(caption(spec, 2).text(), std::string("LoRA harbour-mug 0, flagship v1.5"));
    const std::string text = to_json(spec);
    QVERIFY(comparison_from_json(text) == spec);
    QCOMPARE(to_json(comparison_from_json(text)), text);
    // Two LoRAs against each other; one that is not used; one scale that is none.
    ComparisonSpec two = spec;
    two.axes[1] = {
        .field = ComparisonField::lora_scale, .lora = "m/film.safetensors", .values = {-1.0, 1.0}};
    QVERIFY(validate(two, kTraits).empty());
    two.axes[1].lora = two.axes[0].lora;
    QVERIFY(has_problem(two, "axes[1].field"));
    two.axes[1].lora = "m/gone.safetensors";
    QVERIFY(has_problem(two, "axes[1].lora"));
    two.axes[1] = {.field = ComparisonField::seed, .values = {std::uint64_t{1}}};
    two.axes[0].values = {11.0};
    QVERIFY(has_problem(two, "loras[1].scale"));
}

void TestComparison::anotherModelIsCheckedByWhoRunsIt() {
    const ModelTraits none{.vae_factor = 8, .has_ip_adapter = false};
    ComparisonSpec spec = two_references();
    spec.base.references[0].block_scales = {{"mid", 0.5}};
    spec.axes = {{.field = ComparisonField::model, .values = {std::string("other")}}};
    QVERIFY(validate(spec, none).empty());
    spec.axes[0].values.emplace_back(spec.base.model);
    QCOMPARE(validate(spec, none).size(), 1U);
    spec.axes[0].values = {std::string()};
    QVERIFY(has_problem(spec, "model"));
}

void TestComparison::whatCannotRunIsTold() {
    ComparisonSpec spec = two_references();
    QVERIFY(has_problem(spec, "axes"));
    spec.axes = {{.field = ComparisonField::ip_adapter_scale, .reference = 2, .values = {0.1}}};
    QVERIFY(has_problem(spec, "axes[0].reference"));
    spec.axes = {{.field = ComparisonField::master_scale, .values = {0.1, 0.1}}};
    QVERIFY(has_problem(spec, "axes[0].values"));
    spec.axes = {{.field = ComparisonField::master_scale, .values = {}}};
    QVERIFY(has_problem(spec, "axes[0].values"));
    spec.axes = {{.field = ComparisonField::seed, .values = {0.5}}};
    QVERIFY(has_problem(spec, "axes[0].values"));
    spec.axes = {{.field = ComparisonField::scheduler, .values = {std::string("dpm")}}};
    QVERIFY(has_problem(spec, "axes[0].values"));
    spec.axes = {{.field = ComparisonField::master_scale, .values = {1.0, 9.0}}};
    QVERIFY(has_problem(spec, "master_scale")); // what the picture's own check says
    spec.axes = {strengths(), strengths()};
    QVERIFY(has_problem(spec, "axes[1].field"));
    ComparisonAxis seeds{.field = ComparisonField::seed};
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        seeds.values.emplace_back(seed);
    }
    spec.axes = {strengths(), seeds};
    QVERIFY(has_problem(spec, "axes")); // seventy
    spec.base.references.clear();
    spec.axes = {{.field = ComparisonField::master_scale, .values = {0.1}}};
    QVERIFY(has_problem(spec, "axes[0].field"));
}

void TestComparison::jsonBothWays() {
    ComparisonSpec spec = two_references();
    spec.axes = {strengths(),
                 {.field = ComparisonField::seed,
                  .values = {std::uint64_t{7}, std::uint64_t{18446744073709551615U}}}};
    const std::string text = to_json(spec);
    const ComparisonSpec back = comparison_from_json(text);
    QVERIFY(back == spec);
    QCOMPARE(to_json(back), text);
    const ComparisonSpec by_hand =
        comparison_from_json(R"({"axes": [{"field": "guidance_scale", "values": [1, 2.5]}]})");
    QCOMPARE(std::get<double>(by_hand.axes[0].values[0]), 1.0);
}

void TestComparison::foreignJsonIsRefused() {
    const char* texts[] = {
        "[]",
        "{}",
        R"({"axes": [], "extra": 1})",
        R"({"axes": [{"field": "hue", "values": []}]})",
        R"({"axes": [{"field": "seed", "values": [-1]}]})",
        R"({"axes": [{"field": "seed", "values": ["7"]}]})",
        R"({"axes": [{"field": "scheduler", "values": [1]}]})",
        R"({"axes": [{"field": "seed", "field": "seed", "values": [1]}]})",
        R"({"axes": [{"field": "seed", "reference": 1e9, "values": [1]}]})",
        R"({"axes": [{"field": "lora_scale", "lora": 1, "values": [1]}]})",
        R"({"axes": [{"field": "lora_scale", "lora": "a", "values": ["a"]}]})",
        R"({"axes": [{"field": "model", "values": [1]}]})",
        R"({"base": {"prompt": 1}, "axes": []})",
        R"({"axes": [1, 2, 3]})",
    };
    for (const char* text : texts) {
        QVERIFY_EXCEPTION_THROWN(comparison_from_json(text), Error);
    }
}

void TestComparison::whatBecameOfItIsKept() {
    const ComparisonRecord record{
        .axes = {strengths(),
                 {.field = ComparisonField::scheduler, .values = {std::string("ddim")}}},
        .panes = std::vector<PaneRecord>(strengths().values.size(), {.file = "a/b.png"})};
    ComparisonRecord half = record;
    half.panes[1] = {.failure = "memory ran out"};
    half.panes[2] = {};
    for (const ComparisonRecord& each : {record, half}) {
        QVERIFY(comparison_record_from_json(to_json(each)) == each);
    }
    const char* texts[] = {
        "[]",
        R"({"panes": []})",
        R"({"axes": [{"field": "seed", "values": [1, 2]}], "panes": [{}]})",
        R"({"axes": [{"field": "seed", "values": [1]}]})",
        R"({"axes": [{"field": "seed", "values": [1]}], "panes": [{"file": 1}]})",
        R"({"axes": [{"field": "seed", "values": [1]}], "panes": [{"place": "a"}]})",
        R"({"axes": [{"field": "seed", "values": [1]}], "panes": ["a"]})",
    };
    for (const char* text : texts) {
        QVERIFY_EXCEPTION_THROWN(comparison_record_from_json(text), Error);
    }
}

QTEST_APPLESS_MAIN(TestComparison)
#include "test_comparison.moc"
