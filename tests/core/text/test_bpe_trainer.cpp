#include "core/base/read_file.h"
#include "core/text/bpe_trainer.h"
#include "core/text/clip_tokenizer.h"
#include "core/text/clip_words.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace likeness;
using namespace likeness::test;

class TestBpeTrainer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mostFrequentPairComesFirst();
    void tiesGoByByteOrder();
    void emptyTextsGiveTheByteSymbols();
    void sizeIsReachedAndTokensDiffer();
    void writtenFilesEncodeTheLearnedWords();
    void writtenFilesAreTheSameEveryTime();
};

// By hand: "aab" five times, "ab" twice. (a, b</w>) occurs 7 times and comes first; then (a,
// ab</w>) 5 times.
void TestBpeTrainer::mostFrequentPairComesFirst() {
    const auto vocabulary = train_bpe({{"aab", 5}, {"ab", 2}}, 600);
    using Pair = std::pair<std::string, std::string>;
    QCOMPARE(vocabulary.merges, (std::vector<Pair>{{"a", "b</w>"}, {"a", "ab</w>"}}));
    QCOMPARE(vocabulary.tokens.size(), std::size_t{516});
    QCOMPARE(vocabulary.tokens[0], "!");
    QCOMPARE(vocabulary.tokens[256], "!</w>");
    QCOMPARE(vocabulary.tokens[512], "ab</w>");
    QCOMPARE(vocabulary.tokens[514], std::string(kStartOfText));
    QCOMPARE(vocabulary.tokens[515], std::string(kEndOfText));
}

void TestBpeTrainer::tiesGoByByteOrder() {
    const auto vocabulary = train_bpe({{"yz", 3}, {"ab", 3}, {"AB", 0}}, 515);
    QCOMPARE(vocabulary.merges.size(), std::size_t{1});
    QCOMPARE(vocabulary.merges[0].first, "a");
}

void TestBpeTrainer::emptyTextsGiveTheByteSymbols() {
    const auto vocabulary = train_bpe({{"", 4}, {"  ", 1}}, 1536);
    QCOMPARE(vocabulary.tokens.size(), std::size_t{514});
    QVERIFY(vocabulary.merges.empty());
}

void TestBpeTrainer::sizeIsReachedAndTokensDiffer() {
    std::map<std::string, std::uint64_t> texts;
    for (int i = 0; i < 400; ++i) {
        texts["a " + std::string(1, static_cast<char>('a' + i % 26)) + "mug number " +
              std::to_string(i) + " on the " + (i % 2 == 0 ? "beach" : "table")] =
            static_cast<std::uint64_t>(i + 1);
    }
    texts["abcabcabcaab bcabca aabbcc abab baba"] = 50; // several ways to the same letters
    const auto vocabulary = train_bpe(texts, 560);
    QCOMPARE(vocabulary.tokens.size(), std::size_t{560});
    QCOMPARE(std::set<std::string>(vocabulary.tokens.begin(), vocabulary.tokens.end()).size(),
             std::size_t{560});
    QCOMPARE(vocabulary.merges.size(), std::size_t{560 - 514});
}

void TestBpeTrainer::writtenFilesEncodeTheLearnedWords() {
    const TempFolder folder;
    const auto vocabulary = train_bpe(
        {{"a red mug on the beach", 9}, {"a blue teapot, at night!", 4}, {"café", 3}}, 1536);
    save_clip_tokenizer(folder.path(), vocabulary, 32);
    const auto tokenizer = ClipTokenizer::load(folder.path());
    QCOMPARE(tokenizer.vocab_size(), static_cast<std::int64_t>(vocabulary.tokens.size()));
    QCOMPARE(tokenizer.max_length(), 32);
    QCOMPARE(tokenizer.pad_id(), tokenizer.end_id());
    // Every learned word is one token, whatever its case.
    const auto prompt = tokenizer.encode("A Red mug, on the CAFÉ beach!");
    QCOMPARE(prompt.token_count, 9);
    const auto mug = std::ranges::find(vocabulary.tokens, "mug</w>") - vocabulary.tokens.begin();
    QCOMPARE(prompt.ids[3], static_cast<std::int64_t>(mug));
    QCOMPARE(tokenizer.encode("zzz").token_count, 3); // letters that were never seen together
}

void TestBpeTrainer::writtenFilesAreTheSameEveryTime() {
    const TempFolder first;
    const TempFolder second;
    const std::map<std::string, std::uint64_t> texts = {{"a red mug", 2},
                                                        {"the beach at night", 3}};
    save_clip_tokenizer(first.path(), train_bpe(texts, 700), 77);
    save_clip_tokenizer(second.path(), train_bpe(texts, 700), 77);
    for (const char* name :
         {"vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"}) {
        QCOMPARE(read_text_file(first / name, 1U << 20U), read_text_file(second / name, 1U << 20U));
    }
}

QTEST_APPLESS_MAIN(TestBpeTrainer)
#include "test_bpe_trainer.moc"
