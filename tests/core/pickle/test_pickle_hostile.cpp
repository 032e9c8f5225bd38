#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"
#include "tests/core/pickle/converted.h"
#include "tests/core/pickle/pickle_bytes.h"
#include "tests/support/error_of.h"

#include <QFile>
#include <QTest>

#include <random>
#include <set>

using namespace likeness;
using namespace likeness::test;

namespace {

std::string repeated(const std::string& part, std::size_t times) {
    std::string all;
    all.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        all += part;
    }
    return all;
}

// What a pickle does that calls `module.name("touch canary")`.
std::string attack(const std::string& module, const std::string& name) {
    return torch_zip(pickle(global(module, name) + tuple(text("touch canary")) + "R"));
}

// A file with that in place of its tensor.
std::string with(const std::string& value) {
    return torch_zip(pickle(dict({{"a", value}})));
}

std::string shaped(std::int64_t offset, const std::string& shape, const std::string& stride,
                   std::int64_t numel = 2) {
    return with(tensor_of(storage(numel), offset, shape, stride));
}

} // namespace

class TestPickleHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isRefusedInWords_data();
    void isRefusedInWords();
    void dangerIsToldFromDamage();
    void whatIsAllowedIsRead();
    void everyCutIsAnError_data();
    void everyCutIsAnError();
    void randomDamageIsAnErrorOrTensors_data();
    void randomDamageIsAnErrorOrTensors();
    void bombsStaySmall_data();
    void bombsStaySmall();
};

void TestPickleHostile::isRefusedInWords_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const std::string& bytes, const char* words,
                        const char* code = "file_damaged") {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(code) << QString(words);
    };
    using std::string;
    // What could run code: refused by name, wherever it stands.
    const std::pair<const char*, const char*> dangerous[] = {{"os", "system"},
                                                             {"posix", "system"},
                                                             {"nt", "system"},
                                                             {"subprocess", "Popen"},
                                                             {"builtins", "eval"},
                                                             {"builtins", "exec"},
                                                             {"__builtin__", "getattr"},
                                                             {"builtins", "__import__"},
                                                             {"sys", "modules"},
                                                             {"runpy", "run_path"},
                                                             {"shutil", "rmtree"},
                                                             {"socket", "socket"},
                                                             {"importlib", "import_module"},
                                                             {"ctypes", "CDLL"},
                                                             {"pickle", "loads"},
                                                             {"torch.hub", "load"},
                                                             {"torch", "load"},
                                                             {"torch.jit", "load"},
                                                             {"torch._utils", "os.system"},
                                                             {"numpy.os", "system"},
                                                             {"pandas", "eval"},
                                                             {"webbrowser", "open"},
                                                             {"builtins", "open"},
                                                             {"builtins", "compile"}};
    for (const auto& [module, name] : dangerous) {
        const string whole = string(module) + "." + name;
        QTest::newRow(whole.c_str())
            << QByteArray::fromStdString(attack(module, name)) << "file_refused"
            << QString::fromStdString("\"" + whole + "\", which could run code");
    }
    row("os.system in the older form",
        torch_old(pickle(global("os", "system") + tuple(text("x")) + "R")),
        "\"os.system\", which could run code", "file_refused");
    row("os.system before the magic number",
        pickle(global("os", "system") + tuple(text("x")) + "R"), "\"os.system\"", "file_refused");
    row("os.system among the keys",
        torch_old(pickle(dict({{"a", good_tensor()}})), pickle(global("os", "system")), ""),
        "\"os.system\"", "file_refused");
    row("os.system beside good tensors",
        torch_zip(pickle(
            dict({{"a", good_tensor()}, {"b", global("os", "system") + tuple(text("x")) + "R"}}))),
        "\"os.system\"", "file_refused");
    row("POP", with(good_tensor() + "0"), "instruction POP", "file_refused");
    row("INST", torch_zip(pickle("(" + text("x") + "ios\nsystem\n")), "\"os.system\"",
        "file_refused");
    row("STACK_GLOBAL", torch_zip(pickle(text("os") + text("system") + "\x93")),
        "instruction STACK_GLOBAL", "file_refused");
    row("OBJ", torch_zip(pickle("(" + global("a", "b") + "o")), "instruction OBJ", "file_refused");
    row("EXT1", torch_zip(pickle("\x82\x01")), "instruction EXT1", "file_refused");
    row("NEWOBJ_EX", torch_zip(pickle("\x92")), "instruction NEWOBJ_EX", "file_refused");
    row("PERSID", torch_zip(pickle("P0\n")), "instruction PERSID", "file_refused");
    row("FRAME", torch_zip(pickle("\x95" + string(8, '\0'))), "instruction FRAME", "file_refused");
    row("unknown instruction", torch_zip(pickle("\xff")), "the byte 255");
    row("version 1", torch_zip("\x80\x01N."), "of version 1", "file_unsupported");
    row("version 6", torch_zip("\x80\x06N."), "of version 6", "file_unsupported");

    // Pickles that contradict themselves.
    row("empty pickle", torch_zip(""), "ends within its pickle");
    row("no STOP", torch_zip("\x80\x02}"), "ends within its pickle");
    row("nothing on the stack", torch_zip(pickle("")), "ends with 0 objects");
    row("two on the stack", torch_zip(pickle("NN")), "ends with 2 objects");
    row("mark left over", torch_zip(pickle("N(")), "instead of one");
    row("pop past a mark", torch_zip(pickle("N(\x85")), "takes an object where there is none");
    row("mark without a beginning", torch_zip(pickle("t")), "a group that it did not begin");
    row("memo that is not there", torch_zip(pickle("h\x05")), "asks for the object 5");
    row("memo far away", torch_zip(pickle("Nr" + little<std::uint32_t>(0xffffffff))),
        "numbers an object 4294967295", "file_too_large");
    row("key without value", torch_zip(pickle("}(" + text("a") + "u")), "a key without a value");
    row("dict entry on a number", torch_zip(pickle("K\x01" + text("a") + "Ns")),
        "adds to something that holds nothing");
    row("list entry on a dict", torch_zip(pickle("}Na")), "adds to something that holds nothing");
    row("list entry on a tuple", torch_zip(pickle(")Na")), "adds to something that holds nothing");
    row("call of a number", torch_zip(pickle("K\x01)R")), "calls something that is no name");
    row("call without a tuple", torch_zip(pickle(global("a", "b") + "NR")), "without arguments");
    row("state of a number", torch_zip(pickle("K\x01}b")), "that has none");
    row("name without end", torch_zip(pickle("c" + string(400, 'a') + "\nb\n")),
        "a name of more than 256 bytes");
    row("text past the end", torch_zip(pickle("X" + little<std::uint32_t>(1000) + "a")),
        "ends within its pickle");
    row("text of 4 GB", torch_zip(pickle("X" + little<std::uint32_t>(0xffffffff) + "a")),
        "a text of 4.3 GB", "file_too_large");
    row("dict made of a number",
        torch_zip(pickle(global("collections", "OrderedDict") + tuple("K\x01") + "R")),
        "made of something else");

    // Tensors that are none.
    row("not five parts", with(tuple(text("storage")) + "Q"), "not of five parts");
    row("module as persistent id",
        with(tuple(text("module") + global("torch", "FloatStorage") + text("0") + text("cpu") +
                   number(2)) +
             "Q"),
        "it is not called so");
    row("storage without kind",
        with(tuple(text("storage") + text("x") + text("0") + text("cpu") + number(2)) + "Q"),
        "it has no kind");
    row("storage of a foreign kind",
        with(tuple(text("storage") + global("a", "B") + text("0") + text("cpu") + number(2)) + "Q"),
        "of the kind \"a.B\"", "file_unsupported");
    row("storage of complex numbers", with(storage(2, "0", "ComplexFloatStorage")),
        "torch.ComplexFloatStorage", "file_unsupported");
    row("storage of quantised numbers", with(storage(2, "0", "QInt8Storage")), "torch.QInt8Storage",
        "file_unsupported");
    row("storage with a long key", with(storage(2, string(65, 'k'))), "its key is no short text");
    row("storage of -1 values", with(storage(-1)), "the size of a storage");
    row("storage of 2^60 values", with(storage(std::int64_t{1} << 60)), "the size of a storage");
    row("storage that is not there",
        with(tensor_of(storage(2, "7"), 0, numbers({2}), numbers({1}))),
        "are missing (part \"data/7\")");
    row("storage key that climbs",
        with(tensor_of(storage(2, "../data.pkl"), 0, numbers({2}), numbers({1}))), "are missing");
    row("storage larger than its part", shaped(0, numbers({2}), numbers({1}), 3),
        "should take 12 bytes, but there are 8");
    row("tensor without storage", with(tensor_of("N", 0, numbers({2}), numbers({1}))),
        "a tensor without values");
    row("tensor past its storage", shaped(1, numbers({2}), numbers({1})),
        "reaches to the value 2, but its storage has 2");
    row("stride past its storage", shaped(0, numbers({2}), numbers({2})), "reaches to the value 2");
    row("offset far away", shaped(std::int64_t{1} << 48, numbers({1}), numbers({1})),
        "reaches to the value 281474976710656");
    row("negative offset", shaped(-1, numbers({1}), numbers({1})), "the place of a tensor");
    row("negative size", shaped(0, numbers({-1}), numbers({1})), "the shape is not a number");
    row("negative stride", shaped(1, numbers({2}), numbers({-1})), "the stride is not a number");
    row("sizes whose product is too large",
        shaped(0, numbers({1 << 30, 1 << 30, 1 << 30}), numbers({0, 0, 0})),
        "larger than any file");
    row("stride that overflows",
        shaped(0, numbers({std::int64_t{1} << 40, 2}), numbers({std::int64_t{1} << 40, 0})),
        "larger than any file");
    row("view without end", shaped(0, numbers({1 << 30, 16}), numbers({0, 0})), "would take 69 GB",
        "file_too_large");
    row("nine dimensions",
        shaped(0, numbers({1, 1, 1, 1, 1, 1, 1, 1, 1}), numbers({1, 1, 1, 1, 1, 1, 1, 1, 1})),
        "up to 8 numbers");
    row("shape and stride of different length", shaped(0, numbers({2}), numbers({})),
        "1 dimensions with 0 strides");
    row("shape that is a text", with(tensor_of(storage(2), 0, text("2"), numbers({1}))),
        "is not a list");
    row("parameter of nothing",
        with(global("torch._utils", "_rebuild_parameter") + tuple("N\x89N") + "R"),
        "a parameter without a tensor");
    row("tensor of unknown numbers",
        with(global("torch._utils", "_rebuild_tensor_v3") +
             tuple(storage(2) + number(0) + numbers({2}) + numbers({1}) + "\x89N" +
                   global("torch", "complex64")) +
             "R"),
        "torch.complex64", "file_unsupported");
    row("sparse tensor", with(global("torch._utils", "_rebuild_sparse_tensor") + ")R"),
        "_rebuild_sparse_tensor", "file_unsupported");
    row("a whole network",
        torch_zip(pickle(global("torch.nn.modules.linear", "Linear") + ")\x81}b")),
        "a whole object (\"torch.nn.modules.linear.Linear\")", "file_unsupported");
    row("a single tensor", torch_zip(pickle(good_tensor())), "no tensors by name",
        "not_a_checkpoint");
    row("numbers only", with("K\x01"), "no tensors by name", "not_a_checkpoint");
    row("name of control characters", torch_zip(pickle(dict({{"a\n", good_tensor()}}))),
        "a tensor of the name");
    row("name that is not UTF-8", torch_zip(pickle(dict({{"a\xff", good_tensor()}}))),
        "a tensor of the name");
    row("no name", torch_zip(pickle(dict({{"", good_tensor()}}))), "a tensor of the name \"\"");
    row("the header's own name", torch_zip(pickle(dict({{"__metadata__", good_tensor()}}))),
        "a tensor of the name \"__metadata__\"");
    row("name twice",
        torch_zip(pickle(dict({{"a", dict({{"b", good_tensor()}})}, {"a.b", good_tensor()}}))),
        "two tensors of the name \"a.b\"");
    row("long name", torch_zip(pickle(dict({{string(1025, 'n'), good_tensor()}}))),
        "more than 1024 bytes", "file_too_large");
    row("tuple as a name", torch_zip(pickle("}(" + tuple(text("a")) + good_tensor() + "u")),
        "something that is no text");

    // Archives.
    const string object = pickle(dict({{"a", good_tensor()}}));
    const auto archive = [&](const char* name = "archive/data.pkl") {
        return ZipBytes{.members = {{name, object}, {"archive/data/0", string(8, 'x')}}};
    };
    auto zip = archive();
    row("only a beginning", string("PK\x03\x04") + string(60, '\0'), "whose end is missing");
    row("no data.pkl", archive("archive/other.pkl").bytes(), "it has no data.pkl",
        "not_a_checkpoint");
    zip.members.emplace_back("second/data.pkl", object);
    row("two objects", zip.bytes(), "it has two objects");
    zip = archive();
    zip.members.emplace_back("archive/data/0", string(8, 'y'));
    row("part twice", zip.bytes(), "two parts of the name \"archive/data/0\"");
    zip = archive();
    zip.members.emplace_back("archive/../../evil", "x");
    row("part that climbs", zip.bytes(), "would leave the archive", "file_refused");
    zip.members.back().first = "/etc/passwd";
    row("part from the top", zip.bytes(), "would leave the archive", "file_refused");
    zip.members.back().first = "archive\\..\\evil";
    row("part for Windows", zip.bytes(), "would leave the archive", "file_refused");
    zip.members.back().first = string("archive/a\0b", 11);
    row("part with a zero byte", zip.bytes(), "would leave the archive", "file_refused");
    zip = archive();
    zip.method = 8;
    row("compressed", zip.bytes(), "is compressed", "file_unsupported");
    zip = archive();
    zip.flags = 1;
    row("encrypted", zip.bytes(), "is encrypted", "file_unsupported");
    zip = archive();
    zip.local_name = "archive/data.qkl";
    row("another name before the part", zip.bytes(), "is not where its list says");
    zip = archive();
    zip.moved = 1;
    row("part elsewhere", zip.bytes(), "lies outside of it");
    zip.moved = -static_cast<std::int64_t>(30 + 16 + object.size());
    row("part over another", zip.bytes(), "is not where its list says");
    zip.moved = 1'000'000;
    row("part past the end", zip.bytes(), "lies outside of it");
    zip = archive();
    zip.extra_size = 100'000;
    row("part longer than the file", zip.bytes(), "lies outside of it");
    zip = archive();
    zip.more_members = 1;
    row("more parts than there are", zip.bytes(), "list of parts is cut off");
    zip = archive();
    zip.directory_moved = 1'000'000;
    row("list past the end", zip.bytes(), "list of parts lies outside");
    zip = archive();
    zip.directory_moved = 1;
    row("list elsewhere", zip.bytes(), "list of parts");
    // The first part reaches over the second.
    zip = ZipBytes{.members = {{"archive/data/0", string(8, 'x')}, {"archive/data.pkl", object}}};
    string over = zip.bytes();
    over.replace(over.find("PK\x01\x02") + 20, 8,
                 little<std::uint32_t>(60) + little<std::uint32_t>(60));
    row("parts that share bytes", over, "share the bytes");
    zip = archive();
    zip.members.emplace_back("archive/byteorder", "big");
    row("big-endian", zip.bytes(), "of the byte order \"big\"", "file_unsupported");
    zip = archive();
    zip.members.emplace_back("archive/constants.pkl", "x");
    row("TorchScript", zip.bytes(), "TorchScript", "file_unsupported");

    // The older form.
    row("a pickle of something else", pickle("}"), "none of PyTorch's", "not_a_checkpoint");
    row("another version", kMagic + pickle("K\x07"), "none of the versions", "file_unsupported");
    row("no machine", kMagic + pickle("M\xe9\x03") + pickle("N"), "the machine it was made on");
    row("big-endian machine",
        kMagic + pickle("M\xe9\x03") + pickle(dict({{"little_endian", "\x89"}})), "byte order",
        "file_unsupported");
    row("keys that are no list", torch_old(object, pickle("}"), ""), "does not list its storages");
    row("a key nobody uses", torch_old(object, pickle("](" + text("9") + "e"), ""),
        "that no tensor uses");
    row("a key twice",
        torch_old(object, pickle("](" + text("0") + text("0") + "e"),
                  repeated(little<std::int64_t>(0), 2)),
        "two storages of the name \"0\"");
    row("storages cut",
        torch_old(object, pickle("](" + text("0") + "e"), little<std::int64_t>(2) + "xx"),
        "within its storage \"0\"");
    row("a storage of 2^63 values",
        torch_old(object, pickle("](" + text("0") + "e"),
                  little<std::int64_t>(-1) + string(8, 'x')),
        "within its storage \"0\"");
    row("a storage too short",
        torch_old(object, pickle("](" + text("0") + "e"), little<std::int64_t>(1) + string(4, 'x')),
        "should take 8 bytes, but there are 4");
    row("a view of a storage",
        torch_old(pickle(tuple(text("storage") + global("torch", "FloatStorage") + text("0") +
                               text("cpu") + number(2) + numbers({1})) +
                         "Q")),
        "a view of a storage", "file_unsupported");
    row("a storage of two kinds",
        torch_old(pickle(dict(
            {{"a", good_tensor()},
             {"b", tensor_of(storage(2, "0", "HalfStorage"), 0, numbers({2}), numbers({1}))}}))),
        "is of two kinds");

    // No pickle at all.
    row("empty", "", "it is no pickle", "not_a_checkpoint");
    row("a safetensors file", string("\x02\0\0\0\0\0\0\0{}", 10), "it is no pickle",
        "not_a_checkpoint");
}

void TestPickleHostile::isRefusedInWords() {
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, code);
    QFETCH(const QString, words);
    const auto error = error_of([&] { converted(bytes.toStdString()); });
    QVERIFY(error.has_value());
    QVERIFY2(QString(error->what()).contains(words), error->what());
    QCOMPARE(QString(to_string(error->code)), code);
    QVERIFY2(QString(error->what()).startsWith("model.ckpt could not be opened: "), error->what());
    QVERIFY2(QString(error->what()).count('\n') == 1, error->what()); // why, and what to do
    QCOMPARE(exit_status(error->code), 3);
}

void TestPickleHostile::dangerIsToldFromDamage() {
    const auto refused = error_of([] { converted(attack("os", "system")); });
    QVERIFY(QString(refused->what()).contains("could run code on this machine"));
    QVERIFY(QString(refused->what()).contains("Nothing of it was run"));
    const auto cut = error_of([] { converted(torch_zip("\x80\x02}")); });
    QVERIFY(!QString(cut->what()).contains("run code"));
}

void TestPickleHostile::whatIsAllowedIsRead() {
    const auto names = [](const std::string& bytes) {
        const std::string out = converted(bytes);
        std::set<std::string> found;
        const auto header =
            parse_safetensors_header(std::as_bytes(std::span(out)), out.size(), "out");
        for (const auto& [name, entry] : header.tensors) {
            found.insert(name);
        }
        return found;
    };
    using Names = std::set<std::string>;
    const std::string one = dict({{"w", good_tensor()}});
    QCOMPARE(names(torch_zip(pickle(one))), Names{"w"});
    QCOMPARE(names(torch_old(pickle(one))), Names{"w"});
    // Wrapped, with objects of foreign classes beside it, whose insides are passed over.
    const std::string foreign = global("pytorch_lightning.callbacks", "ModelCheckpoint") +
                                ")\x81(" + text("k") + good_tensor() + "u}b";
    QCOMPARE(names(torch_zip(pickle(dict({{"state_dict", dict({{"state_dict", one}})},
                                          {"callbacks", foreign},
                                          {"epoch", "K\x06"}})))),
             Names{"w"});
    QCOMPARE(names(torch_zip(pickle(dict({{"model", one}})))), Names{"w"});
    // An adapter's two halves stay apart, also where one is alone.
    QCOMPARE(names(torch_zip(pickle(dict({{"image_proj", one}, {"ip_adapter", one}})))),
             (Names{"image_proj.w", "ip_adapter.w"}));
    QCOMPARE(names(torch_zip(pickle(dict({{"ip_adapter", one}})))), Names{"ip_adapter.w"});
    // As Python 2 wrote it.
    QCOMPARE(names(torch_zip(pickle(global("collections", "OrderedDict") +
                                    tuple("](](" + text("w") + good_tensor() + "ee") + "R"))),
             Names{"w"});
    // An empty tensor needs no bytes; a view may repeat one value.
    QCOMPARE(names(shaped(0, numbers({0, 5}), numbers({5, 1}))), Names{"a"});
    QCOMPARE(names(shaped(1, numbers({4}), numbers({0}))), Names{"a"});
}

void TestPickleHostile::everyCutIsAnError_data() {
    QTest::addColumn<QString>("file");
    for (const char* name : {"every_dtype.pt", "every_dtype_old.pt", "views.pth", "views_old.pth",
                             "lightning.ckpt", "lightning_old.ckpt", "ip_adapter.bin"}) {
        QTest::newRow(name) << QString(name);
    }
}

void TestPickleHostile::everyCutIsAnError() {
    QFETCH(const QString, file);
    const std::string whole = bytes_of(fixture_path(file.toStdString()));
    QVERIFY(code_of([&] { converted(whole); }) == "none");
    for (std::size_t size = 0; size < whole.size(); size += size < 256 ? 1 : 64) {
        const auto error = error_of([&] { converted(whole.substr(0, size)); });
        QVERIFY2(error.has_value(), std::to_string(size).c_str());
        QCOMPARE(exit_status(error->code), 3);
    }
}

void TestPickleHostile::randomDamageIsAnErrorOrTensors_data() {
    everyCutIsAnError_data();
}

// 5,000 mutations of each: what is read all the same is a sound safetensors file.
void TestPickleHostile::randomDamageIsAnErrorOrTensors() {
    QFETCH(const QString, file);
    const std::string whole = bytes_of(fixture_path(file.toStdString()));
    std::mt19937 random(1);
    const auto below = [&](std::size_t size) { return random() % size; };
    int refused = 0;
    for (int i = 0; i < 5'000; ++i) {
        std::string bytes = whole;
        for (std::size_t hits = 1 + below(4); hits > 0; --hits) {
            const std::size_t at = below(bytes.size());
            switch (below(5)) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
                break;
            case 2:
                bytes.insert(at, bytes.substr(below(bytes.size()), below(32)));
                break;
            case 3:
                bytes.erase(at, below(32));
                break;
            default:
                bytes.replace(at, 4, "\xff\xff\xff\x7f");
            }
            if (bytes.empty()) {
                bytes = "P";
            }
        }
        try {
            const std::string out = converted(bytes);
            const auto header =
                parse_safetensors_header(std::as_bytes(std::span(out)), out.size(), "out");
            QVERIFY(!header.tensors.empty());
        } catch (const Error& error) {
            QCOMPARE(exit_status(error.code), 3);
            ++refused;
        }
    }
    QVERIFY2(refused > 500, std::to_string(refused).c_str());
}

// Files that would grow without end in a reader that believes them.
void TestPickleHostile::bombsStaySmall_data() {
    QTest::addColumn<QByteArray>("object");
    const auto row = [](const char* name, const std::string& body) {
        QTest::newRow(name) << QByteArray::fromStdString(pickle(body));
    };
    row("marks", std::string(15'000'000, '('));
    row("lists", repeated("]", 15'000'000));
    row("tuples in tuples", ")" + repeated("\x85", 15'000'000));
    row("lists in lists", repeated("](", 5'000'000));
    row("memo", "]" + repeated("q\x01", 5'000'000) + repeated("h\x01", 5'000'000));
    row("memo of many places", [] {
        std::string all = "]";
        for (std::uint32_t i = 0; i < 1'000'000; ++i) {
            all += "r" + little(i * 4);
        }
        return all;
    }());
    // Each list holds the one before it ten times.
    std::string laughs = "](" + repeated("N", 10) + "eq\x01";
    for (int i = 0; i < 60; ++i) {
        laughs += "](" + repeated("h\x01", 10) + "eq\x01";
    }
    row("billion laughs", dict({{"a", laughs}}));
    // 5^14 paths to one tensor.
    row("dictionaries of dictionaries", [] {
        std::string all = dict({{"a", good_tensor()}});
        for (int i = 0; i < 14; ++i) {
            all = "}q\x02(" + text("a") + all + "q\x01" + text("b") + "h\x01" + text("c") +
                  "h\x01" + text("d") + "h\x01" + text("e") + "h\x01u";
        }
        return all;
    }());
    row("a dictionary in itself", "}q\x01(" + text("a") + "h\x01" + text("b") + "h\x01u");
    row("a list in itself", "]q\x01h\x01" + std::string("a"));
    row("calls of calls", global("a", "b") + repeated(")R", 5'000'000));
    row("objects", repeated(global("a", "b") + ")\x81", 1'000'000));
    row("dictionaries", repeated("}", 15'000'000));
    row("storages", repeated(storage(2), 150'000));
    row("tensors", "](" + repeated(good_tensor(), 80'000));
    row("texts", repeated(text(std::string(1000, 'x')), 16'000));
}

void TestPickleHostile::bombsStaySmall() {
    QFETCH(const QByteArray, object);
    const std::string bytes = torch_zip(object.toStdString());
    QFile status("/proc/self/status");
    QVERIFY(status.open(QIODevice::ReadOnly));
    const auto peak = [&] {
        QFile again("/proc/self/clear_refs"); // the peak begins anew
        if (again.open(QIODevice::WriteOnly)) {
            again.write("5");
        }
    };
    const auto field = [&](const char* name) {
        status.seek(0);
        for (const QByteArray& line : status.readAll().split('\n')) {
            if (line.startsWith(name)) {
                return line.mid(static_cast<qsizetype>(qstrlen(name)))
                           .trimmed()
                           .split(' ')
                           .front()
                           .toLongLong() *
                       1024;
            }
        }
        return qint64{0};
    };
    peak();
    const qint64 before = field("VmRSS:");
    const auto error = error_of([&] { converted(bytes); });
    const qint64 grown = field("VmHWM:") - before;
    QVERIFY2(error.has_value(), "it was read");
    QCOMPARE(exit_status(error->code), 3);
    QVERIFY2(grown < (64 << 20), qPrintable(QString::number(grown)));
}

QTEST_GUILESS_MAIN(TestPickleHostile)
#include "test_pickle_hostile.moc"
