#include "core/request/model_folder.h"
#include "core/request/scheduler_kind.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <fstream>

using namespace likeness;
using namespace likeness::test;

class TestSchedulerKind : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void everyNameReadsBack() {
        for (const SchedulerKind kind : scheduler_kinds()) {
            QVERIFY(scheduler_from_string(to_string(kind)) == kind);
            const SchedulerParts parts = parts_of(kind);
            const std::string words = scheduler_words().text();
            QVERIFY(words.find(to_string(parts.rule)) != std::string::npos);
            QVERIFY(words.find(parts.levels) != std::string::npos);
        }
        QVERIFY(!scheduler_from_string("dpmpp_3m"));
    }

    void everyKindIsARuleAndItsLevels() {
        for (const SchedulerKind kind : scheduler_kinds()) {
            QVERIFY(scheduler_of_parts(parts_of(kind)) == kind);
            QVERIFY(parts_of(parts_of(kind).rule).levels.empty());
        }
        using enum SchedulerKind;
        QVERIFY((parts_of(dpm2_ancestral_beta) == SchedulerParts{dpm2_ancestral, "beta"}));
        QVERIFY((parts_of(dpmpp_2m_sde) == SchedulerParts{dpmpp_2m_sde, ""}));
        // As diffusers' classes have the flags.
        for (const char* levels : {"karras", "exponential", "beta"}) {
            for (const SchedulerKind rule : {euler, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s, dpmpp_sde,
                                             unipc, heun, lms, dpm2, dpm2_ancestral}) {
                QVERIFY(scheduler_of_parts({rule, levels}));
            }
            for (const SchedulerKind rule : {ddim, euler_ancestral, pndm, lcm, ddpm}) {
                QVERIFY(!scheduler_of_parts({rule, levels}));
            }
        }
    }

    void aModelsOwnIsFound_data() {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char* name, const nlohmann::json& more, const char* kind) {
            nlohmann::json config = {{"_class_name", std::string(name) + "Scheduler"}};
            config.update(more);
            QTest::addRow("%s %s", name, kind) << QString::fromStdString(config.dump()) << kind;
        };
        const nlohmann::json none = nlohmann::json::object();
        const nlohmann::json karras = {{"use_karras_sigmas", true}};
        row("PNDM", none, "pndm");
        row("DDIM", none, "ddim");
        row("EulerDiscrete", none, "euler");
        row("EulerDiscrete", karras, "euler_karras");
        row("EulerAncestralDiscrete", none, "euler_ancestral");
        row("DPMSolverMultistep", none, "dpmpp_2m");
        row("DPMSolverMultistep", karras, "dpmpp_2m_karras");
        row("DPMSolverMultistep",
            {{"use_karras_sigmas", true}, {"algorithm_type", "sde-dpmsolver++"}},
            "dpmpp_2m_sde_karras");
        row("UniPCMultistep", karras, "unipc_karras");
        row("UniPCMultistep", {{"use_beta_sigmas", true}}, "unipc_beta");
        row("DPMSolverMultistep", {{"use_exponential_sigmas", true}}, "dpmpp_2m_exponential");
        row("EulerAncestralDiscrete", {{"use_beta_sigmas", true}}, "euler_ancestral");
        row("HeunDiscrete", none, "heun");
        row("LMSDiscrete", karras, "lms_karras");
        row("KDPM2Discrete", karras, "dpm2_karras");
        row("KDPM2AncestralDiscrete", none, "dpm2_ancestral");
        row("DPMSolverSinglestep", none, "dpmpp_2s");
        row("DPMSolverSDE", karras, "dpmpp_sde_karras");
        row("LCM", none, "lcm");
        row("DDPM", none, "ddpm");
        row("EDMEuler", {{"use_karras_sigmas", 3}}, "ddim");
    }

    void aModelsOwnIsFound() {
        QFETCH(QString, config);
        QFETCH(QString, kind);
        QCOMPARE(
            QString(to_string(scheduler_of_config(nlohmann::json::parse(config.toStdString())))),
            kind);
    }

    // As diffusers writes DPM-Solver's config.
    void pythonsInfinitiesAreRead() {
        const TempFolder folder;
        const auto path = folder / "scheduler_config.json";
        std::ofstream(path) << "{\"lambda_min_clipped\": -Infinity, \"a\": [NaN,Infinity],\n"
                               "\"b\": \"-Infinity \\\" NaN\", \"c\": 1}";
        const nlohmann::json json = read_json_file(path);
        QVERIFY(json["lambda_min_clipped"].is_null());
        QVERIFY(json["a"] == nlohmann::json::parse("[null, null]"));
        QVERIFY(json["b"] == "-Infinity \" NaN");
        QVERIFY(json["c"] == 1);
    }
};

QTEST_APPLESS_MAIN(TestSchedulerKind)
#include "test_scheduler_kind.moc"
