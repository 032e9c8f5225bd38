#include "app/cli/console.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

namespace likeness::cli {

namespace {

// Words for people; the events have the stages' own names.
const char* stage_words(Stage stage) {
    switch (stage) {
    case Stage::load:
        return "loading the model";
    case Stage::encode_prompt:
        return "reading the prompt";
    case Stage::encode_references:
        return "reading the references";
    case Stage::denoise:
        return "denoising";
    case Stage::decode:
        return "decoding";
    }
    return "working";
}

void put_stderr(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

// Control characters of names and prompts must not reach a terminal.
std::string printable(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n') || byte == 0x7f) {
            c = '?';
        }
    }
    return out;
}

} // namespace

Console::Console(bool json) : json_(json), terminal_(::isatty(STDERR_FILENO) == 1) {
    const char* no_color = std::getenv("NO_COLOR");
    const char* terminal_kind = std::getenv("TERM");
    const bool dumb = terminal_kind == nullptr || std::strcmp(terminal_kind, "dumb") == 0;
    colour_ = terminal_ && !dumb && (no_color == nullptr || *no_color == '\0');
    terminal_ = terminal_ && !dumb;
}

void Console::event(const Json& event) {
    if (json_) {
        print(to_line(event) + "\n");
    }
}

void Console::progress(const std::string& title, const Stepped& stepped) {
    std::string text = title.empty() ? "" : title + ": ";
    text += stage_words(stepped.stage);
    if (terminal_) {
        if (stepped.total > 0) {
            text += fmt::format(" {}/{}", stepped.step, stepped.total);
        }
        if (stepped.stage == Stage::denoise && stepped.step > 0) {
            const double left =
                stepped.seconds / stepped.step * static_cast<double>(stepped.total - stepped.step);
            text += fmt::format(", {:.0f} s left", left);
        }
        put_stderr("\r\x1b[K" + printable(text));
        progress_shown_ = true;
        return;
    }
    // Without a terminal: the start of each stage and every quarter of the long one.
    if (stepped.stage == Stage::denoise && stepped.total > 0) {
        const int quarter = stepped.step * 4 / stepped.total;
        text += fmt::format(" {} %", quarter * 25);
    }
    if (text != last_plain_) {
        put_stderr(printable(text) + "\n");
        last_plain_ = text;
    }
}

void Console::passing(const Stepped& stepped) {
    if (terminal_) {
        progress("", stepped);
    }
}

void Console::line(std::string_view text) {
    clear_progress();
    put_stderr(printable(text) + "\n");
}

void Console::line_once(const std::string& text) {
    if (text != last_once_) {
        line(text);
        last_once_ = text;
    }
}

void Console::failure(const Error& error) {
    clear_progress();
    put_stderr(fmt::format("{}likeness:{} {}\n", colour_ ? "\x1b[1;31m" : "",
                           colour_ ? "\x1b[0m" : "", printable(error.what())));
    try {
        event({{"event", "failed"},
               {"job", job_},
               {"error",
                {{"code", to_string(error.code)},
                 {"message", error.what()},
                 {"detail", error.detail}}}});
    } catch (const Error&) {
        return; // standard output is gone; people read the other one
    }
}

void Console::clear_progress() {
    if (progress_shown_) {
        put_stderr("\r\x1b[K");
        progress_shown_ = false;
    }
    last_plain_.clear();
}

void print(std::string_view text) {
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (std::fflush(stdout) != 0 || !written) {
        throw Error(ErrorCode::write_failed,
                    message("Standard output could not be written: {}.", std::strerror(errno)));
    }
}

std::string to_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace likeness::cli
