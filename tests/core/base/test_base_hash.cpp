#include "core/base/hash.h"
#include "core/base/wording.h"

#include <QTest>

#include <string>

using namespace likeness;

namespace {

std::string hash_of(const std::string& text) {
    return sha256(std::as_bytes(std::span(text.data(), text.size())));
}

} // namespace

class TestBaseHash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedVectors_data();
    void publishedVectors();
    void lengthsAroundABlock();
    void piecesMakeTheWhole();
    void numbersInWords();
    void namesAreShownSafely();
};

// FIPS 180-4 examples and NIST's byte-oriented test vectors.
void TestBaseHash::publishedVectors_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("hash");
    QTest::newRow("empty")
        << QByteArray()
        << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("one block")
        << QByteArray("abc")
        << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("two blocks")
        << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    QTest::newRow("two blocks, long")
        << QByteArray("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                      "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu")
        << QByteArray("cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    QTest::newRow("a million a")
        << QByteArray(1'000'000, 'a')
        << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void TestBaseHash::publishedVectors() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, hash);
    QCOMPARE(QByteArray::fromStdString(hash_of(text.toStdString())), hash);
}

// Against hashlib: the hashes of 0, 1, ... 129 times 'x', hashed together.
void TestBaseHash::lengthsAroundABlock() {
    std::string all;
    for (std::size_t length = 0; length < 130; ++length) {
        all += hash_of(std::string(length, 'x'));
    }
    QCOMPARE(hash_of(all),
             std::string("199af942eba7fa5d1e16d475169eb24018b14e69339c93d26a9ea6d873b4ace6"));
}

void TestBaseHash::piecesMakeTheWhole() {
    const std::string text(1'000, 'x');
    for (const std::size_t piece : {1, 7, 63, 64, 65, 128, 999}) {
        Sha256 hash;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            const std::string part = text.substr(at, piece);
            hash.add(std::as_bytes(std::span(part)));
            hash.add({});
        }
        QCOMPARE(hash.hex(), hash_of(text));
    }
}

void TestBaseHash::numbersInWords() {
    QCOMPARE(byte_words(0).text(), std::string("0 bytes"));
    QCOMPARE(byte_words(999).text(), std::string("999 bytes"));
    QCOMPARE(byte_words(1'500).text(), std::string("1.5 KB"));
    QCOMPARE(byte_words(38'000'000).text(), std::string("38 MB"));
    QCOMPARE(byte_words(999'600'000).text(), std::string("1.0 GB"));
    QCOMPARE(byte_words(~std::uint64_t{0}).text(), std::string("18 EB"));
}

void TestBaseHash::namesAreShownSafely() {
    QCOMPARE(in_quotes("a\nb\x1b[31m"), std::string("\"a?b?[31m\""));
    std::string name;
    for (int i = 0; i < 200; ++i) {
        name += "\xC3\xA4"; // ä
    }
    const std::string shown = in_quotes(name);
    QVERIFY(shown.size() < 260);
    QVERIFY(QString::fromUtf8(shown.c_str()).count(QChar(0xFFFD)) == 0);
}

QTEST_APPLESS_MAIN(TestBaseHash)
#include "test_base_hash.moc"
