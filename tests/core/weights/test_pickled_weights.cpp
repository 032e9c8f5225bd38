#include "core/weights/safetensors.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

using namespace likeness;
using namespace likeness::test;
namespace fs = std::filesystem;

namespace {

fs::path fixture(const std::string& name) {
    return fs::path(LIKENESS_SOURCE_DIR) / "tests/golden/pickles" / name;
}

} // namespace

// Pickles opened where a safetensors file is expected.
class TestPickledWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsAsItsSafetensorsForm_data();
    void readsAsItsSafetensorsForm();
    void isConvertedWhenATensorIsTaken();
    void aFileThatChangedIsToldBeforeValuesAreRead();

private:
    std::unique_ptr<TempFolder> folder_;
    fs::path cache_{};
};

void TestPickledWeights::init() {
    folder_ = std::make_unique<TempFolder>();
    cache_ = folder_->path() / "likeness/converted";
    qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(folder_->path().string()));
}

void TestPickledWeights::readsAsItsSafetensorsForm_data() {
    QTest::addColumn<QString>("name");
    for (const char* name :
         {"every_dtype.pt", "views_old.pth", "lightning.ckpt", "ip_adapter.bin"}) {
        QTest::newRow(name) << QString(name);
    }
}

void TestPickledWeights::readsAsItsSafetensorsForm() {
    QFETCH(const QString, name);
    const fs::path path = fixture(name.toStdString());
    const TensorMap expected = load_safetensors(path.string() + ".safetensors");
    for (int opening = 0; opening < 2; ++opening) {
        const TensorMap own = load_safetensors(path);
        QCOMPARE(own.size(), expected.size());
        for (const auto& [tensor, values] : expected) {
            QVERIFY2(own.at(tensor).dtype() == values.dtype() && own.at(tensor).equal(values),
                     tensor.c_str());
        }
    }
}

void TestPickledWeights::isConvertedWhenATensorIsTaken() {
    const auto file = SafetensorsFile::open(fixture("ip_adapter.bin"));
    QCOMPARE(file->names().size(), std::size_t{4});
    QCOMPARE(file->shape("image_proj.proj.weight").value(), (std::vector<int64_t>{8, 4}));
    QVERIFY(!fs::exists(cache_));
    QCOMPARE(file->take_rows("image_proj.proj.weight", 2, 3).size(0), 3);
    QVERIFY(fs::exists(cache_));
}

void TestPickledWeights::aFileThatChangedIsToldBeforeValuesAreRead() {
    const fs::path path = folder_->path() / "a.bin";
    fs::copy_file(fixture("ip_adapter.bin"), path);
    const auto file = SafetensorsFile::open(path);
    fs::remove(path);
    fs::copy_file(fixture("module.bin"), path);
    QCOMPARE(code_of([&] { file->take("image_proj.proj.weight"); }), std::string("file_changed"));
}

QTEST_GUILESS_MAIN(TestPickledWeights)
#include "test_pickled_weights.moc"
