// How the starter is trained: what is drawn for it, and that an adapter learns the same through our
// kernels in bfloat16 as in single precision.

#include "app/starter/picture_set.h"
#include "core/weights/safetensors.h"
#include "tests/support/temp_folder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/dot.h>

#include <QProcess>
#include <QTest>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::starter;

namespace fs = std::filesystem;

namespace {

const fs::path kSources = LIKENESS_SOURCE_DIR;

// All gradients of a run's first step, one after the other: Adam's first moment holds a tenth.
at::Tensor first_gradients(const fs::path& checkpoint) {
    std::vector<at::Tensor> all;
    for (const auto& [name, tensor] : load_safetensors(checkpoint)) {
        if (name.starts_with("exp_avg/")) {
            all.push_back(tensor.flatten());
        }
    }
    return at::cat(all);
}

} // namespace

class TestStages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void someScenesHideTheDecal();
    void adaptersLearnThroughTheKernels_data();
    void adaptersLearnThroughTheKernels();

private:
    void run(const QStringList& words);

    test::TempFolder folder_;
};

void TestStages::someScenesHideTheDecal() {
    const SetRecipe plain{.first_subject = 50'000'000};
    auto hiding = plain;
    hiding.hidden_decal = 0.3;
    int could = 0, hidden = 0;
    for (std::int64_t i = 0; i < 2000; ++i) {
        const auto shown = pictured(plain, i), one = pictured(hiding, i);
        QVERIFY(!shown.hides_decal);
        QCOMPARE(one.scene.yaw, shown.scene.yaw); // the scene is the same
        QCOMPARE(one.scene.coverage, shown.scene.coverage);
        QCOMPARE(one.subject.has_decal, shown.subject.has_decal && !one.hides_decal);
        if (i % plain.scenes_per_subject < kAlwaysShown) {
            QVERIFY(!one.hides_decal);
        } else if (shown.subject.has_decal) {
            ++could;
            hidden += one.hides_decal ? 1 : 0;
        }
    }
    QVERIFY(could > 300);
    QVERIFY(std::abs(hidden - 0.3 * could) < 0.1 * could);
}

void TestStages::run(const QStringList& words) {
    constexpr int kMilliseconds = 300'000;
    QProcess program;
    program.start(LIKENESS_STARTER,
                  words + QStringList{"--out", (folder_ / "run").c_str(), "--data",
                                      (folder_ / "pictures").c_str(), "--threads", "2"});
    QVERIFY(program.waitForFinished(kMilliseconds));
    QVERIFY2(program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0,
             program.readAllStandardError().constData());
}

void TestStages::adaptersLearnThroughTheKernels_data() {
    QTest::addColumn<QString>("stage");
    QTest::newRow("plain") << "ip";
    QTest::newRow("plus") << "plus";
}

void TestStages::adaptersLearnThroughTheKernels() {
    QFETCH(const QString, stage);
    std::ifstream told(kSources / "app/starter/profiles/v4.json");
    auto profile = nlohmann::json::parse(told);
    auto& wanted = profile["stages"][stage.toStdString()];
    wanted["batch"] = 8;
    wanted["steps"] = 1;
    const auto checkpoint = folder_ / "run" / (stage.toStdString() + ".safetensors");
    at::Tensor gradients[2];
    for (const bool lower : {false, true}) {
        wanted["bfloat16"] = lower;
        const auto path = folder_ / "profile.json";
        std::ofstream(path) << profile;
        fs::remove_all(folder_ / "run");
        for (const auto& words :
             {QStringList{"import", "--folder", (kSources / "resources/starter").c_str()},
              QStringList{"render", "--count", "20", "--seed", "6"},
              QStringList{"latents," + stage}}) {
            run(words + QStringList{"--profile", path.c_str()});
            if (QTest::currentTestFailed()) {
                return;
            }
        }
        gradients[lower ? 1 : 0] = first_gradients(checkpoint);
    }
    const auto &exact = gradients[0], &near = gradients[1];
    const double cosine = (exact.dot(near) / (exact.norm() * near.norm())).item<double>();
    const double longer = (near.norm() / exact.norm()).item<double>();
    QVERIFY2(cosine > 0.99, QByteArray::number(cosine));
    QVERIFY2(std::abs(longer - 1) < 0.05, QByteArray::number(longer));
}

QTEST_GUILESS_MAIN(TestStages)
#include "test_stages.moc"
