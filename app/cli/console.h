#pragma once

#include "core/base/error.h"
#include "core/request/job_event.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace likeness::cli {

using Json = nlohmann::ordered_json;

// What the program says: events as JSON lines on standard output where they are wanted, everything
// for people on standard error.
class Console {
public:
    explicit Console(bool json);

    bool json() const { return json_; }

    // The job that a failure from now on belongs to.
    void begin_job(JobId job) { job_ = job; }

    // One object a line, flushed at once; nothing without --json.
    void event(const Json& event);

    // The progress line: rewritten in place on a terminal; elsewhere a plain line now and then.
    // `title` stands before it, e.g. "picture 2 of 4".
    void progress(const std::string& title, const Stepped& stepped);

    // The same of what is done on the way to something else: only where it is written over again.
    void passing(const Stepped& stepped);

    // A line of its own on standard error.
    void line(std::string_view text);

    // The same, but not twice one after the other.
    void line_once(const std::string& text);

    // The message of a failure on standard error, and the `failed` event.
    void failure(const Error& error);

private:
    void clear_progress();

    bool json_ = false;
    JobId job_ = 1;
    bool terminal_ = false;
    bool colour_ = false;
    bool progress_shown_ = false;
    std::string last_plain_{};
    std::string last_once_{};
};

// Standard output, flushed. Throws Error{write_failed} when it cannot be written.
void print(std::string_view text);

// One line of JSON; bytes of names that are not UTF-8 become U+FFFD.
std::string to_line(const Json& json);

} // namespace likeness::cli
