// The gates with made-up numbers: each bound from both sides, and no row that gets lost.

#include "app/starter/bench/gates.h"
#include "app/starter/bench/report.h"

#include <QTest>

#include <limits>
#include <set>

using namespace likeness::starter::bench;

namespace {

constexpr double kJustOff = 1e-6;

// Numbers that just hold every rule; `worse` puts that one just on the wrong side.
Measures holding(const std::string& worse = {}) {
    Measures measures;
    for (const auto& rule : gate_rules()) {
        const double away = rule.bound == Bound::at_least ? -kJustOff : kJustOff;
        measures.set(rule.measure,
                     Estimate{.value = rule.wanted + (rule.measure == worse ? away : 0.0),
                              .standard_error = 0.01,
                              .subjects = 30});
    }
    return measures;
}

} // namespace

class TestBenchGates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWholeDesignIsThere();
    void eachRuleFailsByItself();
    void whatIsNotMeasuredDoesNotPass();
    void aNumberThatIsNoneFails();
    void theReportHoldsEveryRow();
};

void TestBenchGates::theWholeDesignIsThere() {
    std::set<std::string> gates, measures;
    for (const auto& rule : gate_rules()) {
        gates.insert(rule.gate);
        QVERIFY2(measures.insert(rule.measure).second, rule.measure);
    }
    QCOMPARE(gates,
             (std::set<std::string>{"G0", "G1", "G2", "G3", "G4 plain", "G4 plus", "G5 plain",
                                    "G5 plus", "G6 plain", "G6 plus", "G7 plain", "G7 plus"}));
    for (const auto& [gate, verdict] : by_gate(judge(gate_rules(), holding()))) {
        QVERIFY2(verdict == Verdict::passed, gate.c_str());
    }
}

void TestBenchGates::eachRuleFailsByItself() {
    for (const auto& worse : gate_rules()) {
        const auto results = judge(gate_rules(), holding(worse.measure));
        QCOMPARE(results.size(), gate_rules().size());
        for (const auto& result : results) {
            const bool is = std::string(result.rule.measure) == worse.measure;
            QVERIFY2(result.verdict == (is ? Verdict::failed : Verdict::passed),
                     result.rule.measure);
        }
        for (const auto& [gate, verdict] : by_gate(results)) {
            QVERIFY2(verdict == (gate == worse.gate ? Verdict::failed : Verdict::passed),
                     gate.c_str());
        }
    }
}

void TestBenchGates::whatIsNotMeasuredDoesNotPass() {
    const Measures all = holding();
    Measures measures;
    for (const auto& [name, estimate] : all.values()) {
        if (!name.starts_with("plus.") && name != "encoder.caption_recall") {
            measures.set(name, estimate);
        }
    }
    measures.miss("plus.", "the model has no adapter plus");
    measures.miss("encoder.caption_recall", "there is no text_projection");
    measures.miss("encoder.", "something wider");
    const auto results = judge(gate_rules(), measures);
    QCOMPARE(results.size(), gate_rules().size());
    int missing = 0;
    for (const auto& result : results) {
        const std::string name = result.rule.measure;
        if (name.starts_with("plus.")) {
            ++missing;
            QVERIFY(result.verdict == Verdict::not_measured);
            QCOMPARE(result.reason, std::string("the model has no adapter plus"));
        } else if (name == "encoder.caption_recall") {
            QVERIFY(result.verdict == Verdict::not_measured);
            QCOMPARE(result.reason, std::string("there is no text_projection"));
        } else {
            QVERIFY(result.verdict == Verdict::passed);
            QVERIFY(result.reason.empty());
        }
    }
    QVERIFY(missing > 10);
    const auto gates = by_gate(results);
    QVERIFY(gates.at("G4 plus") == Verdict::not_measured);
    QVERIFY(gates.at("G2") == Verdict::not_measured);
    QVERIFY(gates.at("G4 plain") == Verdict::passed);
    // A failure stays one, whatever else is missing.
    measures.set("encoder.recall", Estimate{.value = 0.1});
    QVERIFY(by_gate(judge(gate_rules(), measures)).at("G2") == Verdict::failed);
    QVERIFY(!Measures().reason("vae.psnr").empty());
}

void TestBenchGates::aNumberThatIsNoneFails() {
    auto measures = holding();
    for (const auto* const name : {"vae.psnr", "vae.latent_mean"}) {
        measures.set(name, Estimate{.value = std::numeric_limits<double>::quiet_NaN()});
    }
    int failed = 0;
    for (const auto& result : judge(gate_rules(), measures)) {
        failed += result.verdict == Verdict::failed ? 1 : 0;
    }
    QCOMPARE(failed, 2);
}

void TestBenchGates::theReportHoldsEveryRow() {
    auto measures = holding("vae.psnr");
    measures.set("text_only.attr_i", Estimate{.value = 0.5, .standard_error = 0.02});
    const auto results = judge(gate_rules(), measures);
    const auto json = numbers(measures, results);
    QCOMPARE(json.at("gate_rows").size(), gate_rules().size());
    QCOMPARE(json.at("gates").at("G1").get<std::string>(), std::string("failed"));
    QCOMPARE(json.at("gates").at("G0").get<std::string>(), std::string("passed"));
    const auto text = table(measures, results);
    for (const auto& rule : gate_rules()) {
        QVERIFY2(text.find(rule.what) != std::string::npos, rule.what);
    }
    QVERIFY(text.find("text_only") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestBenchGates)
#include "test_bench_gates.moc"
