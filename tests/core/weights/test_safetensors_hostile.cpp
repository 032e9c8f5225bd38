#include "core/weights/safetensors.h"
#include "tests/core/weights/file_bytes.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>
#include <set>

using namespace likeness;
using namespace likeness::test;

namespace {

SafetensorsHeader parse(const std::string& bytes) {
    return parse_safetensors_header(std::as_bytes(std::span(bytes)), bytes.size(),
                                    "model.safetensors");
}

// One tensor of that description over `data` bytes.
std::string one(const std::string& entry, std::size_t data = 8, const std::string& name = "a") {
    return file_bytes("{\"" + name + "\":" + entry + "}", std::string(data, 'x'));
}

std::string two(const std::string& first, const std::string& second, std::size_t data = 8) {
    return file_bytes(R"({"a":{"dtype":"U8","shape":)" + first + R"(},"b":{"dtype":"U8","shape":)" +
                          second + "}}",
                      std::string(data, 'x'));
}

const std::string kGood = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

} // namespace

class TestSafetensorsHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ruleIsTold_data();
    void ruleIsTold();
    void everyRuleHasItsOwnWords();
    void whatIsAllowedIsRead_data();
    void whatIsAllowedIsRead();
    void manyTensorsAreCapped();
    void randomDamageIsAnErrorOrNothing();
    void everyCutIsAnError();
    void nothingIsAllocatedFromTheFilesWord();
};

void TestSafetensorsHostile::ruleIsTold_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("words_of_file");
    // A file that begins as a pickle is read as one, and told why it is none.
    const auto row = [](const char* name, const std::string& bytes, const char* words,
                        const char* code = "file_damaged", const char* words_of_file = nullptr) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(code) << QString(words)
                            << QString(words_of_file != nullptr ? words_of_file : words);
    };
    using std::string;
    // What it is instead.
    row("empty", "", "it is empty");
    row("seven bytes", "1234567", "has only 7 bytes");
    row("Git LFS pointer",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1719041928\n", "Git LFS",
        "not_a_checkpoint");
    row("web page", "<!DOCTYPE html><html><body>Sign in</body></html>", "web page",
        "not_a_checkpoint");
    row("web page after blank lines", "\n\n  <html></html>", "web page", "not_a_checkpoint");
    row("zip", string("PK\x03\x04") + string(60, '\0'), "PyTorch pickle", "file_refused",
        "pickle in a zip archive (or another archive) whose end is missing");
    row("old pickle", string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14),
        "old PyTorch checkpoint", "file_refused", "it ends within its pickle");
    row("short pickle", string("\x80\x02}q\x01.", 6), "old PyTorch checkpoint", "file_refused",
        "a pickle, but none of PyTorch's");
    row("GGUF", string("GGUF\x03\0\0\0", 8) + string(40, '\0'), "GGUF", "file_unsupported");
    row("JSON text", "{\"weight_map\": {\"a\": \"b.safetensors\"}}", "JSON text",
        "not_a_checkpoint");
    // The header's place.
    row("length past the format's limit", string("\xff\xff\xff\xff\xff\xff\xff\xff", 8) + "{}",
        "more than the format");
    row("length just past the limit", string("\x01\xe1\xf5\x05\0\0\0\0", 8) + "  ",
        "more than the format");
    row("length past what is read",
        string("\x01\0\0\x01\0\0\0\0", 8) + "{" + string(1U << 24U, ' '),
        "this program reads up to 16777216", "file_too_large");
    row("length past the file", string("\x64\0\0\0\0\0\0\0", 8) + "{}", "only 2 follow");
    row("length 0", file_bytes("") + "xx", "does not begin with {");
    row("leading space", file_bytes(" {}"), "does not begin with {");
    row("a list", file_bytes("[1]"), "does not begin with {");
    row("ends in a line break", file_bytes("{}\n"), "followed by something other than spaces");
    row("ends in a tab", file_bytes("{}\t "), "followed by something other than spaces");
    row("zero bytes behind", file_bytes(string("{}\0}", 4)),
        "followed by something other than spaces");
    row("two objects", file_bytes("{}{}"), "not valid JSON");
    // The header's text.
    row("cut JSON", file_bytes("{\"a\":{}"), "not valid JSON");
    row("comment", file_bytes("{/*x*/}"), "not valid JSON");
    row("not UTF-8", one(kGood, 8, "a\xff"), "not valid UTF-8");
    row("half a surrogate", one(kGood, 8, "\\ud800"), "not valid");
    row("tensor twice", file_bytes("{\"a\":" + kGood + ",\"a\":" + kGood + "}", string(8, 'x')),
        "names \"a\" twice");
    row("tensor twice, once escaped",
        file_bytes("{\"a\":" + kGood + ",\"\\u0061\":" + kGood + "}", string(8, 'x')),
        "names \"a\" twice");
    row("field twice", one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
        "the field \"dtype\" twice");
    row("shape twice", one(R"({"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]})"),
        "the field \"shape\" twice");
    row("metadata twice", file_bytes(R"({"__metadata__":{},"__metadata__":{}})"),
        "__metadata__ twice");
    row("metadata key twice", file_bytes(R"({"__metadata__":{"k":"1","k":"2"}})"),
        "metadata key \"k\" twice");
    row("metadata number", file_bytes(R"({"__metadata__":{"k":1}})"),
        "the number 1 where none may stand");
    row(
        "metadata of many keys",
        [] {
            string keys;
            for (int i = 0; i <= 10'000; ++i) {
                keys += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":\"\"";
            }
            return file_bytes("{\"__metadata__\":{" + keys + "}}");
        }(),
        "more than 10000 metadata keys");
    row("metadata object", file_bytes(R"({"__metadata__":{"k":{}}})"),
        "metadata that is not plain text");
    row("metadata text", file_bytes(R"({"__metadata__":"k"})"),
        "the text \"k\" where none may stand");
    row("nested deeply", file_bytes(R"({"a":{"dtype":)" + string(100'000, '[') + "}}"),
        "list where none may stand");
    row("objects nested deeply", file_bytes("{\"a\":{\"shape\":[{\"b\":{}}]}}"), "nests an object");
    row("null", one("null"), "holds a null");
    row("true", one(R"({"dtype":true,"shape":[2],"data_offsets":[0,8]})"), "true or false");
    row("unknown field", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]})"),
        "the field \"strides\"");
    // Names.
    row("no name", one(kGood, 8, ""), "no name");
    row("control character", one(kGood, 8, "a\\u0007"), "control characters");
    row("zero in the name", one(kGood, 8, "a\\u0000b"), "control characters");
    row("C1 control character", one(kGood, 8, "a\\u0085"), "control characters");
    row("long name", one(kGood, 8, string(1'025, 'n')), "a name of 1025 bytes");
    // Entries.
    row("no dtype", one(R"({"shape":[2],"data_offsets":[0,8]})"), "no dtype");
    row("no shape", one(R"({"dtype":"F32","data_offsets":[0,8]})"), "no shape");
    row("no offsets", one(R"({"dtype":"F32","shape":[2]})"), "no data_offsets");
    row("one offset", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0]})"),
        "1 offsets instead of two");
    row("three offsets", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8,8]})"),
        "more than 2 offsets");
    row("unknown dtype", one(R"({"dtype":"Q4_K","shape":[2],"data_offsets":[0,8]})"),
        "stored as \"Q4_K\"", "file_unsupported");
    row("dtype in lower case", one(R"({"dtype":"f32","shape":[2],"data_offsets":[0,8]})"),
        "stored as \"f32\"", "file_unsupported");
    row("fraction", one(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"),
        "only whole numbers");
    row("exponent", one(R"({"dtype":"F32","shape":[2e0],"data_offsets":[0,8]})"),
        "only whole numbers");
    row("negative", one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"),
        "negative number -2");
    row("minus zero", one(R"({"dtype":"F32","shape":[-0],"data_offsets":[0,0]})", 0), "number 0");
    row("leading zero", one(R"({"dtype":"F32","shape":[02],"data_offsets":[0,8]})"),
        "not valid JSON");
    row("past 2^64", one(R"({"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]})"),
        "only whole numbers");
    row("text in the shape", one(R"({"dtype":"F32","shape":["2"],"data_offsets":[0,8]})"),
        "the text \"2\"");
    row("list in the shape", one(R"({"dtype":"F32","shape":[[2]],"data_offsets":[0,8]})"),
        "list where none may");
    row("nine dimensions",
        one(R"({"dtype":"U8","shape":[1,1,1,1,1,1,1,1,8],"data_offsets":[0,8]})"),
        "more than 8 dimensions");
    row("huge dimension", one(R"({"dtype":"U8","shape":[281474976710657],"data_offsets":[0,8]})"),
        "up to 2^48");
    row("product overflows",
        one(R"({"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]})", 0),
        "larger than any file");
    row("strides overflow beside a zero",
        one(R"({"dtype":"U8","shape":[0,281474976710656,281474976710656],"data_offsets":[0,0]})",
            0),
        "larger than any file");
    row("product wraps to the size",
        one(R"({"dtype":"F64","shape":[281474976710656,8192],"data_offsets":[0,0]})", 0),
        "larger than any file");
    row("ends before it begins", one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"),
        "before its begin");
    row("ends past the file", one(R"({"dtype":"F32","shape":[4],"data_offsets":[0,16]})"),
        "the file is cut off");
    row("ends at 2^64 - 1",
        one(R"({"dtype":"U8","shape":[8],"data_offsets":[0,18446744073709551615]})"),
        "the file is cut off");
    row("shape and bytes differ", one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
        "make 12");
    row("zero dimension with bytes", one(R"({"dtype":"F32","shape":[0],"data_offsets":[0,8]})"),
        "make 0");
    // The layout.
    row("hole in front", one(R"({"dtype":"U8","shape":[4],"data_offsets":[4,8]})"),
        "gap of 4 bytes");
    row("hole between", two(R"([2],"data_offsets":[0,2])", R"([4],"data_offsets":[4,8])"),
        "gap of 2 bytes");
    row("overlap", two(R"([4],"data_offsets":[0,4])", R"([5],"data_offsets":[3,8])"),
        "shares bytes");
    row("the same bytes", two(R"([8],"data_offsets":[0,8])", R"([8],"data_offsets":[0,8])"),
        "shares bytes");
    row("empty one inside another",
        two(R"([8],"data_offsets":[0,8])", R"([0],"data_offsets":[4,4])"), "shares bytes");
    row("bytes behind", one(kGood, 9), "1 bytes at its end");
    row("data without tensors", file_bytes("{}", "x"), "1 bytes at its end");
}

void TestSafetensorsHostile::ruleIsTold() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, code);
    QFETCH(QString, words);
    QFETCH(QString, words_of_file);
    // From memory, and as a file.
    const auto parsed = error_of([&] { (void)parse(bytes.toStdString()); });
    QVERIFY(parsed.has_value());
    const QString message = parsed->what();
    QVERIFY2(message.contains(words), parsed->what());
    QVERIFY(message.startsWith("model.safetensors could not be opened: "));
    QCOMPARE(message.count('\n'), 1); // what and why, then what to do
    QCOMPARE(QString(to_string(parsed->code)), code);

    const TempFolder folder;
    write_bytes(folder / "m.safetensors", bytes.toStdString());
    const auto opened = error_of([&] { (void)SafetensorsFile::open(folder / "m.safetensors"); });
    QVERIFY(opened.has_value());
    QVERIFY2(QString(opened->what()).contains(words_of_file), opened->what());
}

// A person who reads the message can tell the rules apart.
void TestSafetensorsHostile::everyRuleHasItsOwnWords() {
    const std::set<std::string> messages = [] {
        std::set<std::string> told;
        for (const std::string& bytes :
             {one(kGood, 9), one(R"({"dtype":"U8","shape":[4],"data_offsets":[4,8]})"),
              two(R"([4],"data_offsets":[0,4])", R"([5],"data_offsets":[3,8])"), file_bytes("{}\n"),
              file_bytes("[]"), one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
              std::string("PK\x03\x04 1234567")}) {
            told.insert(error_of([&] { (void)parse(bytes); })->what());
        }
        return told;
    }();
    QCOMPARE(messages.size(), std::size_t{7});
}

void TestSafetensorsHostile::whatIsAllowedIsRead_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("count");
    const auto row = [](const char* name, const std::string& bytes, int count) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << count;
    };
    row("nothing", file_bytes("{}"), 0);
    row("padded", file_bytes("{}      "), 0);
    row("white space inside", file_bytes("{ \n\t\"a\" : " + kGood + "\n}", std::string(8, 'x')), 1);
    row("a scalar", one(R"({"dtype":"F32","shape":[],"data_offsets":[0,4]})", 4), 1);
    row("an empty tensor",
        one(R"({"dtype":"F32","shape":[0,281474976710656],"data_offsets":[0,0]})", 0), 1);
    row("empty ones at the seams",
        file_bytes(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                   R"("b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                   R"("c":{"dtype":"U8","shape":[0],"data_offsets":[4,4]},)"
                   R"("d":{"dtype":"U8","shape":[4],"data_offsets":[4,8]},)"
                   R"("e":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}})",
                   std::string(8, 'x')),
        5);
    row("any order of names", two(R"([4],"data_offsets":[4,8])", R"([4],"data_offsets":[0,4])"), 2);
    row("the longest name", one(kGood, 8, std::string(1'024, 'n')), 1);
    row("a name in Japanese", one(kGood, 8, "重み"), 1);
    row("eight dimensions", one(R"({"dtype":"U8","shape":[1,1,1,1,1,1,1,8],"data_offsets":[0,8]})"),
        1);
    row("a header of 640 bytes", file_bytes("{}" + std::string(638, ' ')),
        0); // begins like a pickle: 80 02
    row("metadata", file_bytes(R"({"__metadata__":{"format":"pt","":""}})"), 0);
}

void TestSafetensorsHostile::whatIsAllowedIsRead() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, count);
    const SafetensorsHeader header = parse(bytes.toStdString());
    QCOMPARE(static_cast<int>(header.tensors.size()), count);
    for (const auto& [name, entry] : header.tensors) {
        QVERIFY(entry.begin <= entry.end);
        QVERIFY(entry.end <= static_cast<std::uint64_t>(bytes.size()));
    }
}

void TestSafetensorsHostile::manyTensorsAreCapped() {
    const auto header_of = [](int count) {
        std::string header = "{";
        for (int i = 0; i < count; ++i) {
            header += (i == 0 ? "\"" : ",\"") + std::to_string(i) +
                      R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
        }
        return file_bytes(header + "}");
    };
    QCOMPARE(parse(header_of(100'000)).tensors.size(), std::size_t{100'000});
    const auto error = error_of([&] { (void)parse(header_of(100'001)); });
    QVERIFY(error && QString(error->what()).contains("more than 100000 tensors"));
}

// Bytes of a good file are changed, dropped, doubled and swapped. Whatever comes of it is an Error
// or a header that keeps its promises; never anything else.
void TestSafetensorsHostile::randomDamageIsAnErrorOrNothing() {
    const std::string good = file_bytes(
        R"({"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
        R"("b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"I64","shape":[],)"
        R"("data_offsets":[32,40]},"d":{"dtype":"U8","shape":[0],"data_offsets":[40,40]}}   )",
        std::string(40, 'x'));
    QCOMPARE(parse(good).tensors.size(), std::size_t{4});
    const std::string alphabet = "{}[]\",:0123456789-+.eEtrufalsn\\ \n\xff\x80";
    std::mt19937 random(1);
    const auto below = [&](std::size_t count) {
        return static_cast<std::size_t>(random() % count);
    };
    int refused = 0;
    QElapsedTimer clock;
    clock.start();
    constexpr int kTries = 20'000;
    for (int i = 0; i < kTries; ++i) {
        std::string bytes = good;
        for (std::size_t change = below(4) + 1; change > 0 && !bytes.empty(); --change) {
            const std::size_t at = below(bytes.size());
            switch (below(6)) {
            case 0:
                bytes[at] = static_cast<char>(random() & 0xffU);
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << below(8)));
                break;
            case 2:
                bytes[at] = alphabet[below(alphabet.size())];
                break;
            case 3:
                bytes.erase(at, below(9));
                break;
            case 4:
                bytes.insert(at, bytes.substr(below(bytes.size()), below(24)));
                break;
            default:
                bytes.insert(at, 1, alphabet[below(alphabet.size())]);
                break;
            }
        }
        try {
            for (const auto& [name, entry] : parse(bytes).tensors) {
                QVERIFY(!name.empty() && entry.begin <= entry.end && entry.end <= bytes.size());
            }
        } catch (const Error& error) {
            ++refused;
            QVERIFY(std::string(error.what()).size() < 1'000);
        }
    }
    QVERIFY2(refused > kTries / 2, std::to_string(refused).c_str());
    QVERIFY2(clock.elapsed() < 30'000, "slower than a hostile file may be");
}

void TestSafetensorsHostile::everyCutIsAnError() {
    const std::string good = one(kGood);
    for (std::size_t size = 0; size < good.size(); ++size) {
        QVERIFY2(error_of([&] { (void)parse(good.substr(0, size)); }).has_value(),
                 std::to_string(size).c_str());
    }
}

// A file of a few bytes that speaks of terabytes is refused without asking for any.
void TestSafetensorsHostile::nothingIsAllocatedFromTheFilesWord() {
    const TempFolder folder;
    write_bytes(folder / "m.safetensors",
                one(R"({"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]})"));
    QCOMPARE(code_of([&] { (void)load_safetensors(folder / "m.safetensors"); }),
             std::string("file_damaged"));
}

QTEST_APPLESS_MAIN(TestSafetensorsHostile)
#include "test_safetensors_hostile.moc"
