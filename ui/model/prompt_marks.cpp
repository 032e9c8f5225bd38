#include "ui/model/prompt_marks.h"

#include "core/text/prompt_syntax.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kBracket = 1.1;

bool isEscaped(const QString& text, qsizetype at) {
    qsizetype slashes = 0;
    while (at - slashes > 0 && text[at - slashes - 1] == '\\') {
        ++slashes;
    }
    return slashes % 2 == 1;
}

bool isAt(const QString& text, qsizetype at, char mark) {
    return at >= 0 && at < text.size() && text[at] == mark && !isEscaped(text, at);
}

// Every bracket has its other half.
bool isBalanced(const QString& text) {
    QString open;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (isAt(text, i, '(') || isAt(text, i, '[')) {
            open += text[i];
        } else if (isAt(text, i, ')') || isAt(text, i, ']')) {
            const QChar other = text[i] == ')' ? '(' : '[';
            if (open.isEmpty() || open.back() != other) {
                return false;
            }
            open.chop(1);
        }
    }
    return open.isEmpty();
}

// A part of a prompt, the brackets around it and what they say.
struct Part {
    qsizetype start = 0;
    qsizetype end = 0;
    qsizetype outer_start = 0;
    qsizetype outer_end = 0;
    double weight = 1;
};

Part withBrackets(const QString& prompt, qsizetype start, qsizetype end) {
    static const QRegularExpression kNumber(QStringLiteral(R"(\G\s*:\s*([+-]?[0-9.]+)\s*\))"));
    Part part{.start = start, .end = end, .outer_start = start, .outer_end = end};
    if (isAt(prompt, start - 1, '(')) {
        const QRegularExpressionMatch number = kNumber.match(prompt, end);
        bool is_number = false;
        const double weight = number.captured(1).toDouble(&is_number);
        if (number.hasMatch() && is_number) {
            part.weight = weight;
            part.outer_end = number.capturedEnd();
        } else if (isAt(prompt, end, ')')) {
            part.weight = kBracket;
            part.outer_end = end + 1;
        }
    } else if (isAt(prompt, start - 1, '[') && isAt(prompt, end, ']')) {
        part.weight = 1 / kBracket;
        part.outer_end = end + 1;
    }
    part.outer_start = part.outer_end > end ? start - 1 : start;
    return part;
}

bool isOfWord(QChar c) {
    return !c.isSpace() && !QStringLiteral(",()[]:").contains(c);
}

} // namespace

std::vector<PromptMark> promptMarks(const QString& prompt) {
    const QByteArray bytes = prompt.toUtf8();
    const auto letters = [&bytes](std::size_t from, std::size_t to) {
        return static_cast<int>(
            QString::fromUtf8(bytes.constData() + from, static_cast<qsizetype>(to - from)).size());
    };
    std::vector<PromptMark> marks;
    std::size_t byte = 0;
    int place = 0;
    for (const PromptSpan& span :
         prompt_spans({bytes.constData(), static_cast<std::size_t>(bytes.size())})) {
        place += letters(byte, span.begin);
        byte = span.begin;
        if (span.breaks || span.weight != 1) {
            marks.push_back({.start = place,
                             .length = letters(span.begin, span.end),
                             .weight = span.weight,
                             .breaks = span.breaks});
        }
    }
    return marks;
}

std::optional<Reweighted> reweighted(const QString& prompt, int start, int end, double by) {
    qsizetype from = std::clamp<qsizetype>(std::min(start, end), 0, prompt.size());
    qsizetype to = std::clamp<qsizetype>(std::max(start, end), 0, prompt.size());
    if (from == to) {
        while (from > 0 && isOfWord(prompt[from - 1])) {
            --from;
        }
        while (to < prompt.size() && isOfWord(prompt[to])) {
            ++to;
        }
    }
    while (from < to && prompt[from].isSpace()) {
        ++from;
    }
    while (to > from && prompt[to - 1].isSpace()) {
        --to;
    }
    // Selected with its brackets: what is in them is meant.
    static const QRegularExpression kWhole(
        QStringLiteral(R"(^(?:\((.*?)(?:\s*:\s*[+-]?[0-9.]+\s*)?\)|\[(.*)\])$)"),
        QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch whole = kWhole.match(prompt.mid(from, to - from));
    const int inner = whole.capturedLength(1) > 0 ? 1 : 2;
    if (whole.hasMatch() && whole.capturedLength(inner) > 0 && isBalanced(whole.captured(inner))) {
        to = from + whole.capturedEnd(inner);
        from += whole.capturedStart(inner);
    }
    const QString words = prompt.mid(from, to - from);
    if (words.isEmpty() || !isBalanced(words)) {
        return std::nullopt;
    }
    const Part part = withBrackets(prompt, from, to);
    constexpr double kAsOne = 0.05; // half a step
    const double weight = std::clamp(std::round((part.weight + by) * 100) / 100, -kMostPromptWeight,
                                     kMostPromptWeight);
    const bool plain = std::abs(weight - 1) < kAsOne;
    const QString written =
        plain ? words : QStringLiteral("(%1:%2)").arg(words, QString::number(weight, 'g', 4));
    Reweighted result{.prompt =
                          prompt.left(part.outer_start) + written + prompt.mid(part.outer_end)};
    result.start = static_cast<int>(part.outer_start + (plain ? 0 : 1));
    result.end = result.start + static_cast<int>(words.size());
    return result;
}

} // namespace likeness
