// The comparison's arithmetic with made-up scores: means over subjects, pairs, and its gates.

#include "app/starter/bench/report.h"
#include "app/starter/methods/scores.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace likeness::starter;
using bench::SubjectScore;

namespace {

// Two subjects; the first has two pictures, which count as one sample together.
std::vector<SubjectScore> scores(double first, double second) {
    return {{0, first - 0.1}, {0, first + 0.1}, {1, second}};
}

methods::MethodScores made_up() {
    return {{"oracle", {{"id_sim", scores(0.9, 0.9)}}},
            {"text_only",
             {{"id_sim", scores(0.1, 0.3)},
              {"attr_i", scores(0.2, 0.4)},
              {"in_reference_place", scores(0.1, 0.1)}}},
            {"plain",
             {{"id_sim", scores(0.5, 0.7)},
              {"attr_i", scores(0.5, 0.5)},
              {"in_reference_place", scores(0.1, 0.5)}}},
            {"lora", {{"train_seconds", scores(60, 80)}}}};
}

// Numbers that just hold every rule; `worse` puts that one just on the wrong side.
bench::Measures holding(const std::string& worse = {}) {
    constexpr double kJustOff = 1e-6;
    bench::Measures measures;
    for (const auto& rule : methods::method_rules()) {
        const double away = rule.bound == bench::Bound::at_least ? -kJustOff : kJustOff;
        measures.set(rule.measure,
                     bench::Estimate{.value = rule.wanted + (rule.measure == worse ? away : 0.0),
                                     .subjects = 10});
    }
    return measures;
}

} // namespace

class TestMethodsScores : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void subjectsAreTheSamples();
    void similarityBetweenTextAndOracle();
    void pairsGoSubjectBySubject();
    void leakIsWhatTextOnlyDoesNotDo();
    void eachRuleFailsByItself();
    void whatWasNotDoneIsSaid();
    void tableTellsByHowMuch();

private:
    bench::Estimate measured(const std::string& name) const { return *measures_.find(name); }

    bench::Measures measures_{};
};

void TestMethodsScores::init() {
    measures_ = {};
    methods::measure_methods(made_up(), measures_);
}

void TestMethodsScores::subjectsAreTheSamples() {
    const auto estimate = measured("plain.id_sim");
    QCOMPARE(estimate.value, 0.6);
    QCOMPARE(estimate.standard_error, 0.1); // of 0.5 and 0.7
    QCOMPARE(estimate.subjects, 2);
    QCOMPARE(measured("lora.train_seconds").value, 70.0);
}

void TestMethodsScores::similarityBetweenTextAndOracle() {
    QCOMPARE(measured("text_only.id_rescaled").value, 0.0);
    QCOMPARE(measured("oracle.id_rescaled").value, 1.0);
    // (0.4, 0.4) of (0.8, 0.6): the mean of one by the mean of the other.
    QCOMPARE(measured("plain.id_rescaled").value, 0.4 / 0.7);
    QVERIFY(measured("plain.id_rescaled").standard_error < 1e-12);
}

void TestMethodsScores::pairsGoSubjectBySubject() {
    const auto pair = measured("pair.plain.text_only.attr_i");
    QCOMPARE(pair.value, 0.2);          // 0.3 and 0.1
    QCOMPARE(pair.standard_error, 0.1); // of those two, not of the four
    QVERIFY(!measures_.find("pair.lora.plus.attr_i"));
}

void TestMethodsScores::leakIsWhatTextOnlyDoesNotDo() {
    QCOMPARE(measured("text_only.leak").value, 0.0);
    QCOMPARE(measured("plain.leak").value, 0.2);
}

void TestMethodsScores::eachRuleFailsByItself() {
    std::set<std::string> names;
    for (const auto& worse : methods::method_rules()) {
        QVERIFY2(names.insert(worse.measure).second, worse.measure);
        for (const auto& result : bench::judge(methods::method_rules(), holding(worse.measure))) {
            QVERIFY2((result.verdict == bench::Verdict::failed) ==
                         (std::string(result.rule.measure) == worse.measure),
                     worse.measure);
        }
    }
}

void TestMethodsScores::whatWasNotDoneIsSaid() {
    const auto results = bench::judge(methods::method_rules(), measures_);
    QCOMPARE(results.size(), methods::method_rules().size());
    QVERIFY(bench::by_gate(results).at("G9") == bench::Verdict::not_measured);
}

void TestMethodsScores::tableTellsByHowMuch() {
    const auto results = bench::judge(methods::method_rules(), measures_);
    const auto text = bench::gate_table(results);
    // 70 s of at most 90.
    QVERIFY2(text.find("passed by 20\n") != std::string::npos, text.c_str());
    const std::vector<std::string> rows{"text_only", "plain"};
    constexpr bench::Column kColumns[] = {{"id_sim", "E2"}};
    const auto table = bench::row_table(measures_, rows, kColumns);
    QVERIFY2(table.find("0.600 +-0.100") != std::string::npos, table.c_str());
    QVERIFY(table.find("text_only") < table.find("plain"));
}

QTEST_APPLESS_MAIN(TestMethodsScores)
#include "test_methods_scores.moc"
