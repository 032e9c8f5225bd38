#include "app/cli/command.h"
#include "core/base/wording.h"
#include "core/imageio/load.h"
#include "core/request/json_text.h"

#include <fmt/format.h>

namespace likeness::cli {

namespace {

void declare(CLI::App& command) {
    add_words(command, "PICTURE", "A picture this program made");
    add_switch(command, "json", "Errors as JSON lines on standard output too");
}

// Keys of a later version of this program are its own business; cut text is nobody's.
void check_is_request(const std::string& text, const std::string& path) {
    try {
        if (parse_json_text(text).is_object()) {
            return;
        }
    } catch (const Error&) {
        // told below
    }
    throw Error(ErrorCode::file_damaged,
                message("The request in {} is damaged: it is no JSON object.", in_quotes(path)));
}

int run(Arguments& arguments, Console&) {
    if (arguments.words.size() != 1) {
        arguments.problems.add("restore takes one picture.");
    }
    arguments.problems.throw_if_any();
    const std::string& path = arguments.words.front();
    const auto request = read_embedded_request(path);
    if (!request) {
        throw Error(ErrorCode::file_unsupported,
                    message("{} carries no request: it was not made by this program, or another "
                            "one saved it anew.",
                            in_quotes(path)));
    }
    check_is_request(*request, path);
    print(*request + "\n");
    return 0;
}

} // namespace

const Command kRestore{"restore", "Prints the request stored in a picture", declare, run};

} // namespace likeness::cli
