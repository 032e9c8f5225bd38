#include "core/checkpoint/safetensors_header.h"
#include "tests/core/pickle/converted.h"

#include <QTest>

#include <cstring>
#include <numeric>

using namespace likeness;
using namespace likeness::test;

namespace {

std::vector<std::string> fixtures() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(fixture_path(""))) {
        if (entry.path().extension() != ".safetensors") {
            names.push_back(entry.path().filename().string());
        }
    }
    return names;
}

SafetensorsHeader header_of(const std::string& bytes) {
    return parse_safetensors_header(std::as_bytes(std::span(bytes)), bytes.size(), "file");
}

// Values 0, 1, 2, ... of 4 bytes in a storage, and a view of it.
void compareWithNaive(const std::vector<std::uint64_t>& shape,
                      const std::vector<std::uint64_t>& stride, std::size_t stored) {
    std::vector<std::uint32_t> values(stored);
    std::iota(values.begin(), values.end(), 0U);
    const MemoryBytes source(std::as_bytes(std::span(values)));
    const PickledTensor tensor{.name = "t",
                               .dtype = "I32",
                               .item = 4,
                               .shape = shape,
                               .stride = stride,
                               .begin = 8, // the view begins at the value 2
                               .end = stored * 4};
    std::string written;
    std::size_t largest = 0;
    write_values(source, {tensor}, [&](std::span<const std::byte> piece) {
        written.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        largest = std::max(largest, piece.size());
    });
    QCOMPARE(written.size(), tensor.bytes());
    QVERIFY(largest <= (4U << 20U));
    std::vector<std::uint64_t> at(shape.size(), 0);
    for (std::size_t i = 0; i < written.size() / 4; ++i) {
        std::uint64_t expected = 2;
        for (std::size_t d = 0; d < shape.size(); ++d) {
            expected += at[d] * stride[d];
        }
        std::uint32_t actual = 0;
        std::memcpy(&actual, written.data() + 4 * i, 4);
        if (actual != expected) {
            QCOMPARE(static_cast<std::uint64_t>(actual), expected);
        }
        for (std::size_t d = shape.size(); d-- > 0;) {
            if (++at[d] < shape[d]) {
                break;
            }
            at[d] = 0;
        }
    }
}

} // namespace

class TestPickleFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTorch_data();
    void equalsTorch();
    void everyFixtureIsThere();
    void viewsOfAnySizeAreGathered();
    void aPickleIsToldFromAHeader();
};

void TestPickleFiles::equalsTorch_data() {
    QTest::addColumn<QString>("name");
    for (const std::string& name : fixtures()) {
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

// Names, shapes, dtypes and bytes are those that torch reads from the same file.
void TestPickleFiles::equalsTorch() {
    QFETCH(const QString, name);
    const std::string ours = converted(bytes_of(fixture_path(name.toStdString())));
    const std::string torchs = bytes_of(fixture_path(name.toStdString() + ".safetensors"));
    const SafetensorsHeader own = header_of(ours), expected = header_of(torchs);
    QCOMPARE(own.tensors.size(), expected.tensors.size());
    for (const auto& [tensor, entry] : expected.tensors) {
        QVERIFY2(own.tensors.contains(tensor), tensor.c_str());
        const TensorEntry& found = own.tensors.at(tensor);
        QCOMPARE(found.dtype, entry.dtype);
        QCOMPARE(found.shape, entry.shape);
        QVERIFY2(ours.substr(found.begin, found.end - found.begin) ==
                     torchs.substr(entry.begin, entry.end - entry.begin),
                 tensor.c_str());
    }
    QCOMPARE(own.metadata.at("format"), std::string("pt"));
}

void TestPickleFiles::everyFixtureIsThere() {
    QCOMPARE(fixtures().size(), std::size_t{11});
}

void TestPickleFiles::viewsOfAnySizeAreGathered() {
    compareWithNaive({1100, 1000}, {1, 1100}, 1'100'002);                // a matrix on its side
    compareWithNaive({1000, 1100}, {1100, 1}, 1'100'002);                // in order
    compareWithNaive({3, 700, 600}, {1, 3, 2100}, 1'260'002);            // and a cube
    compareWithNaive({40, 30, 20, 60}, {36000, 1, 1800, 30}, 1'440'002); // channels last
    compareWithNaive({1'500'000}, {1}, 1'500'002);
    compareWithNaive({1'500'000}, {2}, 3'000'002);
    compareWithNaive({2, 1'200'000}, {1, 0}, 8);
    compareWithNaive({1'200'000, 2}, {0, 1}, 8);
    compareWithNaive({}, {}, 3);
    compareWithNaive({1, 5, 1}, {99, 3, 77}, 20);
}

void TestPickleFiles::aPickleIsToldFromAHeader() {
    const auto is = [](const std::string& start) {
        return is_pickle(std::as_bytes(std::span(start)));
    };
    QVERIFY(is("PK\x03\x04"));
    QVERIFY(is(std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9", 9)));
    QVERIFY(!is(std::string("\x80\x02\0\0\0\0\0\0{\"a\"", 12))); // a header of 640 bytes
    QVERIFY(!is(""));
    QVERIFY(!is("\x80"));
    QVERIFY(!is("{\"a\":1}"));
}

QTEST_GUILESS_MAIN(TestPickleFiles)
#include "test_pickle_files.moc"
