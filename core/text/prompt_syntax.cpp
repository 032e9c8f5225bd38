#include "core/text/prompt_syntax.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace likeness {

namespace {

constexpr double kBracket = 1.1;
constexpr std::size_t kMostNested = 100; // open at once; further ones are characters
constexpr std::string_view kBlank = " \t\r\n\v\f";
constexpr std::string_view kBreak = "BREAK";

bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_';
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {
        while (at_ < text_.size()) {
            take();
        }
        flush();
        for (const std::size_t begin : round_) {
            multiply(begin, kBracket);
        }
        for (const std::size_t begin : square_) {
            multiply(begin, 1 / kBracket);
        }
    }

    std::vector<PromptSegment> merged() const {
        std::vector<PromptSegment> result;
        for (const PromptSegment& segment : segments_) {
            if (segment.breaks) {
                result.push_back({.breaks = true});
            } else if (!result.empty() && !result.back().breaks &&
                       result.back().weight == segment.weight) {
                result.back().text += segment.text;
            } else {
                result.push_back(segment);
            }
        }
        return result;
    }

    std::vector<PromptSpan> spans() const {
        std::vector<PromptSpan> spans;
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            spans.push_back({.begin = places_[i].first,
                             .end = places_[i].second,
                             .weight = segments_[i].weight,
                             .breaks = segments_[i].breaks});
        }
        return spans;
    }

private:
    void take() {
        const char c = text_[at_];
        if (c == '\\' && at_ + 1 < text_.size() &&
            std::string_view("()[]\\").find(text_[at_ + 1]) != std::string_view::npos) {
            extend(text_[at_ + 1]);
            at_ += 2;
        } else if ((c == '(' || c == '[') && round_.size() + square_.size() < kMostNested) {
            flush();
            (c == '(' ? round_ : square_).push_back(segments_.size());
            ++at_;
        } else if (c == ')' && !round_.empty()) {
            close(round_, kBracket);
            ++at_;
        } else if (c == ']' && !square_.empty()) {
            close(square_, 1 / kBracket);
            ++at_;
        } else if (const auto weight = c == ':' && !round_.empty() ? weight_here() : std::nullopt) {
            close(round_, weight->first);
            at_ = weight->second;
        } else if (is_break_here()) {
            flush();
            segments_.push_back({.breaks = true});
            places_.emplace_back(at_, at_ + kBreak.size());
            at_ += kBreak.size();
        } else {
            extend(c);
            ++at_;
        }
    }

    // ":1.3)" at the present place: the number, and where it goes on after the bracket.
    std::optional<std::pair<double, std::size_t>> weight_here() const {
        const std::size_t first = text_.find_first_not_of(kBlank, at_ + 1);
        const std::size_t last = text_.find_first_not_of("+-.0123456789", first);
        if (first == std::string_view::npos || last == std::string_view::npos) {
            return std::nullopt;
        }
        const std::size_t bracket = text_.find_first_not_of(kBlank, last);
        std::string_view digits = text_.substr(first, last - first);
        digits.remove_prefix(digits.starts_with('+') ? 1 : 0);
        double weight = 0;
        const auto [end, problem] =
            std::from_chars(digits.data(), digits.data() + digits.size(), weight);
        if (bracket == std::string_view::npos || text_[bracket] != ')' || problem != std::errc{} ||
            end != digits.data() + digits.size()) {
            return std::nullopt;
        }
        return std::pair(weight, bracket + 1);
    }

    bool is_break_here() const {
        const std::size_t end = at_ + kBreak.size();
        return text_.substr(at_).starts_with(kBreak) &&
               (at_ == 0 || !is_word_byte(text_[at_ - 1])) &&
               (end == text_.size() || !is_word_byte(text_[end]));
    }

    void extend(char c) {
        run_begin_ = run_.empty() ? at_ : run_begin_;
        run_ += c;
    }

    void flush() {
        if (!run_.empty()) {
            places_.emplace_back(run_begin_, at_);
            segments_.push_back({.text = std::exchange(run_, {})});
        }
    }

    void close(std::vector<std::size_t>& open, double factor) {
        flush();
        multiply(open.back(), factor);
        open.pop_back();
    }

    void multiply(std::size_t begin, double factor) {
        for (std::size_t i = begin; i < segments_.size(); ++i) {
            segments_[i].weight =
                std::clamp(segments_[i].weight * factor, -kMostPromptWeight, kMostPromptWeight);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string run_{};
    std::size_t run_begin_ = 0;
    std::vector<PromptSegment> segments_{};
    std::vector<std::pair<std::size_t, std::size_t>> places_{}; // of each segment in the text
    std::vector<std::size_t> round_{}; // where each open bracket's segments begin
    std::vector<std::size_t> square_{};
};

} // namespace

std::vector<PromptSegment> read_prompt_syntax(std::string_view text) {
    return Reader(text).merged();
}

std::vector<PromptSpan> prompt_spans(std::string_view text) {
    return Reader(text).spans();
}

std::string without_prompt_syntax(std::string_view text) {
    std::string words;
    for (const PromptSegment& segment : read_prompt_syntax(text)) {
        words += segment.breaks ? " " : segment.text;
    }
    return words;
}

} // namespace likeness
