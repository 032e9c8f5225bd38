#include "core/text/prompt_pieces.h"
#include "core/text/prompt_syntax.h"

#include <QTest>

#include <cmath>

using namespace likeness;

namespace {

ClipTokenizer tokenizer(const char* name = "tokenizer") {
    return ClipTokenizer::load(std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden" /
                               name);
}

// "house 1.573|  1.1|BREAK".
QString shown(const std::vector<PromptSegment>& segments) {
    QStringList parts;
    for (const PromptSegment& segment : segments) {
        parts << (segment.breaks ? QString("BREAK")
                                 : QString("%1 %2")
                                       .arg(QString::fromStdString(segment.text))
                                       .arg(segment.weight, 0, 'g', 6));
    }
    return parts.join('|');
}

std::string repeated(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

} // namespace

class TestPromptPieces : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void syntax_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("segments");
        const auto row = [](const char* name, const char* text, const char* segments) {
            QTest::newRow(name) << text << segments;
        };
        row("plain", "a red mug, 5 o'clock: now", "a red mug, 5 o'clock: now 1");
        row("empty", "", "");
        // checkpoints.md 3.6
        row("reference", "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
            "a  1|house 1.573|  1.1|on 1| a  1.1|hill 0.55|, sun,  1.1|sky 1.4641|. 1.1");
        row("round", "a (red) mug", "a  1|red 1.1| mug 1");
        row("square", "a [red] mug", "a  1|red 0.909091| mug 1");
        row("number", "(red: 1.25 ) mug", "red 1.25| mug 1");
        row("signed", "(red:+2)(blue:-1)", "red 2|blue -1");
        row("zero", "(red:0)", "red 0");
        row("escapes", R"(\(red\) \[x\] \\ \n)", R"((red) [x] \ \n 1)");
        row("closed alone", "a) b] :1.2)", "a) b] :1.2) 1");
        row("no number", "(a:b) (c:1.2.3)", "a:b 1.1|  1|c:1.2.3 1.1");
        row("open", "a (b [c", "a  1|b  1.1|c 1");
        row("too much", "((((x:9):9):9):-9)", "x -10");
        row("break", "a BREAK b", "a  1|BREAK| b 1");
        row("break in brackets", "(a BREAK b:1.2)", "a  1.2|BREAK| b 1.2");
        row("no break", "aBREAK BREAKs BREAK_ break", "aBREAK BREAKs BREAK_ break 1");
        row("utf8", "(é:1.2)日本", "é 1.2|日本 1");
    }

    void syntax() {
        QFETCH(QString, text);
        QFETCH(QString, segments);
        QCOMPARE(shown(read_prompt_syntax(text.toStdString())), segments);
    }

    void spansAreWhereTheSegmentsStand() {
        const std::string text = R"(é (red \(x\):1.2) BREAK [b)";
        const std::vector<PromptSpan> spans = prompt_spans(text);
        const auto words = [&](std::size_t i) {
            return text.substr(spans[i].begin, spans[i].end - spans[i].begin);
        };
        QCOMPARE(spans.size(), std::size_t{6});
        QCOMPARE(words(0), std::string("é "));
        QCOMPARE(words(1), std::string(R"(red \(x\))"));
        QCOMPARE(spans[1].weight, 1.2);
        QCOMPARE(words(2), std::string(" "));
        QCOMPARE(words(3), std::string("BREAK"));
        QVERIFY(spans[3].breaks);
        QCOMPARE(words(5), std::string("b"));
        QCOMPARE(spans[5].weight, 1 / 1.1);
    }

    void wordsAlone() {
        QCOMPARE(without_prompt_syntax(R"(a (red:1.2) [mug] BREAK \(x\))"),
                 std::string("a red mug   (x)"));
    }

    // A megabyte of brackets is a text like another.
    void endlessBracketsEnd() {
        for (const char* part : {"(", "(a", "[(a:1.2", "(a:", ")", "\\", "BREAK "}) {
            const auto segments = read_prompt_syntax(repeated(part, 100'000));
            QVERIFY(!segments.empty());
            for (const PromptSegment& segment : segments) {
                QVERIFY(std::abs(segment.weight) <= kMostPromptWeight);
            }
        }
    }

    void withoutMarksItIsTheTokenizersOwn() {
        for (const char* folder : {"tokenizer", "tokenizer/padded"}) {
            if (!std::filesystem::exists(std::filesystem::path(LIKENESS_SOURCE_DIR) /
                                         "tests/golden" / folder / "vocab.json")) {
                continue;
            }
            const ClipTokenizer clip = tokenizer(folder);
            for (const char* text : {"", "a red mug", "it's 2024, isn't it?", "日本語 🙂"}) {
                const PromptPieces read = prompt_pieces(clip, text);
                QCOMPARE(read.pieces.size(), std::size_t{1});
                QCOMPARE(read.pieces[0].ids, clip.encode(text).ids);
                QCOMPARE(read.token_count, clip.encode(text).token_count);
                QVERIFY(!read.is_weighted);
            }
        }
    }

    void weightsLieOnTheirTokens() {
        const ClipTokenizer clip = tokenizer();
        const auto a = clip.tokenize("a").size(), red = clip.tokenize("red").size();
        const PromptPieces read = prompt_pieces(clip, "a (red:1.5) a");
        QVERIFY(read.is_weighted);
        const auto& weights = read.pieces.at(0).weights;
        QCOMPARE(weights.size(), std::size_t{77});
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const bool on_red = i > a && i <= a + red;
            QCOMPARE(weights[i], on_red ? 1.5F : 1.0F);
        }
        QCOMPARE(read.pieces[0].ids, clip.encode("a red a").ids);
    }

    void longPromptsArePieces() {
        const ClipTokenizer clip = tokenizer();
        const auto one = clip.tokenize("a").size();
        QCOMPARE(one, std::size_t{1});
        const auto ends = [&](const PromptPiece& piece) {
            return std::find(piece.ids.begin(), piece.ids.end(), clip.end_id()) -
                   piece.ids.begin() - 1;
        };
        const PromptPieces read = prompt_pieces(clip, repeated("a ", 160));
        QCOMPARE(read.pieces.size(), std::size_t{3});
        QCOMPARE(read.token_count, 160);
        QCOMPARE(read.cut_count, 0);
        QCOMPARE(ends(read.pieces[0]), 75);
        QCOMPARE(ends(read.pieces[2]), 10);
        // 60 and a comma, then 30: those behind the comma stay together.
        const PromptPieces list =
            prompt_pieces(clip, repeated("a ", 60) + "," + repeated(" a", 30));
        QCOMPARE(ends(list.pieces.at(0)), 61);
        QCOMPARE(ends(list.pieces.at(1)), 30);
        // 20 behind the comma are too many to move.
        const PromptPieces far = prompt_pieces(clip, repeated("a ", 54) + "," + repeated(" a", 30));
        QCOMPARE(ends(far.pieces.at(0)), 75);
        const PromptPieces near =
            prompt_pieces(clip, repeated("a ", 55) + "," + repeated(" a", 30));
        QCOMPARE(ends(near.pieces.at(0)), 56);
        // BREAK fills up; two of them leave a piece empty, one at the end none.
        const PromptPieces broken = prompt_pieces(clip, "a BREAK BREAK a BREAK");
        QCOMPARE(broken.pieces.size(), std::size_t{3});
        QCOMPARE(ends(broken.pieces[1]), 0);
        // What is too long is told.
        const PromptPieces endless = prompt_pieces(clip, repeated("a ", 75 * 25));
        QCOMPARE(endless.pieces.size(), std::size_t{kMostPromptPieces});
        QCOMPARE(endless.token_count, 75 * 25);
        QCOMPARE(endless.cut_count, 75 * 5);

        PromptPieces extended = prompt_pieces(clip, "a");
        extend_to(extended, 3, clip);
        QCOMPARE(extended.pieces.size(), std::size_t{3});
        QCOMPARE(extended.pieces[2].ids, clip.encode("").ids);
        const PromptPieces plain = plain_prompt(clip, "(a:1.2) BREAK " + repeated("a ", 100));
        QCOMPARE(plain.pieces.size(), std::size_t{1});
        QVERIFY(plain.cut_count > 0 && !plain.is_weighted);
    }
};

QTEST_APPLESS_MAIN(TestPromptPieces)
#include "test_prompt_pieces.moc"
