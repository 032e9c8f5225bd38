#include "core/text/bpe_trainer.h"
#include "core/text/clip_tokenizer.h"
#include "core/text/clip_words.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <fstream>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

using Ids = std::vector<std::int64_t>;

std::filesystem::path golden(const std::string& name) {
    return std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden" / name;
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

// The golden tokenizer's files in a folder of the test's own, to be damaged.
void copy_tokenizer(const TempFolder& folder, const std::string& configs = "tokenizer") {
    for (const char* name : {"vocab.json", "merges.txt"}) {
        std::filesystem::copy_file(golden("tokenizer") / name, folder / name);
    }
    for (const char* name : {"tokenizer_config.json", "special_tokens_map.json"}) {
        std::filesystem::copy_file(golden(configs) / name, folder / name);
    }
}

// The ids between start and end, without padding.
Ids body(const ClipTokenizer& tokenizer, const TokenizedPrompt& prompt) {
    const auto kept = static_cast<std::ptrdiff_t>(prompt.token_count - prompt.cut_count);
    return {prompt.ids.begin() + 1,
            prompt.ids.begin() + std::min<std::ptrdiff_t>(1 + kept, tokenizer.max_length())};
}

// The public vocabulary, where set-up has put it; empty where it has not.
std::string public_vocabulary() {
    const QString named = qEnvironmentVariable("LIKENESS_CACHE");
    const QString cache = named.isEmpty() ? QDir::homePath() + "/.cache/likeness" : named;
    const QString path = cache + "/vocabulary/bpe_simple_vocab_16e6.txt.gz";
    QProcess gzip;
    gzip.start("gzip", {"-dc", path});
    if (!QFile::exists(path) || !gzip.waitForStarted() || !gzip.waitForFinished()) {
        return {};
    }
    return gzip.readAllStandardOutput().toStdString();
}

} // namespace

class TestClipTokenizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTransformers_data();
    void equalsTransformers();
    void padsWithThePadToken();
    void exclamationMarksAreTextByDefault();
    void invalidUtf8IsReplaced_data();
    void invalidUtf8IsReplaced();
    void cutIsCounted();
    void hugeWordTakesLittleTime();
    void configsMayBeAbsent();
    void oneFileIsAsGoodAsTwo();
    void damagedOneFileIsRefused_data();
    void damagedOneFileIsRefused();
    void lengthComesFromTheConfig();
    void damagedFilesAreRefused_data();
    void damagedFilesAreRefused();
    void publicVocabulary();
    void aListIsWrittenAsAFolder();
    void damagedListsAreRefused();
};

void TestClipTokenizer::equalsTransformers_data() {
    QTest::addColumn<bool>("is_padded");
    QTest::newRow("pads with the end") << false;
    QTest::newRow("pads with !") << true;
}

void TestClipTokenizer::equalsTransformers() {
    QFETCH(bool, is_padded);
    const TempFolder folder;
    copy_tokenizer(folder, is_padded ? "tokenizer/padded" : "tokenizer");
    const auto tokenizer = ClipTokenizer::load(folder.path());
    std::ifstream lines(golden("tokenizer_cases.txt"));
    int cases = 0;
    for (std::string line; std::getline(lines, line); ++cases) {
        const auto row = nlohmann::json::parse(line);
        const std::size_t at = is_padded && row.size() > 3 ? 3 : 1;
        auto expected = row[at].get<Ids>();
        const int count = row[at + 1];
        expected.resize(77, tokenizer.pad_id());
        const auto prompt = tokenizer.encode(row[0].get<std::string>(), PadInPrompt::is_padding);
        QVERIFY2(prompt.ids == expected && prompt.token_count == count, line.c_str());
        QCOMPARE(prompt.cut_count, std::max(0, count - 75));
    }
    QVERIFY(cases > 2000);
}

void TestClipTokenizer::padsWithThePadToken() {
    const TempFolder folder;
    copy_tokenizer(folder, "tokenizer/padded");
    const auto padded = ClipTokenizer::load(folder.path());
    QCOMPARE(padded.pad_id(), 0);
    const auto plain = ClipTokenizer::load(golden("tokenizer"));
    QCOMPARE(plain.pad_id(), plain.end_id());
    const auto prompt = padded.encode("");
    QCOMPARE(prompt.ids.size(), std::size_t{77});
    QCOMPARE(prompt.ids[0], padded.start_id());
    QCOMPARE(prompt.ids[1], padded.end_id());
    QCOMPARE(prompt.ids[2], 0);
    QCOMPARE(prompt.token_count, 0);
}

void TestClipTokenizer::exclamationMarksAreTextByDefault() {
    const TempFolder folder;
    copy_tokenizer(folder, "tokenizer/padded");
    const auto padded = ClipTokenizer::load(folder.path());
    const auto plain = ClipTokenizer::load(golden("tokenizer"));
    for (const char* text : {"!", "! !! !!!", "wow!! nice!", "x!y"}) {
        QCOMPARE(body(padded, padded.encode(text)), body(plain, plain.encode(text)));
    }
    QCOMPARE(body(padded, padded.encode("! !!", PadInPrompt::is_padding)), (Ids{0, 0, 0}));
}

void TestClipTokenizer::invalidUtf8IsReplaced_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("replaced"); // as Python's errors="replace" gives it
    const QString mark(QChar(0xfffd));
    QTest::newRow("stray continuation") << QByteArray("a\x80z") << "a" + mark + "z";
    QTest::newRow("cut character") << QByteArray("a\xe2\x82") << "a" + mark;
    QTest::newRow("cut character, then text") << QByteArray("\xe2\x82z") << mark + "z";
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << mark + mark;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << mark + mark + mark;
    QTest::newRow("past the last") << QByteArray("\xf4\x90\x80\x80") << mark + mark + mark + mark;
    QTest::newRow("Latin-1") << QByteArray("caf\xe9 x") << "caf" + mark + " x";
    QTest::newRow("two leads") << QByteArray("\xf0\x9f\xf0\x9f") << mark + mark;
}

void TestClipTokenizer::invalidUtf8IsReplaced() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, replaced);
    const auto tokenizer = ClipTokenizer::load(golden("tokenizer"));
    QCOMPARE(tokenizer.encode(bytes.toStdString()), tokenizer.encode(replaced.toStdString()));
}

void TestClipTokenizer::cutIsCounted() {
    const auto tokenizer = ClipTokenizer::load(golden("tokenizer"));
    std::string text;
    for (int i = 0; i < 75; ++i) {
        text += "7";
    }
    const auto full = tokenizer.encode(text);
    QCOMPARE(full.token_count, 75);
    QCOMPARE(full.cut_count, 0);
    const auto cut = tokenizer.encode(text + "7");
    QCOMPARE(cut.token_count, 76);
    QCOMPARE(cut.cut_count, 1);
    QCOMPARE(cut.ids, full.ids);
    QCOMPARE(cut.ids.back(), tokenizer.end_id());
}

void TestClipTokenizer::hugeWordTakesLittleTime() {
    const auto tokenizer = ClipTokenizer::load(golden("tokenizer"));
    const auto prompt = tokenizer.encode(std::string(200'000, 'a') + std::string(100'000, '!'));
    QVERIFY(prompt.token_count > 75); // quadratic merging would take hours
}

void TestClipTokenizer::configsMayBeAbsent() {
    const TempFolder folder;
    copy_tokenizer(folder);
    const auto whole = ClipTokenizer::load(folder.path());
    std::filesystem::remove(folder / "tokenizer_config.json");
    std::filesystem::remove(folder / "special_tokens_map.json");
    const auto bare = ClipTokenizer::load(folder.path());
    QCOMPARE(bare.max_length(), 77);
    QCOMPARE(bare.encode("a red mug"), whole.encode("a red mug"));
}

void TestClipTokenizer::lengthComesFromTheConfig() {
    const TempFolder folder;
    copy_tokenizer(folder);
    const std::map<std::string, int> lengths = {
        {"12", 12}, {"1e30", 77}, {"-4", 77}, {"\"x\"", 77}, {"2", 77}};
    for (const auto& [written, length] : lengths) {
        write(folder / "tokenizer_config.json", R"({"model_max_length": )" + written + "}");
        const auto tokenizer = ClipTokenizer::load(folder.path());
        QCOMPARE(tokenizer.max_length(), length);
        QCOMPARE(tokenizer.encode("1 2 3 4 5 6 7 8 9 0 1 2").ids.size(),
                 static_cast<std::size_t>(length));
    }
}

void TestClipTokenizer::oneFileIsAsGoodAsTwo() {
    const TempFolder two, one;
    copy_tokenizer(two);
    nlohmann::json merges = nlohmann::json::array();
    std::ifstream rows(two / "merges.txt");
    for (std::string row; std::getline(rows, row);) {
        if (const auto space = row.find(' '); space != std::string::npos && row[0] != '#') {
            merges.push_back({row.substr(0, space), row.substr(space + 1)});
        }
    }
    QVERIFY(merges.size() > 100);
    std::ifstream vocabulary(two / "vocab.json");
    write(one / "tokenizer.json", nlohmann::json{{"model",
                                                  {{"type", "BPE"},
                                                   {"end_of_word_suffix", "</w>"},
                                                   {"vocab", nlohmann::json::parse(vocabulary)},
                                                   {"merges", merges}}}}
                                      .dump());
    std::filesystem::copy_file(two / "tokenizer_config.json", one / "tokenizer_config.json");
    const auto classic = ClipTokenizer::load(two.path()), whole = ClipTokenizer::load(one.path());
    QCOMPARE(whole.vocab_size(), classic.vocab_size());
    for (const char* text :
         {"", "a photo of a red cat, highly detailed", "it's 2024!", "d\u00e9j\u00e0 vu"}) {
        QCOMPARE(whole.encode(text), classic.encode(text));
    }
}

void TestClipTokenizer::damagedOneFileIsRefused_data() {
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("words");
    QTest::newRow("no model") << R"({"a": 1})"
                              << "byte-pair";
    QTest::newRow("other kind") << R"({"model": {"type": "Unigram"}})"
                                << "byte-pair";
    QTest::newRow("no suffix") << R"({"model": {"type": "BPE", "vocab": {}, "merges": []}})"
                               << "byte-pair";
    const QString head = R"({"model": {"type": "BPE", "end_of_word_suffix": "</w>")";
    QTest::newRow("no merges") << head + R"(, "vocab": {"a": 0}}})"
                               << "lacks";
    QTest::newRow("odd merge") << head + R"(, "vocab": {"a": 0}, "merges": [3]}})"
                               << "merge 1";
    QTest::newRow("unknown part") << head + R"(, "vocab": {"a": 0}, "merges": [["a", "b"]]}})"
                                  << "line 1";
}

void TestClipTokenizer::damagedOneFileIsRefused() {
    QFETCH(QString, content);
    QFETCH(QString, words);
    const TempFolder folder;
    write(folder / "tokenizer.json", content.toStdString());
    const auto error = error_of([&] { (void)ClipTokenizer::load(folder.path()); });
    QVERIFY(error.has_value());
    QCOMPARE(error->code, ErrorCode::file_damaged);
    QVERIFY2(QString(error->what()).contains(words), error->what());
}

void TestClipTokenizer::damagedFilesAreRefused_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("content"); // null: the file is taken away
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words"); // what the message says
    const auto row = [](const char* name, const char* file, const QString& content,
                        const char* words, const char* code = "file_damaged") {
        QTest::newRow(name) << QString(file) << content << QString(code) << QString(words);
    };
    row("no vocabulary", "vocab.json", {}, "vocab.json", "file_missing");
    row("no merges", "merges.txt", {}, "merges.txt", "file_missing");
    row("not JSON", "vocab.json", "{\"a\": 1", "not valid JSON");
    row("a list", "vocab.json", "[1, 2]", "not a JSON object");
    row("empty", "vocab.json", "{}", "0 tokens");
    row("repeated key", "vocab.json", R"({"a": 0, "a": 1})", "twice");
    row("repeated id", "vocab.json", R"({"a": 0, "b": 0})", "two tokens");
    row("id out of range", "vocab.json", R"({"a": 0, "b": 7})", "no id");
    row("negative id", "vocab.json", R"({"a": 0, "b": -1})", "no id");
    row("fraction", "vocab.json", R"({"a": 0, "b": 1.0})", "no id");
    row("nested", "vocab.json", R"({"a": 0, "b": {"c": 1}})", "nested");
    row("no special tokens", "vocab.json", R"({"a": 0, "b": 1})", "lacks");
    row("deep config", "tokenizer_config.json", QString(5000, '['), "nested");
    row("unknown pad", "special_tokens_map.json", R"({"pad_token": "<|nothing|>"})",
        "lacks the pad_token");
    row("one word a line", "merges.txt", "#version: 0.2\na\n", "line 2");
    row("three words", "merges.txt", "#version: 0.2\na b c\n", "line 2");
    row("unknown part", "merges.txt", "#version: 0.2\na nothinglikeit\n", "line 2");
    row("repeated merge", "merges.txt", "#version: 0.2\na n\na n\n", "repeats");
}

void TestClipTokenizer::damagedFilesAreRefused() {
    QFETCH(QString, file);
    QFETCH(QString, content);
    QFETCH(QString, code);
    QFETCH(QString, words);
    const TempFolder folder;
    copy_tokenizer(folder);
    const auto path = folder / file.toStdString();
    if (content.isNull()) {
        std::filesystem::remove(path);
    } else {
        write(path, content.toStdString());
    }
    const auto error = error_of([&] { (void)ClipTokenizer::load(folder.path()); });
    QVERIFY(error.has_value());
    QCOMPARE(QString(to_string(error->code)), code);
    const QString message = error->what();
    QVERIFY2(message.contains(words), error->what());
}

// The vectors of OpenAI's own vocabulary.
void TestClipTokenizer::publicVocabulary() {
    const std::string text = public_vocabulary();
    if (text.empty()) {
        QSKIP("the public vocabulary is not on this machine");
    }
    BpeVocabulary vocabulary = train_bpe({}, 514); // the byte symbols
    vocabulary.tokens.resize(512);
    std::size_t start = text.find('\n') + 1;
    for (int i = 0; i < 49'152 - 256 - 2; ++i) {
        const std::size_t end = text.find('\n', start);
        const std::size_t space = text.find(' ', start);
        vocabulary.merges.emplace_back(text.substr(start, space - start),
                                       text.substr(space + 1, end - space - 1));
        vocabulary.tokens.push_back(vocabulary.merges.back().first +
                                    vocabulary.merges.back().second);
        start = end + 1;
    }
    vocabulary.tokens.emplace_back(kStartOfText);
    vocabulary.tokens.emplace_back(kEndOfText);
    const TempFolder folder;
    save_clip_tokenizer(folder.path(), vocabulary, 77);
    const auto tokenizer = ClipTokenizer::load(folder.path());
    QCOMPARE(tokenizer.start_id(), 49406);
    QCOMPARE(tokenizer.end_id(), 49407);
    const std::vector<std::pair<std::string, Ids>> vectors = {
        {"a photo of a cat", {320, 1125, 539, 320, 2368}},
        {"A photo  of an Astronaut riding a horse on Mars!",
         {320, 1125, 539, 550, 18376, 6765, 320, 4558, 525, 7496, 256}},
        {"monochrome, lowres, bad anatomy, worst quality, low quality",
         {25576, 267, 1049, 934, 267, 2103, 15376, 267, 5719, 3027, 267, 1042, 3027}},
        {"it's 2024, isn't it?", {585, 568, 273, 271, 273, 275, 267, 2923, 713, 585, 286}},
        {"(masterpiece:1.2)", {263, 12066, 281, 272, 269, 273, 264}},
        {"photorealistic 8k uhd, dslr", {1153, 16157, 279, 330, 84, 4414, 267, 33740}},
        {"don't", {847, 713}},
        {"C++20", {322, 19056, 273, 271}},
        {"café über naïve", {15304, 6522, 1516, 1097, 35689, 563}},
        {"日本語", {39121, 44353, 34002, 508}},
        {"Ångström ½", {23176, 10352, 807, 7255, 332, 33613}},
        {"🙂", {14860}},
        {"! !! !!!", {256, 748, 995}},
        {"hello<|endoftext|>world", {3306, 49407, 1002}},
        {"a\tb\nc", {320, 321, 322}},
    };
    write(folder / "list.txt", text);
    const auto of_list = ClipTokenizer::load_merges(folder / "list.txt", "!");
    QCOMPARE(of_list.pad_id(), 0);
    QCOMPARE(of_list.vocab_size(), 49408);
    QVERIFY(ClipTokenizer::load_vocabulary(folder / "list.txt") == vocabulary);
    for (const auto& [prompt, ids] : vectors) {
        QCOMPARE(body(tokenizer, tokenizer.encode(prompt)), ids);
        QCOMPARE(body(of_list, of_list.encode(prompt)), ids);
    }
}

void TestClipTokenizer::aListIsWrittenAsAFolder() {
    const TempFolder folder;
    write(folder / "list.txt", "a heading\na b</w>\nc ab</w>\nd e\n");
    const BpeVocabulary vocabulary = ClipTokenizer::load_vocabulary(folder / "list.txt");
    QCOMPARE(vocabulary.tokens.size(), std::size_t{517});
    QCOMPARE(vocabulary.tokens[513], "cab</w>");
    QCOMPARE(vocabulary.merges[2], (std::pair<std::string, std::string>("d", "e")));
    for (const std::string_view pad : {std::string_view("!"), kEndOfText}) {
        save_clip_tokenizer(folder.path(), vocabulary, 77, pad);
        const auto written = ClipTokenizer::load(folder.path());
        const auto of_list = ClipTokenizer::load_merges(folder / "list.txt", pad);
        for (const char* prompt : {"", "cab ab de!", "a\tünï <|endoftext|> cab"}) {
            QVERIFY(written.encode(prompt) == of_list.encode(prompt));
            QVERIFY(written.encode(prompt, PadInPrompt::is_padding) ==
                    of_list.encode(prompt, PadInPrompt::is_padding));
        }
    }
}

void TestClipTokenizer::damagedListsAreRefused() {
    const TempFolder folder;
    write(folder / "list.txt", "a heading\na b\nab c\n");
    QCOMPARE(ClipTokenizer::load_merges(folder / "list.txt", kEndOfText).vocab_size(), 516);
    write(folder / "pairs.txt", "a heading\na b\nonly\n");
    QCOMPARE(code_of([&] { (void)ClipTokenizer::load_merges(folder / "pairs.txt", "!"); }),
             "file_damaged");
    write(folder / "cut.gz", std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + "nonsense");
    QCOMPARE(code_of([&] { (void)ClipTokenizer::load_merges(folder / "cut.gz", "!"); }),
             "file_damaged");
    // What gzip makes of "a heading\na b\nab c\n", whole and without its end.
    const std::string packed(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x54\xc8\x48\x4d\x4c\xc9\xcc\x4b"
        "\xe7\x4a\x54\x48\xe2\x4a\x4c\x52\x48\xe6\x02\x00\x25\xbe\x58\x09\x13\x00\x00\x00",
        39);
    write(folder / "whole.gz", packed);
    QCOMPARE(ClipTokenizer::load_merges(folder / "whole.gz", "!").vocab_size(), 516);
    for (const std::size_t size : {std::size_t{12}, std::size_t{25}, packed.size() - 1}) {
        write(folder / "part.gz", packed.substr(0, size));
        QCOMPARE(code_of([&] { (void)ClipTokenizer::load_merges(folder / "part.gz", "!"); }),
                 "file_damaged");
    }
    for (const std::string& text : {std::string(), std::string(1'000, '\0'), std::string("a")}) {
        write(folder / "no.txt", text);
        QCOMPARE(code_of([&] { (void)ClipTokenizer::load_merges(folder / "no.txt", "!"); }),
                 "file_damaged");
    }
    QCOMPARE(code_of([&] { (void)ClipTokenizer::load_merges(folder / "none", "!"); }),
             "file_unreadable");
}

QTEST_APPLESS_MAIN(TestClipTokenizer)
#include "test_clip_tokenizer.moc"
