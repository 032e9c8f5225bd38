#include "core/base/error.h"
#include "core/base/wording.h"

#include <QTest>

#include <cerrno>
#include <map>
#include <string>

using namespace likeness;

namespace {

// The little that is known of another language here.
std::string other(const std::string& words) {
    const std::map<std::string, std::string> known = {
        {"The file {} is {}.", "{1}: {0}"},  {"a folder", "ein Ordner"}, {"{} bytes", "{} Bytes"},
        {"No space left on device", "voll"}, {"damaged", "kaputt"},
    };
    const auto found = known.find(words);
    return found == known.end() ? words : found->second;
}

} // namespace

class TestBaseMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void englishIsTheTemplateFilledIn();
    void everyPartIsTranslatedWhereItStands();
    void namesStayAsTheyAre();
    void listsAreTranslatedOneByOne();
    void anErrorSaysItsMessage();
    void whatTheSystemSaysIsKnown();
};

void TestBaseMessage::englishIsTheTemplateFilledIn() {
    QCOMPARE(message("Plain.").text(), std::string("Plain."));
    QCOMPARE(message("{} of {}, {}: {{}", 1, 2.5, std::string("three"), "x").text(),
             std::string("1 of 2.5, three: {x"));
    QCOMPARE(message("begins with {; {}", message("at {}", 7)).text(),
             std::string("begins with {; at 7"));
}

void TestBaseMessage::everyPartIsTranslatedWhereItStands() {
    const Message message =
        likeness::message("The file {} is {}.", "a.png", likeness::message("a folder"));
    QCOMPARE(message.text(), std::string("The file a.png is a folder."));
    QCOMPARE(message.text(other), std::string("ein Ordner: a.png"));
    QCOMPARE(byte_words(12).text(other), std::string("12 Bytes"));
    QCOMPARE(likeness::message("Nobody knows {}.", likeness::message("a folder")).text(other),
             std::string("Nobody knows ein Ordner."));
}

void TestBaseMessage::namesStayAsTheyAre() {
    const Message message = likeness::message("The file {} is {}.", "a folder", "{0}{}");
    QCOMPARE(message.text(other), std::string("{0}{}: a folder"));
    QCOMPARE(verbatim("{}").text(other), std::string("{}"));
}

void TestBaseMessage::listsAreTranslatedOneByOne() {
    const std::vector<Message> list = {message("a folder"), verbatim("b"), message("damaged")};
    QCOMPARE(joined(list, "; ").text(other), std::string("ein Ordner; b; kaputt"));
    QCOMPARE(joined({}, "; ").text(other), std::string());
    QCOMPARE(texts(list), (std::vector<std::string>{"a folder", "b", "damaged"}));
}

void TestBaseMessage::anErrorSaysItsMessage() {
    const Error error(ErrorCode::file_damaged, message("The file {} is {}.", "a", 1), "details");
    QCOMPARE(std::string(error.what()), std::string("The file a is 1."));
    QCOMPARE(error.message.text(other), std::string("1: a"));
}

void TestBaseMessage::whatTheSystemSaysIsKnown() {
    QCOMPARE(system_words(ENOSPC).text(other), std::string("voll"));
    for (const int number :
         {EPERM,  ENOENT,       EIO,       ENOMEM, EACCES, EBUSY,  EEXIST,  EXDEV,
          ENODEV, ENOTDIR,      EISDIR,    EINVAL, EMFILE, EFBIG,  ENOSPC,  EROFS,
          EPIPE,  ENAMETOOLONG, ENOTEMPTY, ELOOP,  ESTALE, EDQUOT, ENOTCONN}) {
        const Message said = system_words(number);
        QVERIFY2(!said.verbatim, said.words.c_str()); // as the system spells it here
    }
}

QTEST_APPLESS_MAIN(TestBaseMessage)
#include "test_base_message.moc"
