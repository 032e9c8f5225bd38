// The bench as a person runs it, its smallest suite on the committed model: every gate has its row,
// every picture sheet is there, and the numbers are such as they must be whatever the weights are.

#include "app/starter/bench/gates.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/imageio/load.h"
#include "tests/support/temp_folder.h"

#include <QProcess>
#include <QTest>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::starter;

namespace fs = std::filesystem;

namespace {

const fs::path kModel = fs::path(LIKENESS_SOURCE_DIR) / "resources/starter";
const fs::path kEvaluators = fs::path(LIKENESS_SOURCE_DIR) / "tests/data/starter_eval";
constexpr int kMilliseconds = 800'000;

std::string text(const fs::path& path) {
    return path.string();
}

nlohmann::json read_json(const fs::path& path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file);
}

} // namespace

class TestBenchMini : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyGateHasItsRow();
    void oracleAndTextOnlyStandBeside();
    void scaleZeroIsTheBaseModel();
    void measuredIsWhatLiesThere();
    void sheetsAreThere();
    void theModelIsLeftAsItWas();
    void badOrdersAreRefused();

private:
    int run(const QStringList& more, QByteArray* said = nullptr);

    double measured(const std::string& name) const {
        return report_.at("measures").at(name).at("value").get<double>();
    }

    test::TempFolder folder_{};
    nlohmann::json report_{};
    std::string model_report_{};
    QByteArray table_{};
};

int TestBenchMini::run(const QStringList& more, QByteArray* said) {
    QProcess program;
    program.start(LIKENESS_STARTER,
                  QStringList{"bench", "--out", folder_.path().c_str(), "--threads", "2"} + more);
    if (!program.waitForFinished(kMilliseconds) || program.exitStatus() != QProcess::NormalExit) {
        return -1;
    }
    if (said != nullptr) {
        *said = program.readAllStandardOutput() + program.readAllStandardError();
    }
    return program.exitCode();
}

void TestBenchMini::initTestCase() {
    model_report_ = sha256(read_file(kModel / "bench.json", 1 << 24));
    const int code = run({"--suite", "mini", "--folder", text(kModel).c_str(), "--evaluators",
                          text(kEvaluators).c_str()},
                         &table_);
    QVERIFY2(code == 0, table_.constData());
    report_ = read_json(folder_.path() / "bench.json");
}

void TestBenchMini::everyGateHasItsRow() {
    const auto rules = bench::gate_rules();
    QCOMPARE(report_.at("gate_rows").size(), rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto& row = report_.at("gate_rows")[i];
        const std::string name = rules[i].measure;
        QCOMPARE(row.at("measure").get<std::string>(), name);
        QVERIFY2(table_.contains(rules[i].what), rules[i].what);
        // What this suite cannot tell says why; all the rest is measured.
        const bool missing = row.at("verdict").get<std::string>() == "not measured";
        const bool may_miss =
            name.starts_with("encoder.probe.") || name == "encoder.caption_recall" ||
            !fs::exists(kModel / "ip_adapter" /
                        (name.starts_with("plus.") ? "ip-adapter-plus_starter.safetensors"
                                                   : "ip-adapter_starter.safetensors"));
        QVERIFY2(!missing || may_miss, name.c_str());
        QVERIFY2(row.contains(missing ? "reason" : "standard_error"), name.c_str());
    }
}

void TestBenchMini::oracleAndTextOnlyStandBeside() {
    // The ends of the scale, by what they are.
    QCOMPARE(measured("text_only.id_rescaled"), 0.0);
    QCOMPARE(measured("oracle.id_rescaled"), 1.0);
    for (const auto& [name, one] : report_.at("measures").items()) {
        QVERIFY2(one.at("standard_error").get<double>() >= 0, name.c_str());
        QVERIFY2(one.at("subjects").get<int>() > 0, name.c_str());
    }
    // Judges that see nothing would make every other number worthless.
    QVERIFY(measured("clean.place") > 0.9);
    QVERIFY(measured("clean.position_share") > 0.5);
    QVERIFY(measured("oracle.attr_i") > measured("shape_only.attr_i"));
    QVERIFY(measured("oracle.id_sim") > measured("shape_only.id_sim"));
}

void TestBenchMini::scaleZeroIsTheBaseModel() {
    QCOMPARE(measured("plain.ladder.zero_difference"), 0.0);
}

void TestBenchMini::measuredIsWhatLiesThere() {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(kModel)) {
        if (entry.path().extension() == ".safetensors") {
            ++files;
            QCOMPARE(report_.at("files")
                         .at(fs::relative(entry.path(), kModel).generic_string())
                         .get<std::string>(),
                     sha256(read_file(entry.path(), 1 << 24)));
        }
    }
    QCOMPARE(report_.at("files").size(), files);
    QCOMPARE(report_.at("suite").get<std::string>(), std::string("mini"));
    QVERIFY(report_.at("command").get<std::string>().find("--suite mini") != std::string::npos);
    QVERIFY(report_.at("pictures").get<int>() > 60);
}

void TestBenchMini::sheetsAreThere() {
    for (const auto* const name : {"sheet.png", "ladder.png", "references.png"}) {
        const auto picture = load_image(folder_.path() / name);
        QVERIFY2(picture.width > 500 && picture.height > 150, name);
    }
}

void TestBenchMini::theModelIsLeftAsItWas() {
    QCOMPARE(sha256(read_file(kModel / "bench.json", 1 << 24)), model_report_);
}

void TestBenchMini::badOrdersAreRefused() {
    QByteArray said;
    QVERIFY(run({"--suite", "huge", "--folder", text(kModel).c_str()}, &said) != 0);
    QVERIFY2(said.contains("full or mini"), said.constData());
    QVERIFY(run({"--suite", "mini", "--folder", text(kModel).c_str(), "--degrade", "badly"},
                &said) != 0);
    QVERIFY2(said.contains("blank_adapter"), said.constData());
    QVERIFY(run({"--suite", "mini", "--folder", text(kModel).c_str(), "--evaluators",
                 folder_.path().c_str()},
                &said) != 0);
    QVERIFY2(said.contains("attributes.safetensors"), said.constData());
    QVERIFY(run({"--suite", "mini", "--folder", text(kModel).c_str(), "--adapters", "plain,minus"},
                &said) != 0);
    QVERIFY2(said.contains("minus"), said.constData());
    QVERIFY(run({"--suite", "mini"}, &said) != 0);
    QVERIFY2(said.contains("--folder"), said.constData());
}

QTEST_GUILESS_MAIN(TestBenchMini)
#include "test_bench_mini.moc"
