// The bench cannot be passed by a model that does not look at its reference: with another product's
// reference, and with an adapter whose tokens are zero, what the reference gave is gone, and G4 is
// failed.

#include "app/starter/bench/bench.h"

#include <ATen/Parallel.h>

#include <QTest>

#include <filesystem>

#include <fmt/format.h>

using namespace likeness::starter;
using namespace likeness::starter::bench;

namespace {

const std::filesystem::path kSource = LIKENESS_SOURCE_DIR;
const char* const kIdentityRows[] = {"plain.scale_1.recall", "plain.scale_1.id_rescaled"};

// Only what G4 asks of one adapter.
Plan small_plan() {
    return {.name = "G4",
            .subjects = 10,
            .prompts = 1,
            .seeds = 1,
            .adapter_seeds = 1,
            .gallery = 100,
            .neighbours = 20,
            .clean = 20,
            .located = 100};
}

Findings run_degraded(Degrade degrade) {
    return run({.plan = small_plan(),
                .folder = kSource / "resources/starter",
                .evaluators = kSource / "tests/data/starter_eval",
                .adapters = {"plain"},
                .degrade = degrade});
}

double value(const Findings& found, const std::string& name) {
    return found.measures.find(name).value().value;
}

double error(const Findings& found, const std::string& name) {
    return found.measures.find(name).value().standard_error;
}

Verdict verdict(const Findings& found, const std::string& measure) {
    for (const auto& result : found.gates) {
        if (result.rule.measure == measure) {
            return result.verdict;
        }
    }
    return Verdict::not_measured;
}

} // namespace

class TestBenchDegraded : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theReferenceHelps();
    void aBlankAdapterIsNoReference();
    void anothersReferenceIsWorse();
    void bothFail();

private:
    Findings whole_{}, shuffled_{}, blank_{};
};

void TestBenchDegraded::initTestCase() {
    at::set_num_threads(2);
    whole_ = run_degraded(Degrade::none);
    shuffled_ = run_degraded(Degrade::shuffled_references);
    blank_ = run_degraded(Degrade::blank_adapter);
    for (const auto& [name, found] :
         {std::pair{"whole", &whole_}, {"shuffled", &shuffled_}, {"blank", &blank_}}) {
        for (const auto* const row : {"shape_only", "plain.scale_1", "text_only", "oracle"}) {
            const auto of = [&](const char* score) {
                const auto key = fmt::format("{}.{}", row, score);
                return fmt::format("{:.3f} +-{:.3f}", value(*found, key), error(*found, key));
            };
            qInfo("%s", fmt::format("{:10} {:14} ID-sim {} Attr-I {} hue {} R@1 {}", name, row,
                                    of("id_sim"), of("attr_i"), of("attr_i.hue"), of("recall"))
                            .c_str());
        }
    }
}

// Without this the others would show nothing.
void TestBenchDegraded::theReferenceHelps() {
    for (const auto* const score : {"id_sim", "attr_i"}) {
        const auto with = fmt::format("plain.scale_1.{}", score);
        const auto without = fmt::format("shape_only.{}", score);
        QVERIFY2(value(whole_, with) > value(whole_, without) + error(whole_, with), score);
    }
}

void TestBenchDegraded::aBlankAdapterIsNoReference() {
    for (const auto* const score : {"id_sim", "attr_i", "recall", "place"}) {
        const auto with = value(blank_, fmt::format("plain.scale_1.{}", score));
        const auto without = value(blank_, fmt::format("shape_only.{}", score));
        QVERIFY2(std::abs(with - without) < 0.01, score);
    }
}

void TestBenchDegraded::anothersReferenceIsWorse() {
    // At most what no reference gives, within what chance moves.
    for (const auto* const score : {"id_sim", "attr_i"}) {
        const auto with = fmt::format("plain.scale_1.{}", score);
        const auto without = fmt::format("shape_only.{}", score);
        QVERIFY2(value(shuffled_, with) <=
                     value(shuffled_, without) + 2 * error(shuffled_, without),
                 score);
        QVERIFY2(value(shuffled_, with) + error(whole_, with) < value(whole_, with), score);
    }
}

void TestBenchDegraded::bothFail() {
    for (const auto* const found : {&shuffled_, &blank_}) {
        for (const auto* const row : kIdentityRows) {
            QVERIFY2(verdict(*found, row) == Verdict::failed, row);
            QVERIFY2(value(*found, row) <= value(whole_, row), row);
        }
        QVERIFY(by_gate(found->gates).at("G4 plain") == Verdict::failed);
    }
}

QTEST_GUILESS_MAIN(TestBenchDegraded)
#include "test_bench_degraded.moc"
